import ChangeFormat
import Merge
import ReplicaStore
import Transport

/// A centre that was restored from a copy learns it from its own signatures, and opens a new epoch (design §2, §5).
struct Restoration {
  let bench: Workbench
  let key: SigningKey
  let centreKey: PublicKey
  /// The centre's milliseconds.
  let time: UInt64

  /// Whether a client names an order or a receipt of this centre's that it does not hold.
  func isBehind(_ request: ExchangeRequest) throws -> Bool {
    let newest = bench.orderBook.newest
    if request.order.epoch < newest.epoch { return false }
    if request.order > newest { return true }
    if request.order.number > 0, bench.orderBook.hash(ofNumber: request.order.number) != request.orderHash {
      return true
    }
    let given = try bench.receiptCount()
    return request.order.epoch == newest.epoch && request.newestReceipt > given
  }

  /// Takes back every old order whose chain verifies, opens the epoch, and issues the others anew.
  ///
  /// - Returns: false when the client shows nothing of this centre's own that is missing here.
  func restore(from shown: Batch) throws -> Bool {
    let orders = shown.orders.filter { $0.isAuthentic(court: bench.replica.court, key: centreKey) }
      .sorted { $0.order.mark < $1.order.mark }
    let receipts = shown.receipts.filter { $0.isAuthentic(court: bench.replica.court, key: centreKey) }
    let given = try bench.receiptCount()
    let known = orders.map(\.order) + bench.orderBook.standing
    let chain = orders.filter { !isOfEndedEpoch($0.order, known) }
    let isProof =
      try chain.contains { bench.orderBook.hash(ofNumber: $0.order.mark.number) != $0.order.hash }
      || receipts.contains { $0.receipt.number > given }
      || receipts.contains { try vouchesForMore($0.receipt) }
    guard isProof else { return false }
    for order in chain where order.order.mark.number == bench.orderBook.newest.number + 1 {
      if order.order.previous == bench.orderBook.standing.last?.hash ?? .zero { try bench.takeBack(order) }
    }
    let greatest = (orders.map(\.order.mark.epoch) + receipts.map(\.receipt.mark.epoch)).max() ?? 0
    try bench.openEpoch(
      max(time, greatest + 1, bench.orderBook.newest.epoch + 1), time: time, key: key)
    let number = receipts.map(\.receipt.number).max() ?? 0
    if number > given { try bench.setReceiptCount(number) }
    try reissue(orders)
    return true
  }

  /// Whether the opening of a later epoch left an order behind: the client offers it to be issued anew, and it proves
  /// nothing.
  private func isOfEndedEpoch(_ order: Order, _ known: [Order]) -> Bool {
    known.contains {
      guard case .epoch(let stands) = $0.kind else { return false }
      return $0.mark.epoch > order.mark.epoch && order.mark.number > stands
    }
  }

  /// Whether a receipt of this epoch names what is not held: restored, the centre may long have given more receipts.
  private func vouchesForMore(_ receipt: Receipt) throws -> Bool {
    guard receipt.mark.epoch >= bench.orderBook.newest.epoch else { return false }
    return try receipt.entries.contains { try !bench.holds($0) }
  }

  /// Issues anew what an order of an ended epoch said, unless an order that stands says it already.
  func reissue(_ orders: [SignedOrder]) throws {
    for order in orders where order.isAuthentic(court: bench.replica.court, key: centreKey) {
      switch order.order.kind {
      case .time, .epoch: continue
      default: break
      }
      let kind = try joined(order.order.kind)
      let stands = bench.orderBook.standing.contains { $0.hash == order.order.hash || $0.kind == kind }
      if !stands { _ = try bench.issue(kind, time: time, key: key) }
    }
  }

  /// What was redacted before and after a copy was restored is gone everywhere: one order must explain what is left.
  private func joined(_ kind: OrderKind) throws -> OrderKind {
    guard case .redact(let log, let sequence, let hash, let positions, _) = kind else { return kind }
    let gone = Set(bench.orderBook.redactions(of: hash).flatMap(\.positions))
    if gone.isEmpty { return kind }
    let all = gone.union(positions).sorted()
    guard let left = try bench.payload(of: hash, signed: Dot(log, sequence))?.redacted(positions: all) else {
      return kind
    }
    return .redact(
      log: log, sequence: sequence, hash: hash, positions: all, payloadHash: Hashing.hash(left.bytes))
  }
}
