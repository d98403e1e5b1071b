import Merge

/// The model's view of logs: which header has which dot, and how far orders reach along the chains.
extension Model {
  // MARK: Logs

  mutating func placeAll() {
    repeat {
      while changes.contains(where: { dots[$0.hash] == nil && place($0) }) {}
      // After a past that nobody holds the chain is taken as written, if nothing else tells.
    } while changes.contains(where: { dots[$0.hash] == nil && placeAfterUnheldPast($0) })
  }

  private mutating func place(_ change: LedgerChange) -> Bool {
    let before = dots[change.previous]
    if change.dot.sequence > 1 && before == nil { return false }
    if branchStarts.contains(change.hash) {
      let log = LogID(bytes: change.hash.bytes.prefix(16)) ?? .zero
      forks[log] = before ?? Dot(change.dot.log, 0)
      return put(change, at: Dot(log, change.dot.sequence))
    }
    // Of the headers for one dot the first stays.
    let first = changes.first {
      $0.previous == change.previous && $0.dot == change.dot && !branchStarts.contains($0.hash)
    }
    guard first?.hash == change.hash else { return false }
    return put(change, at: Dot(before?.log ?? change.dot.log, change.dot.sequence))
  }

  private mutating func placeAfterUnheldPast(_ change: LedgerChange) -> Bool {
    guard change.dot.sequence > 1, held[change.previous] == nil, !branchStarts.contains(change.hash),
      let start = unheldPastStart(of: change.dot.log), change.dot.sequence > start
    else { return false }
    return put(change, at: change.dot)
  }

  private mutating func put(_ change: LedgerChange, at dot: Dot) -> Bool {
    guard headers[dot] == nil else { return false }
    dots[change.hash] = dot
    headers[dot] = change.hash
    devices[dot.log] = change.device
    return true
  }

  /// The dot under the log that has it: a branch shares what lies before its fork.
  func owner(of dot: Dot) -> Dot {
    if let fork = forks[dot.log], dot.sequence <= fork.sequence { return owner(of: Dot(fork.log, dot.sequence)) }
    return dot
  }

  /// All dots of a log up to a sequence, what a branch shares included.
  func line(_ log: LogID, to sequence: UInt64) -> [Dot] {
    sequence == 0 ? [] : (1...sequence).map { owner(of: Dot(log, $0)) }
  }

  /// A log and what left it, and what left that.
  func family(of log: LogID) -> [LogID] {
    var logs = [log]
    var isMoving = true
    while isMoving {
      let more = forks.filter { logs.contains($0.value.log) && !logs.contains($0.key) }.map(\.key)
      logs += more
      isMoving = !more.isEmpty
    }
    return logs
  }

  private func root(of log: LogID) -> LogID { forks[log].map { root(of: $0.log) } ?? log }

  /// A header and what stands before it in its chain, as far as that is held.
  private func path(to hash: ContentHash) -> [ContentHash] {
    var path: [ContentHash] = []
    var next = hash
    while dots[next] != nil, let change = held[next] {
      path.append(next)
      next = change.previous
    }
    return path
  }

  // MARK: What orders say

  /// The first sequence of a log that an `exclude` without hash covers.
  func unheldPastStart(of log: LogID) -> UInt64? {
    standing.compactMap { order in
      guard case .exclude(let range, _) = order.kind, range.fromHash == nil, range.log == log else { return nil }
      return range.from
    }.min()
  }

  func isExcludedHeld(_ change: LedgerChange) -> Bool {
    guard let dot = dots[change.hash] else { return false }
    return standing.contains { order in
      switch order.kind {
      case .exclude(let range, _): covers(range, change.hash, at: dot)
      case .revoke(let device, let stands): device == change.device && !standsUnder(stands, change.hash, at: dot)
      default: false
      }
    }
  }

  func isExcludedUnheld(_ dot: Dot) -> Bool {
    standing.contains { order in
      switch order.kind {
      case .exclude(let range, _): coversUnheld(range, dot)
      case .revoke(let device, let stands):
        devices[dot.log] == device
          && !stands.contains { log, last in
            dots[last.hash].map { line($0.log, to: $0.sequence).contains(dot) }
              ?? (root(of: log) == root(of: dot.log) && dot.sequence <= last.sequence)
          }
      default: false
      }
    }
  }

  func restamp(of change: LedgerChange) -> Stamp? {
    guard let dot = dots[change.hash] else { return nil }
    var stamp: Stamp?
    for order in standing {
      if case .restamp(let range, let at, _) = order.kind, covers(range, change.hash, at: dot) { stamp = at }
    }
    return stamp
  }

  private func covers(_ range: HeaderRange, _ hash: ContentHash, at dot: Dot) -> Bool {
    guard let fromHash = range.fromHash else { return dot.log == range.log && dot.sequence >= range.from }
    guard dot.sequence >= range.from, dot.sequence <= range.to ?? .max else { return false }
    let path = path(to: hash)
    guard path.contains(fromHash), let first = dots[fromHash] else {
      // The chain breaks off after the range begins.
      return headers[owner(of: Dot(dot.log, range.from))] == nil && dot.log == logNamed(by: range, fromHash)
    }
    if let toHash = range.toHash, dots[toHash] != nil { return self.path(to: toHash).contains(hash) }
    let named = logNamed(by: range, fromHash)
    let log = owner(of: Dot(named, range.from)) == first ? named : first.log
    return line(log, to: dot.sequence).last == dot
  }

  private func coversUnheld(_ range: HeaderRange, _ dot: Dot) -> Bool {
    guard let fromHash = range.fromHash else { return dot.log == range.log && dot.sequence >= range.from }
    guard dot.sequence >= range.from, dot.sequence <= range.to ?? .max else { return false }
    let named = logNamed(by: range, fromHash)
    guard let held = headers[owner(of: Dot(dot.log, range.from))] else { return dot.log == named }
    // All up to a held end is held.
    guard held == fromHash, let first = dots[fromHash], range.toHash.map({ dots[$0] == nil }) ?? true else {
      return false
    }
    let log = owner(of: Dot(named, range.from)) == first ? named : first.log
    return line(log, to: dot.sequence).last == dot
  }

  /// A range whose first header begins a branch means that branch.
  private func logNamed(by range: HeaderRange, _ fromHash: ContentHash) -> LogID {
    branchStarts.contains(fromHash) ? LogID(bytes: fromHash.bytes.prefix(16)) ?? .zero : range.log
  }

  private func standsUnder(_ stands: [LogID: OrderKind.Standing], _ hash: ContentHash, at dot: Dot) -> Bool {
    stands.contains { log, last in
      if dots[last.hash] != nil { return path(to: last.hash).contains(hash) }
      return root(of: log) == root(of: dot.log) && dot.sequence < last.sequence
    }
  }
}
