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

/// How requests reach the centre: libcurl in the field, a simulated network in tests.
public protocol ExchangeChannel: AnyObject {
  /// Sends one request and gives the body of its 200 reply.
  func post(_ path: String, fields: [(String, String)], body: [UInt8], limit: Int) throws(TransportError) -> [UInt8]
  var bytesUp: Int { get }
  var bytesDown: Int { get }
}

extension HTTPSConnection: ExchangeChannel {
  package func post(_ path: String, fields: [(String, String)], body: [UInt8], limit: Int) throws(TransportError)
    -> [UInt8]
  {
    try post(path, headers: fields, body: body, limit: limit).body
  }
}

/// A device's exchange with the centre: rounds of one request each, until both sides are drained (design §5).
///
/// Every round is idempotent and bounded; one that is cut is simply repeated. What the centre has not signed for is
/// offered, whoever wrote it.
public final class Exchange {
  private let replica: Replica
  private let channel: any ExchangeChannel
  private let compressor = Compressor()
  /// Bytes of changes offered in one round.
  private var budget: Int
  public private(set) var report = SyncReport()

  /// Rounds after which a sync gives up draining: progress is made in each, so this only bounds a broken peer.
  public static let roundsLimit = 100_000
  public static let replyLimit = Limits.unfolded

  public init(replica: Replica, channel: any ExchangeChannel, budget: Int = 256 * 1024) {
    self.replica = replica
    self.channel = channel
    self.budget = budget
  }

  /// An exchange with the replica's own centre over TLS.
  public convenience init(replica: Replica) {
    self.init(
      replica: replica, channel: HTTPSConnection(base: replica.centreURL, authority: replica.authority))
  }

  /// Exchanges until nothing is left on either side.
  ///
  /// Throws ``TransportError`` or ``ReplicaError``; what arrived before stays.
  /// - Parameter progress: told after every round how much has moved.
  public func run(progress: (SyncReport) -> Void = { _ in }) throws -> SyncReport {
    var wantsAll = false
    var askedAll = false
    var resets = 0
    var proves = false
    /// What the centre once signed has been shown to it, since it seems to have forgotten.
    var hasProven = false
    for _ in 0..<Exchange.roundsLimit {
      let round = try prepare(wantsAll: wantsAll, mayAskFirst: !askedAll, proves: proves)
      if round.request.wantsAllReceipts { askedAll = true }
      let reply: ExchangeReply
      do {
        reply = try send(round.request)
      } catch TransportError.refused(let status, let text)
        where CentreRefusal(status: status, text: text) == .unknownDevice && !proves
      {
        // A restored centre may have forgotten this device: it is shown the grant that it signed.
        proves = true
        continue
      }
      if reply.asksForProof {
        // A centre restored from a copy: it is shown what it has signed, and opens a new epoch.
        if proves { throw TransportError.nonsense(detail: "the centre asks for proof again") }
        proves = true
        askedAll = false
        continue
      }
      proves = false
      let outcome = try replica.transaction { bench -> Outcome in try take(reply, of: round, bench) }
      progress(report)
      wantsAll = false
      if let refusal = reply.refusals.first, !outcome.hasMore, outcome.nothingMoved {
        if !hasProven {
          (proves, hasProven, askedAll) = (true, true, false)
          continue
        }
        throw TransportError.refusedRun(log: refusal.log.hex, sequence: refusal.sequence, error: refusal.error)
      }
      if outcome.hasMore || !round.isAll { continue }
      // Changes that arrived are shown once more, so that the next sync has nothing to say.
      if outcome.received > 0 || outcome.orders > 0 || round.request.wantsAllReceipts && outcome.unsent > 0 { continue }
      if outcome.unsent > 0 && reply.refusals.isEmpty {
        if !askedAll {
          wantsAll = true
          continue
        }
        if outcome.accepted > 0 { continue }
      }
      if outcome.differs && resets < 2 {
        // The same heads are not held: the sequence is read again from its start, and all heads are compared.
        resets += 1
        wantsAll = true
        try replica.transaction { bench in
          for scope in reply.scopes { try bench.setCursor(.start, of: scope.name) }
        }
        continue
      }
      if outcome.differs && !hasProven {
        // A restored centre may lack what it has given receipts for: it is shown them.
        (proves, hasProven, askedAll, resets) = (true, true, false, 0)
        continue
      }
      break
    }
    report.bytesUp = channel.bytesUp
    report.bytesDown = channel.bytesDown
    let status = try replica.status()
    report.waiting = status.waiting.count
    report.excluded = status.excluded.count
    report.conflicts = status.conflicts
    return report
  }

  // MARK: One round

  struct Round {
    var request: ExchangeRequest
    var shown: [(log: LogID, head: KnownHead)]
    var isAll: Bool
    var time: UInt64
  }

  struct Outcome {
    var received = 0
    var orders = 0
    var accepted = 0
    var unsent = 0
    var hasMore = false
    var differs = false
    var nothingMoved: Bool { received == 0 && orders == 0 && accepted == 0 }
  }

  private func prepare(wantsAll: Bool, mayAskFirst: Bool, proves: Bool) throws -> Round {
    try replica.transaction { bench in
      try bench.signWhatLeaves()
      let scopes = try bench.exchangedScopes()
      let asksFirst = mayAskFirst ? try bench.knowsNoReceipts() : false
      var (batch, isAll) = asksFirst && !wantsAll ? (Batch(), false) : try bench.batchForCentre(budget: budget)
      if proves { batch = try bench.proofForCentre() }
      let summaries = try bench.summaries(scopes)
      let shown = try bench.headsToShow()
      let newest = bench.newestOrder
      let request = ExchangeRequest(
        order: newest.mark, orderHash: newest.hash, newestReceipt: try bench.newestReceiptNumber(),
        wantsAllReceipts: wantsAll || asksFirst,
        scopes: try scopes.map {
          ExchangeRequest.Scope(
            name: $0, cursor: try bench.cursor(of: $0),
            heads: summaries[$0] ?? HeadsSummary(count: 0, hash: .zero))
        },
        shown: shown.map { ExchangeRequest.Shown(log: $0.log, head: $0.head) },
        batch: batch.isEmpty ? [] : batch.encoded(with: compressor))
      return Round(
        request: request, shown: shown, isAll: (isAll || asksFirst) && !proves, time: try bench.lastCentreTime())
    }
  }

  private func send(_ request: ExchangeRequest) throws -> ExchangeReply {
    guard let centre = replica.centreKey else { throw TransportError.invalidURL(replica.centreURL) }
    let body = request.bytes
    let keys = try replica.surroundings.keys.keys(of: replica.device)
    guard let keys else {
      throw ReplicaError.keysMissing(device: replica.device, folder: replica.surroundings.keys.location)
    }
    let time = try replica.transaction { try $0.lastCentreTime() }
    let fields = try RequestSignature.fields(
      court: replica.court, asked: centre.device, key: keys.signing, time: time, method: "POST",
      path: ExchangeRequest.path, body: body)
    let bytes = try channel.post(ExchangeRequest.path, fields: fields, body: body, limit: Exchange.replyLimit)
    do {
      return try ExchangeReply(bytes: bytes)
    } catch {
      throw TransportError.nonsense(detail: error.message(.en))
    }
  }

  private func take(_ reply: ExchangeReply, of round: Round, _ bench: Workbench) throws -> Outcome {
    var outcome = Outcome()
    let batch: Batch
    do {
      batch = try Batch(encoded: reply.batch, with: compressor)
    } catch {
      throw TransportError.nonsense(detail: error.message(.en))
    }
    try bench.acknowledgeShown(round.shown)
    let received = try bench.receive(batch, route: .direct)
    outcome.received = received.changes
    outcome.orders = received.orders
    outcome.accepted = Int(clamping: reply.accepted)
    report.received += received.changes
    report.sent += outcome.accepted
    for scope in reply.scopes {
      try bench.setCursor(scope.cursor, of: scope.name)
      if scope.hasMore { outcome.hasMore = true }
    }
    let summaries = try bench.summaries(reply.scopes.map(\.name))
    outcome.differs = reply.scopes.contains { summaries[$0.name] != $0.heads }
    outcome.unsent = try bench.unsentChanges
    try bench.noteContact(bench.presentTime)
    return outcome
  }
}
