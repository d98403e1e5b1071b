import Merge

/// One machine of a ``Fleet``: a ledger, what has reached it, and the log it writes.
struct FleetReplica {
  /// The log a device writes.
  struct LogAuthor {
    var log: LogID
    var genesis: ContentHash
    var sequence: UInt64 = 0
    /// The hash of its last change.
    var last: ContentHash?
  }

  let device: DeviceID
  var ledger: Ledger
  var clock = HybridLogicalClock()
  /// What the machine's own clock says.
  var wall: UInt64
  var author: LogAuthor?
  /// Hashes of what it wrote, before it was copied too.
  var ownHashes: Set<ContentHash> = []
  var isHostile = false
  var isBurnt = false
  /// Indexes into the fleet's changes, as they came.
  var holds: [Int] = []
  var heldSet: Set<Int> = []
  /// Orders as they came, some twice.
  var orders: [Order] = []
  var receipts: Set<ContentHash> = []

  init(device: DeviceID, clock wall: UInt64, trustedTime: UInt64) {
    self.device = device
    self.wall = wall
    ledger = Ledger(trustedTime: trustedTime, digestOf: StandIn.digest)
  }

  mutating func take(_ change: LedgerChange, _ index: Int) {
    ledger.receive(change)
    guard heldSet.insert(index).inserted else { return }
    holds.append(index)
    if ledger.dot(of: change.hash) != nil { clock.receive(change.stamp, trustedMilliseconds: ledger.trustedTime) }
  }

  mutating func take(_ order: Order) {
    ledger.receive(order)
    orders.append(order)
    if case .time = order.kind, ledger.trustedTime < order.time { ledger.trustedTime = order.time }
  }

  mutating func takeReceipt(_ hash: ContentHash) {
    ledger.receiveReceipt(of: hash)
    receipts.insert(hash)
  }

  mutating func startLog(_ random: inout SplitMix64) {
    let genesis = StandIn.hash(from: &random)
    author = LogAuthor(log: genesis.prefix, genesis: genesis)
  }
}
