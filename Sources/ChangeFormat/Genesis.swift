import Merge

/// The first header of a log: who opens it, where, and after what (design §2). Its hash names the log.
public struct Genesis: Hashable, Sendable {
  public static let version: UInt8 = 1
  /// Suite 1: Ed25519 and SHA-256.
  public static let suite: UInt8 = 1

  /// Why a log was opened.
  public enum Reason: UInt8, Sendable {
    case first = 0
    case reverted = 1
    case copied = 2
    case foreignHead = 3
    case excluded = 4
    case clock = 5
    case full = 6
  }

  /// The last header of the log that this one carries on.
  public struct Predecessor: Hashable, Sendable {
    public var dot: Dot
    public var hash: ContentHash
    public init(dot: Dot, hash: ContentHash) {
      self.dot = dot
      self.hash = hash
    }
  }

  public var court: Identifier
  public var scope: String
  public var signingKey: PublicKey
  /// Random, new with every incarnation, so that two copies of one disk never open the same log.
  public var incarnation: Identifier
  public var predecessor: Predecessor?
  public var reason: Reason

  public init(
    court: Identifier, scope: String, signingKey: PublicKey, incarnation: Identifier, predecessor: Predecessor?,
    reason: Reason
  ) {
    self.court = court
    self.scope = scope
    self.signingKey = signingKey
    self.incarnation = incarnation
    self.predecessor = predecessor
    self.reason = reason
  }

  public var bytes: [UInt8] {
    var writer = ByteWriter(capacity: 160)
    writer.text("circuit/genesis")
    writer.byte(Genesis.version)
    writer.byte(Genesis.suite)
    writer.identifier(court)
    writer.text(scope)
    writer.raw(signingKey.bytes)
    writer.identifier(incarnation)
    if let predecessor {
      writer.byte(1)
      writer.identifier(predecessor.dot.log)
      writer.varint(predecessor.dot.sequence)
      writer.hash(predecessor.hash)
    } else {
      writer.byte(0)
    }
    writer.byte(reason.rawValue)
    return writer.bytes
  }

  public init(bytes: [UInt8]) throws(FormatError) {
    var reader = ByteReader(bytes)
    guard try reader.text("genesis tag", limit: 32) == "circuit/genesis" else { throw .malformed(what: "genesis tag") }
    let version = try reader.byte("genesis version")
    guard version == Genesis.version else { throw .unknownVersion(what: "genesis", found: Int(version)) }
    let suite = try reader.byte("suite")
    guard suite == Genesis.suite else { throw .unknownVersion(what: "suite", found: Int(suite)) }
    court = try reader.identifier("court")
    scope = try reader.text("scope", limit: Limits.scopeName)
    guard !scope.isEmpty else { throw .malformed(what: "scope") }
    signingKey = try PublicKey(bytes: try reader.raw(32, "device key"))
    incarnation = try reader.identifier("incarnation")
    switch try reader.byte("predecessor") {
    case 0: predecessor = nil
    case 1:
      let log = try reader.identifier("predecessor log")
      let sequence = try reader.varint("predecessor sequence")
      guard sequence > 0 else { throw .malformed(what: "predecessor sequence") }
      predecessor = Predecessor(dot: Dot(log, sequence), hash: try reader.hash("predecessor hash"))
    default: throw .malformed(what: "predecessor")
    }
    guard let reason = Reason(rawValue: try reader.byte("genesis reason")) else {
      throw .malformed(what: "genesis reason")
    }
    self.reason = reason
    try reader.finish("genesis")
  }

  /// What `previous` of the first change holds.
  public var hash: ContentHash { Hashing.hash(bytes) }
  public var log: LogID { hash.prefix }
  public var device: DeviceID { signingKey.device }
}
