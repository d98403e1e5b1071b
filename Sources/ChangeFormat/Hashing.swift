import Crypto
import Merge

/// SHA-256 (FIPS 180-4), the hash of suite 1.
public enum Hashing {
  public static func hash(_ bytes: [UInt8]) -> ContentHash {
    bytes.withUnsafeBytes { hash($0) }
  }

  public static func hash(_ bytes: UnsafeRawBufferPointer) -> ContentHash {
    var hasher = SHA256()
    hasher.update(bufferPointer: bytes)
    return hasher.finalize().withUnsafeBytes { ContentHash(at: $0.baseAddress!) }
  }

  /// The first 16 bytes of the SHA-256 over header hashes, as a context delta carries it.
  public static func contextDigest(_ hashes: [ContentHash]) -> Identifier {
    var hasher = StreamHash()
    for hash in hashes { hash.withBytes { hasher.update($0) } }
    return hasher.finish().prefix
  }
}

/// SHA-256 over a stream.
public struct StreamHash: Sendable {
  private var hasher = SHA256()

  public init() {}

  public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) } }
  public mutating func update(_ bytes: UnsafeRawBufferPointer) { hasher.update(bufferPointer: bytes) }

  public func finish() -> ContentHash {
    hasher.finalize().withUnsafeBytes { ContentHash(at: $0.baseAddress!) }
  }
}
