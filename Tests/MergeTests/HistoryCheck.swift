import Merge

/// What must hold at the end of every random history, and at some moments before.
struct HistoryCheck {
  private var fleet: Fleet
  private var random: SplitMix64
  private var ending = FleetEnding(remaining: [], hasLosses: false, trustedTime: 0)

  private init(seed: UInt64, style: Fleet.Style) {
    fleet = Fleet(seed: seed, style: style)
    random = SplitMix64(seed: seed ^ 0x5EED)
  }

  /// What is wrong with a history, told so that it can be looked into; nil when nothing is.
  static func failure(seed: UInt64, style: Fleet.Style) -> String? {
    var check = HistoryCheck(seed: seed, style: style)
    return check.run().map { problem in
      """
      \(problem)
      Replay: CIRCUIT_SEED=\(seed) swift test --filter RandomHistoriesTests/\(style.name)
      \(check.fleet.story)
      """
    }
  }

  private mutating func run() -> String? {
    if !fleet.style.hasOrders, let problem = HonestWriters.problem(in: fleet.changes) { return problem }
    if let problem = midway() { return problem }
    ending = fleet.end()
    let changes = ending.remaining.map { fleet.changes[$0] }
    let expected = model(of: changes)
    if !mayWait, let hash = expected.waits.sorted().first {
      return
        "\(name(hash)) waits at the end: \(fleet.replicas[0].ledger.waiting[hash].map { "\($0)" } ?? "by the model")"
    }
    for number in fleet.replicas.indices where !fleet.replicas[number].isBurnt {
      if let problem = complete(number, expected) { return problem }
    }
    for round in 0..<2 {
      if let problem = shuffled(round, changes, expected) { return problem }
    }
    return nil
  }

  /// Whether something may wait for ever: what was never written, a second header without its fork order, the chain
  /// of a branch that burnt, a change that turned up after all judging.
  private var mayWait: Bool {
    fleet.hasBogusContexts || fleet.withholdsForks || !ending.found.isEmpty
      || (ending.hasLosses && !fleet.copiedLogs.isEmpty)
  }

  private func model(of changes: [LedgerChange], receipted: Set<ContentHash> = []) -> Model {
    Model(
      changes: changes, orders: fleet.orders, receipted: receipted.union(fleet.receipts),
      trustedTime: ending.trustedTime)
  }

  // MARK: Moments

  /// Some replica in the middle of things is what the design says of what it holds.
  private mutating func midway() -> String? {
    let number = random.below(fleet.replicas.count)
    let replica = fleet.replicas[number]
    if !hasLostRedaction(replica.ledger) {
      let model = Model(
        changes: replica.holds.map { fleet.changes[$0] }, orders: unique(replica.orders), receipted: replica.receipts,
        trustedTime: replica.ledger.trustedTime)
      if let problem = difference(replica.ledger, model) { return "replica \(number) midway: \(problem)" }
    }
    return rebuilt(replica.ledger).map { "replica \(number) midway: \($0)" }
  }

  /// A lost redaction stays done where it was done, which no function of what is held can know.
  private func hasLostRedaction(_ ledger: Ledger) -> Bool {
    ledger.book.lost.contains { order in
      if case .redact = order.kind { return true }
      return false
    }
  }

  private func unique(_ orders: [Order]) -> [Order] {
    var seen: Set<ContentHash> = []
    return orders.filter { seen.insert($0.hash).inserted }
  }

  /// A replica that lived through the history gets what it lacks.
  private mutating func complete(_ number: Int, _ expected: Model) -> String? {
    var replica = fleet.replicas[number]
    let lacking = ending.remaining.filter { !replica.heldSet.contains($0) }
    var arrivals = lacking.map { Arrival.change(fleet.changes[$0]) } + fleet.orders.map(Arrival.order)
    arrivals += fleet.receipts.map(Arrival.receipt) + [.time(ending.trustedTime)]
    arrivals.shuffle(using: &random)
    var held = replica.holds.map { fleet.changes[$0] }
    for arrival in arrivals {
      replica.ledger.receive(arrival)
      if case .change(let change) = arrival { held.append(change) }
    }
    // Its own changes it applied whatever their stamp.
    let model = expected.waits.isEmpty ? expected : model(of: held, receipted: replica.receipts)
    return difference(replica.ledger, model).map { "replica \(number) at the end: \($0)" }
  }

  /// A new replica gets all of it in any order, some of it twice, and runs anew now and then.
  private mutating func shuffled(_ round: Int, _ changes: [LedgerChange], _ expected: Model) -> String? {
    var arrivals = changes.map(Arrival.change) + fleet.orders.map(Arrival.order)
    arrivals += fleet.receipts.map(Arrival.receipt) + [.time(ending.trustedTime)]
    if round == 1 { arrivals += arrivals.filter { _ in random.chance(30) } }
    arrivals.shuffle(using: &random)
    let moment = random.below(arrivals.count)
    var ledger = Ledger(trustedTime: Fleet.farPast, digestOf: StandIn.digest)
    var held: [LedgerChange] = []
    var orders: [Order] = []
    var receipts: Set<ContentHash> = []
    var seen: Set<ContentHash> = []
    for (count, arrival) in arrivals.enumerated() {
      ledger.receive(arrival)
      switch arrival {
      case .change(let change): if seen.insert(change.hash).inserted { held.append(change) }
      case .order(let order): orders.append(order)
      case .receipt(let hash): receipts.insert(hash)
      case .time: break
      }
      if count == moment {
        let model = Model(
          changes: held, orders: unique(orders), receipted: receipts, trustedTime: ledger.trustedTime)
        if let problem = (hasLostRedaction(ledger) ? nil : difference(ledger, model)) ?? rebuilt(ledger) {
          return "round \(round) after \(count + 1) arrivals: \(problem)"
        }
        if round == 1 { ledger.rebuild() }
      }
    }
    let model = expected.waits.isEmpty ? expected : model(of: held)
    return (difference(ledger, model) ?? rebuilt(ledger)).map { "round \(round): \($0)" }
  }

  // MARK: Comparing

  private func difference(_ ledger: Ledger, _ model: Model) -> String? {
    let found = Picture(of: ledger)
    let expected = model.picture
    if ledger.waits != model.waits {
      let more = ledger.waits.subtracting(model.waits).sorted().map {
        "\(name($0)) \(ledger.waiting[$0].map { "\($0)" } ?? "")"
      }
      return "waits \(more), should wait \(model.waits.subtracting(ledger.waits).sorted().map(name))"
    }
    if let wrong = model.changes.first(where: { ledger.isExcluded($0.hash) != model.excluded.contains($0.hash) }) {
      return "\(name(wrong.hash)) is \(ledger.isExcluded(wrong.hash) ? "" : "not ")excluded"
    }
    if found != expected || found.bytes != expected.bytes { return "has\n\(found)\nand should have\n\(expected)" }
    return nil
  }

  private func rebuilt(_ ledger: Ledger) -> String? {
    var rebuilt = ledger
    rebuilt.rebuild()
    if rebuilt.waiting != ledger.waiting { return "waits otherwise after a rebuild" }
    if rebuilt.heads != ledger.heads { return "has other heads after a rebuild" }
    if Picture(of: rebuilt) != Picture(of: ledger) {
      return "has\n\(Picture(of: ledger))\nand after a rebuild\n\(Picture(of: rebuilt))"
    }
    return nil
  }

  private func name(_ hash: ContentHash) -> String { fleet.indexes[hash].map { "change \($0)" } ?? hash.hex }
}

extension Fleet {
  /// The history, for whoever looks into a failure.
  var story: String {
    var lines: [String] = []
    for (index, change) in changes.enumerated() {
      let writes = change.writes?.map { "\($0.cell.record.low).\($0.cell.column)\($0.decides ? "!" : "")=\($0.value)" }
      lines.append(
        "change \(index): \(short(change.dot)) \(change.hash.hex.prefix(6)) after \(change.previous.hex.prefix(6)) "
          + "device \(change.device.low) at \(change.stamp.milliseconds).\(change.stamp.counter) "
          + "order \(change.order.epoch)/\(change.order.number) on \(change.context.base) sees "
          + "\(change.context.entries.map(short)) writes \(writes?.joined(separator: " ") ?? "nothing readable")")
    }
    for order in orders {
      lines.append(
        "order \(order.mark.epoch)/\(order.mark.number) \(order.hash.hex.prefix(6)) after "
          + "\(order.previous.hex.prefix(6)): \(order.kind)")
    }
    return lines.joined(separator: "\n")
  }
}
