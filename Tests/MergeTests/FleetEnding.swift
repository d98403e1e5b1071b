import Merge

/// The end of a history: all that anyone still holds has reached the centre, and the centre has done for what waits all
/// that the design gives it.
struct FleetEnding {
  /// Indexes of the changes that remain, in the order they were written.
  var remaining: [Int]
  /// Changes that burnt and turned up again after all judging.
  var found: Set<Int> = []
  var hasLosses: Bool
  var trustedTime: UInt64
}

extension Fleet {
  mutating func end() -> FleetEnding {
    let survivors = changes.indices.filter(isHeld)
    let lost = changes.indices.filter { !isHeld($0) }
    for index in survivors.shuffled(using: &random) where !replicas[0].heldSet.contains(index) { deliver(index, to: 0) }
    if style.hasOrders { judgeTheRest(hasLosses: !lost.isEmpty) }
    var ending = FleetEnding(
      remaining: survivors, hasLosses: !lost.isEmpty,
      trustedTime: replicas.map(\.ledger.trustedTime).max() ?? Fleet.now)
    if random.chance(30) { ending.found = Set(lost.filter { _ in random.chance(40) }) }
    if random.chance(30) { ending.trustedTime = Fleet.farFuture + 100 * ClockLimits.ahead }
    ending.remaining = (survivors + ending.found).sorted()
    return ending
  }

  private mutating func judgeTheRest(hasLosses: Bool) {
    var isMoving = true
    while isMoving {
      let before = (orders.count, receipts.count)
      reissueSome(percent: 100)
      if !withholdsForks { issueForks() }
      for index in replicas[0].holds { judgeWaiting(changes[index]) }
      isMoving = before != (orders.count, receipts.count)
      // Only what nothing else can end.
      if !isMoving && hasLosses { isMoving = excludeUnheldPast() }
    }
  }

  private mutating func judgeWaiting(_ change: LedgerChange) {
    let range = HeaderRange(
      log: change.dot.log, from: change.dot.sequence, fromHash: change.hash, to: change.dot.sequence,
      toHash: change.hash)
    switch replicas[0].ledger.waiting[change.hash] {
    case .undecodable: issue(.exclude(range, reason: "malformed"))
    case .time where random.chance(50): issue(.restamp(range, at: Stamp(milliseconds: Fleet.now), reason: "clock"))
    case .time:
      receipts.append(change.hash)
      replicas[0].takeReceipt(change.hash)
    case .past, .order, .fork, .mustUnderstand, nil: break
    }
  }

  /// Ends the wait for a past that burnt.
  private mutating func excludeUnheldPast() -> Bool {
    let ledger = replicas[0].ledger
    for index in replicas[0].holds {
      guard case .past(let missing) = ledger.waiting[changes[index].hash],
        let first = (1...missing.sequence).first(where: { ledger.hash(of: ledger.resolve(Dot(missing.log, $0))) == nil }
        ),
        ledger.book.unheldPastStart(of: missing.log).map({ first < $0 }) ?? true
      else { continue }
      issue(
        .exclude(
          HeaderRange(log: missing.log, from: first, fromHash: nil, to: nil, toHash: nil), reason: "nobody holds it"))
      return true
    }
    return false
  }
}
