import ChangeFormat
import Merge

/// The bytes of a digest, put together in memory of its own and hashed as it fills.
struct DigestStream: ~Copyable {
  private static let size = 1 << 16
  private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
  private var count = 0
  private var hash = StreamHash()

  deinit { memory.deallocate() }

  @inline(__always)
  mutating func byte(_ value: UInt8) {
    if count == DigestStream.size { empty() }
    memory[count] = value
    count += 1
  }

  /// LEB128, the shortest form.
  @inline(__always)
  mutating func varint(_ value: UInt64) {
    var value = value
    while value >= 0x80 {
      byte(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    byte(UInt8(truncatingIfNeeded: value))
  }

  /// Zigzag.
  @inline(__always)
  mutating func signed(_ value: Int64) { varint(UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

  @inline(__always)
  mutating func raw(_ bytes: UnsafeRawBufferPointer) {
    if bytes.count > DigestStream.size - count { empty() }
    if bytes.count > DigestStream.size {
      hash.update(bytes)
    } else {
      UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: bytes)
      count += bytes.count
    }
  }

  @inline(__always)
  mutating func raw(_ bytes: [UInt8]) { bytes.withUnsafeBytes { raw($0) } }

  private mutating func empty() {
    hash.update(UnsafeRawBufferPointer(rebasing: memory[..<count]))
    count = 0
  }

  mutating func finish() -> ContentHash {
    empty()
    return hash.finish()
  }
}
