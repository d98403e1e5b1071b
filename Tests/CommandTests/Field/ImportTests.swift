import Foundation
import Testing

@Suite("An import is whole or nothing, and every bad line is named")
struct ImportTests {
  struct Taken: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var bytes: [UInt8]
    /// Summaries and amounts in the order of the file.
    var rows: [[String]]
  }

  static let text = "summary,amount_fen\n邻里纠纷,5\n"
  /// "summary,amount_fen\n邻里纠纷,5\n" as GB18030.
  static let gb =
    Array("summary,amount_fen\n".utf8) + [0xC1, 0xDA, 0xC0, 0xEF, 0xBE, 0xC0, 0xB7, 0xD7] + Array(",5\n".utf8)

  static let taken = [
    Taken(testDescription: "UTF-8", bytes: Array(text.utf8), rows: [["邻里纠纷", "5"]]),
    Taken(testDescription: "a byte order mark", bytes: [0xEF, 0xBB, 0xBF] + Array(text.utf8), rows: [["邻里纠纷", "5"]]),
    Taken(testDescription: "GB18030", bytes: gb, rows: [["邻里纠纷", "5"]]),
    Taken(
      testDescription: "CRLF, quotes, line breaks in quotes",
      bytes: Array("amount_fen,summary\r\n1,\"一\r\n二\"\r\n2,\"说\"\"好\"\", 然后\"\r\n,三\r\n".utf8),
      rows: [["一\r\n二", "1"], ["说\"好\", 然后", "2"], ["三", ""]]),
    Taken(
      testDescription: "no line break at the end, empty lines between",
      bytes: Array("summary,amount_fen\n\na,1\n\nb,2".utf8), rows: [["a", "1"], ["b", "2"]]),
    Taken(
      testDescription: "what looks like a command",
      bytes: Array("summary,amount_fen\n@/etc/passwd,1\n=1+1,2\n'); DROP TABLE dispute;--,3\n".utf8),
      rows: [["@/etc/passwd", "1"], ["=1+1", "2"], ["'); DROP TABLE dispute;--", "3"]]),
    Taken(testDescription: "a header alone", bytes: Array("summary\n".utf8), rows: []),
  ]

  @Test("taken", arguments: taken)
  func takes(_ file: Taken) async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      let path = try court.write(file.bytes, to: "rows.csv")
      let answer = try await device.ok("import", "dispute", path, "--json").json()
      #expect(answer["records"].integer == file.rows.count)
      let records = try await device.ok("list", "dispute", "--json").json().items
      let found = Set(records.map { [$0["fields"]["summary"].text, $0["fields"]["amount_fen"].text] })
      #expect(found == Set(file.rows) && records.count == file.rows.count)
      #expect(try await device.json("verify")["ok"] == .boolean(true))
    }
  }

  struct Refused: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var bytes: [UInt8]
    var number = 6031
    /// What the error names.
    var named: [String]
    /// What it must not name.
    var silent: [String] = []

    init(_ what: String, _ text: String, _ named: [String], silent: [String] = [], number: Int = 6031) {
      self.init(what, Array(text.utf8), named, silent: silent, number: number)
    }

    init(_ what: String, _ bytes: [UInt8], _ named: [String], silent: [String] = [], number: Int = 6031) {
      testDescription = what
      self.bytes = bytes
      self.named = named
      self.silent = silent
      self.number = number
    }
  }

  static let id = "00112233445566778899aabbccddeeff"

  static let refused = [
    Refused(
      "ragged rows and wrong values",
      "summary,amount_fen,happened_on\na\nb,2,2026-01-01,x\nc,x,\nd,1,2026-02-30\ne,1,\n",
      ["line 2: ", "line 3: ", "line 4: ", "line 5: ", "4 faults"], silent: ["line 6"]),
    Refused("lines are counted through quotes", "summary,amount_fen\n\"a\nb\nc\",1\nd,x\n", ["line 5: "]),
    Refused("an unknown column", "summary,nosuch\na,1\n", ["nosuch"], number: 2102),
    Refused("a column twice", "summary,summary\na,b\n", ["line 1: ", "'summary'"]),
    Refused("an empty file", "", ["no header row"]),
    Refused("an empty header", "\na\n", ["no header row"]),
    Refused("an open quote", "summary\na\n\"b\n", ["line 3"]),
    Refused("a stray quote", "summary\na\"b\n", ["line 2"]),
    Refused("a carriage return alone", "summary\na\rb\n", ["line 2"]),
    Refused("a NUL", Array("summary\na\0b\n".utf8), ["line 2", "NUL"]),
    Refused("neither UTF-8 nor GB18030", Array("summary\n".utf8) + [0xFF, 0xFE, 0x0A], ["rows.csv"], number: 6033),
    Refused("no id", "id,summary\nzz,a\n\(id),b\nyy,c\n", ["line 2: 'zz'", "line 4: 'yy'"]),
    Refused("an id twice", "id,summary\n\(id),a\n,b\n\(id),c\n", ["line 4: ", "line 2 already"]),
    Refused(
      "scopes it does not share", "scope,summary\ntribunal/x,a\n,b\ntribunal/y,c\n", ["line 2: ", "line 4: "],
      silent: ["line 3"]),
    Refused(
      "values over the limit", Array("summary\n".utf8) + noise(262_145) + Array("\nb\n".utf8) + noise(262_145),
      ["line 2: ", "line 4: ", "262144"], silent: ["line 3"]),
    Refused("rows without a value", "id,summary\n\(id),\n,b\n", ["line 2: "]),
  ]

  @Test("refused", arguments: refused)
  func refuses(_ file: Refused) async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      _ = try await device.put("dispute", "summary=before")
      let before = try await device.holding()
      let path = try court.write(file.bytes, to: "rows.csv")
      let answer = try await device.refused(file.number, "import", "dispute", path)
      for word in file.named { #expect(answer.error.contains(word), "\(word): \(answer.error)") }
      for word in file.silent { #expect(!answer.error.contains(word), "\(answer.error)") }
      if file.number == 6031 { #expect(answer.error.contains("nothing was imported")) }
      let chinese = try await device.call("import", "dispute", path, "--lang", "zh")
      #expect(chinese.code == 1 && chinese.complaints == 1)
      #expect(try await device.holding() == before)
    }
  }

  @Test("what the records held here forbid names the line, and nothing of the file stands")
  func rules() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      let void = try await device.put("dispute", "summary=void")
      try await device.ok("void", "dispute", void, "--reason", "wrong")
      let before = try await device.holding()
      let rows = (0..<250).map { "summary \($0),\($0 == 230 ? void : "")" }
      let path = try court.write(Array(("summary,id\n" + rows.joined(separator: "\n")).utf8), to: "rows.csv")
      let answer = try await device.refused(6031, "import", "dispute", path)
      #expect(answer.error.contains("line 232: ") && answer.error.contains("void"))
      #expect(try await device.holding() == before)
      try await device.refused(2101, "import", "nosuch", path)
      try await device.refused(6006, "import", "dispute", "\(court.folder)/none")
      try await device.refused(6006, "import", "dispute", court.folder)
    }
  }

  @Test("10,000 rows in a few seconds, in changes that stay under their limit, and killed half way there is nothing")
  func large() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      let rows = (0..<10_000).map { "纠纷\($0),\($0),2026-01-\(10 + $0 % 20)" }
      let path = try court.write(
        Array(("summary,amount_fen,happened_on\n" + rows.joined(separator: "\n") + "\n").utf8), to: "rows.csv")
      let process = try ChildProcess(
        court.program.path, ["import", "-C", device.path, "dispute", path].map { Array($0.utf8) },
        environment: court.program.environment, folder: court.folder, input: .nothing, output: .pipe,
        complaint: .file("\(court.folder)/import.err"))
      usleep(40_000)
      process.send(SIGKILL)
      _ = try await onThread { try process.wait() }
      let held = try await device.json("verify")["records"].integer
      #expect(held == 0 || held == 10_000)
      let clock = ContinuousClock()
      let start = clock.now
      let answer = try await device.ok("import", "dispute", path, "--json").json()
      #expect(clock.now - start < .seconds(20))
      #expect(answer["records"].integer == 10_000)
      #expect(try await device.json("verify")["records"].integer == (held ?? 0) + 10_000)
      // Long texts: each row is sound, and no change may grow past its limit.
      let long = (0..<40).map { String(decoding: noise(30_000, seed: UInt64($0)), as: UTF8.self) }
      let wide = try court.write(Array(("summary\n" + long.joined(separator: "\n")).utf8), to: "wide.csv")
      let many = try await device.ok("import", "dispute", wide, "--json").json()
      #expect(many["records"].integer == 40 && (many["changes"].integer ?? 0) > 4)
      try await court.agree([device], hold: [])
    }
  }
}
