import Testing

@Suite("What is printed as JSON has every key, null when empty")
struct ShapeTests {
  @Test("of each reading verb, on a device and on the centre's folder")
  func shapes() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      let id = try await device.put("dispute", "summary=一")
      let record = try await device.get("dispute", id)
      #expect(record.keys == ["table", "id", "scope", "fields", "open"])
      let schema = try await device.json("schema")
      let table = try #require(schema["tables"].items.first { $0["name"].text == "dispute" })
      #expect(record["fields"].keys == table["columns"].items.map { $0["name"].text })
      #expect(schema.keys == ["version", "tables", "limits"])
      #expect(table["columns"][0].keys == ["id", "name", "zh", "type", "rule", "legal", "codes"])
      #expect(schema["limits"]["value"].integer == 262_144 && schema["limits"]["change"].integer == 524_288)

      let fresh = try await device.json("status")
      let keys = [
        "device", "label", "scopes", "unsent", "last_contact", "waiting", "excluded", "conflicts", "clock_off_ms",
        "rulings",
      ]
      #expect(fresh.keys == keys && fresh["unsent"].integer == 1 && fresh["last_contact"] == .null)
      #expect(fresh["scopes"] == .array([.string("court"), .string(TestCourt.tribunal)]))
      let report = try await device.ok("sync", "--json").json()
      #expect(report.keys == ["sent", "received", "bytes_up", "bytes_down", "waiting", "excluded", "conflicts"])
      let settled = try await device.json("status")
      #expect(settled["unsent"].integer == 0 && settled["last_contact"].text.hasSuffix("Z"))
      let centre = try await court.centre.json("status")
      #expect(centre.keys == keys && centre["unsent"].integer == 0)
      for key in ["device", "label", "last_contact", "clock_off_ms"] { #expect(centre[key] == .null) }

      let change = try #require(try await device.log().first)
      #expect(
        change.keys == [
          "log", "seq", "device", "scope", "stamp", "context", "hash", "previous", "actor", "note", "state", "reason",
          "order", "restamped", "writes",
        ])
      #expect(change["reason"] == .null && change["order"] == .null && change["restamped"] == .null)
      #expect(change["previous"].text.hasPrefix(change["log"].text), "a log's id begins its genesis hash")
      #expect(try await court.centre.log() == [change])
      let orders = try await device.ok("orders", "--json").jsonLines()
      #expect(orders.map { $0["kind"].text } == ["time", "grant"])
      for key in ["device", "scopes", "rights", "from", "until"] { #expect(orders[1].keys.contains(key)) }
      #expect(try await device.json("verify").keys == ["ok", "changes", "records"])
      let listed = try await court.centre.ok("centre", "devices", court.centre.path, "--json").json()
      #expect(listed[0].keys == ["device", "label", "scopes", "last_seen", "held"])
      #expect(listed[0]["held"].members.map { "\($0.name):\($0.value.text)" } == ["\(change["log"].text):1"])
    }
  }

  @Test("log gives the whole version vector of other logs, and each change after all that it saw")
  func contexts() async throws {
    try await TestCourt.open { court in
      let one = try await court.device("A")
      let two = try await court.device("B")
      let id = try await one.put("dispute", "summary=一")
      try await court.settle(one, two)
      for text in ["二", "三"] { try await two.ok("put", "dispute", id, "summary=\(text)") }
      try await court.settle(two, one)
      try await one.ok("put", "dispute", id, "summary=四")
      let log = try await one.log()
      let (mine, theirs) = (log[0]["log"].text, log[1]["log"].text)
      #expect(log.map { $0["log"].text } == [mine, theirs, theirs, mine])
      #expect(
        log.map { $0["context"] } == [
          .object([]), .object([.init(name: mine, value: .number("1"))]),
          .object([.init(name: mine, value: .number("1"))]),
          .object([.init(name: theirs, value: .number("2"))]),
        ])
    }
  }
}
