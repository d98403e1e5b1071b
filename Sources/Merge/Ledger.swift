/// One scope's changes and orders merged in memory: the reference for every other store of them.
///
/// The state is a function of the changes and the orders held; only which of two headers of one dot counts before a
/// `fork` order tells, and what trusted time has once let through, depends on what came first. It is worked out in four
/// steps, each of which knows nothing of the next:
///
/// 1. *Place*: the dot of every held header under the log id that counts, from the hash chain and the `fork` orders.
/// 2. *Exclude*: which placed headers the orders exclude.
/// 3. *Account*: a change is applied when its whole past is applied or excluded; else it waits.
/// 4. *Merge*: S of each cell from what is applied.
///
/// A change or an order that only adds to a step is taken in place; one that could alter what a step has already said
/// makes all four run anew (``rebuild()``).
public struct Ledger: Sendable {
  public internal(set) var book = OrderBook()
  public internal(set) var cells: [CellKey: CellState] = [:]
  /// By header hash.
  public internal(set) var waiting: [ContentHash: WaitReason] = [:]

  /// Trusted time in milliseconds; changes stamped more than 24 h ahead of it wait.
  ///
  /// Lowering it takes nothing back: what has been applied stays applied.
  public var trustedTime: UInt64 {
    didSet { if trustedTime > oldValue { settle() } }
  }

  var held: [ContentHash: LedgerChange] = [:]
  /// Held changes in the order of their arrival.
  var arrivals: [ContentHash] = []
  /// Held changes by the hash of the header before them, in the order of their arrival.
  var followers: [ContentHash: [ContentHash]] = [:]
  var receipted: Set<ContentHash> = []
  /// Changes that trusted time has let through.
  var timely: Set<ContentHash> = []

  var placed: [ContentHash: Placed] = [:]
  var lines: [LogID: Line] = [:]
  /// Changes placed in a log although the header before them is not held.
  var adrift: Set<ContentHash> = []
  /// Changes whose context names an excluded header that is not held, which no digest has confirmed.
  var presumed: Set<ContentHash> = []
  /// Held changes that wait, and excluded ones whose context is not understood yet, in the order of their arrival.
  var pending: [ContentHash] = []
  var writers: [CellKey: [ContentHash]] = [:]
  let digestOf: @Sendable ([ContentHash]) -> Identifier

  struct Placed: Sendable {
    enum State: Sendable { case waiting, applied, excluded }

    var dot: Dot
    var state: State
    /// What it sees, itself not included; nil until that is known.
    var vector: VersionVector?
  }

  struct Line: Sendable {
    /// For a branch the last dot it shares with the log it left.
    var fork: Dot?
    var device: DeviceID
    /// Held headers by sequence.
    var hashes: [UInt64: ContentHash] = [:]
    /// All held headers of the log up to here are applied or excluded, without gap.
    var accounted: UInt64
  }

  /// - Parameters:
  ///   - trustedTime: milliseconds; what is stamped further ahead waits.
  ///   - digestOf: the first 16 bytes of the SHA-256 over header hashes, as contexts use it.
  public init(trustedTime: UInt64, digestOf: @escaping @Sendable ([ContentHash]) -> Identifier) {
    self.trustedTime = trustedTime
    self.digestOf = digestOf
  }

  // MARK: Arrival

  /// Takes a change in any order and any number of times.
  public mutating func receive(_ change: LedgerChange) {
    guard held[change.hash] == nil else { return }
    held[change.hash] = change
    for redaction in book.redactions(of: change.hash) { redact(change.hash, redaction.positions) }
    arrivals.append(change.hash)
    pending.append(change.hash)
    followers[change.previous, default: []].append(change.hash)
    if place(from: change.hash) { settle() } else { rebuild() }
  }

  /// Takes an order in any order and any number of times.
  public mutating func receive(_ order: Order) {
    let effect = book.add(order)
    if effect.effective.isEmpty { return }
    for case .redact(_, _, let hash, let positions, _) in effect.effective.map(\.kind) { redact(hash, positions) }
    if effect.dropped || effect.effective.contains(where: { altersPlaces($0) }) {
      rebuild()
    } else {
      for order in effect.effective { touch(order) }
      settle()
    }
  }

  /// A receipt of any epoch ends the wait for time.
  public mutating func receiveReceipt(of hash: ContentHash) {
    receipted.insert(hash)
    settle()
  }

  /// Everything anew from the changes and orders held.
  public mutating func rebuild() {
    cells = [:]
    waiting = [:]
    placed = [:]
    lines = [:]
    adrift = []
    presumed = []
    writers = [:]
    pending = arrivals
    placeAll()
    settle()
  }

  // MARK: What is held

  /// The dot under the log id that counts; nil while the change waits.
  public func dot(of hash: ContentHash) -> Dot? {
    guard let place = placed[hash], place.state != .waiting else { return nil }
    return place.dot
  }

  /// What a change sees, itself not included; nil while it waits or its context is not understood.
  public func vector(of hash: ContentHash) -> VersionVector? { placed[hash]?.vector }

  public func isExcluded(_ hash: ContentHash) -> Bool { placed[hash]?.state == .excluded }

  /// For every log the last held and accounted sequence: the context a change made now would carry.
  public var heads: VersionVector {
    var heads = VersionVector()
    for (log, line) in lines where line.fork.map({ isAccounted($0) }) ?? true {
      let beyond = line.hashes.keys.filter { $0 > line.accounted && isAccounted(Dot(log, $0)) }.max()
      let last = beyond ?? line.accounted
      if last > line.fork?.sequence ?? 0 { heads.include(Dot(log, last)) }
    }
    return heads
  }

  /// Whether the change at the first dot sees the second.
  public func sees(_ viewer: Dot, _ dot: Dot) -> Bool {
    guard let hash = hash(of: viewer), let vector = placed[hash]?.vector else { return false }
    return vector.covers(dot)
  }

  /// The write that is shown; nil when S is empty.
  public func shown(_ cell: CellKey) -> CellWrite? {
    cells[cell]?.shown(rule: MergeRule(column: cell.column), sees: { sees($0, $1) })
  }
}
