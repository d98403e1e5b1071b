import ChangeFormat
import Merge

/// What orders do to changes that are already in their place (design §3): the cells they wrote are derived anew.
struct OrderEffects {
  let sql: StatementCache
  let logs: LogTable
  let records: RecordStore
  let applier: Applier
  let reader: ChangeReader

  /// Takes orders whose signatures have been checked into the book and lets them take effect.
  func take(_ orders: [SignedOrder]) throws -> Int {
    var taken = 0
    var effective: [Order] = []
    var dropped = false
    let wasQuiet = logs.book.touchesNoHeader
    for signed in orders {
      let insert = try sql(
        "INSERT OR IGNORE INTO _order (hash, epoch, number, bytes, signature) VALUES (?1, ?2, ?3, ?4, ?5)")
      insert.bind(1, signed.order.hash)
      insert.bind(2, Int64(bitPattern: signed.order.mark.epoch))
      insert.bind(3, Int64(bitPattern: signed.order.mark.number))
      insert.bind(4, signed.bytes)
      insert.bind(5, signed.signature)
      try insert.run()
      guard sql.changes == 1 else { continue }
      taken += 1
      let effect = logs.book.add(signed.order)
      effective += effect.effective
      // A redaction is done when it comes, whatever becomes of the order: it is never undone.
      for order in effect.effective { try redact(order) }
      dropped = dropped || effect.dropped
    }
    guard taken > 0 else { return 0 }
    let isRedone = dropped && !(wasQuiet && logs.book.touchesNoHeader)
    let unsettled = isRedone ? Array(logs.scopeNames.keys) : effective.flatMap(scopesUnsettled)
    for scope in unsettled { applier.unsettle(scope) }
    try applier.placeAgain()
    if !isRedone { for order in effective { try touch(order) } }
    try applier.retryWaiting(afterOrders: true)
    return taken
  }

  /// Scopes in which an order moves headers between logs, or may change what a context means.
  private func scopesUnsettled(by order: Order) -> [Int64] {
    switch order.kind {
    case .fork(let log, let sequence, let hash):
      let scope = logs.entry(log)?.scope
      let isPlaced = logs.held.dot(of: hash, signed: Dot(log, sequence)) != nil
      return logs.scopeNames.keys.filter { $0 == scope && (isPlaced || logs.hasGap(log)) || logs.presumed[$0] != nil }
    case .exclude(let range, _):
      guard range.fromHash == nil, let scope = logs.entry(range.log)?.scope else { return [] }
      return [scope]
    case .grant, .revoke, .restamp, .redact, .time, .epoch: return []
    }
  }

  private func touch(_ order: Order) throws {
    switch order.kind {
    case .exclude(let range, _), .restamp(let range, _, _):
      let through = range.fromHash.map { logs.lines(through: $0, at: range.from) } ?? []
      let families = Set((through + [range.log]).map { logs.held.signedLog(of: $0) }).sorted()
      for line in families.flatMap({ logs.lines(of: $0) }) {
        try rederive(line, from: range.from, to: range.to ?? (1 << 40) - 1)
      }
    case .revoke(let device, _):
      for entry in logs.entries where entry.device == device { try rederive(entry.id, from: 1, to: (1 << 40) - 1) }
    case .redact(let log, let sequence, let hash, _, _):
      guard let dot = row(of: hash, named: Dot(log, sequence)) else { return }
      try rederive(dot.log, from: dot.sequence, to: dot.sequence)
    case .grant, .fork, .time, .epoch: break
    }
  }

  private func row(of hash: ContentHash, named dot: Dot) -> Dot? {
    logs.placed(hash, signed: dot)
      ?? logs.lines(through: hash, at: dot.sequence).first.map { logs.resolve(Dot($0, dot.sequence)) }
  }

  private func redact(_ order: Order) throws {
    guard case .redact(let log, let sequence, let hash, let positions, _) = order.kind else { return }
    if let dot = row(of: hash, named: Dot(log, sequence)) {
      try redact(dot, positions)
    } else {
      try redactWaiting(hash, positions)
    }
  }

  /// Makes the redacted payload, deletes the original, keeps the header's hash of it.
  private func redact(_ dot: Dot, _ positions: [UInt32]) throws {
    guard let place = logs.place(of: dot), let change = try reader.change(at: place) else { return }
    let redacted = try reader.payload(change).redacted(positions: positions).bytes
    try PayloadRows(sql: sql, logs: logs).release(place)
    let update = try sql("UPDATE _change SET payload = ?2 WHERE id = ?1")
    update.bind(1, place.row)
    update.bind(2, PackedPayload.pack(redacted, with: applier.compressor))
    try update.run()
    let keep = try sql(
      """
      INSERT INTO _kept (id, payload_hash, payload_length) VALUES (?1, ?2, ?3)
      ON CONFLICT (id) DO UPDATE SET payload_hash = excluded.payload_hash, payload_length = excluded.payload_length
      WHERE payload_hash IS NULL
      """)
    keep.bind(1, place.row)
    keep.bind(2, change.header.payloadHash)
    keep.bind(3, Int64(change.header.payloadLength))
    try keep.run()
  }

  /// The same for a change that waits.
  private func redactWaiting(_ hash: ContentHash, _ positions: [UInt32]) throws {
    let select = try sql("SELECT payload FROM _waiting WHERE hash = ?1")
    select.bind(1, hash)
    let packed = try select.step() ? select.blob(0) : nil
    select.reset()
    guard let packed, let clear = try? PackedPayload.unpack(packed, with: applier.compressor),
      let payload = try? Payload(bytes: clear)
    else { return }
    let update = try sql("UPDATE _waiting SET payload = ?2 WHERE hash = ?1")
    update.bind(1, hash)
    update.bind(2, PackedPayload.pack(payload.redacted(positions: positions).bytes, with: applier.compressor))
    try update.run()
  }

  private struct RecordKey: Hashable {
    var table: UInt32
    var record: RecordID
  }

  private func rederive(_ log: LogID, from: UInt64, to: UInt64) throws {
    guard let entry = logs.entry(log), entry.tip >= from else { return }
    var seen: Set<RecordKey> = []
    // In the order in which they were written: neighbours share their changes.
    var keys: [RecordKey] = []
    var next = from
    while next <= min(to, entry.tip) {
      let chunk = try reader.changes(log: entry.number, from: next, to: min(to, entry.tip), limit: ChangeReader.chunk)
      guard let last = chunk.last else { break }
      for change in chunk {
        try applier.noteExcluded(change.place.row, logs.held.exclusion(of: change.dot) != nil)
        guard let payload = try? reader.payload(change) else { continue }
        for table in payload.body.tables {
          for record in table.records {
            let key = RecordKey(table: table.id, record: record)
            if seen.insert(key).inserted { keys.append(key) }
          }
        }
      }
      next = last.dot.sequence + 1
    }
    if keys.contains(where: { records.schema.table($0.table) == nil }) {
      // Tables of newer software keep no history of their records: the whole scope is derived anew.
      applier.unsettle(entry.scope)
      return
    }
    let walk = RecordHistory(sql: sql, logs: logs, reader: reader)
    for key in keys {
      guard let table = records.schema.table(key.table) else { continue }
      try rederive(key.record, table, scope: entry.scope, walk)
    }
  }

  private func rederive(_ record: RecordID, _ table: Table, scope: Int64, _ walk: RecordHistory) throws {
    var writes: [UInt32: [CellWrite]] = [:]
    var vectors: [Dot: VersionVector] = [:]
    try walk.changes(of: record, table: table, scope: scope) { step, written, index in
      let change = step.change
      let isExcluded = logs.held.exclusion(of: change.dot) != nil
      if !isExcluded { vectors[change.dot] = try logs.vector(of: change.dot) }
      let stamp = logs.held.restamp(of: change.dot) ?? change.header.stamp
      for column in written.columns where !column.cells[index].isAbsent {
        if isExcluded {
          writes[column.id] = writes[column.id] ?? []
          continue
        }
        let cell = column.cells[index]
        writes[column.id, default: []].append(
          CellWrite(
            dot: change.dot, stamp: stamp, hash: change.hash, decides: cell.decides,
            value: step.payload.body.value(cell)))
      }
    }
    let states = Dictionary(
      uniqueKeysWithValues: writes.map { column, writes in
        (column, CellState(of: writes, rule: MergeRule(column: column)) { vectors[$0]?.covers($1) ?? false })
      })
    try records.replace(states, record: record, table: table, scope: scope)
  }
}
