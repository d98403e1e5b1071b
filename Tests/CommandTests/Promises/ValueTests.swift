import Testing

@Suite("A value is taken exactly or refused")
struct ValueTests {
  struct Grammar: Sendable, CustomTestStringConvertible {
    var table: String
    var field: String
    /// As written, and as JSON.
    var taken: [(String, String)]
    var refused: [String]
    var testDescription: String { "\(table).\(field)" }
  }

  static let grammars = [
    Grammar(
      table: "dispute", field: "amount_fen",
      taken: [
        ("0", "0"), ("-5", "-5"), ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"), ("", "null"),
      ],
      refused: [
        "9223372036854775808", "-9223372036854775809", "0x10", "01", "+1", "1.0", "1e3", " 1", "1 ", "１", "nan",
      ]),
    Grammar(
      table: "statistic", field: "value",
      taken: [
        ("1", "1.0"), ("-1.5", "-1.5"), ("1e3", "1000.0"), ("0.1", "0.1"), ("5e-324", "5e-324"), ("0", "0.0"),
        ("1.7976931348623157E308", "1.7976931348623157e+308"), ("", "null"),
      ],
      refused: ["1e999", "nan", "inf", "-inf", "0x1p3", "-0.0", "-0", "-1e-400", ".5", "5.", "01.5", "1e", "+1", "1_0"]),
    Grammar(
      table: "dispute", field: "is_proactive", taken: [("true", "true"), ("false", "false"), ("", "null")],
      refused: ["True", "1", "yes", "0"]),
    Grammar(
      table: "dispute", field: "happened_on",
      taken: [("2024-02-29", "\"2024-02-29\""), ("0001-01-01", "\"0001-01-01\""), ("9999-12-31", "\"9999-12-31\"")],
      refused: ["2023-02-29", "1900-02-29", "2026-13-01", "2026-1-1", "0000-01-01", "10000-01-01", "20260101"]),
    Grammar(
      table: "hearing", field: "starts_at",
      taken: [
        ("2026-01-02T03:04:05.678Z", "\"2026-01-02T03:04:05.678Z\""),
        ("1969-12-31T23:59:59.999Z", "\"1969-12-31T23:59:59.999Z\""),
      ],
      refused: [
        "2026-01-02T03:04:05Z", "2026-01-02T24:00:00.000Z", "2026-01-02T03:04:60.000Z", "2026-01-02 03:04:05.678Z",
        "2026-01-02T03:04:05.678z", "2026-02-30T00:00:00.000Z",
      ]),
    Grammar(
      table: "dispute", field: "village_id",
      taken: [("00112233-4455-6677-8899-AABBCCDDEEFF", "\"00112233445566778899aabbccddeeff\"")],
      refused: ["x", "00112233445566778899aabbccddeef", "00112233445566778899aabbccddeefg"]),
    Grammar(
      table: "attachment", field: "sha256", taken: [("00FF", "{\"hex\":\"00ff\"}"), ("", "null")],
      refused: ["0", "0g", "0x00"]),
    Grammar(
      table: "dispute", field: "summary",
      taken: [
        ("", "null"), (" ", "\" \""), ("a=b", "\"a=b\""), ("@@x", "\"@x\""), ("e\u{301}", "\"e\u{301}\""),
        ("\u{301}", "\"\u{301}\""), ("é", "\"é\""), ("\"\\\n\t", #""\"\\\n\t""#), ("😀", "\"😀\""), ("-x", "\"-x\""),
      ], refused: ["@/none"]),
  ]

  @Test("by the grammar of its type", arguments: grammars)
  func grammar(_ grammar: Grammar) async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      try await court.stop()
      for (written, json) in grammar.taken {
        let id = try await device.put(grammar.table, "\(grammar.field)=\(written)")
        let value = try await device.get(grammar.table, id)["fields"][grammar.field]
        #expect(value == (try JSONValue(json)), "\(written)")
      }
      for written in grammar.refused {
        let answer = try await device.call("put", grammar.table, "\(grammar.field)=\(written)")
        #expect(answer.code == 1 && answer.complaints == 1, "\(written): \(answer.error)")
      }
      #expect(try await device.log().count == grammar.taken.count)
    }
  }

  @Test("text is its bytes: no repair of invalid UTF-8, no NUL, no normal form")
  func bytes() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      try await court.stop()
      for bytes: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE4, 0xB8]] {
        let answer = try await device.call("put", bytes: [Array("dispute".utf8), Array("summary=".utf8) + bytes])
        #expect(answer.code == 1 && answer.complaints == 1)
      }
      let raw = try court.write([0x00, 0xFF, 0x80], to: "raw")
      let id = try await device.put("attachment", "sha256=@\(raw)")
      #expect(try await device.get("attachment", id)["fields"]["sha256"]["hex"].text == "00ff80")
      try await device.refused(6008, "put", "dispute", "summary=@\(raw)")
      let nul = try court.write([0x61, 0x00], to: "nul")
      try await device.refused(6005, "put", "dispute", "summary=@\(nul)")
      let text = try court.write(Array("一\r\n二\n".utf8), to: "text")
      let told = try await device.put("dispute", "summary=@\(text)")
      let found = try await device.get("dispute", told)["fields"]["summary"].text
      #expect(Array(found.utf8) == Array("一\r\n二\n".utf8))
      _ = try await device.put("dispute", "summary=é")
      let composed = try await device.ok("list", "dispute", "--where", "summary=é", "--json").json().items.count
      let decomposed = try await device.ok("list", "dispute", "--where", "summary=e\u{301}", "--json").json().items
        .count
      #expect(composed == 1 && decomposed == 0)
    }
  }

  @Test("a value of 256 KiB is taken and one byte more refused, as are a change past 512 KiB and a note past 1 KiB")
  func limits() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      try await court.stop()
      let whole = try court.write([UInt8](repeating: 0x61, count: 256 << 10), to: "whole")
      let other = try court.write([UInt8](repeating: 0x62, count: 256 << 10), to: "other")
      let over = try court.write([UInt8](repeating: 0x61, count: 256 << 10 + 1), to: "over")
      let id = try await device.put("dispute", "summary=@\(whole)")
      try await device.refused(2111, "put", "dispute", "summary=@\(over)")
      try await device.refused(2111, "put", "dispute", "summary=@\(whole)", "demands=@\(other)")
      try await device.refused(2111, "void", "dispute", id, "--reason", String(repeating: "x", count: 1025))
      try await device.refused(6007, "put", "dispute", "summary=@/dev/zero")
      #expect(try await device.log().count == 1)
      try await device.ok("void", "dispute", id, "--reason", String(repeating: "x", count: 1024))
      #expect(try await device.json("verify")["ok"] == .boolean(true))
    }
  }
}
