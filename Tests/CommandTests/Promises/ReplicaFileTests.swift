import Foundation
import Testing

@Suite("A file that is no good replica is refused and left as it is")
struct ReplicaFileTests {
  @Test("foreign, cut short, of newer software, a folder in its place, or none at all")
  func refused() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      _ = try await device.put("dispute", "summary=\(String(repeating: "一", count: 20_000))")
      let whole = try [UInt8](Data(contentsOf: URL(fileURLWithPath: device.database)))
      var newer = whole
      newer.replaceSubrange(60..<64, with: [0, 0, 0x7F, 0xFF])
      for (bytes, number) in [
        (Array("not a database, only a text of some length".utf8), 2001), ([], 2001),
        (Array(whole.prefix(whole.count / 2)), 2005), (Array(whole.prefix(60)), 2001), (newer, 2004),
      ] {
        let other = court.folder("other-\(bytes.count)-\(number)")
        try FileManager.default.createDirectory(atPath: other.path, withIntermediateDirectories: false)
        try Data(bytes).write(to: URL(fileURLWithPath: other.database))
        for words in [["dump"], ["put", "dispute", "summary=1"], ["sync"], ["verify"]] {
          let answer = try await other.call(words[0], words: Array(words.dropFirst()))
          #expect(answer.code == 1 && answer.complaints == 1 && answer.output == [], "\(words) \(bytes.count)")
          #expect(answer.error.hasPrefix("CIR-\(number): "), "\(words) \(bytes.count): \(answer.error)")
        }
        #expect(try [UInt8](Data(contentsOf: URL(fileURLWithPath: other.database))) == bytes)
      }
      let folder = court.folder("folder")
      try FileManager.default.createDirectory(atPath: folder.database, withIntermediateDirectories: true)
      #expect(try await folder.call("dump").code == 1)
      let none = court.folder("none")
      try await none.refused(2002, "dump")
      try await none.refused(2002, "put", "dispute", "summary=1")
      #expect(!none.exists)
    }
  }
}
