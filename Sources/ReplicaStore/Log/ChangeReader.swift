import ChangeFormat
import Merge

/// A row of `_change` with all that its header says.
struct HeldChange {
  /// Under the log id that counts.
  var dot: Dot
  var place: RecordClock.Place
  var header: Header
  var hash: ContentHash
  /// Packed, as kept.
  var payload: [UInt8]
  var chain: [UInt8]
  /// Whether its payload was redacted.
  var isRedacted: Bool
}

/// Reads changes back from their rows.
struct ChangeReader {
  let sql: StatementCache
  let logs: LogTable
  let court: Identifier
  let compressor: Compressor

  func clear(_ change: HeldChange) throws -> [UInt8] { try PackedPayload.unpack(change.payload, with: compressor) }
  func payload(_ change: HeldChange) throws -> Payload { try Payload(bytes: try clear(change)) }

  func change(at place: RecordClock.Place) throws -> HeldChange? {
    try changes(log: place.log, from: place.sequence, to: place.sequence, limit: 1).first
  }

  /// Changes of one log in order of sequence: some of the first, as many as memory should hold at once.
  func changes(log number: UInt64, from: UInt64, to: UInt64 = (1 << 40) - 1, limit: Int) throws -> [HeldChange] {
    guard let entry = logs.entry(number: number), let scope = logs.scopeNames[entry.scope] else { return [] }
    let select = try sql.own(
      """
      SELECT c.id, c.head, c.hash, c.payload, c.chain, k.previous, k.payload_hash, k.payload_length
      FROM _change c LEFT JOIN _kept k ON k.id = c.id WHERE c.id BETWEEN ?1 AND ?2 ORDER BY c.id LIMIT ?3
      """)
    select.bind(1, Int64(number << 40 | from))
    select.bind(2, Int64(number << 40 | to))
    select.bind(3, limit)
    let signedLog = logs.signedLog(of: entry.id)
    var found: [HeldChange] = []
    var above: (sequence: UInt64, hash: ContentHash)?
    let rows = PayloadRows(sql: sql, logs: logs)
    var base: PayloadRows.Base?
    var bytes = 0
    while bytes < ChangeReader.chunkBytes, try select.step() {
      let place = RecordClock.Place(row: select.int(0))
      let stored = try StoredHeader(bytes: select.blob(1))
      let payload = try rows.packed(select.blob(3), at: place, base: &base)
      bytes += payload.count
      var previous: ContentHash
      if let above, above.sequence == place.sequence - 1 {
        previous = above.hash
      } else if place.sequence == 1 {
        previous = genesisHash(signedLog)
      } else {
        previous = logs.hash(of: logs.resolve(Dot(entry.id, place.sequence - 1))) ?? .zero
      }
      if !select.isNull(5) { previous = select.hash(5) }
      let payloadHash: ContentHash
      let length: UInt64
      if select.isNull(6) {
        let clear = try PackedPayload.unpack(payload, with: compressor)
        payloadHash = Hashing.hash(clear)
        length = UInt64(clear.count)
      } else {
        payloadHash = select.hash(6)
        length = UInt64(bitPattern: select.int(7))
      }
      let hash = select.hash(2)
      found.append(
        HeldChange(
          dot: Dot(entry.id, place.sequence), place: place,
          header: stored.header(
            court: court, scope: scope, dot: Dot(signedLog, place.sequence), previous: previous,
            payloadHash: payloadHash, payloadLength: length),
          hash: hash, payload: payload, chain: select.blob(4), isRedacted: !select.isNull(6)))
      above = (place.sequence, hash)
    }
    return found
  }

  private func genesisHash(_ log: LogID) -> ContentHash { logs.entry(log)?.genesis?.hash ?? .zero }

  /// Every applied or excluded change, each after all that it saw.
  func inCausalOrder(_ body: (HeldChange) throws -> Void) throws {
    var cursors: [LogID: UInt64] = [:]
    let order = logs.entries.map(\.id).sorted()
    var vectors = VectorRows(sql: sql, logs: logs)
    for id in order { cursors[id] = logs.fork(of: id)?.sequence ?? 0 }
    func isEmitted(_ dot: Dot) -> Bool {
      let dot = logs.resolve(dot)
      // A dot that is excluded and not held holds nothing up.
      return (cursors[dot.log] ?? 0) >= dot.sequence || logs.hash(of: dot) == nil
    }
    var ahead = ReadAhead(reader: self)
    var progress = true
    while progress {
      progress = false
      for id in order {
        guard let entry = logs.entry(id), entry.tip > (cursors[id] ?? 0) else { continue }
        if let fork = entry.fork, fork.sequence > 0, !isEmitted(fork) { continue }
        while let change = try ahead.next(entry, after: cursors[id] ?? 0) {
          if !change.header.context.entries.isEmpty || change.header.context.base != .previous {
            let saw = try vectors.whole(change.dot)
            if saw.contains(where: { $0.log != id && !isEmitted($0) }) { break }
          }
          try body(change)
          ahead.drop(entry)
          cursors[id] = change.dot.sequence
          progress = true
        }
      }
    }
  }

  static let chunk = 128
  /// Packed bytes after which no further change is read at once.
  static let chunkBytes = 1 << 18
  /// Packed bytes that all logs together may have read ahead.
  static let aheadBytes = 8 << 20
}

/// Contexts by their rows.
struct VectorRows {
  let sql: StatementCache
  let logs: LogTable

  mutating func whole(_ dot: Dot) throws -> [Dot] { try logs.vector(of: dot).sorted }
}

/// Changes read ahead, log by log: logs that see each other's changes in turn are left and come back to, and what has
/// been read of each meanwhile is kept.
private struct ReadAhead {
  let reader: ChangeReader
  /// The rest of a chunk, last first.
  private var kept: [UInt64: [HeldChange]] = [:]
  private var bytes = 0

  init(reader: ChangeReader) { self.reader = reader }

  /// The first change of a log past a sequence.
  mutating func next(_ entry: LogTable.Entry, after sequence: UInt64) throws -> HeldChange? {
    if let change = kept[entry.number]?.last { return change }
    guard entry.tip > sequence else { return nil }
    let chunk = try reader.changes(log: entry.number, from: sequence + 1, limit: ChangeReader.chunk)
    let size = chunk.reduce(0) { $0 + $1.payload.count }
    if bytes + size > ChangeReader.aheadBytes {
      // Too many logs at once: the others are read again when their turn comes.
      kept = [:]
      bytes = 0
    }
    kept[entry.number] = chunk.reversed()
    bytes += size
    return chunk.first
  }

  /// The change that was given last has been used.
  mutating func drop(_ entry: LogTable.Entry) { bytes -= kept[entry.number]?.popLast()?.payload.count ?? 0 }
}
