import CentralNode
import ChangeFormat
import GRDB
import Merge
import ReplicaStore
import Transport

/// The real centre over a database in memory, with the operator who restarts it and restores it from a backup.
final class CentralOffice {
  let court: Identifier
  let keys: DeviceKeys
  let clock: SimulatedClock
  private let randomness: SeededBytes
  private let store = SimulatedKeys()
  private(set) var replica: Replica
  private(set) var centre: Centre
  private var handler: CentreHandler
  private var backup: DatabaseQueue?
  /// How much of its tables the centre writes between two requests.
  private var pace: SplitMix64
  /// Orders that a restored centre lost and has not issued anew yet.
  private(set) var lostOrders: [Order] = []

  init(world: WorldTime, random: inout SplitMix64) throws {
    let clock = SimulatedClock(world, name: "centre")
    let randomness = SeededBytes(seed: random.next())
    let keys = try DeviceKeys(signingSeed: random.bytes(32), agreementSeed: random.bytes(32))
    court = Identifier(high: random.next(), low: random.next())
    try store.save(keys)
    let replica = try Replica.inMemory(
      schema: CourtroomSchema.current,
      identity: ReplicaIdentity(
        court: court, keys: keys, label: "simulated court", centreKey: keys.signing.publicKey, isCentre: true),
      surroundings: Surroundings(clock: clock, randomness: randomness, keys: store))
    self.keys = keys
    self.clock = clock
    self.randomness = randomness
    self.replica = replica
    pace = SplitMix64(seed: random.next())
    centre = CentralOffice.centre(over: replica, keys, clock, randomness)
    handler = CentreHandler(centre)
  }

  /// Its tables are written behind it, in the turns that ``answer(_:)`` and ``finishTables()`` give.
  private static func centre(
    over replica: Replica, _ keys: DeviceKeys, _ clock: SimulatedClock, _ randomness: SeededBytes
  ) -> Centre {
    Centre(
      replica: replica, key: keys.signing, clock: clock, random: randomness,
      worker: TableWorker(replica, clock: clock, onTrouble: { _ in }))
  }

  func answer(_ request: Request) -> (status: Int, body: [UInt8]) {
    let answer = handler.answer(method: "POST", path: request.path, fields: request.fields, body: request.body)
    // A full disk is the next request's to tell.
    if pace.chance(50) { _ = try? replica.buildTables(limit: pace.between(1, 8)) }
    return answer
  }

  /// Writes all that the tables do not have yet.
  func finishTables() throws { _ = try replica.buildTables() }

  private func open(_ database: any DatabaseWriter) throws {
    replica = try Replica.reopen(
      database, schema: CourtroomSchema.current,
      surroundings: Surroundings(clock: clock, randomness: randomness, keys: store))
    centre = CentralOffice.centre(over: replica, keys, clock, randomness)
    handler = CentreHandler(centre)
  }

  func restart() throws {
    guard let database = replica.reader as? DatabaseQueue else { return }
    try open(database)
  }

  // MARK: Orders

  @discardableResult
  func issue(_ kind: OrderKind) throws -> Order {
    try replica.transaction(leavingTables: true) {
      try $0.issue(kind, time: clock.wallMilliseconds(), key: keys.signing)
    }
  }

  var book: OrderBook { get throws { try replica.transaction(leavingTables: true) { $0.orderBook } } }

  /// What the serving process does by itself, and the operator when its clock is in doubt after a long rest.
  func keepTime() throws {
    if try centre.daysInDoubt() != nil { try centre.confirmClock() }
    try centre.keepTime()
  }

  // MARK: Backup and restoring

  func takeBackup() throws { backup = try replica.imageInMemory() }

  var hasBackup: Bool { backup != nil }

  /// The store is as it was at the backup, and nobody has noticed yet: the centre learns it from its own signatures.
  func fallBack() throws {
    guard let backup else { return }
    self.backup = nil
    try open(backup)
  }

  /// The store is as it was at the backup, and its operator begins a new epoch at once (design §5).
  ///
  /// - Parameters:
  ///   - shown: orders that a client shows before anything is judged; the centre takes them back.
  ///   - keepsBack: whether an order that was lost is issued anew only later.
  func restore(shown: [SignedOrder], keepsBack: (Order) -> Bool) throws {
    guard let backup else { return }
    let known = try book
    self.backup = nil
    try open(backup)
    var batch = Batch()
    batch.orders = shown
    _ = try replica.transaction { try $0.receive(batch, route: .direct) }
    let standing = try book
    let stands = standing.newest.number
    let epoch = max(clock.wallMilliseconds(), known.newest.epoch + 1)
    var opening = Batch()
    opening.orders = [
      try SignedOrder(
        mark: OrderMark(epoch: epoch, number: stands + 1), previous: standing.standing.last?.hash ?? .zero,
        time: clock.wallMilliseconds(), kind: .epoch(stands: stands), court: court, key: keys.signing)
    ]
    _ = try replica.transaction { try $0.receive(opening, route: .direct) }
    lostOrders += known.standing.filter { $0.mark.number > stands }
    try reissue(butNot: keepsBack)
  }

  /// Issues lost orders anew with the same content.
  func reissue(butNot keepsBack: (Order) -> Bool = { _ in false }) throws {
    var left: [Order] = []
    for order in lostOrders {
      switch order.kind {
      case .time, .epoch: continue
      case .fork(_, _, let hash): if try book.isBranchStart(hash) { continue }
      default: break
      }
      if keepsBack(order) {
        left.append(order)
      } else {
        try issue(order.kind)
      }
    }
    lostOrders = left
  }
}
