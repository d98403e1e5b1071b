/// The court's order log as held: which orders stand, and what they say of a header (design §2, §3).
///
/// Orders take effect in number order without gaps; a new epoch drops the old orders after the one that stands.
public struct OrderBook: Sendable {
  /// In number order, without gaps from 1.
  public private(set) var standing: [Order] = []
  /// Orders of an ended epoch that stand no longer; kept and offered, without effect.
  public private(set) var lost: [Order] = []
  /// Orders whose predecessor is not here yet.
  public private(set) var early: [Order] = []

  private var ranges: [RangeOrder] = []
  private var revocations: [(device: DeviceID, stands: [LogID: OrderKind.Standing], number: UInt64)] = []
  private var forkOrders: [ContentHash: UInt64] = [:]
  private var redactions: [ContentHash: [Redaction]] = [:]

  public init() {}

  private struct RangeOrder: Sendable {
    var range: HeaderRange
    var number: UInt64
    /// Nil: an exclusion.
    var stamp: Stamp?
  }

  /// A `redact` order as it meets its header.
  public struct Redaction: Sendable, Equatable {
    public var positions: [UInt32]
    public var payloadHash: ContentHash
    public var number: UInt64
  }

  /// What `add` did.
  public struct Effect: Sendable {
    /// Orders that took effect now, in order.
    public var effective: [Order] = []
    /// Whether an epoch dropped orders that had been in effect.
    public var dropped = false
  }

  /// Takes an order whose signature has been checked. One already held changes nothing.
  public mutating func add(_ order: Order) -> Effect {
    guard !standing.contains(where: { $0.hash == order.hash }), !lost.contains(where: { $0.hash == order.hash }),
      !early.contains(where: { $0.hash == order.hash })
    else { return Effect() }
    early.append(order)
    var effect = Effect()
    while let index = nextReady() {
      let order = early.remove(at: index)
      if case .epoch(let stands) = order.kind, order.mark.epoch > newest.epoch {
        let keep = standing.prefix { $0.mark.number <= stands }
        let drop = standing.dropFirst(keep.count)
        if !drop.isEmpty {
          lost.append(contentsOf: drop)
          standing = Array(keep)
          effect.effective.removeAll { $0.mark.number > stands }
          effect.dropped = true
          rederive()
        }
      }
      standing.append(order)
      take(order)
      effect.effective.append(order)
    }
    let epoch = newest.epoch
    let dead = early.filter { $0.mark.epoch < epoch && $0.mark.number <= newest.number }
    if !dead.isEmpty {
      lost.append(contentsOf: dead)
      early.removeAll { order in dead.contains { $0.hash == order.hash } }
    }
    return effect
  }

  private func nextReady() -> Int? {
    if let i = early.firstIndex(where: { order in
      guard case .epoch(let stands) = order.kind, order.mark.epoch > newest.epoch else { return false }
      return order.mark.number == stands + 1 && hash(ofNumber: stands) == order.previous
    }) { return i }
    return early.firstIndex { order in
      order.mark.number == newest.number + 1 && order.previous == hash(ofNumber: newest.number)
        && (order.mark.epoch == newest.epoch || newest.number == 0)
    }
  }

  /// The hash of the standing order with a number; zeros for number 0; nil when it does not stand.
  public func hash(ofNumber number: UInt64) -> ContentHash? {
    if number == 0 { return .zero }
    guard number <= UInt64(standing.count) else { return nil }
    return standing[Int(number) - 1].hash
  }

  public var newest: OrderMark { standing.last?.mark ?? .none }

  /// The standing order that a header naming `mark` counts as naming, for clocks and periods; nil for none.
  public func order(named mark: OrderMark) -> Order? {
    guard mark.number > 0, !standing.isEmpty else { return nil }
    let last = standing.last { $0.mark <= mark } ?? standing[0]
    return last
  }

  /// Whether everything a header that names `mark` rests on is here (a lost order counts as the epoch's first).
  public func knows(_ mark: OrderMark) -> Bool {
    if mark.number == 0 { return true }
    if mark <= newest {
      return true
    }
    return false
  }

  private mutating func rederive() {
    ranges = []
    revocations = []
    forkOrders = [:]
    redactions = [:]
    for order in standing { take(order) }
  }

  private mutating func take(_ order: Order) {
    switch order.kind {
    case .exclude(let range, _): ranges.append(RangeOrder(range: range, number: order.mark.number, stamp: nil))
    case .restamp(let range, let at, _):
      ranges.append(RangeOrder(range: range, number: order.mark.number, stamp: at))
    case .revoke(let device, let stands):
      revocations.append((device, stands, order.mark.number))
    case .fork(_, _, let hash):
      if forkOrders[hash] == nil { forkOrders[hash] = order.mark.number }
    case .redact(_, _, let hash, let positions, let payloadHash):
      redactions[hash, default: []].append(
        Redaction(positions: positions, payloadHash: payloadHash, number: order.mark.number))
    case .grant, .time, .epoch: break
    }
  }

  /// Whether no order says anything of headers: the common case, told cheaply.
  public var touchesNoHeader: Bool { ranges.isEmpty && revocations.isEmpty && forkOrders.isEmpty && redactions.isEmpty }

  /// Whether a `fork` names this hash as a branch's first header.
  public func isBranchStart(_ hash: ContentHash) -> Bool { forkOrders[hash] != nil }
  public var branchStarts: Set<ContentHash> { Set(forkOrders.keys) }

  public func redactions(of hash: ContentHash) -> [Redaction] { redactions[hash] ?? [] }

  /// The lowest order that excludes a header; nil when none does.
  ///
  /// - Parameters:
  ///   - dot: under the log id that counts (a branch's own).
  ///   - device: the author, nil while unknown.
  ///   - chain: answers for header hashes and branches; a header not held has hash nil.
  public func exclusion(of dot: Dot, device: DeviceID?, in chain: some HeaderChain) -> UInt64? {
    if ranges.isEmpty && revocations.isEmpty { return nil }
    var lowest: UInt64?
    func note(_ number: UInt64) { lowest = min(lowest ?? number, number) }
    for entry in ranges where entry.stamp == nil && covers(entry.range, dot, in: chain) { note(entry.number) }
    if let device {
      for entry in revocations where entry.device == device && !stands(dot, entry.stands, in: chain) {
        note(entry.number)
      }
    }
    return lowest
  }

  /// Whether an `exclude` of a past that nobody holds covers a dot: a context that names it is taken as written.
  public func excludesUnheldPast(_ dot: Dot) -> Bool {
    ranges.contains { $0.stamp == nil && $0.range.fromHash == nil && $0.range.log == dot.log && dot.sequence >= $0.range.from }
  }

  /// The stamp the last `restamp` of a header gives it; nil when none does.
  public func restamp(of dot: Dot, in chain: some HeaderChain) -> Stamp? {
    var last: (UInt64, Stamp)?
    for entry in ranges {
      guard let stamp = entry.stamp, covers(entry.range, dot, in: chain) else { continue }
      if entry.number >= (last?.0 ?? 0) { last = (entry.number, stamp) }
    }
    return last?.1
  }

  /// Whether a range covers this header and not its twin on another branch.
  private func covers(_ range: HeaderRange, _ dot: Dot, in chain: some HeaderChain) -> Bool {
    guard range.contains(dot.sequence) else { return false }
    guard let fromHash = range.fromHash else {
      // Of a past nobody holds: every header of the named log from there on.
      return range.log == dot.log
    }
    guard range.log == dot.log || chain.signedLog(of: dot.log) == range.log else { return false }
    // The header at `from`, and at `to`, on this header's own line of descent must be the named ones.
    let line = chain.resolve(Dot(dot.log, range.from))
    guard let held = chain.hash(of: line) else {
      return range.log == dot.log
    }
    guard held == fromHash else { return false }
    if line.log != dot.log && range.to == nil && range.log != dot.log {
      // An open range that starts in the common prefix runs on along the log it names.
      return false
    }
    if let to = range.to, let toHash = range.toHash, let held = chain.hash(of: chain.resolve(Dot(dot.log, to))) {
      return held == toHash
    }
    return true
  }

  private func stands(_ dot: Dot, _ stands: [LogID: OrderKind.Standing], in chain: some HeaderChain) -> Bool {
    for (log, last) in stands {
      // The line that holds the named header: the log itself or one of its branches.
      for line in chain.lines(of: log) {
        guard chain.hash(of: chain.resolve(Dot(line, last.sequence))) == last.hash else { continue }
        var at = Dot(line, last.sequence)
        at = chain.resolve(at)
        if at.log == dot.log && dot.sequence <= at.sequence { return true }
        var log = at.log
        while let fork = chain.fork(of: log) {
          if fork.log == dot.log && dot.sequence <= fork.sequence { return true }
          log = fork.log
        }
      }
    }
    return false
  }
}
