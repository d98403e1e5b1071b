import Foundation
import Testing

@Suite("apply commits transaction by transaction and stops at the first bad line")
struct ApplyTests {
  static let one = #"{"table":"dispute","set":{"summary":"a"}}"#

  @Test("a blank line ends a transaction, and each commit prints its ids on one line")
  func transactions() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      let lines = try await device.ok("apply", "-", input: "\(Self.one)\n\(Self.one)\n\n\n\(Self.one)").lines
      #expect(lines.map { $0.split(separator: " ").count } == [2, 1])
      let arrays = try await device.ok("apply", "-", "--json", input: "\(Self.one)\r\n\r\n\(Self.one)\r\n").jsonLines()
      #expect(arrays.map(\.items.count) == [1, 1])
      #expect(try await device.ok("apply", "-", input: "\n\n").output == [])
      let log = try await device.log()
      #expect(log.map { $0["writes"].items.count } == [2, 1, 1, 1])
    }
  }

  @Test("ids come in order of first mention, and a later set in a transaction replaces an earlier one")
  func mentions() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      let (one, two) = (String(repeating: "0", count: 31) + "1", String(repeating: "0", count: 31) + "2")
      let input = """
        {"table":"dispute","id":"\(two)","as":"张法官","set":{"summary":"1","place":"p"}}
        {"table":"dispute","id":"\(one)","set":{"summary":"2"}}
        {"table":"dispute","id":"\(two)","set":{"summary":"3"}}
        """
      #expect(try await device.ok("apply", "-", input: input).line == "\(two) \(one)")
      let change = try #require(try await device.log().first)
      #expect(change["actor"].text == "张法官")
      #expect(change["writes"].items.count == 3)
      #expect(try await device.get("dispute", two)["fields"]["summary"].text == "3")
    }
  }

  @Test("what stood before the first bad line stands, nothing behind it is looked at, and the line is named")
  func firstBadLine() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      let input = "\(Self.one)\n\n\(Self.one)\n{\"table\":\"dispute\",\"set\":{\"nosuch\":1}}\n\n\(Self.one)\n"
      let answer = try await device.call("apply", "-", input: input)
      #expect(answer.code == 1)
      #expect(answer.complaints == 1 && answer.error.hasPrefix("CIR-2102: line 4: "))
      #expect(answer.lines.count == 1)
      #expect(try await device.log().count == 1)
    }
  }

  @Test("a committed transaction is told while the pipe is still open, and a writer beside it takes its turn")
  func streams() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      let process = try ChildProcess(
        court.program.path, ["apply", "-C", device.path, "-"].map { Array($0.utf8) },
        environment: court.program.environment, folder: court.folder, input: .pipe, output: .pipe,
        complaint: .file("\(court.folder)/apply.err"))
      process.write("\(Self.one)\n\n")
      let told = try #require(try await onThread { process.readLine() })
      #expect(try await device.ids() == [told])
      let beside = try await device.put("dispute", "summary=b")
      process.write("\(Self.one)\n\n")
      let second = try #require(try await onThread { process.readLine() })
      process.send(SIGKILL)
      _ = try await onThread { try process.wait() }
      #expect(try await device.ids() == [told, beside, second])
    }
  }

  static let refused: [String] = [
    "{", "[]", "1", "null", "{}", #"{"table":"dispute"}"#, #"{"table":"dispute","set":{}}"#,
    #"{"table":"dispute","set":{"summary":1}}"#, #"{"table":"dispute","set":{"summary":"a","summary":"b"}}"#,
    #"{"table":"dispute","table":"dispute","set":{"summary":"a"}}"#, #"{"table":"dispute","set":{"summary":"\ud800"}}"#,
    #"{"table":"dispute","set":{"summary":"\udc00\ud800"}}"#, #"{"table":"dispute","set":{"summary":"a\u0000"}}"#,
    #"{"table":"dispute","set":{"amount_fen":9223372036854775808}}"#, #"{"table":"dispute","set":{"amount_fen":1.0}}"#,
    #"{"table":"dispute","set":{"amount_fen":"1"}}"#, #"{"table":"dispute","set":{"amount_fen":01}}"#,
    #"{"table":"statistic","set":{"value":-0.0}}"#, #"{"table":"statistic","set":{"value":1e999}}"#,
    #"{"table":"statistic","set":{"value":NaN}}"#, #"{"table":"statistic","set":{"value":0x10}}"#,
    #"{"table":"dispute","set":{"is_proactive":1}}"#, #"{"table":"dispute","set":{"happened_on":"2026-02-30"}}"#,
    #"{"table":"attachment","set":{"sha256":"00"}}"#, #"{"table":"attachment","set":{"sha256":{"hex":"0"}}}"#,
    #"{"table":"dispute","id":"xx","set":{"summary":"a"}}"#, #"{"table":"dispute","id":5,"set":{"summary":"a"}}"#,
    #"{"table":"dispute","scope":"tribunal/nope","set":{"summary":"a"}}"#, #"{"table":"nosuch","set":{"summary":"a"}}"#,
    #"{"table":"dispute","set":{"summary":"a"},"more":1}"#, "\u{FEFF}\(one)", "\(one) x", "\(one)\(one)",
    "{\"table\":\"dispute\",\"set\":{\"summary\":\"a\tb\"}}",
    #"{"table":"dispute","scope":"court","set":{"summary":"a"}}"# + "\n"
      + #"{"table":"dispute","scope":"\#(TestCourt.tribunal)","set":{"summary":"a"}}"#,
    #"{"table":"dispute","as":"a","set":{"summary":"a"}}"# + "\n"
      + #"{"table":"dispute","as":"b","set":{"summary":"a"}}"#,
  ]

  @Test("JSON that two readers could take for different things is refused, and so is what is no write")
  func strictness() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      for line in Self.refused {
        let answer = try await device.call("apply", "-", input: line)
        #expect(answer.code == 1 && answer.complaints == 1 && answer.output == [], "\(line)")
        #expect(answer.error.contains("line"), "\(line): \(answer.error)")
      }
      #expect(try await device.log() == [])
      let taken =
        #"{"table":"statistic","set":{"value":1}}"# + "\n" + #"{"table":"dispute","set":{"summary":"\ud83d\ude00\/"}}"#
      let ids = try await device.ok("apply", "-", input: taken).line.split(separator: " ").map(String.init)
      #expect(try await device.get("statistic", ids[0])["fields"]["value"] == .number("1.0"))
      #expect(try await device.get("dispute", ids[1])["fields"]["summary"].text == "😀/")
    }
  }
}
