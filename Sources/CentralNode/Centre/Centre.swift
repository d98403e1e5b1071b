import ChangeFormat
import Foundation
import Merge
import ReplicaStore
import Transport

/// The court's central node 中心: accepts what devices offer, judges it once, orders, serves, and gives receipts.
///
/// It refuses only what is no well-formed continuation or branch of a log of a device it ever admitted; everything else
/// it stores. One transaction an exchange: what is acknowledged is durable. The tables that people read are written
/// behind it.
package final class Centre: Sendable {
  package let replica: Replica
  let key: SigningKey
  let clock: any MachineClock
  let random: any RandomSource
  /// Writes the tables; nil: every transaction writes its own.
  let worker: TableWorker?

  /// Bytes of changes served in one round.
  static let serveBudget = 512 * 1024
  /// Orders served in one round.
  static let orderLimit = 1000

  package init(
    replica: Replica, key: SigningKey, clock: any MachineClock, random: any RandomSource, worker: TableWorker? = nil
  ) {
    self.replica = replica
    self.worker = worker
    self.key = key
    self.clock = clock
    self.random = random
  }

  /// One transaction of the store, which waits for no tables where there is a worker to write them.
  func storing<T>(_ body: (Workbench) throws -> T) throws -> T {
    try replica.transaction(leavingTables: worker != nil, body)
  }

  // MARK: One round of an exchange

  /// Answers one request of a device whose signature has been checked.
  package func exchange(_ request: ExchangeRequest, from device: DeviceID) throws -> ExchangeReply {
    let compressor = Compressor()
    let offered = request.batch.isEmpty ? Batch() : try Batch(encoded: request.batch, with: compressor)
    guard let centreKey = replica.centreKey else { preconditionFailure("a centre has a key") }
    return try storing { bench in
      let restoration = Restoration(bench: bench, key: key, centreKey: centreKey, time: clock.wallMilliseconds())
      let isInDoubt = try daysInDoubt(bench) != nil
      // Receipts are shown only as proof.
      let isBehind = try !isInDoubt && restoration.isBehind(request)
      if isBehind || !isInDoubt && !offered.receipts.isEmpty, try !restoration.restore(from: offered), isBehind {
        return ExchangeReply(
          batch: Batch().encoded(with: compressor), scopes: [], accepted: 0, refusals: [], asksForProof: true)
      }
      if !isInDoubt { try restoration.reissue(offered.orders) }
      try spendTicket(of: device, bench)
      var refusals: [ExchangeReply.Refusal] = []
      let fresh = accept(offered, bench, &refusals)
      if !isInDoubt { try issueTimeIfDue(bench) }

      let scopes = try readable(by: device, bench)
      var touched = Set(fresh.map(\.signedDot.log))
      for run in offered.runs { touched.insert(run.log) }
      var shown = try rememberShown(request, of: device, bench)
      for (log, sequence) in bench.agreed(lastOffered(offered, fresh)) {
        shown[log] = max(shown[log] ?? 0, sequence)
      }

      var batch = Batch()
      let isKnown = bench.orderBook.hash(ofNumber: request.order.number) == request.orderHash
      // A client of an ended epoch gets all orders anew; one that holds newer ones, while this clock is in doubt, none.
      if isKnown || request.order.epoch < bench.orderBook.newest.epoch {
        batch.orders = try bench.ordersAfter(
          isKnown ? request.order.number : 0, limit: min(Centre.orderLimit, max(16, request.budget / 256)))
      }
      let ordersEnd = batch.orders.last.map { $0.order.mark == bench.orderBook.newest } ?? true
      // An order comes before every change that rests on it.
      var budget = ordersEnd ? request.budget : 0
      var answers: [ExchangeReply.Scope] = []
      let summaries = try bench.summaries(request.scopes.map(\.name))
      let asked = try bench.smallestFirst(request.scopes) { ($0.name, $0.cursor) }
      for scope in asked where scopes.contains(scope.name) {
        let served = try bench.serve(
          scope.name, past: scope.cursor, shown: shown, into: &batch, budget: &budget)
        touched.formUnion(served.logs)
        answers.append(
          ExchangeReply.Scope(
            name: scope.name, cursor: served.cursor,
            heads: summaries[scope.name] ?? HeadsSummary(count: 0, hash: .zero),
            hasMore: served.hasMore || !ordersEnd))
      }
      // A branch is receipted under its own id.
      for run in offered.runs { touched.formUnion(bench.lines(of: run.log)) }
      if !isInDoubt {
        let entries = try bench.receiptEntries(
          request.wantsAllReceipts ? nil : touched, scopes: Array(scopes) + writable(offered, bench))
        try bench.noteSignature(clock.wallMilliseconds())
        batch.receipts = [
          try SignedReceipt(
            Receipt(
              mark: bench.orderBook.newest, number: try bench.nextReceiptNumber(), time: clock.wallMilliseconds(),
              entries: entries), court: replica.court, key: key)
        ]
      }
      try noteSeen(device, bench)
      return ExchangeReply(
        batch: batch.encoded(with: compressor), scopes: answers, accepted: UInt64(fresh.count), refusals: refusals)
    }
  }

  // MARK: Accepting

  /// Stores what is well formed, run by run; a refused run stops nothing else.
  func accept(_ batch: Batch, _ bench: Workbench, _ refusals: inout [ExchangeReply.Refusal]) -> [Workbench.Fresh] {
    var fresh: [Workbench.Fresh] = []
    let geneses = Dictionary(batch.logs.map { ($0.log, $0.genesis) }) { first, _ in first }
    for run in batch.runs {
      do {
        fresh += try bench.savepoint {
          if let genesis = geneses[run.log] ?? nil, isAdmitted(genesis.device, bench) { try bench.register(genesis) }
          return try take(run, bench)
        }
      } catch {
        refusals.append(refusal(run.log, run.first, error))
      }
    }
    return fresh
  }

  private func take(_ run: Batch.Run, _ bench: Workbench) throws -> [Workbench.Fresh] {
    let fresh = try bench.accept(run)
    try judge(fresh, bench)
    try bench.place(fresh)
    if let last = fresh.last {
      var tree = try bench.tree()
      var leaf = ByteWriter()
      leaf.identifier(last.signedDot.log)
      leaf.varint(last.signedDot.sequence)
      leaf.hash(last.hash)
      tree.append(leaf.bytes)
      try bench.setTree(tree)
    }
    return fresh
  }

  private func refusal(_ log: LogID, _ sequence: UInt64, _ error: any Error) -> ExchangeReply.Refusal {
    ExchangeReply.Refusal(
      log: log, sequence: sequence, error: (error as? any ExplainedError)?.number ?? CentreRefusal.trouble.rawValue)
  }

  /// The last change of each log that the client has just shown to hold by sending it.
  private func lastOffered(_ batch: Batch, _ fresh: [Workbench.Fresh]) -> [LogID: KnownHead] {
    var heads: [LogID: KnownHead] = [:]
    for change in fresh where change.signedDot.sequence > heads[change.signedDot.log]?.sequence ?? 0 {
      heads[change.signedDot.log] = KnownHead(sequence: change.signedDot.sequence, hash: change.hash)
    }
    return heads
  }

  // MARK: Who may what

  private func isAdmitted(_ device: DeviceID, _ bench: Workbench) -> Bool {
    bench.orderBook.standing.contains { order in
      if case .grant(device, _, _, _, _, _, _, _) = order.kind { return true }
      return false
    }
  }

  /// The scopes a device may read now.
  private func readable(by device: DeviceID, _ bench: Workbench) throws -> Set<String> {
    Set(bench.grants(of: device).filter { $0.value.contains(.read) }.map(\.key)).union(["court"])
  }

  /// The scopes of logs that were offered: their author hears what became of them, whether it may read there or not.
  private func writable(_ batch: Batch, _ bench: Workbench) -> [String] {
    batch.runs.compactMap { bench.scope(of: $0.log) }
  }

  // MARK: Notes

  private func rememberShown(
    _ request: ExchangeRequest, of device: DeviceID, _ bench: Workbench
  ) throws -> [LogID: UInt64] {
    var note = try DeviceNote(bytes: bench.note("device", device.hex) ?? [])
    let before = note.shown
    // Who reads a scope from its start shows all heads it holds there: a copied or reverted disk holds less than the
    // device once showed.
    let anew = Set(request.scopes.filter { $0.cursor == .start }.map(\.name))
    if !anew.isEmpty {
      note.shown = note.shown.filter { log, _ in bench.scope(of: log).map { !anew.contains($0) } ?? true }
    }
    note.remember(request.shown.map { ($0.log, $0.head) }) { bench.scope(of: $0) != nil }
    if note.shown != before { try bench.setNote("device", device.hex, note.bytes) }
    return bench.agreed(note.shown)
  }

  private func noteSeen(_ device: DeviceID, _ bench: Workbench) throws {
    var note = try DeviceNote(bytes: bench.note("device", device.hex) ?? [])
    note.lastSeen = clock.wallMilliseconds()
    try bench.setNote("device", device.hex, note.bytes)
  }

  private func spendTicket(of device: DeviceID, _ bench: Workbench) throws {
    guard let id = try bench.note("ticket-of", device.hex), let name = Identifier(bytes: id)?.hex,
      var ticket = try bench.note("ticket", name).map(TicketNote.init(bytes:)), !ticket.isSpent
    else { return }
    ticket.isSpent = true
    try bench.setNote("ticket", name, ticket.bytes)
  }
}
