import ChangeFormat
import Merge
import ReplicaStore

/// What travels on a stick: the same orders, receipts and changes as an exchange, signed at its end (design §5,
/// `docs/protocol.md`).
public struct Bundle: Sendable {
  /// What every bundle begins with.
  public static let magic = Array("circuit-bundle".utf8)
  public static let version: UInt8 = 1
  /// How the stream is wrapped: 0 as it is; 1 is kept for an `age` file.
  public static let clearEnvelope: UInt8 = 0
  /// FAT32 holds no larger file.
  public static let sizeLimit = (4 << 30) - (1 << 20)
  /// Bytes of batches after which another bundle takes the rest: well below, since one is held whole in memory.
  public static let partLimit = 256 << 20
  /// Clear bytes of changes in one batch of a bundle.
  static let batchBudget = 512 * 1024

  public var court: Identifier
  /// The exporter's signing key: the centre's, or one that a grant names.
  public var exporter: PublicKey
  /// Rises with every bundle of the exporter.
  public var number: UInt64
  /// Whom it is for; the centre by its device id.
  public var recipient: DeviceID
  /// What the exporter holds.
  public var held: [(log: LogID, head: KnownHead)]
  public var order: OrderMark
  /// Encoded batches, in the order in which they are to be taken.
  public var batches: [[UInt8]]
  public var signature: [UInt8]

  public init(
    court: Identifier, number: UInt64, recipient: DeviceID, held: [(log: LogID, head: KnownHead)], order: OrderMark,
    batches: [[UInt8]], key: SigningKey
  ) throws(FormatError) {
    self.court = court
    exporter = key.publicKey
    self.number = number
    self.recipient = recipient
    self.held = held.sorted { $0.log < $1.log }
    self.order = order
    self.batches = batches
    signature = []
    guard byteCount <= Bundle.sizeLimit else {
      throw .overLimit(what: "bundle", found: byteCount, limit: Bundle.sizeLimit)
    }
    signature = try key.sign(.bundle, court: court, Hashing.hash(signedBytes).bytes)
  }

  /// Everything the signature stands over.
  private var signedBytes: [UInt8] {
    var writer = ByteWriter(capacity: 256 + batches.reduce(0) { $0 + $1.count + 4 })
    writer.raw(Bundle.magic)
    writer.byte(Bundle.version)
    writer.byte(Bundle.clearEnvelope)
    writer.identifier(court)
    writer.raw(exporter.bytes)
    writer.varint(number)
    writer.identifier(recipient)
    writer.varint(order.epoch)
    writer.varint(order.number)
    writer.varint(held.count)
    for entry in held {
      writer.identifier(entry.log)
      writer.varint(entry.head.sequence)
      writer.hash(entry.head.hash)
    }
    writer.varint(batches.count)
    for batch in batches { writer.block(batch) }
    return writer.bytes
  }

  public var bytes: [UInt8] { signedBytes + signature }

  /// A bound of the size, from the parts alone: what is too large for a stick is told before it is made.
  var byteCount: Int { 256 + held.count * 64 + batches.reduce(0) { $0 + $1.count + 5 } }

  /// Reads a bundle whole and checks its signature; whether the exporter is to be believed is the importer's to judge.
  public init(bytes: [UInt8]) throws(FormatError) {
    var reader = ByteReader(bytes)
    guard try reader.raw(Bundle.magic.count, "bundle") == Bundle.magic else { throw .malformed(what: "bundle") }
    let version = try reader.byte("bundle version")
    guard version == Bundle.version else { throw .unknownVersion(what: "bundle", found: Int(version)) }
    let envelope = try reader.byte("bundle envelope")
    guard envelope == Bundle.clearEnvelope else { throw .unknownVersion(what: "bundle envelope", found: Int(envelope)) }
    court = try reader.identifier("court")
    exporter = try PublicKey(bytes: try reader.raw(32, "exporter key"))
    number = try reader.varint("bundle number")
    recipient = try reader.identifier("recipient")
    let epoch = try reader.varint("epoch")
    order = OrderMark(epoch: epoch, number: try reader.varint("order number"))
    held = []
    for _ in 0..<(try reader.count("heads", each: 49)) {
      let log = try reader.identifier("log")
      let sequence = try reader.varint("sequence")
      held.append((log, KnownHead(sequence: sequence, hash: try reader.hash("header hash"))))
    }
    batches = []
    for _ in 0..<(try reader.count("batches")) { batches.append(try reader.block("batch")) }
    signature = try reader.raw(64, "bundle signature")
    try reader.finish("bundle")
    guard exporter.verify(signature, .bundle, court: court, Hashing.hash(signedBytes).bytes) else {
      throw .notAuthentic(what: "bundle")
    }
  }

  /// The batches, decoded: nothing of a bundle is taken before all of it could be read.
  public func decoded() throws(FormatError) -> [Batch] {
    let compressor = Compressor()
    var decoded: [Batch] = []
    for batch in batches { decoded.append(try Batch(encoded: batch, with: compressor)) }
    return decoded
  }
}

/// What an export or import moved.
public struct BundleReport: Sendable, Equatable {
  public var changes: Int
  public var orders: Int
  /// Size of the file.
  public var bytes: Int

  public init(changes: Int, orders: Int, bytes: Int) {
    self.changes = changes
    self.orders = orders
    self.bytes = bytes
  }
  /// Of all parts together.
  public init(of parts: [BundleReport]) {
    self.init(
      changes: parts.reduce(0) { $0 + $1.changes }, orders: parts.reduce(0) { $0 + $1.orders },
      bytes: parts.reduce(0) { $0 + $1.bytes })
  }
}
