import Merge

/// An order with the centre's signature over its bytes.
public struct SignedOrder: Hashable, Sendable {
  public let bytes: [UInt8]
  /// 64 bytes of Ed25519.
  public let signature: [UInt8]
  public let order: Order

  /// Reads an order; the signature is checked by ``isAuthentic(court:key:)``.
  public init(bytes: [UInt8], signature: [UInt8]) throws(FormatError) {
    guard signature.count == 64 else { throw .malformed(what: "order signature") }
    self.bytes = bytes
    self.signature = signature
    order = try OrderEncoding.decode(bytes)
  }

  /// Writes and signs an order.
  public init(
    mark: OrderMark, previous: ContentHash, time: UInt64, kind: OrderKind, court: Identifier, key: SigningKey
  ) throws(FormatError) {
    bytes = OrderEncoding.encode(mark: mark, previous: previous, time: time, kind: kind)
    guard bytes.count <= Limits.orderBytes else {
      throw .overLimit(what: "order", found: bytes.count, limit: Limits.orderBytes)
    }
    signature = try key.sign(.order, court: court, bytes)
    order = try OrderEncoding.decode(bytes)
  }

  public func isAuthentic(court: Identifier, key: PublicKey) -> Bool {
    key.verify(signature, .order, court: court, bytes)
  }
}

enum OrderEncoding {
  static let version: UInt8 = 1

  static func encode(mark: OrderMark, previous: ContentHash, time: UInt64, kind: OrderKind) -> [UInt8] {
    var writer = ByteWriter(capacity: 128)
    writer.byte(version)
    writer.varint(mark.epoch)
    writer.varint(mark.number)
    writer.hash(previous)
    writer.varint(time)
    switch kind {
    case .grant(let device, let signingKey, let agreementKey, let label, let scopes, let rights, let from, let until):
      writer.byte(1)
      writer.identifier(device)
      writer.block(signingKey)
      writer.block(agreementKey)
      writer.text(label)
      // By bytes, each once: two spellings of a letter are two scopes.
      let sorted = Set(scopes.map { Array($0.utf8) }).sorted { $0.lexicographicallyPrecedes($1) }
      writer.varint(sorted.count)
      for scope in sorted { writer.block(scope) }
      writer.byte(rights.rawValue)
      writer.varint(from)
      writer.optional(until)
    case .revoke(let device, let stands):
      writer.byte(2)
      writer.identifier(device)
      let sorted = stands.sorted { $0.key < $1.key }
      writer.varint(sorted.count)
      for (log, last) in sorted {
        writer.identifier(log)
        writer.varint(last.sequence)
        writer.hash(last.hash)
      }
    case .exclude(let range, let reason):
      writer.byte(3)
      writer.range(range)
      writer.text(reason)
    case .restamp(let range, let at, let reason):
      writer.byte(4)
      writer.range(range)
      writer.fixed64(at.rawValue)
      writer.text(reason)
    case .fork(let log, let sequence, let hash):
      writer.byte(5)
      writer.identifier(log)
      writer.varint(sequence)
      writer.hash(hash)
    case .redact(let log, let sequence, let hash, let positions, let payloadHash):
      writer.byte(6)
      writer.identifier(log)
      writer.varint(sequence)
      writer.hash(hash)
      let sorted = Set(positions).sorted()
      writer.varint(sorted.count)
      for position in sorted { writer.varint(UInt64(position)) }
      writer.hash(payloadHash)
    case .time(let treeSize, let treeHead, let lowers):
      writer.byte(7)
      writer.varint(treeSize)
      writer.hash(treeHead)
      writer.byte(lowers ? 1 : 0)
    case .epoch(let stands):
      writer.byte(8)
      writer.varint(stands)
    }
    return writer.bytes
  }

  static func decode(_ bytes: [UInt8]) throws(FormatError) -> Order {
    guard bytes.count <= Limits.orderBytes else {
      throw .overLimit(what: "order", found: bytes.count, limit: Limits.orderBytes)
    }
    var reader = ByteReader(bytes)
    let found = try reader.byte("order version")
    guard found == version else { throw .unknownVersion(what: "order", found: Int(found)) }
    let epoch = try reader.varint("epoch")
    let mark = OrderMark(epoch: epoch, number: try reader.varint("order number"))
    guard mark.number > 0, mark.epoch > 0 else { throw .malformed(what: "order number") }
    let previous = try reader.hash("previous order")
    let time = try reader.varint("order time")
    let kind = try decodeKind(&reader)
    try reader.finish("order")
    let order = Order(mark: mark, previous: previous, hash: Hashing.hash(bytes), time: time, kind: kind)
    guard encode(mark: mark, previous: previous, time: time, kind: kind) == bytes else {
      throw .malformed(what: "order")
    }
    return order
  }

  private static func decodeKind(_ reader: inout ByteReader) throws(FormatError) -> OrderKind {
    let kind = try reader.byte("order kind")
    switch kind {
    case 1:
      let device = try reader.identifier("device")
      let signingKey = try reader.block("signing key", limit: 64)
      let agreementKey = try reader.block("agreement key", limit: 64)
      let label = try reader.text("label", limit: Limits.note)
      let count = try reader.count("scopes")
      var scopes: [String] = []
      for _ in 0..<count { scopes.append(try reader.text("scope", limit: Limits.scopeName)) }
      let rights = Rights(rawValue: try reader.byte("rights"))
      let from = try reader.varint("from")
      return .grant(
        device: device, signingKey: signingKey, agreementKey: agreementKey, label: label, scopes: scopes,
        rights: rights, from: from, until: try reader.optional("until"))
    case 2:
      let device = try reader.identifier("device")
      let count = try reader.count("logs", each: 49)
      var stands: [LogID: OrderKind.Standing] = [:]
      for _ in 0..<count {
        let log = try reader.identifier("log")
        let sequence = try reader.sequence()
        stands[log] = OrderKind.Standing(sequence: sequence, hash: try reader.hash("header hash"))
      }
      return .revoke(device: device, stands: stands)
    case 3:
      let range = try reader.range()
      return .exclude(range, reason: try reader.text("reason", limit: Limits.note))
    case 4:
      let range = try reader.range()
      let at = Stamp(rawValue: try reader.fixed64("stamp"))
      return .restamp(range, at: at, reason: try reader.text("reason", limit: Limits.note))
    case 5:
      let log = try reader.identifier("log")
      let sequence = try reader.sequence()
      return .fork(log: log, sequence: sequence, hash: try reader.hash("header hash"))
    case 6:
      let log = try reader.identifier("log")
      let sequence = try reader.sequence()
      let hash = try reader.hash("header hash")
      let count = try reader.count("positions")
      var positions: [UInt32] = []
      for _ in 0..<count { positions.append(UInt32(clamping: try reader.varint("position"))) }
      return .redact(
        log: log, sequence: sequence, hash: hash, positions: positions, payloadHash: try reader.hash("payload hash"))
    case 7:
      let size = try reader.varint("tree size")
      let head = try reader.hash("tree head")
      return .time(treeSize: size, treeHead: head, lowers: try reader.byte("lowers") == 1)
    case 8: return .epoch(stands: try reader.varint("stands"))
    default: throw .unknownVersion(what: "order kind", found: Int(kind))
    }
  }
}

extension ByteWriter {
  mutating func optional(_ value: UInt64?) {
    byte(value == nil ? 0 : 1)
    if let value { varint(value) }
  }

  mutating func optional(_ value: ContentHash?) {
    byte(value == nil ? 0 : 1)
    if let value { hash(value) }
  }

  mutating func range(_ range: HeaderRange) {
    identifier(range.log)
    varint(range.from)
    optional(range.fromHash)
    optional(range.to)
    optional(range.toHash)
  }
}

extension ByteReader {
  mutating func flag(_ what: String) throws(FormatError) -> Bool {
    switch try byte(what) {
    case 0: return false
    case 1: return true
    default: throw .malformed(what: what)
    }
  }

  /// The place of a header in its log: from 1.
  mutating func sequence() throws(FormatError) -> UInt64 {
    let sequence = try varint("sequence")
    guard sequence > 0 else { throw .malformed(what: "sequence") }
    return sequence
  }

  mutating func optional(_ what: String) throws(FormatError) -> UInt64? { try flag(what) ? try varint(what) : nil }

  mutating func optionalHash(_ what: String) throws(FormatError) -> ContentHash? {
    try flag(what) ? try hash(what) : nil
  }

  mutating func range() throws(FormatError) -> HeaderRange {
    let log = try identifier("log")
    let from = try varint("from")
    let fromHash = try optionalHash("from hash")
    let to = try optional("to")
    let toHash = try optionalHash("to hash")
    guard from > 0, (to ?? from) >= from, (to == nil) == (toHash == nil), fromHash != nil || to == nil else {
      throw .malformed(what: "range of headers")
    }
    return HeaderRange(log: log, from: from, fromHash: fromHash, to: to, toHash: toHash)
  }
}
