import Merge

/// What is known of a change without its payload (design §2). All fields are there from the first version on.
public struct Header: Hashable, Sendable {
  public static let version: UInt8 = 1

  /// A field of newer software. One with an odd id must be understood before the change is applied.
  public struct Extension: Hashable, Sendable {
    public var id: UInt64
    public var bytes: [UInt8]
    public var mustBeUnderstood: Bool { id & 1 == 1 }

    public init(id: UInt64, bytes: [UInt8]) {
      self.id = id
      self.bytes = bytes
    }
  }

  public var court: Identifier
  public var scope: String
  /// The log it was written in; a branch's headers keep the id of the log it left.
  public var dot: Dot
  /// Hash of the log's previous header; of the genesis for sequence 1.
  public var previous: ContentHash
  /// Hash of the clear payload, its salt included.
  public var payloadHash: ContentHash
  /// Bytes of the clear payload.
  public var payloadLength: UInt64
  public var stamp: Stamp
  /// How the actor proved to the device who they are: 0 not at all.
  public var authentication: UInt8
  /// The newest order the author had seen.
  public var order: OrderMark
  public var context: ContextDelta
  /// In order of id, each once.
  public var extensions: [Extension]

  public init(
    court: Identifier, scope: String, dot: Dot, previous: ContentHash, payloadHash: ContentHash,
    payloadLength: UInt64, stamp: Stamp, authentication: UInt8, order: OrderMark, context: ContextDelta,
    extensions: [Extension] = []
  ) {
    self.court = court
    self.scope = scope
    self.dot = dot
    self.previous = previous
    self.payloadHash = payloadHash
    self.payloadLength = payloadLength
    self.stamp = stamp
    self.authentication = authentication
    self.order = order
    self.context = context
    self.extensions = extensions
  }

  public var bytes: [UInt8] {
    var writer = ByteWriter(capacity: 192)
    write(to: &writer)
    return writer.bytes
  }

  /// Hash over the canonical bytes: the change's identity.
  public var hash: ContentHash { Hashing.hash(bytes) }

  public func write(to writer: inout ByteWriter) {
    writer.byte(Header.version)
    writer.byte(Genesis.suite)
    writer.identifier(court)
    writer.text(scope)
    writer.identifier(dot.log)
    writer.varint(dot.sequence)
    writer.hash(previous)
    writer.hash(payloadHash)
    writer.varint(payloadLength)
    writer.fixed64(stamp.rawValue)
    writer.byte(authentication)
    writer.varint(order.epoch)
    writer.varint(order.number)
    switch context.base {
    case .previous: writer.byte(0)
    case .none: writer.byte(1)
    case .change(let dot):
      writer.byte(2)
      writer.identifier(dot.log)
      writer.varint(dot.sequence)
    }
    writer.varint(context.entries.count)
    for entry in context.entries {
      writer.identifier(entry.log)
      writer.varint(entry.sequence)
    }
    if let digest = context.digest { writer.identifier(digest) }
    writer.varint(extensions.count)
    for field in extensions {
      writer.varint(field.id)
      writer.block(field.bytes)
    }
  }

  public init(bytes: [UInt8]) throws(FormatError) {
    guard bytes.count <= Limits.header else {
      throw .overLimit(what: "header", found: bytes.count, limit: Limits.header)
    }
    var reader = ByteReader(bytes)
    let version = try reader.byte("header version")
    guard version == Header.version else { throw .unknownVersion(what: "header", found: Int(version)) }
    let suite = try reader.byte("suite")
    guard suite == Genesis.suite else { throw .unknownVersion(what: "suite", found: Int(suite)) }
    court = try reader.identifier("court")
    scope = try reader.text("scope", limit: Limits.scopeName)
    let log = try reader.identifier("log")
    dot = Dot(log, try reader.varint("sequence"))
    previous = try reader.hash("previous header hash")
    payloadHash = try reader.hash("payload hash")
    payloadLength = try reader.varint("payload length")
    stamp = Stamp(rawValue: try reader.fixed64("stamp"))
    authentication = try reader.byte("authentication level")
    let epoch = try reader.varint("epoch")
    order = OrderMark(epoch: epoch, number: try reader.varint("order number"))
    let base: ContextDelta.Base
    switch try reader.byte("context base") {
    case 0: base = .previous
    case 1: base = .none
    case 2:
      let log = try reader.identifier("context base")
      base = .change(Dot(log, try reader.varint("context base")))
    default: throw .malformed(what: "context base")
    }
    let count = try reader.count("context", each: 17, limit: Limits.contextEntries)
    var entries: [Dot] = []
    entries.reserveCapacity(count)
    for _ in 0..<count {
      let log = try reader.identifier("context entry")
      entries.append(Dot(log, try reader.varint("context entry")))
    }
    context = ContextDelta(
      base: base, entries: entries, digest: count > 0 ? try reader.identifier("context digest") : nil)
    let fields = try reader.count("extensions", each: 2, limit: Limits.extensions)
    extensions = []
    for _ in 0..<fields {
      let id = try reader.varint("extension")
      extensions.append(Extension(id: id, bytes: try reader.block("extension", limit: Limits.header)))
    }
    try reader.finish("header")
    try validate()
  }

  /// What makes a header well formed beyond its bytes.
  public func validate() throws(FormatError) {
    guard dot.sequence > 0 else { throw .malformed(what: "sequence") }
    guard !scope.isEmpty else { throw .malformed(what: "scope") }
    guard (context.base == .previous) == (dot.sequence > 1) else { throw .malformed(what: "context base") }
    try context.validate()
    try Header.validate(extensions)
    try order.validate()
  }

  static func validate(_ extensions: [Extension]) throws(FormatError) {
    guard zip(extensions, extensions.dropFirst()).allSatisfy({ $0.id < $1.id }) else {
      throw .malformed(what: "extensions")
    }
  }
}

extension ContextDelta {
  /// Entries in order, each log once, none at 0; a digest exactly where there are entries.
  func validate() throws(FormatError) {
    if case .change(let dot) = base, dot.sequence == 0 { throw .malformed(what: "context base") }
    guard entries.allSatisfy({ $0.sequence > 0 }),
      zip(entries, entries.dropFirst()).allSatisfy({ $0.log < $1.log }), entries.isEmpty == (digest == nil)
    else { throw .malformed(what: "context") }
  }
}

extension OrderMark {
  /// A number has an epoch, and before any order both are 0.
  func validate() throws(FormatError) {
    guard (number == 0) == (epoch == 0) else { throw .malformed(what: "order mark") }
  }
}
