import ChangeFormat
import Merge

extension Replica {
  /// Every write of a record, in causal order; excluded and waiting ones too.
  public func history(table: String, id: RecordID, scope: String?, field: String?) throws(ReplicaError)
    -> [HistoryEntry]
  {
    try reading { reading in
      guard let known = reading.schema.table(named: table) else { throw ReplicaError.unknownTable(table) }
      if let field, known.column(named: field) == nil { throw ReplicaError.unknownField(table: table, field: field) }
      let scopes = try reading.scopesWithRow(known, id)
      if scope == nil && scopes.count > 1 { throw ReplicaError.inTwoScopes(id: id, scopes: scopes) }
      if let scope, !reading.scopes().contains(scope) { throw ReplicaError.unknownScope(scope) }
      guard let name = scope ?? scopes.first, let number = reading.logs.scopeNumbers[name] else {
        return []
      }
      return try reading.history(known, id, scope: number, field: field)
    }
  }

  /// Every change, each after all that it saw; then those that wait.
  public func log(_ each: (ChangeView) throws -> Void) throws {
    try readingOut { reading in
      try reading.changes.inCausalOrder { change in try each(try reading.view(change)) }
      for waiting in try WaitingChange.all(reading.sql).sorted(by: { $0.dot < $1.dot }) {
        try each(try reading.view(waiting))
      }
    }
  }

  /// The orders that stand, in number order.
  public func orders() throws(ReplicaError) -> [Order] { try reading { $0.logs.book.standing } }
}

extension ReadingTable {
  func scopesWithRow(_ table: Table, _ id: RecordID) throws -> [String] {
    let select = try sql("SELECT _scope FROM \(table.sqlName) WHERE id = ?1")
    select.bind(1, id)
    var scopes: [String] = []
    while try select.step() { scopes.append(logs.scopeNames[select.int(0)] ?? "") }
    select.reset()
    return scopes.sorted(by: byBytes)
  }

  func history(_ table: Table, _ id: RecordID, scope: Int64, field: String?) throws -> [HistoryEntry] {
    var entries: [Recorded] = []
    func add(_ payload: Payload, _ dot: Dot, _ stamp: Stamp, _ state: ChangeState, _ vector: VersionVector) {
      payload.body.forEachWrite { position, write in
        guard write.table == table.id, write.record == id else { return }
        let name = table.column(write.column)?.name ?? "#\(write.column)"
        if let field, field != name { return }
        entries.append(
          Recorded(
            entry: HistoryEntry(
              field: name, value: write.value, who: payload.actor, when: stamp.milliseconds, note: payload.note,
              dot: dot, decides: write.decides, seen: false, state: state),
            stamp: stamp, position: Int(position), vector: vector))
      }
    }
    let walk = RecordHistory(sql: sql, logs: logs, reader: changes)
    try walk.changes(of: id, table: table, scope: scope) { step, _, _ in
      let change = step.change
      let state: ChangeState = exclusion(change.dot) == nil ? .applied : .excluded
      let stamp = logs.held.restamp(of: change.dot) ?? change.header.stamp
      add(step.payload, change.dot, stamp, state, try logs.vector(of: change.dot))
    }
    for waiting in try WaitingChange.all(sql) {
      let change = try waiting.load(sql)
      guard logs.scopeNumbers[change.header.scope] == scope,
        let payload = try? Payload(bytes: try PackedPayload.unpack(change.payload, with: compressor))
      else { continue }
      let dot = waiting.isExcluded ? logs.held.dot(of: waiting.hash, signed: waiting.dot) ?? waiting.dot : waiting.dot
      add(payload, dot, change.header.stamp, waiting.isExcluded ? .excluded : .waiting, VersionVector())
    }
    for i in entries.indices {
      let dot = entries[i].entry.dot
      entries[i].entry.seen = entries.contains {
        $0.entry.field == entries[i].entry.field && $0.entry.dot != dot && $0.vector.covers(dot)
      }
    }
    return causal(entries).map(\.entry)
  }

  /// A write of the record with what its place in the history depends on.
  private struct Recorded {
    var entry: HistoryEntry
    var stamp: Stamp
    /// Among the writes of its change.
    var position: Int
    var vector: VersionVector
  }

  /// Orders by what saw what; what is concurrent by stamp and dot, the writes of one change as the change has them.
  private func causal(_ entries: [Recorded]) -> [Recorded] {
    var left = entries.sorted { a, b in
      if a.stamp != b.stamp { return a.stamp < b.stamp }
      if a.entry.dot != b.entry.dot { return a.entry.dot < b.entry.dot }
      return a.position < b.position
    }
    var sorted: [Recorded] = []
    sorted.reserveCapacity(left.count)
    while !left.isEmpty {
      let next = left.firstIndex { candidate in
        !left.contains { $0.entry.dot != candidate.entry.dot && candidate.vector.covers($0.entry.dot) }
      }
      sorted.append(left.remove(at: next ?? 0))
    }
    return sorted
  }

  func exclusion(_ dot: Dot) -> UInt64? {
    logs.held.exclusion(of: dot)
  }

  func view(_ change: HeldChange) throws -> ChangeView {
    let order = exclusion(change.dot)
    var saw = try logs.vector(of: change.dot)
    saw.remove(change.dot.log)
    var log = change.dot.log
    // What a branch shares with the log it left is its own past, not another log's.
    while let fork = logs.fork(of: log) {
      if saw[fork.log] <= fork.sequence { saw.remove(fork.log) }
      log = fork.log
    }
    var context = saw.sorted
    context.removeAll { dot in
      saw.sorted.contains { other in
        guard let fork = logs.fork(of: other.log) else { return false }
        return fork.log == dot.log && dot.sequence <= fork.sequence
      }
    }
    let payload = try? changes.payload(change)
    return ChangeView(
      dot: change.dot, device: logs.entry(change.dot.log)?.device ?? .zero, scope: change.header.scope,
      stamp: change.header.stamp, context: context, hash: change.hash, previous: change.header.previous,
      actor: payload?.actor ?? "", note: payload?.note ?? "", state: order == nil ? .applied : .excluded,
      reason: order.flatMap { exclusionReason($0) }, order: order,
      restamped: logs.held.restamp(of: change.dot), writes: payload.map(writes) ?? [])
  }

  func view(_ waiting: WaitingChange) throws -> ChangeView {
    let change = try waiting.load(sql)
    let payload = try? Payload(bytes: try PackedPayload.unpack(change.payload, with: compressor))
    let place = waiting.isExcluded ? logs.held.dot(of: waiting.hash, signed: waiting.dot) : nil
    let order = place.flatMap { exclusion($0) }
    return ChangeView(
      dot: place ?? waiting.dot, device: logs.entry(waiting.dot.log)?.device ?? .zero, scope: change.header.scope,
      stamp: change.header.stamp, context: change.header.context.entries, hash: change.hash,
      previous: change.header.previous, actor: payload?.actor ?? "", note: payload?.note ?? "",
      state: waiting.isExcluded ? .excluded : .waiting,
      reason: waiting.isExcluded ? order.flatMap { exclusionReason($0) } : waiting.reason.text, order: order,
      restamped: nil, writes: payload.map(writes) ?? [])
  }

  /// The reason code of an excluding order.
  func exclusionReason(_ number: UInt64) -> String? {
    guard let order = logs.book.standing.first(where: { $0.mark.number == number }) else { return nil }
    switch order.kind {
    case .exclude(_, let reason): return reason
    case .revoke: return "revoked"
    default: return nil
    }
  }

  private func writes(_ payload: Payload) -> [CellWriteView] {
    var views: [CellWriteView] = []
    payload.body.forEachWrite { _, write in
      let table = schema.table(write.table)
      views.append(
        CellWriteView(
          table: table?.name ?? "#\(write.table)", id: write.record,
          column: table?.column(write.column)?.name ?? "#\(write.column)", value: write.value, decides: write.decides))
    }
    return views
  }
}
