import ChangeFormat
import Merge
import ReplicaStore

/// What a whole sync did.
public struct SyncReport: Sendable, Equatable {
  /// Changes new to the centre.
  public var sent = 0
  /// Changes new here.
  public var received = 0
  /// Bytes of HTTP bodies.
  public var bytesUp = 0
  public var bytesDown = 0
  public var waiting = 0
  public var excluded = 0
  public var conflicts = 0
  public init() {}
}

/// A device's exchange with the centre: rounds of one request each, until both sides are drained (design §5).
///
/// Every round is idempotent and bounded by what the line carries; one that is cut is repeated after a pause, and a
/// message that is longer goes over in parts. What the centre has not signed for is offered, whoever wrote it.
public final class Exchange {
  let replica: Replica
  let line: Line
  private let compressor = Compressor()
  public private(set) var report = SyncReport()

  /// Rounds after which a sync gives up draining: progress is made in each, so this only bounds a broken peer.
  public static let roundsLimit = 100_000
  public static let replyLimit = Limits.unfolded

  /// - Parameters:
  ///   - replica: open for writing, of a device that is enrolled.
  ///   - channel: how requests reach its centre.
  ///   - sizes: bytes that may travel in one message, least and most; between them the line decides.
  ///   - isPatient: whether what the line broke is tried again.
  public init(
    replica: Replica, channel: any ExchangeChannel, sizes: ClosedRange<Int> = 8 * 1024...1024 * 1024,
    isPatient: Bool = true
  ) {
    self.replica = replica
    line = Line(channel: channel, surroundings: replica.surroundings, sizes: sizes, isPatient: isPatient)
  }

  /// An exchange with the replica's own centre over TLS.
  public convenience init(replica: Replica) {
    self.init(
      replica: replica, channel: HTTPSConnection(base: replica.centreURL, authority: replica.authority))
  }

  /// Exchanges until nothing is left on either side.
  ///
  /// Throws ``TransportError``, `ReplicaError`, or `FormatError` for an answer of newer software; what arrived before
  /// stays. When the line breaks it is tried again until nothing has moved in nearly two minutes.
  /// - Parameter progress: told after every message how much has moved.
  public func run(progress: @escaping (SyncReport) -> Void = { _ in }) throws -> SyncReport {
    line.onMove = { [unowned self] in
      countBytes()
      progress(report)
    }
    defer { line.onMove = {} }
    try resume()
    try drain()
    countBytes()
    let status = try replica.status()
    report.waiting = status.waiting.count
    report.excluded = status.excluded.count
    report.conflicts = status.conflicts
    return report
  }

  private func countBytes() {
    report.bytesUp = line.channel.bytesUp
    report.bytesDown = line.channel.bytesDown
  }

  /// What an earlier process left half-way comes over first.
  private func resume() throws {
    guard let parcel = try stagedParcel() else { return }
    do {
      guard let reply = try carry(parcel).map(read), !reply.asksForProof else { return try dropStaging() }
      _ = try replica.transaction { try take(reply, of: nil, $0) }
    } catch let error as TransportError where error.isOfTheLine {
      throw error
    } catch TransportError.refused {
      // The rounds that follow meet the same trouble, if it lasts.
      try dropStaging()
    } catch {
      try dropStaging()
      throw error
    }
  }

  // MARK: Rounds

  private func drain() throws {
    var wish = Wish()
    var askedAll = false
    var resets = 0
    /// What the centre once signed has been shown to it, since it seems to have forgotten.
    var hasProven = false
    /// Why the centre does not take what is sent; from then on this sync only receives.
    var refusal: TransportError?
    var refusedRun: ExchangeReply.Refusal?
    for _ in 0..<Exchange.roundsLimit {
      wish.offers = refusal == nil
      let round = try prepare(wish, mayAskFirst: !askedAll)
      let reply: ExchangeReply
      do {
        reply = try send(round.request, whole: wish.isForgotten)
      } catch TransportError.refused(let status, let text)
        where CentreRefusal(status: status, text: text) == .unknownDevice && !wish.proves
      {
        // A restored centre may have forgotten this device: it is shown the grant that it signed.
        (wish.proves, wish.isForgotten) = (true, true)
        continue
      } catch let error as TransportError
        where error.isRefusedSending && wish.offers && !wish.proves && !round.request.batch.isEmpty
      {
        // Receiving never stops for a refused sending.
        refusal = error
        continue
      } catch let error as TransportError {
        try line.endure(error)
        continue
      }
      if round.request.wantsAllReceipts { askedAll = true }
      if reply.asksForProof {
        // A centre restored from a copy: it is shown what it has signed, and opens a new epoch.
        if wish.proves { throw TransportError.nonsense(detail: "the centre asks for proof again") }
        wish.proves = true
        askedAll = false
        continue
      }
      (wish.proves, wish.isForgotten) = (false, false)
      let outcome = try taken(reply, of: round)
      wish.learn(from: reply, of: round, outcome)
      refusedRun = refusedRun ?? reply.refusals.first
      wish.wantsAll = false
      if wish.isStuck { throw TransportError.nonsense(detail: "the centre sends the same again and again") }
      if outcome.hasMore || !round.isAll { continue }
      // Changes that arrived are shown once more, so that the next sync has nothing to say.
      if outcome.received > 0 || outcome.orders > 0 || round.request.wantsAllReceipts && outcome.unsent > 0 { continue }
      if let run = refusedRun {
        // What else there is goes first; then it is asked once more, with all that this centre has signed.
        if !outcome.nothingMoved { continue }
        if !hasProven {
          (wish.proves, hasProven, askedAll, refusedRun, wish.refused) = (true, true, false, nil, [])
          continue
        }
        throw TransportError.refusedRun(log: run.log.hex, sequence: run.sequence, error: run.error)
      }
      if let refusal { throw refusal }
      if outcome.unsent > 0 {
        if !askedAll {
          wish.wantsAll = true
          continue
        }
        if outcome.accepted > 0 { continue }
      }
      if outcome.differs && resets < 2 {
        // The same heads are not held: the sequence is read again from its start, and all heads are compared.
        resets += 1
        wish.wantsAll = true
        try replica.transaction { bench in
          for scope in reply.scopes { try bench.setCursor(.start, of: scope.name) }
        }
        continue
      }
      if outcome.differs && !hasProven {
        // A restored centre may lack what it has given receipts for: it is shown them.
        (wish.proves, hasProven, askedAll, resets) = (true, true, false, 0)
        continue
      }
      break
    }
  }

  private func prepare(_ wish: Wish, mayAskFirst: Bool) throws -> Round {
    try replica.transaction { bench in
      try bench.signWhatLeaves()
      let scopes = try bench.exchangedScopes()
      let asksFirst = mayAskFirst ? try bench.knowsNoReceipts() : false
      var (batch, isAll, sent): (Batch, Bool, [LogID: KnownHead]) = (Batch(), true, [:])
      if wish.offers && !(asksFirst && !wish.wantsAll) {
        (batch, isAll, sent) = try bench.batchForCentre(
          budget: line.pace.size * wish.push, taken: wish.taken, without: wish.refused)
      }
      if wish.proves { batch = try bench.proofForCentre() }
      let summaries = try bench.summaries(scopes)
      let shown = try bench.headsToShow()
      let newest = wish.order ?? bench.newestOrder
      var request = ExchangeRequest(
        order: newest.mark, orderHash: newest.hash, newestReceipt: try bench.newestReceiptNumber(),
        wantsAllReceipts: wish.wantsAll || asksFirst,
        scopes: try scopes.map {
          ExchangeRequest.Scope(
            name: $0, cursor: try bench.cursor(of: $0),
            heads: summaries[$0] ?? HeadsSummary(count: 0, hash: .zero))
        },
        shown: shown.map { ExchangeRequest.Shown(log: $0.log, head: $0.head) },
        batch: batch.isEmpty ? [] : batch.encoded(with: compressor))
      request.budget = line.pace.answerSize * wish.push
      return Round(
        request: request, shown: shown, sent: wish.proves ? [:] : sent,
        isAll: (isAll || asksFirst) && !wish.proves)
    }
  }

  /// Takes an answer; what came in parts is let go with it, also when it cannot be taken.
  private func taken(_ reply: ExchangeReply, of round: Round) throws -> Outcome {
    do {
      return try replica.transaction { try take(reply, of: round, $0) }
    } catch {
      try dropStaging()
      throw error
    }
  }

  /// - Parameter round: nil when an earlier process asked.
  private func take(_ reply: ExchangeReply, of round: Round?, _ bench: Workbench) throws -> Outcome {
    var outcome = Outcome()
    let batch: Batch
    do {
      batch = try Batch(encoded: reply.batch, with: compressor)
    } catch {
      throw TransportError.answer(error)
    }
    if let round { try bench.acknowledgeShown(round.shown) }
    let received = try bench.receive(batch, route: .direct)
    outcome.received = received.changes
    outcome.orders = received.orders
    outcome.lastOrder = batch.orders.last.map { ($0.order.mark, $0.order.hash) }
    outcome.receipts = batch.receipts.count
    outcome.accepted = Int(clamping: reply.accepted)
    report.received += received.changes
    report.sent += outcome.accepted
    for scope in reply.scopes {
      if try bench.cursor(of: scope.name) != scope.cursor { outcome.hasRead = true }
      try bench.setCursor(scope.cursor, of: scope.name)
      if scope.hasMore { outcome.hasMore = true }
    }
    let summaries = try bench.summaries(reply.scopes.map(\.name))
    outcome.differs = reply.scopes.contains { summaries[$0.name] != $0.heads }
    outcome.unsent = try bench.unsentChanges
    try bench.noteContact(bench.presentTime)
    try bench.dropStaged(Parcel.requestPlace)
    try bench.dropStaged(Parcel.answerPlace)
    return outcome
  }
}
