import ChangeFormat
import Merge
import ReplicaStore

/// What a client asks in one round (`POST /v1/exchange`, `docs/protocol.md`).
public struct ExchangeRequest: Sendable {
  public static let version: UInt8 = 1
  public static let path = "/v1/exchange"

  public struct Scope: Hashable, Sendable {
    public var name: String
    public var cursor: Cursor
    public var heads: HeadsSummary
  }

  /// One head the client shows to hold.
  public struct Shown: Hashable, Sendable {
    public var log: LogID
    public var head: KnownHead
  }

  /// The newest order held, and its hash.
  public var order: OrderMark
  public var orderHash: ContentHash
  /// The greatest receipt number heard of; a centre that has given fewer has been restored from a copy.
  public var newestReceipt: UInt64
  /// Asks for a receipt over every log of the client's scopes.
  public var wantsAllReceipts: Bool
  public var scopes: [Scope]
  /// Heads that changed since the centre last acknowledged them.
  public var shown: [Shown]
  /// A `Batch`, encoded; empty: none.
  public var batch: [UInt8]
  /// About how many bytes the answer's batch may have. No part of the bytes: it comes beside them, in ``sizeField``.
  public var budget = ExchangeRequest.defaultBudget

  /// The header field in which a client says how many bytes it wants to be answered at a time. Who does not send it
  /// knows no parts and is answered whole.
  public static let sizeField = "circuit-size"
  /// What `circuit-size` may say; anything beyond counts as the nearer end.
  public static let sizes = 1024...1024 * 1024
  /// A device that wants so many bytes at a time has a line on which little is lost with an answer: it gets it whole.
  /// On any other all but short answers come as parts, of which what has come is kept when they are cut.
  public static let wholeFrom = 256 * 1024
  static let defaultBudget = 512 * 1024

  public init(
    order: OrderMark, orderHash: ContentHash, newestReceipt: UInt64, wantsAllReceipts: Bool, scopes: [Scope],
    shown: [Shown], batch: [UInt8]
  ) {
    self.order = order
    self.orderHash = orderHash
    self.newestReceipt = newestReceipt
    self.wantsAllReceipts = wantsAllReceipts
    self.scopes = scopes
    self.shown = shown
    self.batch = batch
  }

  public var bytes: [UInt8] {
    var writer = ByteWriter(capacity: 256 + batch.count)
    writer.byte(ExchangeRequest.version)
    writer.varint(order.epoch)
    writer.varint(order.number)
    writer.hash(orderHash)
    writer.varint(newestReceipt)
    writer.byte(wantsAllReceipts ? 1 : 0)
    writer.varint(scopes.count)
    for scope in scopes {
      writer.text(scope.name)
      writer.cursor(scope.cursor)
      writer.summary(scope.heads)
    }
    writer.varint(shown.count)
    for entry in shown {
      writer.identifier(entry.log)
      writer.varint(entry.head.sequence)
      writer.hash(entry.head.hash)
    }
    writer.block(batch)
    return writer.bytes
  }

  public init(bytes: [UInt8]) throws(FormatError) {
    var reader = ByteReader(bytes)
    let version = try reader.byte("request version")
    guard version == ExchangeRequest.version else { throw .unknownVersion(what: "request", found: Int(version)) }
    let epoch = try reader.varint("epoch")
    order = OrderMark(epoch: epoch, number: try reader.varint("order number"))
    orderHash = try reader.hash("order hash")
    newestReceipt = try reader.varint("receipt number")
    switch try reader.byte("receipts flag") {
    case 0: wantsAllReceipts = false
    case 1: wantsAllReceipts = true
    default: throw .malformed(what: "receipts flag")
    }
    scopes = []
    for _ in 0..<(try reader.count("scopes", each: 51)) {
      let name = try reader.text("scope", limit: Limits.scopeName)
      let cursor = try reader.cursor()
      scopes.append(Scope(name: name, cursor: cursor, heads: try reader.summary()))
    }
    shown = []
    for _ in 0..<(try reader.count("heads", each: 49)) {
      let log = try reader.identifier("log")
      let sequence = try reader.varint("sequence")
      shown.append(Shown(log: log, head: KnownHead(sequence: sequence, hash: try reader.hash("header hash"))))
    }
    batch = try reader.block("batch")
    try reader.finish("request")
  }
}

/// What the centre answers in one round.
public struct ExchangeReply: Sendable {
  public static let version: UInt8 = 1

  public struct Scope: Hashable, Sendable {
    public var name: String
    public var cursor: Cursor
    public var heads: HeadsSummary
    /// Whether the sequence goes on past the cursor.
    public var hasMore: Bool

    public init(name: String, cursor: Cursor, heads: HeadsSummary, hasMore: Bool) {
      self.name = name
      self.cursor = cursor
      self.heads = heads
      self.hasMore = hasMore
    }
  }

  /// A run that the centre refused, and the number of the error that says why.
  public struct Refusal: Hashable, Sendable {
    public var log: LogID
    public var sequence: UInt64
    public var error: Int

    public init(log: LogID, sequence: UInt64, error: Int) {
      self.log = log
      self.sequence = sequence
      self.error = error
    }
  }

  /// Orders, receipts (one at least: it carries the centre's time), and changes; an encoded `Batch`.
  public var batch: [UInt8]
  public var scopes: [Scope]
  /// Changes of the request that were new to the centre.
  public var accepted: UInt64
  public var refusals: [Refusal]
  /// The centre has been shown something of its own that it does not hold: it asks for the orders and the newest receipt
  /// before it does anything else.
  public var asksForProof: Bool

  public init(
    batch: [UInt8], scopes: [Scope], accepted: UInt64, refusals: [Refusal], asksForProof: Bool = false
  ) {
    self.asksForProof = asksForProof
    self.batch = batch
    self.scopes = scopes
    self.accepted = accepted
    self.refusals = refusals
  }

  public var bytes: [UInt8] {
    var writer = ByteWriter(capacity: 256 + batch.count)
    writer.byte(ExchangeReply.version)
    writer.block(batch)
    writer.varint(scopes.count)
    for scope in scopes {
      writer.text(scope.name)
      writer.cursor(scope.cursor)
      writer.summary(scope.heads)
      writer.byte(scope.hasMore ? 1 : 0)
    }
    writer.varint(accepted)
    writer.varint(refusals.count)
    for refusal in refusals {
      writer.identifier(refusal.log)
      writer.varint(refusal.sequence)
      writer.varint(refusal.error)
    }
    writer.byte(asksForProof ? 1 : 0)
    return writer.bytes
  }

  public init(bytes: [UInt8]) throws(FormatError) {
    var reader = ByteReader(bytes)
    let version = try reader.byte("reply version")
    guard version == ExchangeReply.version else { throw .unknownVersion(what: "reply", found: Int(version)) }
    batch = try reader.block("batch")
    scopes = []
    for _ in 0..<(try reader.count("scopes", each: 52)) {
      let name = try reader.text("scope", limit: Limits.scopeName)
      let cursor = try reader.cursor()
      let heads = try reader.summary()
      scopes.append(Scope(name: name, cursor: cursor, heads: heads, hasMore: try reader.byte("more") == 1))
    }
    accepted = try reader.varint("accepted")
    refusals = []
    for _ in 0..<(try reader.count("refusals", each: 18)) {
      let log = try reader.identifier("log")
      let sequence = try reader.varint("sequence")
      refusals.append(
        Refusal(log: log, sequence: sequence, error: Int(clamping: try reader.varint("error"))))
    }
    asksForProof = try reader.byte("proof flag") == 1
    try reader.finish("reply")
  }
}

extension ByteWriter {
  mutating func cursor(_ cursor: Cursor) {
    identifier(cursor.store)
    varint(cursor.place)
  }

  mutating func summary(_ summary: HeadsSummary) {
    varint(summary.count)
    hash(summary.hash)
  }
}

extension ByteReader {
  mutating func cursor() throws(FormatError) -> Cursor {
    let store = try identifier("store")
    return Cursor(store: store, place: try varint("place"))
  }

  mutating func summary() throws(FormatError) -> HeadsSummary {
    let count = try varint("heads")
    return HeadsSummary(count: count, hash: try hash("heads hash"))
  }
}
