import Foundation
import Testing

@Suite("A bad local write is one line that says what to do, and changes nothing")
struct BadWritesTests {
  static let id = "00112233445566778899aabbccddeeff"

  /// The error, and the words of the call.
  static let refused: [(Int, [String])] = [
    (2101, ["put", "nosuch", "summary=1"]), (2101, ["put", "dispute; DROP TABLE dispute", "summary=1"]),
    (2101, ["put", "_meta", "value=1"]), (2101, ["put", "sqlite_master", "name=1"]),
    (2101, ["put", "Dispute", "summary=1"]), (2101, ["list", "dispute\"--"]), (2101, ["get", "d'", id]),
    (2101, ["void", "nosuch", id, "--reason", "x"]), (2101, ["history", "nosuch", id]),
    (2102, ["put", "dispute", "nosuch=1"]), (2102, ["put", "dispute", "summary\"=1"]),
    (2102, ["put", "dispute", "_clock=00"]), (2102, ["put", "dispute", "_scope=1"]),
    (2102, ["put", "dispute", "rowid=1"]),
    (2102, ["put", "dispute", "summary' = '1"]), (2102, ["list", "dispute", "--where", "1=1"]),
    (2102, ["resolve", "dispute", id, "x;--", "--value", "1"]), (2102, ["history", "dispute", id, "nosuch"]),
    (6004, ["put", "dispute", "amount_fen=x"]), (6004, ["put", "dispute", "amount_fen=9223372036854775808"]),
    (6004, ["put", "dispute", "amount_fen=NaN"]), (6004, ["put", "dispute", "amount_fen=1.5"]),
    (6004, ["put", "statistic", "value=nan"]), (6004, ["put", "statistic", "value=-0.0"]),
    (6004, ["put", "statistic", "value=inf"]), (6004, ["put", "statistic", "value=-1e999"]),
    (6004, ["put", "dispute", "is_proactive=1; DROP TABLE dispute"]),
    (6004, ["put", "dispute", "happened_on=2026-02-29"]),
    (6002, ["put", "dispute", "' OR 1 --", "summary=1"]), (6002, ["get", "dispute", "x"]),
    (6003, ["put", "dispute", "summary=1", "--seen", "summary=x:1"]),
    (2103, ["put", "dispute", "summary=1", "--scope", "tribunal/x' OR '1'='1"]),
    (2108, ["get", "dispute", id]), (2108, ["void", "dispute", id, "--reason", "x"]),
    (2111, ["put", "dispute", "summary=1", "--as", String(repeating: "x", count: 257)]),
    (6006, ["put", "dispute", "summary=@/nonexistent"]), (6007, ["put", "dispute", "summary=@/dev/zero"]),
  ]

  @Test("unknown names, SQL in names and values, wrong types, numbers that are none, limits")
  func table() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      _ = try await device.put("dispute", "summary=一")
      try await court.stop()
      let before = try await device.holding()
      for (number, words) in Self.refused {
        let answer = try await device.refused(number, words[0], words: Array(words.dropFirst()))
        #expect(answer.error.contains(";"), "says what to do: \(answer.error)")
      }
      for bytes: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80]] {
        let answer = try await device.call("put", bytes: [Array("dispute".utf8), Array("summary=".utf8) + bytes])
        #expect(answer.code == 1 && answer.error.hasPrefix("CIR-6001: argument ") && answer.complaints == 1)
      }
      let files: [([UInt8], Int)] = [
        ([0x61, 0], 6005), ([0xFF], 6008), (noise(256 << 10 + 1), 2111),
      ]
      for (bytes, number) in files {
        try await device.refused(number, "put", "dispute", "summary=@\(try court.write(bytes, to: "value"))")
      }
      let half = try court.write(noise(256 << 10), to: "half")
      let answer = try await device.refused(2111, "put", "dispute", "summary=@\(half)", "demands=@\(half)")
      #expect(answer.error.contains("524288"), "\(answer.error)")
      #expect(try await device.holding() == before)
    }
  }

  @Test("SQL and odd signs in values are text like any other")
  func literally() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      let texts = [
        "'); DROP TABLE dispute;--", "\" OR \"\"=\"", "%_*?[]", "\u{1}\u{7F}\u{85}", "\u{202E}abc", "{\"a\":1}",
        "$(reboot)",
        "a\r\nb", "-- -C /", "@@/etc/passwd",
      ]
      var ids: [String] = []
      for text in texts { ids.append(try await device.put("dispute", "summary=\(text)", "--as", text)) }
      for (text, id) in zip(texts, ids) {
        let shown = text.hasPrefix("@@") ? String(text.dropFirst()) : text
        #expect(try await device.get("dispute", id)["fields"]["summary"].text == shown)
        let found = try await device.ok("list", "dispute", "--json", "--where", "summary=\(text)").json().items
        #expect(found.map { $0["id"].text } == [id], "\(text)")
      }
      // What a person is shown stays on its line.
      #expect(try await device.ok("list", "dispute").lines.count <= texts.count + 1)
      try await court.agree([device], hold: ids)
    }
  }

  @Test("a folder one may not enter or write, a file in a folder's place: the path and the reason")
  func permissions() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      let id = try await device.put("dispute", "summary=一")
      let before = try await device.holding()
      let file = try court.write([1, 2, 3], to: "file")
      let inFile = court.folder("file")
      try await inFile.refused(2002, "dump")
      try await inFile.refused(2002, "put", "dispute", "summary=1")
      let ticket = try await court.ticket()
      try await inFile.refused(2003, "enrol", "--centre", court.url, "--ticket", ticket)
      #expect(try [UInt8](Data(contentsOf: URL(fileURLWithPath: file))) == [1, 2, 3])

      guard let other = try await court.asOther() else { return }
      let stranger = ReplicaFolder(court: court, name: "A")
      let mine = court.program
      chmod(court.folder, 0o755)
      for (mode, verbs) in [(0o700, ["dump", "put", "status"]), (0o755, ["put", "sync"])] {
        chmod(device.path, mode_t(mode))
        court.program = other
        for verb in verbs {
          let words = verb == "put" ? ["dispute", "summary=1"] : []
          let answer = try await stranger.call(verb, words: words)
          #expect(answer.code == 1 && answer.complaints == 1, "\(verb) \(String(mode, radix: 8)): \(answer.error)")
          #expect(answer.error.hasPrefix("CIR-2008: \(device.path)"), "\(verb): \(answer.error)")
          #expect(answer.error.contains("ermission"), "\(verb): \(answer.error)")
        }
        court.program = mine
      }
      #expect(try await device.holding() == before)
      try await court.agree([device], hold: [id])
    }
  }
}

extension TestCourt {
  /// The program as another, powerless user runs it; nil where only one user may run it.
  fileprivate func asOther() async throws -> CircuitProgram? {
    guard getuid() == 0 else { return nil }
    var other = program
    other.launcher = ["/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--"]
    // Its own folder for what the harness writes.
    let answer = try await other.call([Array("--version".utf8)], in: folder)
    return answer.code == 0 ? other : nil
  }
}
