import Merge

/// All headers held, those of waiting changes too, as the rules of orders and contexts see them (design §3).
///
/// The log table knows where applied and excluded changes stand. A change that waits has its place as well: it is what
/// a second header for its dot is a branch of, and orders that name it, or a header before it, exclude it where it is.
final class HeldChain {
  /// A change in `_waiting`.
  struct Waiting {
    /// The id inside the header.
    var dot: Dot
    var previous: ContentHash
    /// Under the log id that counts; nil while its chain does not reach a held header, and for a second header of a dot.
    var place: Dot?
    /// Placed although the header before it is not held.
    var isAdrift = false
    /// For an excluded change whose context is not understood: the past that it lacks.
    var lacking: Dot?
  }

  private unowned let logs: LogTable
  private(set) var waiting: [ContentHash: Waiting] = [:]
  private var hashes: [Dot: ContentHash] = [:]
  /// Branches whose first header waits and is not in the log table yet.
  private var forks: [LogID: Dot] = [:]
  /// Waiting changes by the hash of the header before them, in the order of their arrival.
  private var followers: [ContentHash: [ContentHash]] = [:]

  init(_ logs: LogTable) { self.logs = logs }

  var book: OrderBook { logs.book }
  var isEmpty: Bool { waiting.isEmpty }

  /// Whether a header is held, in whatever state.
  func isHeld(_ hash: ContentHash, signed dot: Dot) -> Bool {
    waiting[hash] != nil || logs.placed(hash, signed: dot) != nil
  }

  /// Whether of a log something waits that was placed after a past which nobody holds.
  func hasAdrift(_ log: LogID) -> Bool {
    !waiting.isEmpty && waiting.contains { $0.value.isAdrift && $0.value.dot.log == log }
  }

  // MARK: Arrival and departure

  /// Takes many changes at once, in the order of their arrival: those whose chain is held before those of a past that
  /// nobody holds.
  func fill(_ changes: [(hash: ContentHash, waiting: Waiting)]) {
    for (hash, change) in changes { keep(hash, change) }
    for (hash, _) in changes { placeByChain(from: hash) }
    for (hash, _) in changes { placeAdrift(hash) }
  }

  /// Takes a change that has just come, and finds its place and that of all which follow it.
  ///
  /// - Returns: the changes placed now.
  @discardableResult
  func add(_ hash: ContentHash, signed dot: Dot, previous: ContentHash) -> [ContentHash] {
    keep(hash, Waiting(dot: dot, previous: previous))
    let fresh = placeByChain(from: hash)
    return fresh.isEmpty ? placeAdrift(hash) : fresh
  }

  /// Finds places anew for what had none: an order may have given them one.
  func placeAgain(in order: [ContentHash]) {
    for hash in order { placeByChain(from: hash) }
    for hash in order { placeAdrift(hash) }
  }

  /// A change has got its row, or was never kept.
  func remove(_ hash: ContentHash) {
    guard let change = waiting.removeValue(forKey: hash) else { return }
    if let place = change.place {
      hashes[place] = nil
      if forks[place.log]?.sequence == place.sequence - 1 { forks[place.log] = nil }
    }
    followers[change.previous]?.removeAll { $0 == hash }
    if followers[change.previous]?.isEmpty == true { followers[change.previous] = nil }
  }

  func setLacking(_ dot: Dot?, of hash: ContentHash) { waiting[hash]?.lacking = dot }

  private func keep(_ hash: ContentHash, _ change: Waiting) {
    guard waiting[hash] == nil else { return }
    waiting[hash] = change
    followers[change.previous, default: []].append(hash)
  }

  @discardableResult
  private func placeByChain(from hash: ContentHash) -> [ContentHash] {
    var fresh: [ContentHash] = []
    var next = [hash]
    while let hash = next.popLast() {
      guard let change = waiting[hash], change.place == nil, case .at(let dot, let fork) = place(of: hash, change)
      else {
        continue
      }
      put(hash, at: dot, fork: fork)
      fresh.append(hash)
      next += (followers[hash] ?? []).reversed()
    }
    return fresh
  }

  @discardableResult
  private func placeAdrift(_ hash: ContentHash) -> [ContentHash] {
    guard let change = waiting[hash], change.place == nil, change.dot.sequence > 1, !book.isBranchStart(hash) else {
      return []
    }
    let before = Dot(change.dot.log, change.dot.sequence - 1)
    guard book.excludesUnheldPast(before), !isHeld(change.previous, signed: before), self.hash(of: change.dot) == nil
    else { return [] }
    put(hash, at: change.dot, fork: nil)
    waiting[hash]?.isAdrift = true
    return [hash] + (followers[hash] ?? []).flatMap { placeByChain(from: $0) }
  }

  private func put(_ hash: ContentHash, at dot: Dot, fork: Dot?) {
    waiting[hash]?.place = dot
    hashes[dot] = hash
    if let fork, logs.entry(dot.log) == nil { forks[dot.log] = fork }
  }

  enum Place {
    /// In a log; `fork` is what a branch that begins here shares with the log it leaves.
    case at(Dot, fork: Dot?)
    case nowhere(WaitReason)
  }

  /// The place of a waiting change by its chain.
  func place(of hash: ContentHash, _ change: Waiting) -> Place {
    if let place = change.place { return .at(place, fork: fork(of: place.log)) }
    let sequence = change.dot.sequence
    var before: Dot?
    if sequence > 1 {
      let signed = Dot(change.dot.log, sequence - 1)
      guard let dot = dot(of: change.previous, signed: signed), dot.sequence == sequence - 1 else {
        return .nowhere(.past(signed))
      }
      before = dot
    }
    if book.isBranchStart(hash) { return .at(Dot(hash.prefix, sequence), fork: before ?? Dot(change.dot.log, 0)) }
    let dot = Dot(before?.log ?? change.dot.log, sequence)
    if let other = self.hash(of: dot), other != hash { return .nowhere(.fork) }
    return .at(dot, fork: nil)
  }

  /// Where a header stands under the log id that counts; nil when it has no place.
  func dot(of hash: ContentHash, signed dot: Dot) -> Dot? {
    if let change = waiting[hash] { return change.place }
    return logs.placed(hash, signed: dot)
  }

  /// Branches of which all waits, by id, with what they share with the log they left.
  var waitingBranches: [(branch: LogID, fork: Dot)] {
    forks.sorted { $0.key < $1.key }.map { (branch: $0.key, fork: $0.value) }
  }

  /// The last header held of a log: what waits behind its tip without a gap counts.
  func end(of log: LogID, after tip: KnownHead) -> KnownHead {
    var end = tip
    while let hash = hashes[Dot(log, end.sequence + 1)] { end = KnownHead(sequence: end.sequence + 1, hash: hash) }
    return end
  }

  /// Waiting changes that stand on a log's line up to a header which is held here; none where it is not: what the line
  /// is that far is not known.
  func waiting(upTo last: KnownHead, of log: LogID) -> [ContentHash] {
    if waiting.isEmpty || hash(of: resolve(Dot(log, last.sequence))) != last.hash { return [] }
    return waiting.filter { _, change in
      guard let place = change.place, place.sequence <= last.sequence else { return false }
      return resolve(Dot(log, place.sequence)) == place
    }.keys.sorted()
  }

  // MARK: What orders say

  /// Who writes a log; nil while nothing of it has a place: what is known of a log is what is held of it.
  func device(of log: LogID) -> DeviceID? {
    guard let entry = logs.entry(log) else { return forks[log] == nil ? nil : logs.entry(signedLog(of: log))?.device }
    if entry.tip > 0 || hashes.keys.contains(where: { $0.log == log }) { return entry.device }
    return nil
  }

  /// The lowest order that excludes what stands, or would stand, at a dot; nil for none.
  func exclusion(of dot: Dot) -> UInt64? {
    if book.touchesNoHeader { return nil }
    return book.exclusion(of: dot, device: device(of: dot.log), in: self)
  }

  func restamp(of dot: Dot) -> Stamp? { book.touchesNoHeader ? nil : book.restamp(of: dot, in: self) }

  /// The first sequence of a log's own headers that is covered by an `exclude` of a past nobody holds.
  func unheldPastStart(of log: LogID) -> UInt64? {
    book.unheldPastStart(of: log).map { max($0, (fork(of: log)?.sequence ?? 0) + 1) }
  }

  /// The first of a context's dots, in order, that is not accounted for.
  func missing(of vector: VersionVector) -> Dot? {
    if vector.entries.allSatisfy({ isAccounted(Dot($0.key, $0.value)) }) { return nil }
    return vector.sorted.first { !isAccounted($0) }
  }
}

extension HeldChain: CausalView {
  func hash(of dot: Dot) -> ContentHash? { logs.hash(of: dot) ?? hashes[dot] }

  func fork(of log: LogID) -> Dot? { logs.fork(of: log) ?? forks[log] }

  func lines(of log: LogID) -> [LogID] {
    if forks.isEmpty { return logs.lines(of: log) }
    var found = [log]
    var i = 0
    while i < found.count {
      let left = found[i]
      found += (logs.branches(of: left) + forks.filter { $0.value.log == left }.map(\.key)).sorted()
      i += 1
    }
    return found
  }

  func isAccounted(_ dot: Dot) -> Bool {
    let dot = resolve(dot)
    if let fork = fork(of: dot.log), fork.sequence > 0, !isAccounted(fork) { return false }
    let entry = logs.entry(dot.log)
    var last = entry?.accounted ?? fork(of: dot.log)?.sequence ?? 0
    while last < dot.sequence {
      let next = Dot(dot.log, last + 1)
      if let hash = hashes[next] {
        guard waiting[hash]?.lacking != nil else { return false }
        last = next.sequence
      } else if logs.hash(of: next) != nil {
        last = next.sequence
      } else {
        guard let end = book.unheldExclusion(from: next, device: device(of: dot.log), in: self) else { return false }
        last = min(end, nextHeld(after: next).map { $0 - 1 } ?? .max)
      }
    }
    return true
  }

  private func nextHeld(after dot: Dot) -> UInt64? {
    let waiting = hashes.keys.lazy.filter { $0.log == dot.log && $0.sequence > dot.sequence }.map(\.sequence).min()
    let row = logs.nextRow(after: dot)
    guard let waiting, let row else { return waiting ?? row }
    return min(waiting, row)
  }

  func isTakenAsWritten(_ dot: Dot) -> Bool { book.excludesUnheldPast(dot) }
}
