import Testing

@testable import ChangeFormat

@Suite("Text is valid UTF-8 without NUL")
struct TextTests {
  private func isClean(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBufferPointer { isCleanText($0) } }

  /// What the standard library says, NUL set aside.
  private func isExpectedClean(_ bytes: [UInt8]) -> Bool {
    String(validating: bytes, as: UTF8.self) != nil && !bytes.contains(0)
  }

  @Test(
    "taken",
    arguments: [
      "", "a", "\u{7F}", "é", "e\u{301}", "土地承包", "（2026）豫", "\u{7FF}\u{800}", "\u{D7FF}\u{E000}", "🏛", "\u{10FFFF}",
      "\u{FEFF}",
    ])
  func clean(text: String) { #expect(isClean(Array(text.utf8))) }

  @Test(
    "refused",
    arguments: [
      [0x00], [0x61, 0x00], [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x20], [0xE0, 0x80, 0x80],
      [0xE0, 0x9F, 0xBF], [0xE5, 0x9C], [0xE5, 0x9C, 0x20], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
      [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x8F], [0xF4, 0x90, 0x80, 0x80],
      [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF],
    ] as [[UInt8]])
  func refused(bytes: [UInt8]) { #expect(!isClean(bytes)) }

  @Test("every sequence of two bytes, and of up to four at the edges of the ranges, as the standard library says")
  func againstTheStandardLibrary() {
    var differing: [[UInt8]] = []
    func compare(_ bytes: [UInt8]) { if isClean(bytes) != isExpectedClean(bytes) { differing.append(bytes) } }
    for a in UInt8.min...UInt8.max {
      compare([a])
      for b in UInt8.min...UInt8.max { compare([a, b]) }
    }
    let edges: [UInt8] = [
      0x00, 0x01, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF,
      0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
    ]
    for a in edges {
      for b in edges {
        for c in edges {
          compare([a, b, c])
          for d in edges { compare([a, b, c, d]) }
        }
      }
    }
    #expect(differing.isEmpty)
  }
}
