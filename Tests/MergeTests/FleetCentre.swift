import Merge

/// The centre's order log as the centre itself holds it.
struct FleetCentre {
  /// In number order; a restored centre holds less.
  var chain: [Order] = []
  /// Earlier states of the log, of which any may come back from a backup.
  var backups: [[Order]] = []
  var epoch: UInt64 = 1
}

extension Fleet {
  mutating func issue(_ kind: OrderKind) {
    var mark = centre.chain.last?.mark ?? OrderMark(epoch: centre.epoch, number: 0)
    mark.epoch = centre.epoch
    mark.number += 1
    let order = Order(
      mark: mark, previous: centre.chain.last?.hash ?? .zero, hash: StandIn.hash(from: &random),
      time: Fleet.now + mark.number * 3_600_000, kind: kind)
    centre.chain.append(order)
    centre.backups.append(centre.chain)
    orders.append(order)
    replicas[0].take(order)
  }

  /// The centre looks at what it holds and gives an order.
  mutating func judge() {
    if !withholdsForks { issueForks() }
    switch random.below(10) {
    case 0:
      issue(
        .grant(
          device: .zero, signingKey: [], agreementKey: [], label: "", scopes: [], rights: .all, from: 0, until: nil))
    case 1: issue(.time(treeSize: 0, treeHead: .zero, lowers: false))
    case 2: revoke()
    case 3..<6:
      if let range = someRange() { issue(.exclude(range, reason: "rights")) }
    case 6..<8:
      if let range = someRange() {
        issue(.restamp(range, at: Stamp(milliseconds: Fleet.now + UInt64(random.below(5)) * 1000), reason: "clock"))
      }
    default:
      guard let change = someHeldChange(), let writes = change.writes, !writes.isEmpty else { return }
      issue(
        .redact(
          log: change.dot.log, sequence: change.dot.sequence, hash: change.hash,
          positions: [UInt32(random.below(writes.count))], payloadHash: .zero))
    }
  }

  /// Every second header for a held dot becomes a branch.
  mutating func issueForks() {
    while let index = replicas[0].holds.first(where: { replicas[0].ledger.waiting[changes[$0].hash] == .fork }) {
      let change = changes[index]
      if replicas[0].ledger.book.isBranchStart(change.hash) { return }
      issue(.fork(log: change.dot.log, sequence: change.dot.sequence, hash: change.hash))
    }
  }

  private mutating func someHeldChange() -> LedgerChange? {
    let ledger = replicas[0].ledger
    let placed = replicas[0].holds.filter { ledger.dot(of: changes[$0].hash) != nil }
    return placed.isEmpty ? nil : changes[random.pick(placed)]
  }

  /// From a held change, open or to a held one that follows it; named under its own id or that inside its header.
  private mutating func someRange() -> HeaderRange? {
    guard let first = someHeldChange(), let dot = replicas[0].ledger.dot(of: first.hash) else { return nil }
    var line = dot.log
    let branches = replicas[0].ledger.lines(of: dot.log).filter {
      replicas[0].ledger.resolve(Dot($0, dot.sequence)) == dot
    }
    if random.chance(20) { line = random.pick(branches) }
    var range = HeaderRange(log: line, from: dot.sequence, fromHash: first.hash, to: nil, toHash: nil)
    if random.chance(70) {
      var last = dot.sequence
      while replicas[0].ledger.hash(of: replicas[0].ledger.resolve(Dot(line, last + 1))) != nil { last += 1 }
      let to = dot.sequence + random.next() % (last - dot.sequence + 1)
      range.to = to
      range.toHash = replicas[0].ledger.hash(of: replicas[0].ledger.resolve(Dot(line, to)))
    }
    if random.chance(20) { range.log = replicas[0].ledger.signedLog(of: line) }
    return range
  }

  /// A stolen machine: what it had written by then stands, or some of it.
  private mutating func revoke() {
    let device = replicas[1 + random.below(replicas.count - 1)].device
    guard random.chance(50) else { return }
    var stands: [LogID: OrderKind.Standing] = [:]
    let own = replicas[0].holds.map { changes[$0] }.filter {
      $0.device == device && replicas[0].ledger.dot(of: $0.hash) != nil
    }
    for log in Set(own.map(\.dot.log)).sorted() where random.chance(80) {
      let last = random.pick(own.filter { $0.dot.log == log })
      stands[log] = OrderKind.Standing(sequence: last.dot.sequence, hash: last.hash)
    }
    issue(.revoke(device: device, stands: stands))
  }

  /// The centre comes back from a backup, opens an epoch, and issues anew what clients show it.
  mutating func restore() {
    guard !centre.backups.isEmpty else { return }
    let backup = random.pick(centre.backups)
    centre.chain = Array(backup.prefix(backup.count - (random.chance(30) ? random.below(backup.count) : 0)))
    centre.epoch += 1
    issue(.epoch(stands: UInt64(centre.chain.count)))
    reissueSome(percent: 40)
  }

  mutating func reissueSome(percent: Int) {
    for kind in orders.map(\.kind) where random.chance(percent) && !centre.chain.contains(where: { $0.kind == kind }) {
      switch kind {
      case .grant, .time, .epoch: continue
      case .revoke, .exclude, .restamp, .fork, .redact: issue(kind)
      }
    }
  }
}
