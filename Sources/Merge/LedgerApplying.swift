/// Which placed changes are applied, what they see, and S of the cells they wrote.
extension Ledger {
  /// Applies all that nothing holds back any longer, and says of the others what does.
  mutating func settle() {
    var progress = true
    while progress && !pending.isEmpty {
      progress = false
      var left: [ContentHash] = []
      for hash in pending {
        guard let change = held[hash] else { continue }
        if placed[hash]?.state == .excluded {
          if understand(change) { progress = true } else { left.append(hash) }
        } else if let reason = attempt(change) {
          waiting[hash] = reason
          left.append(hash)
        } else {
          waiting[hash] = nil
          progress = true
        }
      }
      pending = left
    }
  }

  /// Applies a change if nothing holds it back; else says what does.
  private mutating func attempt(_ change: LedgerChange) -> WaitReason? {
    guard book.knows(change.order) else { return .order(change.order) }
    guard let place = placed[change.hash] else {
      if case .nowhere(let reason) = self.place(of: change) { return reason }
      return .past(change.dot)
    }
    let vector: VersionVector
    switch self.vector(of: change, at: place.dot) {
    case .seen(let seen): vector = seen
    case .missing(let dot): return .past(dot)
    }
    guard change.writes != nil else { return .undecodable }
    guard isTimely(change, at: place.dot) else { return .time }
    apply(change, at: place.dot, seeing: vector)
    return nil
  }

  /// Works out what an excluded change sees, for those whose contexts run through it.
  private mutating func understand(_ change: LedgerChange) -> Bool {
    guard let place = placed[change.hash], place.vector == nil else { return true }
    guard case .seen(let vector) = vector(of: change, at: place.dot) else { return false }
    placed[change.hash]?.vector = vector
    note(change, vector)
    return true
  }

  private mutating func note(_ change: LedgerChange, _ vector: VersionVector) {
    if book.touchesNoHeader { return }
    let isConfirmed = vector.entries.allSatisfy { log, sequence in
      hash(of: resolve(Dot(log, sequence))) != nil || book.excludesUnheldPast(Dot(log, sequence))
    }
    if !isConfirmed { presumed.insert(change.hash) }
  }

  /// Stamped more than 24 h ahead of trusted time a change waits for a receipt or an order.
  private mutating func isTimely(_ change: LedgerChange, at dot: Dot) -> Bool {
    if receipted.contains(change.hash) || timely.contains(change.hash) { return true }
    let stamp = change.stamp.milliseconds
    if stamp <= trustedTime || stamp - trustedTime <= ClockLimits.ahead {
      timely.insert(change.hash)
      return true
    }
    return book.restamp(of: dot, in: self) != nil
  }

  // MARK: What a change sees

  /// The context of a placed change. It is found only where all that it covers is accounted for.
  private func vector(of change: LedgerChange, at dot: Dot) -> ContextDelta.Resolution {
    if adrift.contains(change.hash), let start = unheldPastStart(of: dot.log) {
      return throughUnheldPast(to: Dot(dot.log, dot.sequence - 1), from: start)
    }
    var vector = VersionVector()
    if dot.sequence > 1 {
      guard let before = placed[change.previous] else { return .missing(Dot(change.dot.log, dot.sequence - 1)) }
      guard let seen = before.vector else { return .missing(pastLacking(at: change.previous)) }
      vector = seen
      vector.include(before.dot, in: self)
    }
    if case .change(let named) = change.context.base {
      switch throughBase(named) {
      case .seen(let seen): vector.formUnion(seen)
      case .missing(let dot): return .missing(dot)
      }
    }
    switch change.context.resolve(in: self, digestOf: digestOf) {
    case .seen(let seen): vector.formUnion(seen)
    case .missing(let dot): return .missing(dot)
    }
    return .seen(vector)
  }

  /// The context of a change that another names as its base, that change included.
  private func throughBase(_ named: Dot) -> ContextDelta.Resolution {
    let dot = resolve(named)
    if let start = unheldPastStart(of: dot.log), dot.sequence >= start {
      return throughUnheldPast(to: dot, from: start)
    }
    guard let hash = hash(of: dot), let place = placed[hash], place.state != .waiting else { return .missing(named) }
    guard var seen = place.vector else { return .missing(pastLacking(at: hash)) }
    seen.include(dot, in: self)
    return .seen(seen)
  }

  /// What can be told of the context of a change in a past that nobody holds, that change included: its own log, and
  /// what the last header before that past saw.
  private func throughUnheldPast(to dot: Dot, from start: UInt64) -> ContextDelta.Resolution {
    var vector = VersionVector()
    let last = resolve(Dot(dot.log, start - 1))
    if last.sequence > 0 {
      guard let hash = hash(of: last), let place = placed[hash] else { return .missing(last) }
      guard let seen = place.vector else { return .missing(pastLacking(at: hash)) }
      vector = seen
      vector.include(last, in: self)
    }
    vector.include(dot, in: self)
    return .seen(vector)
  }

  /// What a change without a vector lacks: itself where it waits, else what it or an excluded change before it saw.
  private func pastLacking(at hash: ContentHash) -> Dot {
    var hash = hash
    while let change = held[hash], let place = placed[hash] {
      if place.state == .waiting { return place.dot }
      guard change.dot.sequence > 1, let before = placed[change.previous], before.vector == nil else { break }
      hash = change.previous
    }
    guard let change = held[hash], let place = placed[hash] else { return Dot(.zero, 0) }
    if case .missing(let dot) = vector(of: change, at: place.dot) { return dot }
    return place.dot
  }

  /// A branch has its own headers only: what it shares with the log it left is that log's.
  private func unheldPastStart(of log: LogID) -> UInt64? {
    book.unheldPastStart(of: log).map { max($0, (fork(of: log)?.sequence ?? 0) + 1) }
  }

  // MARK: S

  private mutating func apply(_ change: LedgerChange, at dot: Dot, seeing vector: VersionVector) {
    placed[change.hash]?.state = .applied
    placed[change.hash]?.vector = vector
    note(change, vector)
    account(dot.log)
    for write in change.writes ?? [] {
      if writers[write.cell]?.last != change.hash { writers[write.cell, default: []].append(change.hash) }
      cells[write.cell, default: CellState()].apply(
        cellWrite(change, at: dot, write), rule: MergeRule(column: write.cell.column), sees: { vector.covers($0) })
    }
  }

  private func cellWrite(_ change: LedgerChange, at dot: Dot, _ write: LedgerChange.CellKeyedWrite) -> CellWrite {
    CellWrite(
      dot: dot, stamp: book.restamp(of: dot, in: self) ?? change.stamp, hash: change.hash, decides: write.decides,
      value: write.value)
  }

  /// S of a cell from the log.
  mutating func rederive(_ cell: CellKey) {
    var writes: [CellWrite] = []
    for hash in writers[cell] ?? [] {
      guard let change = held[hash], let place = placed[hash], place.state == .applied else { continue }
      for write in change.writes ?? [] where write.cell == cell {
        writes.append(cellWrite(change, at: place.dot, write))
      }
    }
    let state = CellState(of: writes, rule: MergeRule(column: cell.column), sees: { sees($0, $1) })
    cells[cell] = state.members.isEmpty ? nil : state
  }
}
