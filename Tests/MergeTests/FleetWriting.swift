import Merge

/// How the machines of a fleet write: by the local rules of design §3, or not.
extension Fleet {
  /// Four cells, of both rules, so that writers meet.
  static let cells: [CellKey] = [(1, 2), (1, 3), (2, 2), (2, 5)].map { record, column in
    CellKey(table: 1, record: RecordID(high: 0, low: record), column: column)
  }

  /// Few, so that equal ones meet; some look alike and are not.
  static let values: [Value] = [
    .text("\u{E9}"), .text("e\u{301}"), .text(""), .null, .real(1.5), .real(0.1 + 0.2), .integer(1), .real(1),
    .boolean(true), .bytes([0xC3, 0xA9]), .date(20_000), .instant(20_000), .ref(RecordID(high: 0, low: 1)),
  ]

  /// A device writes one change, or finds that it may not.
  mutating func write(_ number: Int) {
    guard !replicas[number].isBurnt, prepareLog(number), let author = replicas[number].author else { return }
    let isHostile = replicas[number].isHostile
    let writes = isHostile ? hostileWrites() : honestWrites(number)
    if writes?.isEmpty == true { return }
    let order = replicas[number].ledger.book.newest
    if random.chance(70) { replicas[number].wall += UInt64(random.below(4)) * 1000 }
    var stamp = replicas[number].clock.tick(wallMilliseconds: replicas[number].wall)
    if isHostile && random.chance(20) { stamp = Stamp(rawValue: random.next() >> UInt64(random.below(40))) }
    let context = isHostile && random.chance(50) ? hostileContext(number) : honestContext(number)
    let change = LedgerChange(
      dot: Dot(author.log, author.sequence + 1), device: replicas[number].device, hash: StandIn.hash(from: &random),
      previous: author.last ?? author.genesis, stamp: stamp,
      order: isHostile && random.chance(10) ? hostileMark(order) : order, context: context, writes: writes)
    let index = changes.count
    changes.append(change)
    indexes[change.hash] = index
    replicas[number].author?.sequence += 1
    replicas[number].author?.last = change.hash
    replicas[number].ownHashes.insert(change.hash)
    // Own changes apply locally always, whatever their stamp.
    replicas[number].takeReceipt(change.hash)
    replicas[number].take(change, index)
  }

  /// Whether the device has a log it may go on with; it starts a new one where its own is excluded openly.
  private mutating func prepareLog(_ number: Int) -> Bool {
    if replicas[number].author == nil { replicas[number].startLog(&random) }
    if replicas[number].isHostile { return true }
    // A header of its own log that it did not write: a copy of it goes on elsewhere.
    let isCopied = replicas[number].holds.contains {
      changes[$0].dot.log == replicas[number].author?.log && !replicas[number].ownHashes.contains(changes[$0].hash)
    }
    if isCopied { replicas[number].startLog(&random) }
    guard let author = replicas[number].author else { return false }
    if let last = author.last {
      // While an order that its log needs is lost, the device waits for it.
      guard let dot = replicas[number].ledger.dot(of: last), replicas[number].ledger.vector(of: last) != nil
      else { return false }
      if isNextExcluded(number, after: dot) { replicas[number].startLog(&random) }
    }
    guard let log = replicas[number].author else { return false }
    return log.last != nil || !isNextExcluded(number, after: Dot(log.log, 0))
  }

  private func isNextExcluded(_ number: Int, after dot: Dot) -> Bool {
    let replica = replicas[number]
    return replica.ledger.book.exclusion(
      of: Dot(dot.log, dot.sequence + 1), device: replica.device, in: replica.ledger) != nil
  }

  // MARK: What is written

  private mutating func someCells() -> [CellKey] {
    let first = random.below(Fleet.cells.count)
    return random.chance(30)
      ? [Fleet.cells[first], Fleet.cells[(first + 1) % Fleet.cells.count]] : [Fleet.cells[first]]
  }

  /// A second write to a cell of rule `first` is refused where it is made; an open conflict takes only a decision, and
  /// what replaces a shown decision is one.
  private mutating func honestWrites(_ number: Int) -> [LedgerChange.CellKeyedWrite] {
    var writes: [LedgerChange.CellKeyedWrite] = []
    for cell in someCells() {
      let value = random.pick(Fleet.values)
      let state = replicas[number].ledger.cells[cell]
      let isOpen = state?.isInConflict ?? false
      let isDecided = replicas[number].ledger.shown(cell)?.decides ?? false
      switch MergeRule(column: cell.column) {
      case .first:
        if state == nil {
          writes.append(.init(cell: cell, value: value, decides: false))
        } else if random.chance(50) {
          writes.append(.init(cell: cell, value: value, decides: true))
        }
      case .latest:
        writes.append(.init(cell: cell, value: value, decides: isOpen || isDecided))
      }
    }
    return writes
  }

  /// Nil: a payload that does not decode.
  private mutating func hostileWrites() -> [LedgerChange.CellKeyedWrite]? {
    if random.chance(5) { return nil }
    return someCells().map { .init(cell: $0, value: random.pick(Fleet.values), decides: random.chance(30)) }
  }

  // MARK: What it has seen

  /// All that the replica has applied, or excluded and holds.
  private mutating func honestContext(_ number: Int) -> ContextDelta {
    let ledger = replicas[number].ledger
    var base = ContextDelta.Base.previous
    var known = VersionVector()
    if let last = replicas[number].author?.last {
      known = ledger.vector(of: last) ?? VersionVector()
      if let dot = ledger.dot(of: last) { known.include(dot, in: ledger) }
    } else {
      base = .none
      if random.chance(50), let (dot, seen) = receiptedBase(ledger) {
        base = .change(dot)
        known = seen
      }
    }
    let entries = ledger.heads.sorted.filter { $0.sequence > known[$0.log] }
    return context(base, entries, in: ledger)
  }

  /// A receipted change from whose context a new log may start. A base has no hash: one of a log that forked says
  /// little.
  private mutating func receiptedBase(_ ledger: Ledger) -> (Dot, VersionVector)? {
    guard !receipts.isEmpty else { return nil }
    let hash = random.pick(receipts)
    guard let index = indexes[hash], !copiedLogs.contains(changes[index].dot.log), let dot = ledger.dot(of: hash),
      var seen = ledger.vector(of: hash)
    else { return nil }
    seen.include(dot, in: ledger)
    return (dot, seen)
  }

  private func context(_ base: ContextDelta.Base, _ entries: [Dot], in ledger: Ledger) -> ContextDelta {
    ContextDelta(
      base: base, entries: entries,
      digest: entries.isEmpty ? nil : StandIn.digest(entries.map { ledger.hash(of: ledger.resolve($0)) ?? .zero }))
  }

  /// Less than was seen, more than was seen, or what never was.
  private mutating func hostileContext(_ number: Int) -> ContextDelta {
    let ledger = replicas[number].ledger
    let base: ContextDelta.Base = replicas[number].author?.last == nil ? .none : .previous
    var entries: [Dot] = []
    for head in ledger.heads.sorted where random.chance(60) {
      entries.append(Dot(head.log, 1 + random.next() % head.sequence))
    }
    if random.chance(8), let hash = ledger.waiting.keys.sorted().first, let index = indexes[hash],
      !entries.contains(where: { $0.log == changes[index].dot.log })
    {
      hasBogusContexts = true
      entries.append(changes[index].dot)
      entries.sort { $0.log < $1.log }
    }
    var delta = context(base, entries, in: ledger)
    if random.chance(4), delta.digest != nil {
      hasBogusContexts = true
      delta.digest = Identifier(high: random.next(), low: 0)
    }
    return delta
  }

  private mutating func hostileMark(_ newest: OrderMark) -> OrderMark {
    if random.chance(50) || newest.number == 0 { return .none }
    hasBogusContexts = true
    return OrderMark(epoch: newest.epoch, number: newest.number + UInt64(random.below(3)))
  }
}
