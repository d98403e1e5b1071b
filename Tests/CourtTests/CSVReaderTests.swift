import Testing

@testable import Court

@Suite("Reading CSV by RFC 4180")
struct CSVReaderTests {
  func rows(_ text: String) throws -> [[String]] { try rows(Array(text.utf8)) }

  func rows(_ bytes: [UInt8]) throws -> [[String]] {
    var reader = CSVReader(bytes, file: "f.csv")
    var rows: [[String]] = []
    while let row = try reader.next() { rows.append(row.fields) }
    return rows
  }

  @Test(
    "what the standard allows is read",
    arguments: [
      ("", []),
      ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
      ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
      ("a,b", [["a", "b"]]),
      ("a,\n,b\n", [["a", ""], ["", "b"]]),
      ("a,", [["a", ""]]),
      ("\"a,b\",\"c\"\"d\"\n", [["a,b", "c\"d"]]),
      ("\"two\nlines\",x\n", [["two\nlines", "x"]]),
      ("\"two\r\nlines\",x\r\n", [["two\r\nlines", "x"]]),
      ("\"\",x\n", [["", "x"]]),
      ("\"end\"", [["end"]]),
      ("\n", [[""]]),
      ("\u{FEFF}案由,名称\n1,借款\n", [["案由", "名称"], ["1", "借款"]]),
    ] as [(String, [[String]])])
  func reads(text: String, expected: [[String]]) throws {
    #expect(try rows(text) == expected)
  }

  @Test(
    "what it does not allow is an error that names the line",
    arguments: [
      ("a\nb\"c\n", 2, LineFault.strayQuote),
      ("a\n\"b\"c\n", 2, .textAfterQuote),
      ("a\nb\n\"c\nd\n", 3, .openQuote),
      ("\"a\nb\",\"c\"d\n", 2, .textAfterQuote),
      ("a\rb\n", 1, .bareReturn),
      ("a\n\"b\"\rc\n", 2, .bareReturn),
      ("a\nb\u{0}\n", 2, .nul),
    ])
  func refuses(text: String, line: Int, fault: LineFault) {
    #expect(throws: CourtError.badLine(file: "f.csv", line: line, fault: fault)) { try rows(text) }
  }

  @Test("bytes that are no UTF-8 are refused, not repaired")
  func notUTF8() {
    // 案 in GB18030.
    let bytes: [UInt8] = Array("a\n".utf8) + [0xB0, 0xB8, 0x0A]
    #expect(throws: CourtError.badLine(file: "f.csv", line: 2, fault: .notUTF8)) { try rows(bytes) }
  }

  @Test("a replacement character that stands in the file is text")
  func replacement() throws {
    #expect(try rows("\u{FFFD}\n") == [["\u{FFFD}"]])
  }

  @Test("a row knows the line it begins on, also behind a field of several lines")
  func lines() throws {
    var reader = CSVReader(Array("a\n\"b\nc\"\r\nd\n".utf8), file: "f.csv")
    var lines: [Int] = []
    while let row = try reader.next() { lines.append(row.line) }
    #expect(lines == [1, 2, 4])
  }

  @Test("after an error the reader goes no further")
  func stops() throws {
    var reader = CSVReader(Array("a\"b\nc\n".utf8), file: "f.csv")
    #expect(throws: CourtError.self) { try reader.next() }
    #expect(try reader.next() == nil)
  }
}
