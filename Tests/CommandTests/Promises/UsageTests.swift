import Testing

@Suite("Exit code 2 is wrong usage, 1 is what data or the world decides")
struct UsageTests {
  static let id = "00112233445566778899aabbccddeeff"

  /// Calls on a replica folder, and their code.
  static let calls: [(words: [String], code: Int32)] = [
    (["put"], 2), (["put", "dispute"], 2), (["put", "dispute", id], 2),
    (["put", "dispute", id, "word", "summary=1"], 2),
    (["put", "dispute", "notanid", "summary=1"], 1), (["put", "dispute", "summary=1", "word"], 1),
    (["put", "nosuch", "a=1"], 1), (["put", "dispute", "nosuch=1"], 1), (["put", "DISPUTE", "summary=1"], 1),
    (["put", "dispute", "=1"], 1), (["put", "dispute", "summary=1", "--nope"], 2),
    (["put", "dispute", "summary=1", "--scope"], 2), (["put", "dispute", "summary=1", "--scope", "tribunal/nope"], 1),
    (["put", "dispute", "summary=1", "--seen", "summary"], 2),
    (["put", "dispute", "summary=1", "--seen", "summary=x"], 1),
    (["get", "dispute"], 2), (["get", "dispute", id, "more"], 2), (["get", "dispute", id], 1),
    (["get", "dispute", "x"], 1),
    (["list"], 2), (["list", "dispute", "--where", "summary"], 2), (["list", "dispute", "--where", "nosuch=1"], 1),
    (["list", "dispute", "--csv", "--json"], 2), (["history", "dispute", id], 1), (["dump", "more"], 2),
    (["void", "dispute", id], 2), (["void", "dispute", id, "--reason", "x"], 1), (["apply"], 2),
    (["apply", "/none"], 1),
    (["resolve", "dispute", id, "stage"], 2),
    (["resolve", "dispute", id, "stage", "--value", "a", "--take", "b:1"], 2),
    (["resolve", "dispute", id, "stage", "--take", "b:1"], 1),
    (["resolve", "dispute", id, "stage", "--value", "-5"], 1),
    (["sync", "more"], 2), (["enrol"], 2), (["status", "--lang", "fr"], 2), (["nosuchverb"], 2),
  ]

  @Test("each call ends with its code, and says so on standard error alone")
  func codes() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      for (words, code) in Self.calls {
        let answer = try await device.call(words[0], words: Array(words.dropFirst()))
        #expect(answer.code == code, "\(words): \(answer.error)")
        #expect(answer.output == [], "\(words)")
        if code == 1 { #expect(answer.complaints == 1, "\(words): \(answer.error)") }
      }
      #expect(try await device.log() == [])
    }
  }

  @Test("no verb, a group without its verb and an unknown verb are wrong usage; help is not")
  func verbs() async throws {
    try await TestCourt.open(serves: false) { court in
      for (words, code) in [
        ([], 2), (["centre"], 2), (["centre", "nosuch"], 2), (["centre", "init"], 2), (["centre", "devices"], 2),
        (["--help"], 0), (["put", "--help"], 0), (["centre", "ticket", "--help"], 0), (["--version"], 0),
        (["schema", "more"], 2), (["put", "dispute", "summary=1"], 1),
      ] as [([String], Int32)] {
        let answer = try await court.program.call(words.map { Array($0.utf8) }, in: court.folder)
        #expect(answer.code == code, "\(words): \(answer.error)")
        #expect((answer.output == []) == (code != 0), "\(words)")
      }
    }
  }

  @Test("with --json the complaint is one object; the tongue follows --lang, then the environment")
  func complaints() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      let answer = try await device.call("put", "dispute", "nosuch=1", "--json")
      let error = try answer.errorJSON()
      #expect(error["error"].text == "CIR-2102")
      #expect(error["message"].text.contains("nosuch"))
      #expect(answer.complaints == 1)
      let words = ["get", "-C", device.path, "dispute", "x"]
      func said(_ more: [String], _ environment: [String: String]) async throws -> String {
        try await court.program.call(
          (words + more).map { Array($0.utf8) }, in: court.folder, environment: environment
        ).error
      }
      #expect(try await said(["--lang", "zh"], [:]).contains("编号"))
      #expect(try await said([], ["LANG": "zh_CN.UTF-8"]).contains("编号"))
      #expect(try await !said(["--lang", "en"], ["LANG": "zh_CN.UTF-8"]).contains("编号"))
      #expect(try await !said([], ["LANG": "zh_CN.UTF-8", "LC_ALL": "C"]).contains("编号"))
    }
  }
}
