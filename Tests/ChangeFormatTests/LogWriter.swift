import Merge

@testable import ChangeFormat

/// Writes one log as a device does: chained headers, and the run of a batch that carries them.
struct LogWriter {
  let genesis: Genesis
  let key: SigningKey
  private(set) var headers: [Header] = []
  private(set) var changes: [Batch.Change] = []
  private var previous: ContentHash

  init(genesis: Genesis, key: SigningKey) {
    self.genesis = genesis
    self.key = key
    previous = genesis.hash
  }

  mutating func append(
    _ payload: Payload, stamp: Stamp, authentication: UInt8 = 0, order: OrderMark = .none, base: Dot? = nil,
    entries: [(Dot, ContentHash)] = [], extensions: [Header.Extension] = [], packed: [UInt8]? = nil
  ) {
    let clear = payload.bytes
    let sequence = UInt64(headers.count) + 1
    var context = ContextDelta(base: base.map { .change($0) } ?? (sequence == 1 ? .none : .previous))
    context.entries = entries.map(\.0)
    if !entries.isEmpty { context.digest = Hashing.contextDigest(entries.map(\.1)) }
    let header = Header(
      court: genesis.court, scope: genesis.scope, dot: Dot(genesis.log, sequence), previous: previous,
      payloadHash: Hashing.hash(clear), payloadLength: UInt64(clear.count), stamp: stamp,
      authentication: authentication, order: order, context: context, extensions: extensions)
    headers.append(header)
    previous = header.hash
    changes.append(
      Batch.Change(
        stamp: stamp, authentication: authentication, order: order, context: context, extensions: extensions,
        payload: packed ?? [0] + clear))
  }

  /// The whole log, with a signed head at least every `interval` changes and on the last.
  func run(interval: Int = Int(HeadInterval.changes)) throws -> Batch.Run {
    var heads: [(sequence: UInt64, signature: [UInt8])] = []
    for (i, header) in headers.enumerated() where (i + 1) % interval == 0 || i == headers.count - 1 {
      let head = try SignedHead(dot: header.dot, hash: header.hash, court: genesis.court, key: key)
      heads.append((header.dot.sequence, head.signature))
    }
    return Batch.Run(log: genesis.log, first: 1, previous: genesis.hash, changes: changes, heads: heads)
  }
}

extension Batch.Run {
  /// The headers as a receiver rebuilds them from the run and the log's genesis (`docs/format.md` §14).
  func headers(genesis: Genesis, with compressor: Compressor) throws -> [Header] {
    var previous = previous
    var headers: [Header] = []
    for (i, change) in changes.enumerated() {
      let clear = try PackedPayload.unpack(change.payload, with: compressor)
      let header = Header(
        court: genesis.court, scope: genesis.scope, dot: Dot(log, first + UInt64(i)), previous: previous,
        payloadHash: change.payloadHash ?? Hashing.hash(clear),
        payloadLength: change.payloadLength ?? UInt64(clear.count), stamp: change.stamp,
        authentication: change.authentication, order: change.order, context: change.context,
        extensions: change.extensions)
      try header.validate()
      headers.append(header)
      previous = header.hash
    }
    return headers
  }
}
