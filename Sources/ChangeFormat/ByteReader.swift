import Merge

/// Reads the primitive encodings of `docs/format.md`; checks every length before it is used.
public struct ByteReader: Sendable {
  public let bytes: [UInt8]
  public private(set) var position: Int
  private let end: Int

  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    position = 0
    end = bytes.count
  }

  public init(_ bytes: [UInt8], from start: Int, count: Int) {
    precondition(start >= 0 && count >= 0 && start + count <= bytes.count)
    self.bytes = bytes
    position = start
    end = start + count
  }

  public var remaining: Int { end - position }
  public var isAtEnd: Bool { position == end }

  /// Throws unless everything was read.
  public func finish(_ what: String) throws(FormatError) {
    if position != end { throw .malformed(what: what) }
  }

  @inline(__always)
  public mutating func byte(_ what: String) throws(FormatError) -> UInt8 {
    guard position < end else { throw .truncated(what: what) }
    defer { position += 1 }
    return bytes[position]
  }

  /// LEB128 of at most 64 bits; a longer form than needed is malformed.
  @inline(__always)
  public mutating func varint(_ what: String) throws(FormatError) -> UInt64 {
    guard position < end else { throw .truncated(what: what) }
    let first = bytes[position]
    if first < 0x80 {
      position += 1
      return UInt64(first)
    }
    return try longVarint(what)
  }

  private mutating func longVarint(_ what: String) throws(FormatError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      guard position < end else { throw .truncated(what: what) }
      let byte = bytes[position]
      position += 1
      let part = UInt64(byte & 0x7F)
      if shift == 63 && part > 1 { throw .malformed(what: what) }
      value |= part << shift
      if byte < 0x80 {
        if byte == 0 && shift > 0 { throw .malformed(what: what) }
        return value
      }
      shift += 7
      if shift > 63 { throw .malformed(what: what) }
    }
  }

  /// A varint that counts things of which each takes at least `each` bytes, or that a limit bounds.
  public mutating func count(_ what: String, each: Int = 1, limit: Int = .max) throws(FormatError) -> Int {
    let value = try varint(what)
    if value > UInt64(limit) {
      throw .overLimit(what: what, found: Int(clamping: value), limit: limit)
    }
    if value > UInt64(remaining / max(each, 1)) && each > 0 { throw .truncated(what: what) }
    return Int(value)
  }

  public mutating func signed(_ what: String) throws(FormatError) -> Int64 {
    let raw = try varint(what)
    return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
  }

  public mutating func fixed64(_ what: String) throws(FormatError) -> UInt64 {
    guard remaining >= 8 else { throw .truncated(what: what) }
    var value: UInt64 = 0
    for i in 0..<8 { value = value << 8 | UInt64(bytes[position + i]) }
    position += 8
    return value
  }

  public mutating func identifier(_ what: String) throws(FormatError) -> Identifier {
    let high = try fixed64(what)
    return Identifier(high: high, low: try fixed64(what))
  }

  public mutating func hash(_ what: String) throws(FormatError) -> ContentHash {
    guard remaining >= 32 else { throw .truncated(what: what) }
    let hash = bytes.withUnsafeBytes { ContentHash(at: $0.baseAddress! + position) }
    position += 32
    return hash
  }

  public mutating func raw(_ count: Int, _ what: String) throws(FormatError) -> [UInt8] {
    guard count >= 0, remaining >= count else { throw .truncated(what: what) }
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  public mutating func block(_ what: String, limit: Int = .max) throws(FormatError) -> [UInt8] {
    try raw(try count(what, limit: limit), what)
  }

  /// UTF-8 without NUL.
  public mutating func text(_ what: String, limit: Int) throws(FormatError) -> String {
    let raw = try block(what, limit: limit)
    guard let text = String(validating: raw, as: UTF8.self), !raw.contains(0) else { throw .malformed(what: what) }
    return text
  }

  mutating func skip(_ count: Int, _ what: String) throws(FormatError) {
    guard count >= 0, remaining >= count else { throw .truncated(what: what) }
    position += count
  }
}
