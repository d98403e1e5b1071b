import Merge
import Testing

@Suite("Dots and ids as text")
struct DotTests {
  private let hex = "00112233445566778899aabbccddeeff"

  @Test("a dot is LOG:SEQ")
  func reading() throws {
    let dot = try #require(Dot(text: "\(hex):17"))
    #expect(dot.sequence == 17 && dot.log.hex == hex)
    #expect(dot.description == "\(hex):17")
    #expect(Dot(text: "\(hex):18446744073709551615")?.sequence == .max)
  }

  @Test("dashes and upper case are read, and never printed")
  func spellings() {
    let dashed = "00112233-4455-6677-8899-AABBCCDDEEFF"
    #expect(Dot(text: "\(dashed):1")?.description == "\(hex):1")
  }

  @Test(
    "what is no dot is refused",
    arguments: [
      "", ":", "1", ":1", "00112233445566778899aabbccddeeff", "00112233445566778899aabbccddeeff:",
      "00112233445566778899aabbccddeeff:0", "00112233445566778899aabbccddeeff:01",
      "00112233445566778899aabbccddeeff:+1",
      "00112233445566778899aabbccddeeff:-1", "00112233445566778899aabbccddeeff: 1",
      "00112233445566778899aabbccddeeff:1 ",
      "00112233445566778899aabbccddeeff:1:2", "00112233445566778899aabbccddeeff:0x1",
      "00112233445566778899aabbccddeeff:18446744073709551616", "00112233445566778899aabbccddeeff:١",
      "00112233445566778899aabbccddeef:1", "00112233445566778899aabbccddeeff0:1", "00112233445566778899aabbccddeeffé:1",
      "g0112233445566778899aabbccddeeff:1",
    ])
  func refused(text: String) {
    #expect(Dot(text: text) == nil)
  }

  @Test("dots are in order of log id, then sequence; ids in order of their bytes")
  func order() {
    let a = LogID(high: 1, low: .max)
    let b = LogID(high: 2, low: 0)
    #expect([Dot(b, 1), Dot(a, 10), Dot(a, 9)].sorted() == [Dot(a, 9), Dot(a, 10), Dot(b, 1)])
    #expect(a.bytes.lexicographicallyPrecedes(b.bytes))
  }

  @Test("an id is exactly 16 bytes, a hash exactly 32; a branch takes the first 16")
  func bytes() throws {
    let bytes = (0..<32).map { UInt8($0) }
    let hash = try #require(ContentHash(bytes: bytes))
    #expect(hash.bytes == bytes && hash.prefix.bytes == Array(bytes.prefix(16)))
    #expect(ContentHash(hex: hash.hex) == hash && Identifier(hex: hash.prefix.hex) == hash.prefix)
    #expect(Identifier(bytes: bytes) == nil && Identifier(bytes: bytes.prefix(15)) == nil)
    #expect(ContentHash(bytes: bytes.dropLast()) == nil && ContentHash(hex: hash.hex + "00") == nil)
    #expect(bytesOfHex("abc".utf8) == nil && bytesOfHex("0g".utf8) == nil && bytesOfHex("".utf8) == [])
  }
}
