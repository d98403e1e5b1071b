import ChangeFormat
import GRDB
import Merge
import ReplicaStore

/// What the central office orders: of every kind that is an act of people or of the judge, at random moments.
extension Fleet {
  func issueSomething() throws {
    switch random.below(100) {
    case ..<12: try widenGrant()
    case ..<18: try revokeSomebody()
    case ..<42: try excludeSomething()
    case ..<58: try restampSomething()
    case ..<84: try redactSomething()
    case ..<94: try office.issue(.time(treeSize: 0, treeHead: .zero, lowers: false))
    default: try correctOwnClock()
    }
  }

  private func widenGrant() throws {
    guard let station = random.pick(stations.filter { !$0.isRevoked }), let scope = random.pick(Fleet.tribunals) else {
      return
    }
    let rights: Rights = random.chance(80) ? .all : [.read, .append]
    note("grant \(station.name) \(scope) \(rights.rawValue)")
    try office.issue(
      .grant(
        device: station.device, signingKey: station.keys.signing.publicKey.bytes,
        agreementKey: try agreementPublicKey(seed: station.keys.agreementSeed), label: station.name, scopes: [scope],
        rights: rights, from: office.clock.wallMilliseconds(), until: nil))
  }

  private func revokeSomebody() throws {
    let active = stations.filter { $0.takesPart }
    guard profile.revokes, Set(active.map(\.device)).count > 2, let station = random.pick(active) else { return }
    var stands: [LogID: OrderKind.Standing] = [:]
    if random.chance(60) {
      for change in try heldAtCentre() where change.device == station.device && random.chance(40) {
        if change.sequence > stands[change.signedLog]?.sequence ?? 0 {
          stands[change.signedLog] = OrderKind.Standing(sequence: change.sequence, hash: change.hash)
        }
      }
    }
    note("revoke \(station.name), \(stands.count) logs stand")
    try office.issue(.revoke(device: station.device, stands: stands))
    for other in stations where other.device == station.device { other.isRevoked = true }
  }

  /// A stretch of what the centre holds.
  private func someRange(mayBeOpen: Bool) throws -> HeaderRange? {
    let held = try heldAtCentre()
    guard let first = random.pick(Array(held.suffix(40))) else { return nil }
    if mayBeOpen, random.chance(30) {
      return HeaderRange(log: first.log, from: first.sequence, fromHash: first.hash, to: nil, toHash: nil)
    }
    let end = held.last { $0.log == first.log && $0.sequence >= first.sequence && $0.sequence < first.sequence + 4 }
    return HeaderRange(
      log: first.log, from: first.sequence, fromHash: first.hash, to: end?.sequence ?? first.sequence,
      toHash: end?.hash ?? first.hash)
  }

  private func excludeSomething() throws {
    guard let range = try someRange(mayBeOpen: true) else { return }
    note("exclude \(Dot(range.log, range.from).short) to \(range.to.map(String.init) ?? "open")")
    try office.issue(.exclude(range, reason: "test"))
  }

  private func restampSomething() throws {
    guard let range = try someRange(mayBeOpen: false) else { return }
    note("restamp \(Dot(range.log, range.from).short)")
    let at = Stamp(milliseconds: office.clock.wallMilliseconds() - UInt64(random.below(1000) * 3600))
    try office.issue(.restamp(range, at: at, reason: "test"))
  }

  private func redactSomething() throws {
    let batch = try office.replica.offer(lackingFrom: [:], budget: Int.max / 2).batch
    let changes = try CarriedChange.all(of: batch, court: office.court)
    guard let change = random.pick(Array(changes.suffix(60))), let payload = change.payload else { return }
    let count = payload.body.writeCount
    let positions = (0..<count).filter { _ in random.chance(50) }.map { UInt32($0) }
    guard !positions.isEmpty else { return }
    note("redact \(change.header.dot.short) at \(positions)")
    let left = payload.redacted(positions: positions).bytes
    try office.issue(
      .redact(
        log: change.header.dot.log, sequence: change.header.dot.sequence, hash: change.hash, positions: positions,
        payloadHash: Hashing.hash(left)))
    redacts += 1
  }

  /// The centre's own clock ran ahead; it is set right, and an order lowers what the fleet believes.
  private func correctOwnClock() throws {
    let isAhead = !office.clock.isRight
    note(isAhead ? "the centre's clock is set right" : "the centre's clock runs ahead")
    office.clock.set(ahead: isAhead ? 0 : Int64(random.between(1, 60)) * 3_600_000)
    if isAhead { try office.issue(.time(treeSize: 0, treeHead: .zero, lowers: true)) }
  }

  // MARK: Judging

  /// What the office does about what waits at the centre: a stamp far ahead gets the centre's time.
  func judge() throws {
    guard try anythingWaitsAtCentre() else { return }
    for change in try heldAtCentre(waiting: true) where change.reason == "time" {
      note("restamp \(Dot(change.log, change.sequence).short), ahead of time")
      let range = HeaderRange(
        log: change.log, from: change.sequence, fromHash: change.hash, to: change.sequence, toHash: change.hash)
      try office.issue(.restamp(range, at: Stamp(milliseconds: office.clock.wallMilliseconds()), reason: "clock"))
    }
  }

  /// Asked after every exchange, and nearly always answered with no.
  private func anythingWaitsAtCentre() throws -> Bool {
    try office.replica.reader.unsafeRead {
      try Bool.fetchOne($0.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM _waiting)")) ?? true
    }
  }

  /// A past that burnt with the only machines that held it: the office lets go of what can never come.
  ///
  /// - Parameter excludesWaiting: the waiting change itself, where nobody can tell which line it rests on.
  func letGoOfBurntPast(excludesWaiting: Bool = false) throws {
    for _ in 0..<64 {
      guard try anythingWaitsAtCentre() else { return }
      let waiting = try office.replica.status().waiting
      guard let held = try waiting.lazy.compactMap({ held in try self.burnt(held.reason).map { (held, $0) } }).first
      else {
        guard excludesWaiting,
          let stuck = try heldAtCentre(waiting: true).first(where: { $0.reason?.contains(":") == true })
        else { return }
        try exclude(stuck)
        continue
      }
      if random.chance(70) {
        let missing = held.1
        note("exclude \(missing.short) to open: a past that nobody holds")
        burntPasts += 1
        try office.issue(
          .exclude(
            HeaderRange(log: missing.log, from: missing.sequence, fromHash: nil, to: nil, toHash: nil), reason: "lost"))
      } else {
        guard let stuck = try heldAtCentre(waiting: true).first(where: { $0.reason == held.0.reason }) else { return }
        try exclude(stuck)
      }
    }
  }

  private func exclude(_ stuck: HeldHeader) throws {
    note("exclude \(Dot(stuck.log, stuck.sequence).short), which waits for \(stuck.reason ?? "")")
    let range = HeaderRange(
      log: stuck.log, from: stuck.sequence, fromHash: stuck.hash, to: stuck.sequence, toHash: stuck.hash)
    try office.issue(.exclude(range, reason: "unresolved"))
  }

  /// The missing dot of a waiting change, if no machine that is left and no stick can ever bring it.
  private func burnt(_ reason: String) throws -> Dot? {
    guard let missing = Dot(text: reason) else { return nil }
    let family = try office.book.branchLogs(of: missing.log)
    for replica in [office.replica] + stations.filter({ !$0.isBurnt }).map(\.replica) {
      var isHeld = false
      try replica.log { if $0.dot.sequence == missing.sequence && family.contains($0.dot.log) { isHeld = true } }
      if isHeld { return nil }
    }
    return missing
  }
}

/// A header as a replica's log shows it.
struct HeldHeader {
  /// The log id that counts; of a waiting change the signed one.
  var log: LogID
  var sequence: UInt64
  var hash: ContentHash
  var device: DeviceID
  /// The id inside the header.
  var signedLog: LogID
  var reason: String?
}

extension Fleet {
  func heldAtCentre(waiting: Bool = false) throws -> [HeldHeader] {
    let book = try office.book
    var held: [HeldHeader] = []
    try office.replica.log { view in
      guard (view.state == .waiting) == waiting else { return }
      held.append(
        HeldHeader(
          log: view.dot.log, sequence: view.dot.sequence, hash: view.hash, device: view.device,
          signedLog: book.signedLog(of: view.dot.log), reason: view.reason))
    }
    return held
  }
}

extension OrderBook {
  private var forks: [LogID: LogID] {
    var forks: [LogID: LogID] = [:]
    for order in standing { if case .fork(let log, _, let hash) = order.kind { forks[hash.prefix] = log } }
    return forks
  }

  /// The id inside the headers of a log or branch.
  func signedLog(of log: LogID) -> LogID { forks[log] ?? log }

  /// A log with all branches of the same headers' log.
  func branchLogs(of log: LogID) -> Set<LogID> {
    let signed = signedLog(of: log)
    return Set(forks.filter { $0.value == signed }.map(\.key)).union([signed])
  }
}
