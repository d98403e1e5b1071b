import ChangeFormat
import Merge

@testable import ReplicaStore

/// A change as it travels, with a signature over its own header.
struct WireChange {
  var header: Header
  /// Packed.
  var payload: [UInt8]
  var genesis: Genesis
  var signature: [UInt8]

  var hash: ContentHash { header.hash }

  init(header: Header, payload: [UInt8], genesis: Genesis, key: SigningKey) throws {
    self.header = header
    self.payload = payload
    self.genesis = genesis
    signature = try SignedHead(dot: header.dot, hash: header.hash, court: header.court, key: key).signature
  }

  var travelling: Batch.Change {
    Batch.Change(
      stamp: header.stamp, authentication: header.authentication, order: header.order, context: header.context,
      extensions: header.extensions, payload: payload)
  }

  /// A run of consecutive changes of one log.
  static func run(_ changes: [WireChange], everyHead: Bool = true) -> Batch.Run {
    let heads = changes.map { (sequence: $0.header.dot.sequence, signature: $0.signature) }
    return Batch.Run(
      log: changes[0].header.dot.log, first: changes[0].header.dot.sequence, previous: changes[0].header.previous,
      changes: changes.map(\.travelling),
      heads: everyHead ? heads : [heads[heads.count - 1]])
  }
}

extension Batch {
  /// A batch of single changes in this order.
  init(_ changes: [WireChange], orders: [SignedOrder] = [], receipts: [SignedReceipt] = []) {
    self.init(runs: changes.map { [$0] }, orders: orders, receipts: receipts)
  }

  init(runs: [[WireChange]], orders: [SignedOrder] = [], receipts: [SignedReceipt] = [], everyHead: Bool = true) {
    self.init()
    self.orders = orders
    self.receipts = receipts
    for change in runs.joined() where !logs.contains(where: { $0.log == change.genesis.log }) {
      logs.append(LogEntry(log: change.genesis.log, genesis: change.genesis))
    }
    self.runs = runs.map { WireChange.run($0, everyHead: everyHead) }
  }
}

/// Writes changes by hand, so that a test may break every rule that a replica keeps.
struct HandWriter {
  struct Write {
    var table: UInt32 = 1
    var record: RecordID
    var column: UInt32
    var value: Value
    var decides = false
  }

  let keys: DeviceKeys
  let genesis: Genesis
  private(set) var sequence: UInt64 = 0
  private(set) var previous: ContentHash
  private(set) var stamp = Stamp(milliseconds: FakeClock.start)
  private var random: SplitMix64

  var log: LogID { genesis.log }

  init(
    _ number: UInt64, court: Identifier = Identifier(high: 0xC0, low: 0x01), scope: String = "court",
    keys: DeviceKeys? = nil
  ) throws {
    random = SplitMix64(seed: number &+ 0x4A)
    self.keys = try keys ?? Machine.keys(number)
    genesis = Genesis(
      court: court, scope: scope, signingKey: self.keys.signing.publicKey,
      incarnation: Identifier(high: random.next(), low: random.next()), predecessor: nil, reason: .first)
    previous = genesis.hash
  }

  /// The next change of the log. A copied writer that writes makes a twin.
  ///
  /// - Parameters:
  ///   - sees: dots and hashes beyond the log's own past.
  ///   - clear: the clear payload instead of one made from `writes`.
  mutating func write(
    _ writes: [Write], sees: [(dot: Dot, hash: ContentHash)] = [], context: ContextDelta? = nil, stamp: Stamp? = nil,
    order: OrderMark = .none, extensions: [Header.Extension] = [], actor: String = "", note: String = "",
    clear: [UInt8]? = nil
  ) throws -> WireChange {
    sequence += 1
    self.stamp = stamp ?? self.stamp.next
    let salt = Identifier(high: random.next(), low: random.next())
    let clear = clear ?? Payload(salt: salt, actor: actor, note: note, body: HandWriter.body(writes)).bytes
    let seen = sees.sorted { $0.dot < $1.dot }
    let delta =
      context
      ?? ContextDelta(
        base: sequence == 1 ? .none : .previous, entries: seen.map(\.dot),
        digest: seen.isEmpty ? nil : Hashing.contextDigest(seen.map(\.hash)))
    let header = Header(
      court: genesis.court, scope: genesis.scope, dot: Dot(log, sequence), previous: previous,
      payloadHash: Hashing.hash(clear), payloadLength: UInt64(clear.count), stamp: self.stamp, authentication: 0,
      order: order, context: delta, extensions: extensions)
    previous = header.hash
    return try WireChange(
      header: header, payload: PackedPayload.pack(clear, with: Compressor()), genesis: genesis, key: keys.signing)
  }

  mutating func write(_ record: RecordID, _ column: UInt32, _ value: Value, stamp: Stamp? = nil) throws -> WireChange {
    try write([Write(record: record, column: column, value: value)], stamp: stamp)
  }

  /// A body in its canonical order; the last of several writes of a cell stays.
  static func body(_ writes: [Write]) -> ChangeBody {
    var body = ChangeBody()
    for table in Set(writes.map(\.table)).sorted() {
      let own = writes.filter { $0.table == table }
      let records = Set(own.map(\.record)).sorted()
      let columns = Set(own.map(\.column)).sorted().map { column in
        ChangeBody.ColumnWrites(
          id: column,
          cells: records.map { record in
            guard let write = own.last(where: { $0.record == record && $0.column == column }) else {
              return ChangeBody.Cell(tag: ChangeBody.Cell.absent)
            }
            return body.cell(write.value, decides: write.decides)
          })
      }
      body.tables.append(ChangeBody.TableWrites(id: table, records: records, columns: columns))
    }
    return body
  }
}
