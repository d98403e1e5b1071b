import Testing

@Suite("No conflict is decided silently")
struct ConflictTests {
  /// Two devices that wrote the same record apart, and have exchanged since.
  private func apart(_ fields: [(String, String)], _ body: (ReplicaFolder, ReplicaFolder, String) async throws -> Void)
    async throws
  {
    try await TestCourt.open { court in
      let one = try await court.device("A")
      let two = try await court.device("B")
      let id = try await one.put("dispute", "place=村委会")
      try await court.settle(one, two)
      for (first, second) in fields {
        try await one.ok("put", "dispute", id, first, "--as", "张法官")
        try await two.ok("put", "dispute", id, second, "--as", "李书记员")
      }
      try await court.settle(one, two)
      try await body(one, two, id)
    }
  }

  @Test("every value is kept, the same one is shown everywhere, and the conflict is listed everywhere")
  func listed() async throws {
    try await apart([("stage=立案", "stage=审理"), ("summary=一", "summary=二"), ("place=同", "place=同")]) { one, two, id in
      let conflicts = try await one.json("conflicts")
      #expect(conflicts == (try await two.json("conflicts")))
      #expect(conflicts == (try await one.court.centre.json("conflicts")))
      #expect(conflicts.items.map { $0["field"].text } == ["stage", "summary"])
      #expect(conflicts.items.map { $0["legal"] } == [.boolean(true), .boolean(false)])
      let first = conflicts[0]
      #expect(
        first.keys == [
          "kind", "table", "id", "scope", "field", "legal", "shown", "log", "seq", "who", "when", "others",
        ])
      #expect(first["kind"].text == "cell" && first["shown"].text == "审理" && first["who"].text == "李书记员")
      #expect(first["others"].items.count == 1 && first["others"][0]["value"].text == "立案")
      #expect(first["others"][0].keys.sorted() == ["log", "seq", "value", "when", "who"])
      let record = try await one.get("dispute", id)
      #expect(record["open"] == .array([.string("summary"), .string("stage")]))
      #expect(record["fields"]["stage"].text == "审理")
    }
  }

  @Test("a legal field in conflict takes no put, only resolve; the decision is a decision with its reason")
  func legal() async throws {
    try await apart([("stage=立案", "stage=审理")]) { one, two, id in
      try await one.refused(2203, "put", "dispute", id, "stage=结案")
      try await one.refused(2206, "resolve", "dispute", id, "stage", "--take", "\(String(repeating: "0", count: 32)):1")
      let other = try await one.json("conflicts")[0]["others"][0]
      let dot = "\(other["log"].text):\(other["seq"].text)"
      let answer = try await one.ok(
        "resolve", "dispute", id, "stage", "--take", dot, "--reason", "核对案卷", "--as", "王庭长", "--json"
      ).json()
      #expect(answer.keys == ["id", "log", "seq"] && answer["id"].text == id)
      try await one.court.settle(one, two)
      for place in [one, two, one.court.centre] {
        #expect(try await place.json("conflicts") == .array([]))
        let last = try #require(try await place.ok("history", "dispute", id, "stage", "--json").json().items.last)
        #expect(last["value"].text == "立案" && last["flags"].text == "d" && last["note"].text == "核对案卷")
        #expect(last["who"].text == "王庭长" && last["seen"] == .boolean(false))
      }
      try await two.refused(2204, "resolve", "dispute", id, "stage", "--value", "结案")
      try await two.ok("put", "dispute", id, "stage=结案")
      let last = try #require(try await two.ok("history", "dispute", id, "stage", "--json").json().items.last)
      #expect(last["flags"].text == "d", "a put over a shown decision decides")
    }
  }

  @Test("a put on another field in conflict decides by itself")
  func plain() async throws {
    try await apart([("summary=一", "summary=二")]) { one, two, id in
      try await one.ok("put", "dispute", id, "summary=三")
      try await one.court.settle(one, two)
      #expect(try await two.json("conflicts") == .array([]))
      let change = try #require(try await two.log().last)
      #expect(change["writes"][0][4].text == "d")
    }
  }

  @Test("--seen refuses what changed since it was shown, naming every value, who wrote it, and the one offered")
  func seen() async throws {
    try await apart([("summary=一", "summary=二")]) { one, _, id in
      let dots = try await one.ok("dump").jsonLines()[0]["dots"]["summary"].items.map(\.text)
      #expect(dots == dots.sorted() && dots.count == 2)
      let answer = try await one.call("put", "dispute", id, "summary=三", "--seen", "summary=\(dots[0])", "--json")
      let error = try answer.errorJSON()
      #expect(answer.code == 1 && error["error"].text == "CIR-2201")
      #expect(error["values"].items.map { $0["value"].text }.sorted() == ["一", "二"])
      #expect(error["values"].items.map { $0["who"].text }.sorted() == ["张法官", "李书记员"])
      #expect(error["offered"].text == "三")
      try await one.refused(2201, "put", "dispute", id, "summary=三", "--seen", "summary=")
      try await one.refused(2201, "put", "dispute", id, "note=三", "--seen", "note=\(dots[0])")
      try await one.ok(
        "put", "dispute", id, "summary=三", "--seen", "summary=\(dots.joined(separator: ","))", "--seen", "note=")
    }
  }

  @Test("a fact written once takes no second put; a decision with a reason corrects it")
  func first() async throws {
    try await TestCourt.open { court in
      let one = try await court.device("A")
      let two = try await court.device("B")
      let id = try await one.put("dispute", "received_on=2026-01-02")
      let empty = try await one.put("dispute", "received_on=")
      try await one.refused(2202, "put", "dispute", id, "received_on=2026-01-02")
      try await one.refused(2202, "put", "dispute", empty, "received_on=2026-01-02")
      try await one.refused(2205, "resolve", "dispute", id, "received_on", "--value", "2026-01-03")
      try await two.ok("put", "dispute", id, "received_on=2026-01-05")
      try await court.settle(one, two)
      #expect(try await two.get("dispute", id)["fields"]["received_on"].text == "2026-01-02", "the first is shown")
      #expect(try await two.json("conflicts").items.count == 1, "one that arrives anyway is an open conflict")
      try await two.ok("resolve", "dispute", id, "received_on", "--value", "2026-01-03")
      try await two.ok("resolve", "dispute", id, "received_on", "--value", "2026-01-04", "--reason", "抄错")
      try await court.settle(two, one)
      #expect(try await one.get("dispute", id)["fields"]["received_on"].text == "2026-01-04")
      #expect(try await one.json("conflicts") == .array([]))
    }
  }
}
