import ChangeFormat

/// A set of column ids as a bitmap; in bytes without trailing zeros. Ids below 64 take no memory of their own.
struct ColumnBits: Equatable {
  private var low: UInt64 = 0
  /// The bytes from the ninth on, without trailing zeros.
  private var rest: [UInt8] = []

  init() {}

  /// Reads `count` bytes of a bitmap.
  init(_ bytes: UnsafeRawBufferPointer) {
    for i in 0..<min(bytes.count, 8) { low |= UInt64(bytes[i]) << UInt64(8 * i) }
    if bytes.count > 8 {
      rest = Array(bytes[8...])
      trim()
    }
  }

  var isEmpty: Bool { low == 0 && rest.isEmpty }

  @inline(__always)
  func contains(_ id: UInt32) -> Bool {
    if id < 64 { return low >> UInt64(id) & 1 == 1 }
    let byte = Int(id >> 3) - 8
    return byte < rest.count && rest[byte] & 1 << UInt8(id & 7) != 0
  }

  mutating func insert(_ id: UInt32) {
    if id < 64 {
      low |= 1 << UInt64(id)
      return
    }
    let byte = Int(id >> 3) - 8
    while rest.count <= byte { rest.append(0) }
    rest[byte] |= 1 << UInt8(id & 7)
  }

  mutating func remove(_ id: UInt32) {
    if id < 64 {
      low &= ~(1 << UInt64(id))
      return
    }
    let byte = Int(id >> 3) - 8
    guard byte < rest.count else { return }
    rest[byte] &= ~(1 << UInt8(id & 7))
    trim()
  }

  private mutating func trim() { while rest.last == 0 { rest.removeLast() } }

  /// Count of bytes, then the bytes.
  func write(to writer: inout ByteWriter) {
    let inLow = rest.isEmpty ? (71 - low.leadingZeroBitCount) / 8 : 8
    writer.varint(inLow + rest.count)
    for i in 0..<inLow { writer.byte(UInt8(truncatingIfNeeded: low >> UInt64(8 * i))) }
    if !rest.isEmpty { writer.raw(rest) }
  }
}
