import Testing

@Suite("A void record is kept and takes no edit")
struct VoidTests {
  @Test("it leaves lists but not dump, get and history, and takes nothing but a write of voided alone")
  func void() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      let id = try await device.put("dispute", "summary=一")
      let answer = try await device.ok("void", "dispute", id, "--reason", "重复登记", "--as", "张法官", "--json").json()
      #expect(answer["id"].text == id && answer["seq"].integer == 2)
      #expect(try await device.ok("list", "dispute", "--json").json() == .array([]))
      #expect(try await device.ok("list", "dispute", "--void", "--json").json().items.count == 1)
      #expect(try await device.get("dispute", id)["fields"]["voided"] == .boolean(true))
      #expect(try await device.ids() == [id])
      let history = try await device.ok("history", "dispute", id, "--json").json().items
      #expect(history.map { $0["field"].text } == ["summary", "voided", "void_reason"], "as the change has its writes")
      #expect(history.map { $0["note"].text } == ["", "重复登记", "重复登记"])
      #expect(history[1].keys == ["field", "value", "who", "when", "note", "log", "seq", "flags", "seen", "state"])
      try await device.refused(2207, "put", "dispute", id, "summary=二")
      try await device.refused(2207, "put", "dispute", id, "voided=false", "summary=二")
      try await device.refused(2207, "void", "dispute", id, "--reason", "又")
      let line = "{\"table\":\"dispute\",\"id\":\"\(id)\",\"set\":{\"summary\":\"二\"}}"
      try await device.refused(2207, "apply", "-", input: line)
      try await device.ok("put", "dispute", id, "voided=false")
      try await device.ok("put", "dispute", id, "summary=二")
    }
  }

  @Test("while voided is in conflict only resolve decides it, and the other edit is kept")
  func conflict() async throws {
    try await TestCourt.open { court in
      let one = try await court.device("A")
      let two = try await court.device("B")
      let id = try await one.put("dispute", "summary=一")
      try await court.settle(one, two)
      try await one.ok("void", "dispute", id, "--reason", "甲")
      try await two.ok("put", "dispute", id, "voided=false", "summary=二")
      try await court.settle(one, two)
      for device in [one, two] {
        let open = try await device.get("dispute", id)
        #expect(open["open"] == .array([.string("voided")]))
        #expect(open["fields"]["summary"].text == "二")
        let answer = try await device.call("put", "dispute", id, "voided=true")
        #expect(answer.code == 1)
      }
      try await two.ok("resolve", "dispute", id, "voided", "--value", "true", "--reason", "确系重复")
      try await court.settle(two, one)
      #expect(try await one.json("conflicts") == .array([]))
      try await one.refused(2207, "put", "dispute", id, "summary=三")
    }
  }
}
