import Merge

/// The centre's signed word that it holds and has applied what it names (design §2).
public struct Receipt: Hashable, Sendable {
  public static let version: UInt8 = 1

  public struct Entry: Hashable, Sendable {
    /// Under the log id that counts: a branch's own.
    public var log: LogID
    /// The centre durably holds the log to here …
    public var held: UInt64
    /// … and this is the header it holds there.
    public var hash: ContentHash
    /// It has applied, or excluded, the log to here.
    public var applied: UInt64

    public init(log: LogID, held: UInt64, hash: ContentHash, applied: UInt64) {
      self.log = log
      self.held = held
      self.hash = hash
      self.applied = applied
    }
  }

  /// The newest order when it was given; with `number` it ranks the centre's statements of time.
  public var mark: OrderMark
  /// Rises with every receipt of the centre.
  public var number: UInt64
  /// The centre's milliseconds.
  public var time: UInt64
  /// In order of log.
  public var entries: [Entry]

  public init(mark: OrderMark, number: UInt64, time: UInt64, entries: [Entry]) {
    self.mark = mark
    self.number = number
    self.time = time
    self.entries = entries.sorted { $0.log < $1.log }
  }

  public var bytes: [UInt8] {
    var writer = ByteWriter(capacity: 32 + entries.count * 56)
    writer.byte(Receipt.version)
    writer.varint(mark.epoch)
    writer.varint(mark.number)
    writer.varint(number)
    writer.varint(time)
    writer.varint(entries.count)
    for entry in entries {
      writer.identifier(entry.log)
      writer.varint(entry.held)
      writer.hash(entry.hash)
      writer.varint(entry.applied)
    }
    return writer.bytes
  }

  public init(bytes: [UInt8]) throws(FormatError) {
    var reader = ByteReader(bytes)
    let version = try reader.byte("receipt version")
    guard version == Receipt.version else { throw .unknownVersion(what: "receipt", found: Int(version)) }
    let epoch = try reader.varint("epoch")
    mark = OrderMark(epoch: epoch, number: try reader.varint("order number"))
    try mark.validate()
    number = try reader.varint("receipt number")
    time = try reader.varint("receipt time")
    let count = try reader.count("receipt entries", each: 50)
    entries = []
    for _ in 0..<count {
      let log = try reader.identifier("log")
      let held = try reader.varint("held")
      let hash = try reader.hash("header hash")
      entries.append(Entry(log: log, held: held, hash: hash, applied: try reader.varint("applied")))
    }
    guard zip(entries, entries.dropFirst()).allSatisfy({ $0.log < $1.log }) else {
      throw .malformed(what: "order of receipt entries")
    }
    try reader.finish("receipt")
  }
}

/// A receipt with the centre's signature.
public struct SignedReceipt: Hashable, Sendable {
  public var receipt: Receipt
  public var signature: [UInt8]

  public init(_ receipt: Receipt, court: Identifier, key: SigningKey) throws(FormatError) {
    self.receipt = receipt
    signature = try key.sign(.receipt, court: court, receipt.bytes)
  }

  public init(receipt: Receipt, signature: [UInt8]) {
    self.receipt = receipt
    self.signature = signature
  }

  public func isAuthentic(court: Identifier, key: PublicKey) -> Bool {
    key.verify(signature, .receipt, court: court, receipt.bytes)
  }
}
