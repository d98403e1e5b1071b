import ChangeFormat
import Merge

/// What a received batch brought.
public struct Received: Sendable, Equatable {
  /// Changes that were new here.
  public var changes = 0
  public var orders = 0
  public init() {}
}

/// How a batch came: it decides whether the centre's statement of time is believed as it is.
public enum Route: Sendable {
  /// From the centre itself.
  case direct
  /// By stick or through a relay: time is only raised.
  case relayed
}

extension Replica {
  /// Takes a batch: checks every hash and signature, then places what is new. Whole or not at all.
  ///
  /// Throws the error that names the first thing wrong; nothing of the batch is kept then.
  public func receive(_ batch: Batch, route: Route = .direct) throws(ReplicaError) -> Received {
    try reporting { try transaction { try $0.receive(batch, route: route) } }
  }
}

extension Workbench {
  package func receive(_ batch: Batch, route: Route) throws -> Received {
    var received = Received()
    applier.isFromCentre = route == .direct && !replica.isCentre
    defer { applier.isFromCentre = false }
    for order in batch.orders {
      guard let key = replica.centreKey, order.isAuthentic(court: replica.court, key: key) else {
        throw ReplicaError.badOrder(number: order.order.mark.number)
      }
    }
    let epoch = logs.book.newest.epoch
    received.orders = try effects.take(batch.orders)
    // A restored centre may lack what came from it: only its receipts of the newest epoch count for what is to be sent.
    if logs.book.newest.epoch != epoch { try sql("UPDATE _waiting SET at_centre = 0 WHERE at_centre = 1").run() }
    for order in batch.orders {
      var lowers = false
      if case .time(_, _, let flag) = order.order.kind { lowers = flag }
      try hear(
        order.order.time, rank: TrustedTime.Rank(mark: order.order.mark, receipt: 0), route: route, lowers: lowers)
    }
    for receipt in batch.receipts { try take(receipt, route: route) }
    try heedRestamps(batch.orders)
    for entry in batch.logs {
      guard let genesis = entry.genesis else { continue }
      guard genesis.court == replica.court else { throw ReplicaError.wrongCourt(found: genesis.court) }
      try logs.register(genesis)
    }
    var newest = Stamp.zero
    let verifier = RunVerifier(court: replica.court, book: logs.book, decodes: true)
    let runs = try batch.runs.filter { try !isKnown($0) }.map { ($0, logs.entry($0.log)?.genesis) }
    try replica.surroundings.scheduling.ahead(room: RunVerifier.room) { give in
      let compressor = Compressor()
      for (run, genesis) in runs {
        try verifier.verify(run, genesis, with: compressor) { try give($0, $1) }
      }
    } use: { (changes: [VerifiedChange]) in
      for change in changes {
        newest = max(newest, change.header.stamp)
        guard try applier.take(change) else { continue }
        received.changes += 1
        if !replica.isCentre, logs.entry(change.header.dot.log)?.device == replica.device { try endIncarnation() }
      }
    }
    if received.changes > 0 || received.orders > 0 { try applier.retryWaiting() }
    try lift(newest)
    return received
  }

  /// Whether all of a run is held: its place in the log and the very signature over its last header, kept here when it
  /// was checked, say so without a look at the changes.
  func isKnown(_ run: Batch.Run) throws -> Bool {
    let end = run.first &+ UInt64(run.changes.count) &- 1
    guard let head = run.heads.last, head.sequence == end, let i = logs.index(of: run.log),
      logs.entries[i].accounted >= end
    else { return false }
    let select = try sql("SELECT signature FROM _head WHERE id = ?1")
    select.bind(1, RecordClock.Place(log: logs.entries[i].number, sequence: end).row)
    defer { select.reset() }
    guard try select.step(), select.blob(0) == head.signature else { return false }
    return run.first == 1 || logs.hash(of: logs.resolve(Dot(run.log, run.first - 1))) == run.previous
  }

  // MARK: Receipts and time

  private func take(_ signed: SignedReceipt, route: Route) throws {
    guard let key = replica.centreKey, signed.isAuthentic(court: replica.court, key: key) else {
      throw ReplicaError.badReceipt
    }
    let receipt = signed.receipt
    for entry in receipt.entries {
      let select = try sql("SELECT epoch, held FROM _receipt WHERE log = ?1")
      select.bind(1, entry.log)
      let known = try select.step() ? (UInt64(bitPattern: select.int(0)), UInt64(bitPattern: select.int(1))) : nil
      select.reset()
      if let known, known.0 > receipt.mark.epoch || (known.0 == receipt.mark.epoch && known.1 > entry.held) { continue }
      let insert = try sql(
        """
        INSERT OR REPLACE INTO _receipt (log, epoch, held, hash, applied, statement, signature)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        """)
      insert.bind(1, entry.log)
      insert.bind(2, Int64(bitPattern: receipt.mark.epoch))
      insert.bind(3, Int64(entry.held))
      insert.bind(4, entry.hash)
      insert.bind(5, Int64(entry.applied))
      insert.bind(6, receipt.bytes)
      insert.bind(7, signed.signature)
      try insert.run()
      guard receipt.mark.epoch >= logs.book.newest.epoch else { continue }
      for hash in logs.held.waiting(upTo: KnownHead(sequence: entry.held, hash: entry.hash), of: entry.log) {
        let waiting = try sql("UPDATE _waiting SET at_centre = 1 WHERE hash = ?1 AND at_centre = 0")
        waiting.bind(1, hash)
        try waiting.run()
      }
    }
    try hear(
      receipt.time, rank: TrustedTime.Rank(mark: receipt.mark, receipt: receipt.number), route: route, lowers: false)
    if !receipt.entries.isEmpty { try applier.retryWaiting() }
  }

  func hear(_ time: UInt64, rank: TrustedTime.Rank, route: Route, lowers: Bool) throws {
    if replica.isCentre { return }
    var trusted =
      try meta.trustedTime()
      ?? TrustedTime(
        rank: TrustedTime.Rank(mark: .none, receipt: 0), base: 0, boot: clock.bootMilliseconds(),
        bootID: clock.bootID())
    let before = trusted
    trusted.hear(time, rank: rank, isDirect: route == .direct, lowers: lowers, clock: clock)
    // Once the system clock is within five minutes of the truth again, it is used again.
    let now = trusted.now(clock)
    let wall = clock.wallMilliseconds()
    let off = wall > now ? wall - now : now - wall
    if off <= ClockLimits.tolerance { trusted.clockIsWrong = false }
    if trusted != before { try meta.set(.trustedTime, trusted.bytes) }
    let was = applier.trustedTime
    refreshTime()
    if applier.trustedTime > was { try applier.retryWaiting() }
  }

  /// A device that is told its clock is wrong starts new logs where its stamps run ahead, and stamps by trusted time
  /// until the system clock is right again (design §3).
  private func heedRestamps(_ orders: [SignedOrder]) throws {
    let isTold = orders.contains { signed in
      guard case .restamp(let range, _, _) = signed.order.kind else { return false }
      return logs.entry(range.log)?.device == replica.device
    }
    guard isTold, !replica.isCentre, var trusted = try meta.trustedTime() else { return }
    let now = trusted.now(clock)
    let wall = clock.wallMilliseconds()
    if (wall > now ? wall - now : now - wall) > ClockLimits.tolerance {
      trusted.clockIsWrong = true
      try meta.set(.trustedTime, trusted.bytes)
    }
    for entry in logs.entries where entry.device == replica.device && entry.genesis != nil && !entry.isEnded {
      guard entry.tip > 0, let place = logs.place(of: Dot(entry.id, entry.tip)),
        let last = try reader.change(at: place), last.header.stamp.milliseconds > now &+ ClockLimits.tolerance
      else { continue }
      try logs.end(entry.id)
    }
  }

  /// A received stamp lifts the clock, at most to trusted time + 5 min.
  private func lift(_ stamp: Stamp) throws {
    if stamp == .zero || replica.isCentre { return }
    var hybrid = HybridLogicalClock(last: Stamp(rawValue: try meta.number(.hybridClock) ?? 0))
    let before = hybrid.last
    hybrid.receive(stamp, trustedMilliseconds: applier.trustedTime)
    if hybrid.last > before { try meta.set(.hybridClock, number: hybrid.last.rawValue) }
  }
}

extension OrderBook {
  /// Whether an order explains a payload that is not its header's. A lost one does as well: a redaction is never undone.
  func explains(_ payload: ContentHash, of header: ContentHash) -> Bool {
    if redactions(of: header).contains(where: { $0.payloadHash == payload }) { return true }
    return lost.contains { order in
      guard case .redact(_, _, let hash, _, let found) = order.kind else { return false }
      return hash == header && found == payload
    }
  }
}
