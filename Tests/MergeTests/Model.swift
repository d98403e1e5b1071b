import Merge

/// Design §3 worked out by brute force, to compare the ledger with: no version vectors, no state kept from one
/// arrival to the next, nothing of `Merge` but its plain data. What a change sees is a set of dots, one by one.
///
/// The order of `changes` matters for one thing only: of two headers for one dot without a `fork` order, the first
/// stays.
///
/// Where the page leaves a corner open the model, like the ledger, reads it so:
/// - A dot that is excluded and not held is accounted for; what lies before it in its log is not thereby.
/// - An excluded change passes on what it saw: what builds on its context waits for that as for any past.
/// - While a header that ends a range, or stands under a revocation, is not held: the range runs along the log it
///   names, and what the log has up to there stands.
/// - From a past that nobody holds only its own log is seen, and what the last header before it saw.
struct Model {
  let changes: [LedgerChange]
  let held: [ContentHash: LedgerChange]
  let receipted: Set<ContentHash>
  let trustedTime: UInt64

  /// Orders that stand, in number order.
  let standing: [Order]
  let branchStarts: Set<ContentHash>

  /// The dot under the log id that counts, of every header whose log is known.
  var dots: [ContentHash: Dot] = [:]
  var headers: [Dot: ContentHash] = [:]
  /// For a branch the last dot it shares with the log it left.
  var forks: [LogID: Dot] = [:]
  var devices: [LogID: DeviceID] = [:]

  private(set) var excluded: Set<ContentHash> = []
  private(set) var applied: Set<ContentHash> = []
  /// What a change sees, itself not included, where that is known.
  private(set) var seen: [ContentHash: Set<Dot>] = [:]

  init(changes: [LedgerChange], orders: [Order], receipted: Set<ContentHash> = [], trustedTime: UInt64 = 1000) {
    self.changes = changes
    self.receipted = receipted
    self.trustedTime = trustedTime
    held = Dictionary(uniqueKeysWithValues: changes.map { ($0.hash, $0) })
    standing = Model.standing(of: orders)
    branchStarts = Set(
      standing.compactMap { order in
        if case .fork(_, _, let hash) = order.kind { return hash }
        return nil
      })
    placeAll()
    for change in changes where isExcludedHeld(change) { excluded.insert(change.hash) }
    account()
  }

  /// The hashes of what waits.
  var waits: Set<ContentHash> { Set(changes.map(\.hash)).subtracting(applied).subtracting(excluded) }

  // MARK: Which orders stand

  /// The whole chain with the greatest end.
  private static func standing(of orders: [Order]) -> [Order] {
    var best: [Order] = []
    for tip in orders {
      var chain = [tip]
      while let first = chain.first, first.mark.number > 1 {
        guard let before = orders.first(where: { $0.hash == first.previous }), continues(first, before) else { break }
        chain.insert(before, at: 0)
      }
      guard chain[0].mark.number == 1, chain[0].previous == .zero else { continue }
      if let last = best.last, (tip.mark, last.hash) < (last.mark, tip.hash) { continue }
      best = chain
    }
    return best
  }

  private static func continues(_ order: Order, _ before: Order) -> Bool {
    guard order.mark.number == before.mark.number + 1 else { return false }
    if case .epoch(let stands) = order.kind, order.mark.epoch > before.mark.epoch {
      return stands == before.mark.number
    }
    return order.mark.epoch == before.mark.epoch
  }

  /// A lost order counts, for waiting, as the `epoch` order that lost it.
  private func isHere(_ mark: OrderMark) -> Bool {
    mark.number == 0 || standing.contains { $0.mark == mark || $0.mark.epoch > mark.epoch }
  }

  // MARK: What is accounted for

  private mutating func account() {
    var isMoving = true
    while isMoving {
      isMoving = false
      for change in changes {
        guard let dot = dots[change.hash] else { continue }
        if seen[change.hash] == nil, let sees = sees(change, at: dot) {
          seen[change.hash] = sees
          isMoving = true
        }
        guard !excluded.contains(change.hash), !applied.contains(change.hash), let past = seen[change.hash],
          past.allSatisfy(isAccounted), isHere(change.order), change.writes != nil, isTimely(change, at: dot)
        else { continue }
        applied.insert(change.hash)
        isMoving = true
      }
    }
  }

  /// Of one dot alone.
  func isAccounted(_ dot: Dot) -> Bool {
    guard let hash = headers[dot] else { return isExcludedUnheld(dot) }
    return applied.contains(hash) || excluded.contains(hash)
  }

  private func isTimely(_ change: LedgerChange, at dot: Dot) -> Bool {
    change.stamp.milliseconds <= trustedTime + 24 * 60 * 60 * 1000 || receipted.contains(change.hash)
      || restamp(of: change) != nil
  }

  // MARK: S

  /// S, what is shown and the conflicts of all cells.
  var picture: Picture {
    var writes: [CellKey: [Picture.Member]] = [:]
    var sees: [Dot: Set<Dot>] = [:]
    for change in changes where applied.contains(change.hash) {
      guard let dot = dots[change.hash] else { continue }
      sees[dot] = seen[change.hash]
      for (position, write) in (change.writes ?? []).enumerated() {
        let value = isRedacted(change.hash, position) ? .redacted : write.value
        writes[write.cell, default: []].append(
          .init(dot: dot, stamp: restamp(of: change) ?? change.stamp, decides: write.decides, value: value))
      }
    }
    var picture = Picture()
    for key in writes.keys.sorted() {
      let all = writes[key] ?? []
      let isFirst = key.column % 2 == 1
      func seesIt(_ a: Picture.Member, _ b: Picture.Member) -> Bool { sees[a.dot]?.contains(b.dot) ?? false }
      let s = all.filter { write in !all.contains { (!isFirst || $0.decides) && seesIt($0, write) } }
        .sorted { $0.dot < $1.dot }
      let decisions = s.filter(\.decides)
      let shown: Picture.Member?
      if !decisions.isEmpty {
        shown = decisions.max(by: Model.isEarlier)
      } else if isFirst {
        shown = s.filter { write in !s.contains { seesIt(write, $0) } }.min(by: Model.isEarlier)
      } else {
        shown = s.max(by: Model.isEarlier)
      }
      let isInConflict = s.indices.contains { i in
        s.indices.contains { i < $0 && !Model.areEqual(s[i].value, s[$0].value) }
      }
      picture.cells.append(.init(key: key, members: s, shown: shown?.dot, isInConflict: isInConflict))
    }
    return picture
  }

  private static func isEarlier(_ a: Picture.Member, _ b: Picture.Member) -> Bool {
    if a.stamp.rawValue != b.stamp.rawValue { return a.stamp.rawValue < b.stamp.rawValue }
    if a.dot.log != b.dot.log { return a.dot.log.bytes.lexicographicallyPrecedes(b.dot.log.bytes) }
    return a.dot.sequence < b.dot.sequence
  }

  /// Equal as bytes; a redacted value equals no other.
  private static func areEqual(_ a: Value, _ b: Value) -> Bool {
    if case .redacted = a { return false }
    return Picture.bytes(of: a) == Picture.bytes(of: b)
  }

  private func isRedacted(_ hash: ContentHash, _ position: Int) -> Bool {
    standing.contains { order in
      guard case .redact(_, _, let named, let positions, _) = order.kind else { return false }
      return named == hash && positions.contains(UInt32(position))
    }
  }
}
