import Merge

/// Writes changes for a test that tells a small story: one log, whose context is named change by change.
struct Author {
  let log: LogID
  let device: DeviceID
  var sequence: UInt64 = 0
  var previous: ContentHash
  var order = OrderMark.none

  /// - Parameter number: the order of the log's id among logs, and what tells its hashes from others'.
  init(_ number: UInt64, device: UInt64? = nil) {
    log = LogID(high: number, low: 0)
    self.device = DeviceID(high: 0, low: device ?? number)
    previous = StandIn.hash(number, 0, 0, 0)
  }

  /// The next change of the log. A copied `Author` that writes makes a twin, if its `twist` differs.
  mutating func write(
    _ writes: [LedgerChange.CellKeyedWrite]?, at milliseconds: UInt64 = 1, sees: [LedgerChange] = [],
    base: ContextDelta.Base? = nil, twist: UInt64 = 0
  ) -> LedgerChange {
    sequence += 1
    let hash = StandIn.hash(0xF000 + log.high, sequence | twist << 32, twist, log.high)
    let seen = sees.sorted { $0.dot.log < $1.dot.log }
    let change = LedgerChange(
      dot: Dot(log, sequence), device: device, hash: hash, previous: previous, stamp: Stamp(milliseconds: milliseconds),
      order: order,
      context: ContextDelta(
        base: base ?? (sequence == 1 ? .none : .previous), entries: seen.map(\.dot),
        digest: seen.isEmpty ? nil : StandIn.digest(seen.map(\.hash))),
      writes: writes)
    previous = hash
    return change
  }

  mutating func write(
    _ value: Value, in cell: CellKey = .plain, decides: Bool = false, at milliseconds: UInt64 = 1,
    sees: [LedgerChange] = [], twist: UInt64 = 0
  ) -> LedgerChange {
    write(
      [LedgerChange.CellKeyedWrite(cell: cell, value: value, decides: decides)], at: milliseconds, sees: sees,
      twist: twist)
  }
}

extension CellKey {
  /// A cell of rule `latest`.
  static let plain = CellKey(table: 1, record: RecordID(high: 0, low: 1), column: 2)
  /// A cell of rule `first`.
  static let once = CellKey(table: 1, record: RecordID(high: 0, low: 1), column: 3)
}

/// Signs orders for a test: one chain, from number 1.
struct OrderScribe {
  private(set) var mark = OrderMark(epoch: 1, number: 0)
  private(set) var previous = ContentHash.zero
  var time: UInt64 = 0

  mutating func issue(_ kind: OrderKind) -> Order {
    mark.number += 1
    let hash = StandIn.hash(0xEE, mark.epoch, mark.number, SplitMix64.mix(UInt64(truncatingIfNeeded: time)))
    let order = Order(mark: mark, previous: previous, hash: hash, time: time, kind: kind)
    previous = hash
    return order
  }

  /// What a centre restored from this state does first.
  mutating func openEpoch(_ epoch: UInt64) -> Order {
    mark.epoch = epoch
    return issue(.epoch(stands: mark.number))
  }

  /// Excludes a change, or it and what follows up to another or without end.
  mutating func exclude(_ change: LedgerChange, to last: LedgerChange? = nil, open: Bool = false) -> Order {
    let last = last ?? change
    return issue(
      .exclude(
        HeaderRange(
          log: change.dot.log, from: change.dot.sequence, fromHash: change.hash, to: open ? nil : last.dot.sequence,
          toHash: open ? nil : last.hash),
        reason: "test"))
  }

  /// Excludes the past of a log that nobody holds.
  mutating func excludeUnheld(_ log: LogID, from sequence: UInt64) -> Order {
    issue(.exclude(HeaderRange(log: log, from: sequence, fromHash: nil, to: nil, toHash: nil), reason: "lost"))
  }

  mutating func fork(_ change: LedgerChange) -> Order {
    issue(.fork(log: change.dot.log, sequence: change.dot.sequence, hash: change.hash))
  }

  mutating func revoke(_ device: DeviceID, standing: [LedgerChange]) -> Order {
    let stands = standing.map { ($0.dot.log, OrderKind.Standing(sequence: $0.dot.sequence, hash: $0.hash)) }
    return issue(.revoke(device: device, stands: Dictionary(uniqueKeysWithValues: stands)))
  }
}
