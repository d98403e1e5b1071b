/// Where held headers belong: the log id that counts and the sequence, from the hash chain and the `fork` orders alone.
extension Ledger {
  enum Place {
    /// In a log; `fork` is what a branch that begins here shares with the log it leaves.
    case at(Dot, fork: Dot?)
    case nowhere(WaitReason)
  }

  /// Places a held change and all that follow it, and tells which of them are excluded.
  ///
  /// - Returns: false when that could alter what has been said of other changes.
  mutating func place(from hash: ContentHash) -> Bool {
    if !adrift.isEmpty { return false }
    var fresh = placeByChain(from: hash)
    if fresh.isEmpty { fresh = placeAdrift(from: hash) }
    if fresh.isEmpty { return true }
    if !presumed.isEmpty || fresh.contains(where: { book.isLandmark($0) }) { return false }
    exclude(fresh)
    return true
  }

  /// Places all held changes, those whose chain is held before those of a past that nobody holds.
  mutating func placeAll() {
    var fresh: [ContentHash] = []
    for hash in arrivals { fresh += placeByChain(from: hash) }
    for hash in arrivals { fresh += placeAdrift(from: hash) }
    exclude(fresh)
  }

  /// Places a change whose chain is held, and all that follow it.
  private mutating func placeByChain(from hash: ContentHash) -> [ContentHash] {
    var fresh: [ContentHash] = []
    var next = [hash]
    while let hash = next.popLast() {
      guard placed[hash] == nil, let change = held[hash], case .at(let dot, let fork) = place(of: change) else {
        continue
      }
      put(change, at: dot, fork: fork)
      fresh.append(hash)
      next += (followers[hash] ?? []).reversed()
    }
    return fresh
  }

  /// Places a change after an excluded past that nobody holds, whose chain is taken as written, and all that follow it.
  private mutating func placeAdrift(from hash: ContentHash) -> [ContentHash] {
    guard placed[hash] == nil, let change = held[hash], change.dot.sequence > 1, held[change.previous] == nil,
      !book.isBranchStart(hash), book.excludesUnheldPast(Dot(change.dot.log, change.dot.sequence - 1)),
      lines[change.dot.log]?.hashes[change.dot.sequence] == nil
    else { return [] }
    put(change, at: change.dot, fork: nil)
    adrift.insert(hash)
    return [hash] + (followers[hash] ?? []).flatMap { placeByChain(from: $0) }
  }

  private mutating func put(_ change: LedgerChange, at dot: Dot, fork: Dot?) {
    if lines[dot.log] == nil {
      lines[dot.log] = Line(fork: fork, device: change.device, accounted: fork?.sequence ?? 0)
    }
    lines[dot.log]?.hashes[dot.sequence] = change.hash
    placed[change.hash] = Placed(dot: dot, state: .waiting)
  }

  /// The place of a change by its chain.
  func place(of change: LedgerChange) -> Place {
    let sequence = change.dot.sequence
    var before: Dot?
    if sequence > 1 {
      guard let place = placed[change.previous]?.dot, place.sequence == sequence - 1,
        held[change.previous]?.dot.log == change.dot.log
      else { return .nowhere(.past(Dot(change.dot.log, sequence - 1))) }
      before = place
    }
    if book.isBranchStart(change.hash) {
      return .at(Dot(change.hash.prefix, sequence), fork: before ?? Dot(change.dot.log, 0))
    }
    let dot = Dot(before?.log ?? change.dot.log, sequence)
    if let other = lines[dot.log]?.hashes[sequence], other != change.hash { return .nowhere(.fork) }
    return .at(dot, fork: nil)
  }

  /// Marks those of some placed changes that an order excludes.
  ///
  /// - Returns: the cells of which an applied write is taken away.
  @discardableResult
  mutating func exclude(_ hashes: some Sequence<ContentHash>) -> Set<CellKey> {
    var touched: Set<CellKey> = []
    for hash in hashes {
      guard let place = placed[hash], place.state != .excluded,
        book.exclusion(of: place.dot, device: held[hash]?.device, in: self) != nil
      else { continue }
      if place.state == .applied { touched.formUnion(held[hash]?.writes?.map(\.cell) ?? []) }
      placed[hash]?.state = .excluded
      waiting[hash] = nil
      account(place.dot.log)
    }
    return touched
  }

  /// Moves a log's mark past headers that are applied or excluded now.
  mutating func account(_ log: LogID) {
    guard var line = lines[log] else { return }
    let before = line.accounted
    while let hash = line.hashes[line.accounted + 1], let place = placed[hash], place.state != .waiting {
      line.accounted += 1
    }
    if line.accounted != before { lines[log]?.accounted = line.accounted }
  }
}

extension Ledger: CausalView {
  public func hash(of dot: Dot) -> ContentHash? { lines[dot.log]?.hashes[dot.sequence] }

  public func fork(of log: LogID) -> Dot? { lines[log]?.fork }

  public func lines(of log: LogID) -> [LogID] {
    var found = [log]
    var i = 0
    while i < found.count {
      found += lines.filter { $0.value.fork?.log == found[i] }.map(\.key).sorted()
      i += 1
    }
    return found
  }

  public func isAccounted(_ dot: Dot) -> Bool {
    let dot = resolve(dot)
    let line = lines[dot.log]
    if let fork = line?.fork, fork.sequence > 0, !isAccounted(fork) { return false }
    var last = line?.accounted ?? 0
    while last < dot.sequence {
      let next = Dot(dot.log, last + 1)
      if let hash = line?.hashes[next.sequence] {
        guard let place = placed[hash], place.state != .waiting else { return false }
        last = next.sequence
      } else {
        guard let end = book.unheldExclusion(from: next, device: line?.device, in: self) else { return false }
        let nextHeld = line?.hashes.keys.filter { $0 > next.sequence }.min()
        last = min(end, nextHeld.map { $0 - 1 } ?? .max)
      }
    }
    return true
  }

  public func isTakenAsWritten(_ dot: Dot) -> Bool { book.excludesUnheldPast(dot) }
}
