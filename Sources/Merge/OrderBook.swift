/// The court's order log as held: which orders stand, and what they say of a header (design §2, §3).
///
/// Orders take effect in number order without gaps. Which of the held orders stand is a function of what is held, in
/// whatever order it came: the chain, whole from number 1, that ends at the greatest (epoch, number). A new epoch
/// thereby drops the old orders after the one it stands on.
public struct OrderBook: Sendable {
  /// In number order, without gaps from 1.
  public private(set) var standing: [Order] = []
  /// Held orders that do not stand, as they came.
  private var aside: [Order] = []

  private var held: [ContentHash: Order] = [:]
  /// Held orders by the hash of the order before them.
  private var followers: [ContentHash: [ContentHash]] = [:]
  /// Held orders whose chain is held down to number 1.
  private var chained: Set<ContentHash> = []

  private var ranges: [RangeOrder] = []
  private var revocations: [(device: DeviceID, stands: [LogID: OrderKind.Standing], number: UInt64)] = []
  private var forkOrders: [ContentHash: UInt64] = [:]
  private var redactions: [ContentHash: [Redaction]] = [:]
  /// Headers whose place in their chains says how far an order reaches.
  private var landmarks: Set<ContentHash> = []

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
    /// Whether orders that had been in effect stand no longer.
    public var dropped = false
  }

  /// Orders that stand no longer, or never will; kept and offered, without effect.
  public var lost: [Order] { aside.filter { $0.mark <= newest } }
  /// Orders whose predecessor is not here yet.
  public var early: [Order] { aside.filter { $0.mark > newest } }

  /// Takes an order whose signature has been checked. One already held changes nothing.
  public mutating func add(_ order: Order) -> Effect {
    guard held[order.hash] == nil else { return Effect() }
    held[order.hash] = order
    aside.append(order)
    followers[order.previous, default: []].append(order.hash)
    guard isLinked(order) else { return Effect() }
    var linked = [order]
    var i = 0
    while i < linked.count {
      chained.insert(linked[i].hash)
      linked += (followers[linked[i].hash] ?? []).compactMap { held[$0] }.filter(isLinked)
      i += 1
    }
    guard let tip = linked.max(by: { $0.yields(to: $1) }), standing.last?.yields(to: tip) ?? true else {
      return Effect()
    }
    return stand(upTo: tip)
  }

  /// Whether an order continues a held chain as a court's order log may go on.
  private func isLinked(_ order: Order) -> Bool {
    if order.mark.number == 1 { return order.previous == .zero }
    guard chained.contains(order.previous), let before = held[order.previous],
      order.mark.number == before.mark.number + 1
    else { return false }
    if order.mark.epoch == before.mark.epoch { return true }
    guard order.mark.epoch > before.mark.epoch, case .epoch(let stands) = order.kind else { return false }
    return stands == before.mark.number
  }

  private mutating func stand(upTo tip: Order) -> Effect {
    var chain = [tip]
    while let last = chain.last, last.mark.number > 1, hash(ofNumber: last.mark.number - 1) != last.previous,
      let before = held[last.previous]
    {
      chain.append(before)
    }
    chain.reverse()
    let kept = Int(chain[0].mark.number) - 1
    let dropped = standing[kept...]
    aside.removeAll { order in chain.contains { $0.hash == order.hash } }
    aside += dropped
    standing.replaceSubrange(kept..., with: chain)
    if dropped.isEmpty {
      for order in chain { take(order) }
    } else {
      rederive()
    }
    return Effect(effective: chain, dropped: !dropped.isEmpty)
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
    landmarks = []
    for order in standing { take(order) }
  }

  private mutating func take(_ order: Order) {
    let number = order.mark.number
    switch order.kind {
    case .exclude(let range, _): take(RangeOrder(range: range, number: number, stamp: nil))
    case .restamp(let range, let at, _): take(RangeOrder(range: range, number: number, stamp: at))
    case .revoke(let device, let stands):
      revocations.append((device, stands, number))
      for last in stands.values { landmarks.insert(last.hash) }
    case .fork(_, _, let hash):
      if forkOrders[hash] == nil { forkOrders[hash] = number }
    case .redact(_, _, let hash, let positions, let payloadHash):
      redactions[hash, default: []].append(
        Redaction(positions: positions, payloadHash: payloadHash, number: number))
    case .grant, .time, .epoch: break
    }
  }

  private mutating func take(_ order: RangeOrder) {
    ranges.append(order)
    if let hash = order.range.toHash { landmarks.insert(hash) }
  }

  /// Whether no order says anything of headers: the common case, told cheaply.
  public var touchesNoHeader: Bool { ranges.isEmpty && revocations.isEmpty && forkOrders.isEmpty && redactions.isEmpty }

  /// Whether a `fork` names this hash as a branch's first header.
  public func isBranchStart(_ hash: ContentHash) -> Bool { forkOrders[hash] != nil }
  public var branchStarts: Set<ContentHash> { Set(forkOrders.keys) }

  /// Whether holding this header can change which *other* held headers an order excludes or restamps: it ends a range,
  /// stands under a revocation, or starts a branch. Whoever keeps what orders say beside headers derives it anew then.
  public func isLandmark(_ hash: ContentHash) -> Bool {
    landmarks.contains(hash) || (forkOrders[hash] != nil && !(ranges.isEmpty && revocations.isEmpty))
  }

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

  /// For a header that is not held: the last sequence of its log through which headers not held are excluded from there
  /// on (.max: all of them); nil when it is not excluded itself. Parameters as for ``exclusion(of:device:in:)``.
  public func unheldExclusion(from dot: Dot, device: DeviceID?, in chain: some HeaderChain) -> UInt64? {
    var end: UInt64?
    for entry in ranges where entry.stamp == nil && covers(entry.range, dot, in: chain) {
      end = max(end ?? 0, entry.range.fromHash == nil ? .max : entry.range.to ?? .max)
    }
    if let device, revocations.contains(where: { $0.device == device && !stands(dot, $0.stands, in: chain) }) {
      end = .max
    }
    return end
  }

  /// Whether an `exclude` of a past that nobody holds covers a dot: a context that names it is taken as written.
  public func excludesUnheldPast(_ dot: Dot) -> Bool {
    unheldPastStart(of: dot.log).map { dot.sequence >= $0 } ?? false
  }

  /// The first sequence of a log that an `exclude` of a past nobody holds covers, with all that follow; nil for none.
  public func unheldPastStart(of log: LogID) -> UInt64? {
    ranges.lazy.filter { $0.stamp == nil && $0.range.fromHash == nil && $0.range.log == log }.map(\.range.from).min()
  }

  /// The stamp the last `restamp` of a header gives it; nil when none does.
  public func restamp(of dot: Dot, in chain: some HeaderChain) -> Stamp? {
    // Ranges stand in number order, so the last one counts.
    ranges.last { $0.stamp != nil && covers($0.range, dot, in: chain) }?.stamp
  }
}
