import ChangeFormat
import Merge
import ReplicaStore

/// What the centre decides of changes it has just accepted: once, by order, and never by refusing them (design §3, §6).
///
/// A second line of a log becomes a branch. What does not decode, passes a limit, or is out of its author's rights is
/// excluded. What a wrong clock stamped is restamped. The log goes on in every case.
struct Judge {
  let bench: Workbench
  let key: SigningKey
  /// The centre's milliseconds at acceptance.
  let time: UInt64

  func judge(_ fresh: [Workbench.Fresh]) throws {
    for change in fresh where change.reason == .fork {
      try issue(.fork(log: change.signedDot.log, sequence: change.signedDot.sequence, hash: change.hash))
    }
    try restamp(fresh)
    var faulty: [(change: Workbench.Fresh, reason: String)] = []
    for change in fresh {
      if let reason = try fault(change) { faulty.append((change, reason)) }
    }
    try exclude(faulty)
    try judgeWhatWaits()
  }

  /// What came to need the centre's word later than it was accepted: behind a change that waited itself, or once its
  /// past was here.
  func judgeWhatWaits() throws {
    var judged: Set<ContentHash> = []
    while let change = try bench.waitingForTheCentre().first(where: { !judged.contains($0.hash) }) {
      judged.insert(change.hash)
      switch change.reason {
      case .fork:
        try issue(.fork(log: change.signedDot.log, sequence: change.signedDot.sequence, hash: change.hash))
      case .undecodable: try exclude([(change, "malformed")])
      default: try restamp([change])
      }
    }
  }

  private func issue(_ kind: OrderKind) throws { _ = try bench.issue(kind, time: time, key: key) }

  // MARK: Clocks

  /// From the first change that a wrong clock stamped, to the last that is held.
  private func restamp(_ fresh: [Workbench.Fresh]) throws {
    guard let first = fresh.first(where: { isWrong($0.header) }), let last = fresh.last else { return }
    let log = bench.line(of: first) ?? first.signedDot.log
    let range = HeaderRange(
      log: log, from: first.signedDot.sequence, fromHash: first.hash, to: last.signedDot.sequence, toHash: last.hash)
    try issue(.restamp(range, at: Stamp(milliseconds: time), reason: "clock"))
  }

  /// More than 24 h ahead of the centre, or more than 5 min before the order the header names. Merely old is not wrong.
  private func isWrong(_ header: Header) -> Bool {
    let stamp = header.stamp.milliseconds
    if stamp > time &+ ClockLimits.ahead { return true }
    guard let named = bench.orderBook.order(named: header.order) else { return false }
    return stamp &+ ClockLimits.tolerance < named.time
  }

  // MARK: Faults

  /// The reason code of a change that must not count; nil when it is sound.
  private func fault(_ change: Workbench.Fresh) throws -> String? {
    if case .undecodable? = change.reason { return "malformed" }
    if change.header.bytes.count + Int(clamping: change.header.payloadLength) > Limits.change { return "limit" }
    if change.header.payloadLength > UInt64(Limits.value), try bench.hasOversizedValue(change) { return "limit" }
    return try isWithinRights(change) ? nil : "rights"
  }

  /// A period counts when it meets the interval from the order the header names to now.
  ///
  /// A centre whose clock has gone back signs orders earlier than their predecessors: what a header names is then no
  /// earlier than any order before it, so that a grant never begins after the change that rests on it.
  private func isWithinRights(_ change: Workbench.Fresh) throws -> Bool {
    let mark = change.header.order
    let start = min(bench.orderBook.order(named: mark)?.time ?? 0, time)
    let end = max(bench.orderBook.standing.lazy.prefix { $0.mark <= mark }.map(\.time).max() ?? 0, time)
    let periods = bench.periods(of: change.device, scope: change.header.scope).filter { period in
      period.from <= end && (period.until ?? .max) >= start
    }
    if periods.contains(where: { $0.rights.isSuperset(of: [.append, .correct, .void]) }) { return true }
    guard periods.contains(where: { $0.rights.contains(.append) }) else { return false }
    let needed = try bench.rightsNeeded(change)
    return periods.contains { $0.rights.isSuperset(of: needed) }
  }

  /// One order a stretch of consecutive faults with the same reason.
  private func exclude(_ faulty: [(change: Workbench.Fresh, reason: String)]) throws {
    var i = 0
    while i < faulty.count {
      var end = i
      while end + 1 < faulty.count, faulty[end + 1].reason == faulty[i].reason,
        faulty[end + 1].change.signedDot.log == faulty[i].change.signedDot.log,
        faulty[end + 1].change.signedDot.sequence == faulty[end].change.signedDot.sequence + 1
      {
        end += 1
      }
      let first = faulty[i].change
      let last = faulty[end].change
      let range = HeaderRange(
        log: bench.line(of: first) ?? first.signedDot.log, from: first.signedDot.sequence, fromHash: first.hash,
        to: last.signedDot.sequence, toHash: last.hash)
      try issue(.exclude(range, reason: faulty[i].reason))
      i = end + 1
    }
  }
}
