import ChangeFormat

@testable import Merge
@testable import ReplicaStore

/// What the centre of a history says: orders of every kind, receipts, and a new epoch after a restore.
extension History {
  func issue(_ kind: OrderKind) throws {
    let order = try court.issue(kind, after: UInt64(random.below(3)) * 600_000)
    orders.append(order)
    note("order \(order.order.mark.number) \(kind.name) \(describe(kind))")
    places[0].machine.clock.set(wall: court.time)
    try deliver([], orders: [order], to: 0)
  }

  private func describe(_ kind: OrderKind) -> String {
    switch kind {
    case .exclude(let range, _), .restamp(let range, _, _):
      "\(short(Dot(range.log, range.from))) \(range.fromHash?.hex.prefix(8) ?? "unheld") to \(range.to.map(String.init) ?? "open")"
    case .fork(let log, let sequence, let hash): "\(short(Dot(log, sequence))) \(hash.hex.prefix(8))"
    case .redact(let log, let sequence, let hash, let positions, _):
      "\(short(Dot(log, sequence))) \(hash.hex.prefix(8)) \(positions)"
    case .revoke(let device, let stands):
      "\(device.hex.prefix(6)) \(stands.sorted { $0.key < $1.key }.map { short(Dot($0.key, $0.value.sequence)) })"
    case .epoch(let stands): "stands \(stands)"
    default: ""
    }
  }

  /// The centre looks at what it holds and gives an order.
  func judge() throws {
    try issueForks()
    switch random.below(11) {
    case 0: try issue(.time(treeSize: 0, treeHead: .zero, lowers: false))
    case 1: try revoke()
    case 2..<5:
      guard let range = someRange() else { return }
      try issue(.exclude(range, reason: "rights"))
      if random.chance(40) { try deliverAlone(range.log) }
    case 5: try excludeUnheld()
    case 6..<8:
      if let range = someRange() {
        let at = Stamp(milliseconds: FakeClock.start + UInt64(random.below(5)) * 1000)
        try issue(.restamp(range, at: at, reason: "clock"))
      }
    default: try redact()
    }
  }

  /// Every second header for a held dot becomes a branch.
  func issueForks() throws {
    while true {
      var next: WireChange?
      for scope in Mirror.scopes {
        let ledger = places[0].mirror[scope]
        next =
          next
          ?? places[0].holds.map { changes[$0] }.first {
            $0.header.scope == scope && ledger.waiting[$0.hash] == .fork && !ledger.book.isBranchStart($0.hash)
          }
      }
      guard let next else { return }
      try issue(.fork(log: next.header.dot.log, sequence: next.header.dot.sequence, hash: next.hash))
    }
  }

  private func someHeld() -> (WireChange, Dot, Ledger)? {
    var placed = places[0].holds.filter { places[0].mirror[changes[$0].header.scope].dot(of: changes[$0].hash) != nil }
    // Those that saw something make the harder cases.
    let seeing = placed.filter { !changes[$0].header.context.entries.isEmpty }
    if random.chance(50), !seeing.isEmpty { placed = seeing }
    guard let index = placed.randomElement(using: &random) else { return nil }
    let ledger = places[0].mirror[changes[index].header.scope]
    return ledger.dot(of: changes[index].hash).map { (changes[index], $0, ledger) }
  }

  /// From a held change, open or to a held one that follows it; named under its own id or that inside its header.
  private func someRange() -> HeaderRange? {
    guard let (first, dot, ledger) = someHeld() else { return nil }
    var line = dot.log
    let branches = ledger.lines(of: dot.log).filter { ledger.resolve(Dot($0, dot.sequence)) == dot }
    if random.chance(20) { line = random.pick(branches) }
    var range = HeaderRange(log: line, from: dot.sequence, fromHash: first.hash, to: nil, toHash: nil)
    if random.chance(70) {
      let last = max(ledger.lines[line]?.hashes.keys.max() ?? 0, dot.sequence)
      let to = dot.sequence + random.next() % (last - dot.sequence + 1)
      guard let hash = ledger.hash(of: ledger.resolve(Dot(line, to))) else { return nil }
      range.to = to
      range.toHash = hash
    }
    if random.chance(20) { range.log = ledger.signedLog(of: line) }
    return range
  }

  /// Someone hears of the orders, and of one log without what its author had seen.
  private func deliverAlone(_ log: LogID) throws {
    let number = 1 + random.below(places.count - 1)
    try deliver([], orders: court.orders, to: number)
    let own = places[0].holds.filter { changes[$0].header.dot.log == log && !places[number].held.contains($0) }
    try deliver(own, orders: [], to: number)
    try places[number].machine.inside { see(try Rarity.all(in: $0)) }
  }

  /// Of a burnt laptop's log the past that others saw and the centre does not hold.
  private func excludeUnheld() throws {
    for scope in Mirror.scopes {
      let ledger = places[0].mirror[scope]
      for hash in places[0].holds.map({ changes[$0].hash }) {
        guard case .past(let dot) = ledger.waiting[hash], ledger.hash(of: dot) == nil else { continue }
        let first = (ledger.lines[dot.log]?.accounted ?? 0) + 1
        guard first <= dot.sequence, random.chance(50) else { continue }
        return try issue(
          .exclude(HeaderRange(log: dot.log, from: first, fromHash: nil, to: nil, toHash: nil), reason: "lost"))
      }
    }
  }

  /// A stolen machine: what it had written by then stands, or some of it.
  private func revoke() throws {
    guard random.chance(40) else { return }
    let device = random.pick(Array(places.dropFirst())).machine.keys.device
    var stands: [LogID: OrderKind.Standing] = [:]
    let own = places[0].holds.map { changes[$0] }.filter {
      $0.genesis.device == device && places[0].mirror[$0.header.scope].dot(of: $0.hash) != nil
    }
    for log in Set(own.map(\.header.dot.log)).sorted() where random.chance(80) {
      let last = random.pick(own.filter { $0.header.dot.log == log })
      stands[log] = OrderKind.Standing(sequence: last.header.dot.sequence, hash: last.hash)
    }
    try issue(.revoke(device: device, stands: stands))
  }

  private func redact() throws {
    guard let (change, _, _) = someHeld(), let count = change.ledgerChange.writes?.count, count > 0 else { return }
    try redact(change, [UInt32(random.below(count))])
  }

  /// A redaction names all that has been removed of a change so far, so that one order explains what is left.
  private func redact(_ change: WireChange, _ positions: [UInt32]) throws {
    let held = places[0].mirror[change.header.scope].held[change.hash]?.writes ?? []
    let gone = held.indices.filter { held[$0].value == .redacted }.map(UInt32.init)
    let all = Set(gone + positions).sorted()
    let clear = try PackedPayload.unpack(change.payload, with: Compressor())
    let redacted = try Payload(bytes: clear).redacted(positions: all)
    try issue(
      .redact(
        log: change.header.dot.log, sequence: change.header.dot.sequence, hash: change.hash, positions: all,
        payloadHash: Hashing.hash(redacted.bytes)))
  }

  /// The centre comes back from a backup, opens an epoch, and issues anew some of what clients show it.
  func restore() throws {
    let admitted = places.count
    guard court.orders.count > admitted else { return }
    let stands = admitted + random.below(court.orders.count - admitted + 1)
    let order = try court.restore(to: stands)
    orders.append(order)
    note("order \(order.order.mark.number) epoch \(order.order.mark.epoch) stands \(stands)")
    try deliver([], orders: [order], to: 0)
    try reissue(percent: 40)
  }

  /// Lost orders with the same content once more.
  func reissue(percent: Int) throws {
    for lost in orders where !court.orders.contains(lost) && random.chance(percent) {
      switch lost.order.kind {
      case .time, .epoch: continue
      case .redact(_, _, let hash, let positions, _):
        if let index = indexes[hash] { try redact(changes[index], positions) }
      default: if !court.orders.contains(where: { $0.order.kind == lost.order.kind }) { try issue(lost.order.kind) }
      }
    }
  }

  // MARK: Receipts

  /// A receipt for logs that nobody copied: the centre holds and has applied them so far.
  func giveReceipt(to number: Int) throws {
    var entries: [Receipt.Entry] = []
    var covered: [ContentHash] = []
    for scope in Mirror.scopes {
      let ledger = places[0].mirror[scope]
      for dot in ledger.heads.sorted where !copiedLogs.contains(dot.log) && ledger.fork(of: dot.log) == nil {
        guard let hash = ledger.hash(of: dot), random.chance(70) else { continue }
        entries.append(Receipt.Entry(log: dot.log, held: dot.sequence, hash: hash, applied: dot.sequence))
        covered += (1...dot.sequence).compactMap { ledger.hash(of: Dot(dot.log, $0)) }
      }
    }
    if entries.isEmpty { return }
    receiptNumber += 1
    let receipt = try SignedReceipt(
      Receipt(mark: places[0].mirror.book.newest, number: receiptNumber, time: court.time, entries: entries),
      court: court.court, key: court.key)
    for hash in covered { places[number].mirror.receiveReceipt(of: hash) }
    try deliver([], orders: [], receipts: [receipt], to: number)
  }
}
