import Testing

@Suite("A record belongs to one scope")
struct ScopeTests {
  static let id = "00112233445566778899aabbccddeeff"

  @Test("a new record goes to the device's only scope besides court; a device of several must say which")
  func home() async throws {
    try await TestCourt.open { court in
      let one = try await court.device("A")
      let both = try await court.device("B", scopes: [TestCourt.tribunal, TestCourt.department])
      let id = try await one.put("dispute", "summary=一")
      #expect(try await one.get("dispute", id)["scope"].text == TestCourt.tribunal)
      let common = try await one.put("village", "name=孟庙村", "--scope", "court")
      #expect(try await one.get("village", common)["scope"].text == "court")
      try await both.refused(2104, "put", "dispute", "summary=一")
      try await both.ok("put", "dispute", Self.id, "summary=一", "--scope", TestCourt.department)
      try await both.refused(2106, "put", "dispute", Self.id, "summary=二", "--scope", TestCourt.tribunal)
      try await both.refused(2103, "put", "dispute", Self.id, "summary=二", "--scope", "tribunal/别处")
      try await both.ok("put", "dispute", Self.id, "summary=二")
      #expect(try await both.json("digest")["scopes"].keys == ["court", TestCourt.department, TestCourt.tribunal])
    }
  }

  @Test("the same id in two scopes is two records, and a verb that cannot tell which names both")
  func twoScopes() async throws {
    try await TestCourt.open { court in
      let one = try await court.device("A")
      let both = try await court.device("B", scopes: [TestCourt.tribunal, TestCourt.department])
      try await one.ok("put", "dispute", Self.id, "summary=一")
      try await both.ok("put", "dispute", Self.id, "summary=二", "--scope", TestCourt.department)
      try await court.settle(one, both)
      for words in [
        ["get", "dispute", Self.id], ["put", "dispute", Self.id, "note=x"], ["history", "dispute", Self.id],
        ["void", "dispute", Self.id, "--reason", "x"],
      ] {
        let answer = try await both.refused(2105, words[0], words: Array(words.dropFirst()))
        #expect(answer.error.contains(TestCourt.tribunal) && answer.error.contains(TestCourt.department))
      }
      let found = try await both.ok("get", "dispute", Self.id, "--scope", TestCourt.department, "--json").json()
      #expect(found["fields"]["summary"].text == "二")
      #expect(try await both.ok("list", "dispute", "--json").json().items.count == 2)
      #expect(try await one.ok("list", "dispute", "--json").json().items.count == 1, "a scope stays with its devices")
      #expect(try await court.centre.ok("list", "dispute", "--json").json().items.count == 2)
    }
  }

  @Test("a device writes only what it has the right to")
  func rights() async throws {
    try await TestCourt.open { court in
      let full = try await court.device("A")
      let reader = try await court.device("B", rights: "read")
      let appender = try await court.device("C", rights: "read,append")
      let id = try await full.put("dispute", "summary=一")
      try await court.settle(full, reader, appender)
      try await reader.refused(2208, "put", "dispute", "summary=二")
      try await reader.refused(2208, "put", "dispute", id, "summary=二")
      try await reader.ok("put", "village", "name=村", "--scope", "court")
      try await appender.ok("put", "dispute", "summary=二")
      try await appender.refused(2208, "put", "dispute", id, "summary=二")
      try await court.settle(full, reader, appender)
      #expect(try await reader.ok("list", "dispute", "--json").json().items.count == 2)
    }
  }
}
