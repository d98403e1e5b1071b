import Merge
import Testing

@Suite("Values")
struct ValueTests {
  @Test("text is bytes: two spellings of one letter are two values")
  func text() {
    let composed = "\u{E9}"
    let decomposed = "e\u{301}"
    #expect(composed == decomposed, "to Swift they are one string")
    #expect(Value.text(composed) != .text(decomposed))
    #expect(Value.text(composed).conflicts(with: .text(decomposed)))
    #expect(!Value.text(composed).conflicts(with: .text(composed)))
  }

  @Test(
    "no one may write NaN, an infinity, -0.0, text with NUL, or a redacted value",
    arguments: [
      .real(.nan), .real(.signalingNaN), .real(.infinity), .real(-.infinity), .real(-0.0), .text("a\u{0}b"), .redacted,
    ] as [Value])
  func refused(value: Value) {
    #expect(!value.isWritable)
  }

  @Test(
    "everything else may be written",
    arguments: [
      .null, .boolean(false), .integer(.min), .real(0), .real(-1.5), .real(.leastNonzeroMagnitude),
      .real(.greatestFiniteMagnitude), .text(""), .text("张三"), .text("\u{FEFF}"), .bytes([0]), .date(.min),
      .instant(.max), .ref(.zero),
    ] as [Value])
  func writable(value: Value) {
    #expect(value.isWritable)
  }

  @Test("values of two types are never equal, even where they look alike")
  func types() {
    let values: [Value] = [
      .null, .boolean(false), .boolean(true), .integer(1), .real(1), .text("1"), .bytes([0x31]), .date(1), .instant(1),
      .ref(Identifier(high: 0, low: 1)), .text(""), .bytes([]), .redacted,
    ]
    for (i, a) in values.enumerated() {
      for (j, b) in values.enumerated() { #expect((a == b) == (i == j)) }
    }
    #expect(Set(values.map(\.tag)).count == 11)
  }

  @Test("floating numbers are equal when their bits are")
  func reals() {
    #expect(Value.real(0.1 + 0.2) != .real(0.3))
    #expect(Value.real(0.0) != .real(-0.0))
    #expect(Value.real(.nan) == .real(.nan))
  }

  @Test("a redacted value equals no other write's, not even a redacted one; null equals null")
  func conflicts() {
    #expect(Value.redacted.conflicts(with: .redacted))
    #expect(Value.redacted.conflicts(with: .null) && Value.null.conflicts(with: .redacted))
    #expect(!Value.null.conflicts(with: .null))
    #expect(Value.null.conflicts(with: .text("")))
  }
}
