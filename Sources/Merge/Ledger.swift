/// The key of a cell within a scope.
public struct CellKey: Hashable, Comparable, Sendable {
  public var table: UInt32
  public var record: RecordID
  public var column: UInt32

  public init(table: UInt32, record: RecordID, column: UInt32) {
    self.table = table
    self.record = record
    self.column = column
  }

  public static func < (a: CellKey, b: CellKey) -> Bool {
    if a.table != b.table { return a.table < b.table }
    if a.record != b.record { return a.record < b.record }
    return a.column < b.column
  }
}

/// A change as the merge sees it: who, after what, and what it wrote.
public struct LedgerChange: Sendable {
  /// The log and sequence inside the header; a branch's headers keep the old log id.
  public var dot: Dot
  public var device: DeviceID
  public var hash: ContentHash
  public var previous: ContentHash
  public var stamp: Stamp
  /// The newest order its author had seen.
  public var order: OrderMark
  public var context: ContextDelta
  /// Nil: a payload that does not decode.
  public var writes: [CellKeyedWrite]?

  public struct CellKeyedWrite: Sendable {
    public var cell: CellKey
    public var value: Value
    public var decides: Bool
    public init(cell: CellKey, value: Value, decides: Bool) {
      self.cell = cell
      self.value = value
      self.decides = decides
    }
  }

  public init(
    dot: Dot, device: DeviceID, hash: ContentHash, previous: ContentHash, stamp: Stamp, order: OrderMark,
    context: ContextDelta, writes: [CellKeyedWrite]?
  ) {
    self.dot = dot
    self.device = device
    self.hash = hash
    self.previous = previous
    self.stamp = stamp
    self.order = order
    self.context = context
    self.writes = writes
  }
}

/// Why a change waits (design §3): the only thing a replica decides for itself.
public enum WaitReason: Hashable, Sendable {
  case past(Dot)
  case order(OrderMark)
  case fork
  case undecodable
  case mustUnderstand(UInt64)
  case time
}

/// One scope's changes and orders merged in memory: the reference for every other store of them.
///
/// The state is a function of the changes and the orders held. Changes are applied as their past arrives; an order that
/// touches applied changes re-derives the cells they wrote.
public struct Ledger: Sendable {
  public private(set) var book = OrderBook()
  public private(set) var cells: [CellKey: CellState] = [:]
  /// By header hash.
  public private(set) var waiting: [ContentHash: WaitReason] = [:]

  /// Trusted time in milliseconds; changes stamped more than 24 h ahead of it wait.
  public var trustedTime: UInt64 {
    didSet { if trustedTime > oldValue { retry() } }
  }

  private var held: [ContentHash: LedgerChange] = [:]
  /// Held changes in the order of their arrival.
  private var arrivals: [ContentHash] = []
  private var placed: [ContentHash: Placed] = [:]
  private var lines: [LogID: Line] = [:]
  private var excluded: Set<ContentHash> = []
  private var receipted: Set<ContentHash> = []
  private var writers: [CellKey: [ContentHash]] = [:]
  private let digestOf: @Sendable ([ContentHash]) -> Identifier

  private struct Placed: Sendable {
    var dot: Dot
    var vector: VersionVector
  }

  private struct Line: Sendable {
    var fork: Dot?
    var device: DeviceID
    var hashes: [UInt64: ContentHash] = [:]
    var tip: UInt64 = 0
  }

  /// - Parameter digestOf: the first 16 bytes of the SHA-256 over header hashes, as contexts use it.
  public init(trustedTime: UInt64, digestOf: @escaping @Sendable ([ContentHash]) -> Identifier) {
    self.trustedTime = trustedTime
    self.digestOf = digestOf
  }

  // MARK: Arrival

  /// Takes a change in any order and any number of times.
  public mutating func receive(_ change: LedgerChange) {
    guard held[change.hash] == nil else { return }
    held[change.hash] = change
    arrivals.append(change.hash)
    waiting[change.hash] = .past(change.dot)
    retry()
  }

  /// Takes an order in any order and any number of times.
  public mutating func receive(_ order: Order) {
    let effect = book.add(order)
    if effect.dropped || effect.effective.contains(where: { needsRebuild($0) }) {
      rebuild()
      return
    }
    for order in effect.effective { touch(order) }
    retry()
  }

  /// A receipt of any epoch ends the wait for time.
  public mutating func receiveReceipt(of hash: ContentHash) {
    receipted.insert(hash)
    retry()
  }

  // MARK: What is held

  /// The dot under the log id that counts; nil while the change waits.
  public func dot(of hash: ContentHash) -> Dot? { placed[hash]?.dot }
  public func vector(of hash: ContentHash) -> VersionVector? { placed[hash]?.vector }
  public func isExcluded(_ hash: ContentHash) -> Bool { excluded.contains(hash) }

  /// For every log the last held and accounted sequence: the context a change made now would carry.
  public var heads: VersionVector { VersionVector(lines.mapValues(\.tip)) }

  /// Whether the change at the first dot sees the second.
  public func sees(_ viewer: Dot, _ dot: Dot) -> Bool {
    guard let hash = hash(of: viewer), let place = placed[hash] else { return false }
    return place.vector.covers(dot)
  }

  public func shown(_ cell: CellKey) -> CellWrite? {
    cells[cell]?.shown(rule: MergeRule(column: cell.column), sees: sees)
  }

  // MARK: Applying

  private mutating func retry() {
    var progress = true
    while progress {
      progress = false
      for hash in arrivals where waiting[hash] != nil {
        guard let change = held[hash] else { continue }
        if let reason = attempt(change) {
          waiting[hash] = reason
        } else {
          waiting[hash] = nil
          progress = true
        }
      }
    }
  }

  /// Applies a change if nothing holds it back; else says what does.
  private mutating func attempt(_ change: LedgerChange) -> WaitReason? {
    guard book.knows(change.order) else { return .order(change.order) }
    let line: LogID
    var base = VersionVector()
    if book.isBranchStart(change.hash) {
      line = change.hash.prefix
      guard change.dot.sequence > 1 else { return openBranch(change, at: line, leaving: nil, vector: base) }
      guard let before = placed[change.previous] else { return .past(Dot(change.dot.log, change.dot.sequence - 1)) }
      base = before.vector
      base.include(before.dot, in: self)
      return openBranch(change, at: line, leaving: before.dot, vector: base)
    }
    if change.dot.sequence == 1 {
      line = change.dot.log
    } else if let before = placed[change.previous] {
      line = before.dot.log
      base = before.vector
      base.include(before.dot, in: self)
    } else {
      // Of an excluded past that nobody holds the chain is taken as written.
      let log = change.dot.log
      guard book.excludesUnheldPast(Dot(log, change.dot.sequence - 1)) else {
        return .past(Dot(log, change.dot.sequence - 1))
      }
      line = log
      base = VersionVector([log: change.dot.sequence - 1])
    }
    if lines[line]?.hashes[change.dot.sequence] != nil { return .fork }
    return place(change, at: Dot(line, change.dot.sequence), base: base)
  }

  private mutating func openBranch(
    _ change: LedgerChange, at line: LogID, leaving fork: Dot?, vector: VersionVector
  ) -> WaitReason? {
    let fresh = lines[line] == nil
    if fresh {
      lines[line] = Line(fork: fork, device: change.device)
      lines[line]?.tip = fork?.sequence ?? 0
    }
    let reason = place(change, at: Dot(line, change.dot.sequence), base: vector)
    if reason != nil && fresh { lines[line] = nil }
    return reason
  }

  private mutating func place(_ change: LedgerChange, at dot: Dot, base: VersionVector) -> WaitReason? {
    let isExcluded = book.exclusion(of: dot, device: change.device, in: Probe(self, change.hash, at: dot)) != nil
    var vector = base
    if !isExcluded || lines[dot.log] != nil || dot.sequence == 1 {
      if case .change(let start) = change.context.base {
        guard let hash = hash(of: resolve(start)), let place = placed[hash] else {
          if !isExcluded { return .past(start) }
          return settle(change, at: dot, vector: vector, isExcluded: true)
        }
        vector.formUnion(place.vector)
        vector.include(place.dot, in: self)
      }
      switch change.context.resolve(in: self, digestOf: digestOf) {
      case .seen(let seen): vector.formUnion(seen)
      case .missing(let dot): if !isExcluded { return .past(dot) }
      }
    }
    if !isExcluded {
      guard change.writes != nil else { return .undecodable }
      let restamped = book.restamp(of: dot, in: Probe(self, change.hash, at: dot)) != nil
      if !restamped, !receipted.contains(change.hash),
        change.stamp.milliseconds > trustedTime &+ ClockLimits.ahead
      {
        return .time
      }
    }
    return settle(change, at: dot, vector: vector, isExcluded: isExcluded)
  }

  private mutating func settle(
    _ change: LedgerChange, at dot: Dot, vector: VersionVector, isExcluded: Bool
  ) -> WaitReason? {
    if lines[dot.log] == nil { lines[dot.log] = Line(fork: nil, device: change.device) }
    lines[dot.log]?.hashes[dot.sequence] = change.hash
    let tip = lines[dot.log]?.tip ?? 0
    lines[dot.log]?.tip = max(tip, dot.sequence)
    placed[change.hash] = Placed(dot: dot, vector: vector)
    for write in change.writes ?? [] { writers[write.cell, default: []].append(change.hash) }
    if isExcluded {
      excluded.insert(change.hash)
    } else {
      for (position, write) in (change.writes ?? []).enumerated() {
        var state = cells[write.cell] ?? CellState()
        state.apply(
          cellWrite(change, position, write), rule: MergeRule(column: write.cell.column), sees: vector.covers)
        cells[write.cell] = state
      }
    }
    return nil
  }

  private func cellWrite(_ change: LedgerChange, _ position: Int, _ write: LedgerChange.CellKeyedWrite) -> CellWrite {
    let dot = placed[change.hash]?.dot ?? change.dot
    let isRedacted = book.redactions(of: change.hash).contains { $0.positions.contains(UInt32(position)) }
    return CellWrite(
      dot: dot, stamp: book.restamp(of: dot, in: self) ?? change.stamp, hash: change.hash, decides: write.decides,
      value: isRedacted ? .redacted : write.value)
  }

  // MARK: Orders

  /// Orders that move changes between lines, or take effect on a line's whole meaning.
  private func needsRebuild(_ order: Order) -> Bool {
    if case .fork(_, _, let hash) = order.kind { return placed[hash] != nil }
    return false
  }

  /// Re-derives what an order touches of the applied changes.
  private mutating func touch(_ order: Order) {
    switch order.kind {
    case .exclude, .revoke:
      let fresh = placed.filter { hash, place in
        !excluded.contains(hash) && book.exclusion(of: place.dot, device: held[hash]?.device, in: self) != nil
      }.map(\.key)
      excluded.formUnion(fresh)
      rederive(fresh)
    case .restamp(let range, _, _):
      rederive(placed.filter { range.contains($1.dot.sequence) }.map(\.key))
    case .redact(_, _, let hash, _, _):
      if placed[hash] != nil { rederive([hash]) }
    case .grant, .fork, .time, .epoch: break
    }
  }

  private mutating func rederive(_ hashes: [ContentHash]) {
    for cell in Set(hashes.flatMap { held[$0]?.writes?.map(\.cell) ?? [] }) { rederive(cell) }
  }

  private mutating func rederive(_ cell: CellKey) {
    var writes: [CellWrite] = []
    for hash in writers[cell] ?? [] where !excluded.contains(hash) {
      guard let change = held[hash] else { continue }
      for (position, write) in (change.writes ?? []).enumerated() where write.cell == cell {
        writes.append(cellWrite(change, position, write))
      }
    }
    let state = CellState(of: writes, rule: MergeRule(column: cell.column), sees: sees)
    cells[cell] = state.members.isEmpty ? nil : state
  }

  /// Everything anew from the changes and orders held.
  public mutating func rebuild() {
    cells = [:]
    placed = [:]
    lines = [:]
    excluded = []
    writers = [:]
    waiting = [:]
    for hash in arrivals { waiting[hash] = .past(held[hash]?.dot ?? Dot(.zero, 0)) }
    retry()
  }
}

extension Ledger: CausalView {
  public func hash(of dot: Dot) -> ContentHash? { lines[dot.log]?.hashes[dot.sequence] }

  public func fork(of log: LogID) -> Dot? { lines[log]?.fork }

  public func lines(of log: LogID) -> [LogID] {
    var found = lines[log] == nil ? [] : [log]
    var i = 0
    while i < found.count {
      found += lines.filter { $0.value.fork?.log == found[i] && !found.contains($0.key) }.map(\.key).sorted()
      i += 1
    }
    return found
  }

  public func isAccounted(_ dot: Dot) -> Bool {
    if hash(of: dot) != nil { return true }
    return book.exclusion(of: dot, device: lines[dot.log]?.device, in: self) != nil
  }

  public func isTakenAsWritten(_ dot: Dot) -> Bool { book.excludesUnheldPast(dot) }
}
