/// Sixteen bytes that name a court, device, log, record or incarnation.
///
/// Held as two big-endian words, so that `<` is the order of the bytes. Printed as 32 lower-case hex digits.
public struct Identifier: Hashable, Comparable, Sendable {
  /// Bytes 0 to 7, big-endian.
  public var high: UInt64
  /// Bytes 8 to 15, big-endian.
  public var low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The identifier of exactly 16 bytes; nil for any other count.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    let words = bigEndianWords(bytes)
    self.init(high: words[0], low: words[1])
  }

  /// Reads 32 hex digits, with or without dashes, in either case; nil for anything else.
  public init?(hex: String) {
    guard let bytes = bytesOfHex(hex.utf8.filter { $0 != 0x2D }), bytes.count == 16 else { return nil }
    self.init(bytes: bytes)
  }

  public static let zero = Identifier(high: 0, low: 0)

  public static func < (a: Identifier, b: Identifier) -> Bool {
    a.high != b.high ? a.high < b.high : a.low < b.low
  }

  public var bytes: [UInt8] { bigEndianBytes([high, low]) }
  public var hex: String { hexOfBytes(bytes) }
}

extension Identifier: CustomStringConvertible {
  public var description: String { hex }
}

/// The id of a log: the first 16 bytes of the SHA-256 of its genesis header, or of a branch's first header (design §2, §3).
public typealias LogID = Identifier
/// The id of a record, a UUIDv7.
public typealias RecordID = Identifier
/// The id of a device.
public typealias DeviceID = Identifier

/// A SHA-256 hash: 32 bytes, compared in byte order.
public struct ContentHash: Hashable, Comparable, Sendable {
  var a: UInt64
  var b: UInt64
  var c: UInt64
  var d: UInt64

  /// The hash of exactly 32 bytes; nil for any other count.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 32 else { return nil }
    let words = bigEndianWords(bytes)
    (a, b, c, d) = (words[0], words[1], words[2], words[3])
  }

  /// Reads a hash from 32 bytes of memory.
  public init(at pointer: UnsafeRawPointer) {
    a = UInt64(bigEndian: pointer.loadUnaligned(as: UInt64.self))
    b = UInt64(bigEndian: pointer.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    c = UInt64(bigEndian: pointer.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
    d = UInt64(bigEndian: pointer.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
  }

  public init?(hex: String) {
    guard let bytes = bytesOfHex(hex.utf8), bytes.count == 32 else { return nil }
    self.init(bytes: bytes)
  }

  init(words a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) {
    (self.a, self.b, self.c, self.d) = (a, b, c, d)
  }

  public static let zero = ContentHash(words: 0, 0, 0, 0)

  public static func < (x: ContentHash, y: ContentHash) -> Bool {
    (x.a, x.b, x.c, x.d) < (y.a, y.b, y.c, y.d)
  }

  /// The first 16 bytes: the id that a branch starting with this header takes.
  public var prefix: Identifier { Identifier(high: a, low: b) }
  public var bytes: [UInt8] { bigEndianBytes([a, b, c, d]) }
  public var hex: String { hexOfBytes(bytes) }
}

func bigEndianWords(_ bytes: some Collection<UInt8>) -> [UInt64] {
  var words: [UInt64] = []
  var word: UInt64 = 0
  for (i, byte) in bytes.enumerated() {
    word = word << 8 | UInt64(byte)
    if i % 8 == 7 { words.append(word) }
  }
  return words
}

func bigEndianBytes(_ words: [UInt64]) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(words.count * 8)
  for word in words {
    for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift))) }
  }
  return bytes
}

/// Lower-case hex digits of bytes.
public func hexOfBytes(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var out: [UInt8] = []
  for byte in bytes {
    out.append(digits[Int(byte >> 4)])
    out.append(digits[Int(byte & 15)])
  }
  return String(decoding: out, as: UTF8.self)
}

/// The bytes of an even number of hex digits in either case; nil for anything else.
public func bytesOfHex(_ text: some Collection<UInt8>) -> [UInt8]? {
  guard text.count % 2 == 0 else { return nil }
  var out: [UInt8] = []
  out.reserveCapacity(text.count / 2)
  var high: UInt8?
  for character in text {
    let digit: UInt8
    switch character {
    case 0x30...0x39: digit = character - 0x30
    case 0x41...0x46: digit = character - 0x41 + 10
    case 0x61...0x66: digit = character - 0x61 + 10
    default: return nil
    }
    if let h = high {
      out.append(h << 4 | digit)
      high = nil
    } else {
      high = digit
    }
  }
  return out
}

extension ContentHash {
  /// The four words as they lie in bytes.
  public var wordsInByteOrder: (UInt64, UInt64, UInt64, UInt64) { (a.bigEndian, b.bigEndian, c.bigEndian, d.bigEndian) }
}
