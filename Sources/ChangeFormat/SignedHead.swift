import Merge

/// The device's signature over a log's header; it vouches for the whole chain before it (design §2).
public struct SignedHead: Hashable, Sendable {
  /// Under the log id inside the headers.
  public var dot: Dot
  public var hash: ContentHash
  /// 64 bytes.
  public var signature: [UInt8]

  public init(dot: Dot, hash: ContentHash, signature: [UInt8]) {
    self.dot = dot
    self.hash = hash
    self.signature = signature
  }

  public init(dot: Dot, hash: ContentHash, court: Identifier, key: SigningKey) throws(FormatError) {
    self.dot = dot
    self.hash = hash
    signature = try key.sign(.head, court: court, SignedHead.message(dot, hash))
  }

  public func isAuthentic(court: Identifier, key: PublicKey) -> Bool {
    key.verify(signature, .head, court: court, SignedHead.message(dot, hash))
  }

  private static func message(_ dot: Dot, _ hash: ContentHash) -> [UInt8] {
    var writer = ByteWriter(capacity: 64)
    writer.identifier(dot.log)
    writer.varint(dot.sequence)
    writer.hash(hash)
    return writer.bytes
  }
}

/// When a head must be signed and kept (design §2).
public enum HeadInterval {
  public static let changes: UInt64 = 64
  public static let bytes = 256 * 1024
  public static let milliseconds: UInt64 = 1000
}
