import CZstd
import Merge

/// zstd (RFC 8878), level 1, with its contexts kept once they are used: making them anew costs more than a small payload.
public final class Compressor {
  private var compressor: OpaquePointer?
  private var decompressor: OpaquePointer?

  public init() {}

  deinit {
    ZSTD_freeCCtx(compressor)
    ZSTD_freeDCtx(decompressor)
  }

  private var compressing: OpaquePointer {
    if let compressor { return compressor }
    guard let made = ZSTD_createCCtx() else { preconditionFailure("zstd has no memory") }
    compressor = made
    return made
  }

  private var decompressing: OpaquePointer {
    if let decompressor { return decompressor }
    guard let made = ZSTD_createDCtx() else { preconditionFailure("zstd has no memory") }
    decompressor = made
    return made
  }

  /// One zstd frame.
  public func compress(_ bytes: [UInt8]) -> [UInt8] {
    let bound = ZSTD_compressBound(bytes.count)
    return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
      let written = bytes.withUnsafeBytes {
        ZSTD_compressCCtx(compressing, buffer.baseAddress, bound, $0.baseAddress, $0.count, 1)
      }
      precondition(ZSTD_isError(written) == 0, "zstd failed with room enough")
      count = written
    }
  }

  /// The clear bytes of one frame that must unfold to exactly `size`.
  public func decompress(
    _ bytes: [UInt8], from start: Int = 0, count: Int? = nil, size: Int, what: String
  ) throws(FormatError) -> [UInt8] {
    let length = count ?? bytes.count - start
    guard length > 0, start >= 0, start + length <= bytes.count else { throw .truncated(what: what) }
    var found = 0
    let clear = [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
      found = bytes.withUnsafeBytes {
        ZSTD_decompressDCtx(decompressing, buffer.baseAddress, size, $0.baseAddress! + start, length)
      }
      initialized = ZSTD_isError(found) == 0 ? found : 0
    }
    guard ZSTD_isError(found) == 0, found == size else { throw .malformed(what: what) }
    return clear
  }
}
