import Merge

/// What a change says: who acted, a note, and the cell writes, under a salt so that its hash gives nothing away.
public struct Payload: Sendable {
  /// 16 random bytes; zeros once redacted.
  public var salt: Identifier
  /// What the device says of who acted; "" when it says nothing.
  public var actor: String
  /// At most 1 KiB.
  public var note: String
  public var body: ChangeBody

  public init(salt: Identifier, actor: String, note: String, body: ChangeBody) {
    self.salt = salt
    self.actor = actor
    self.note = note
    self.body = body
  }

  /// The clear canonical bytes.
  public var bytes: [UInt8] {
    var writer = ByteWriter(capacity: 64 + body.arena.count)
    writer.identifier(salt)
    writer.text(actor)
    writer.text(note)
    body.encode(to: &writer)
    return writer.bytes
  }

  public init(bytes: [UInt8]) throws(FormatError) {
    var reader = ByteReader(bytes)
    salt = try reader.identifier("salt")
    actor = try reader.text("actor", limit: Limits.actor)
    note = try reader.text("note", limit: Limits.note)
    body = try ChangeBody(from: &reader)
    try reader.finish("payload")
  }

  /// The payload a `redact` order leaves: the tag for each value, zeros for the salt.
  public func redacted(positions: [UInt32]) -> Payload {
    var copy = self
    copy.salt = .zero
    copy.body.redact(positions: Set(positions.map(Int.init)))
    return copy
  }
}

/// A payload as it is kept and sent: one form byte, then the clear bytes or a zstd frame of them.
public enum PackedPayload {
  /// Payloads shorter than this gain nothing from a frame of their own.
  public static let threshold = 512

  public static func pack(_ clear: [UInt8], with compressor: Compressor) -> [UInt8] {
    if clear.count >= threshold {
      let frame = compressor.compress(clear)
      if frame.count + 4 < clear.count {
        var writer = ByteWriter(capacity: frame.count + 5)
        writer.byte(1)
        writer.varint(clear.count)
        writer.raw(frame)
        return writer.bytes
      }
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(clear.count + 1)
    bytes.append(0)
    bytes.append(contentsOf: clear)
    return bytes
  }

  public static func unpack(_ packed: [UInt8], with compressor: Compressor) throws(FormatError) -> [UInt8] {
    guard let form = packed.first else { throw .truncated(what: "payload") }
    switch form {
    case 0: return Array(packed.dropFirst())
    case 1:
      var reader = ByteReader(packed, from: 1, count: packed.count - 1)
      let size = try reader.count("payload", each: 0, limit: Limits.unfolded)
      return try compressor.decompress(packed, from: reader.position, size: size, what: "payload")
    default: throw .malformed(what: "payload form")
    }
  }
}
