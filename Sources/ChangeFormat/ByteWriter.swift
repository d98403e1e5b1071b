import Merge

/// Appends the primitive encodings of `docs/format.md` to an array.
public struct ByteWriter: Sendable {
  public var bytes: [UInt8] = []

  public init(capacity: Int = 0) { if capacity > 0 { bytes.reserveCapacity(capacity) } }

  @inline(__always)
  public mutating func byte(_ value: UInt8) { bytes.append(value) }

  /// LEB128, the shortest form.
  @inline(__always)
  public mutating func varint(_ value: UInt64) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: value))
  }

  @inline(__always)
  public mutating func varint(_ value: Int) { varint(UInt64(value)) }

  /// Zigzag, so that small negatives stay short.
  public mutating func signed(_ value: Int64) { varint(UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

  public mutating func fixed64(_ value: UInt64) {
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }

  public mutating func identifier(_ id: Identifier) {
    fixed64(id.high)
    fixed64(id.low)
  }

  public mutating func hash(_ hash: ContentHash) { hash.withBytes { bytes.append(contentsOf: $0) } }

  public mutating func raw(_ more: [UInt8]) { bytes.append(contentsOf: more) }

  /// Length, then the bytes.
  public mutating func block(_ more: [UInt8]) {
    varint(more.count)
    bytes.append(contentsOf: more)
  }

  /// Length in bytes, then UTF-8.
  public mutating func text(_ text: String) {
    var text = text
    text.withUTF8 { utf8 in
      varint(utf8.count)
      bytes.append(contentsOf: utf8)
    }
  }
}

extension ContentHash {
  /// The 32 bytes, in place.
  public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try withUnsafeBytes(of: wordsInByteOrder, body)
  }
}
