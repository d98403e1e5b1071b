import Merge

/// A small court in a test: replicas that write, pass on what they hold by any path, and a centre that gives orders.
/// One seed makes one history.
struct Fleet {
  /// What may happen in a history.
  struct Style: Sendable {
    var name: String
    /// The centre gives orders, receipts and time; devices are copied, burnt and revoked.
    var hasOrders = false
    /// Some writers keep no rule.
    var isHostile = false

    /// Writers that keep the rules, and no orders.
    static let honest = Style(name: "honest")
    static let ordered = Style(name: "ordered", hasOrders: true)
    static let hostile = Style(name: "hostile", hasOrders: true, isHostile: true)
  }

  /// 1 September 2026, and the two ends of time that a dead battery or a typing error give.
  static let now: UInt64 = 1_788_220_800_000
  static let farPast: UInt64 = 86_400_000
  static let farFuture: UInt64 = 253_370_764_800_000

  let seed: UInt64
  let style: Style
  var random: SplitMix64
  /// All changes ever written, each after all it saw.
  var changes: [LedgerChange] = []
  var indexes: [ContentHash: Int] = [:]
  /// All orders ever signed.
  var orders: [Order] = []
  /// Replica 0 is the centre's: it holds and judges, and writes nothing.
  var replicas: [FleetReplica] = []
  var centre = FleetCentre()
  /// Hashes of receipted changes, as the centre gave them.
  var receipts: [ContentHash] = []
  /// Hashes of changes whose log a copied device also continues.
  var copiedLogs: Set<LogID> = []
  /// Fork orders are kept back to the end of time.
  var withholdsForks = false
  /// Something was written that waits for ever.
  var hasBogusContexts = false

  init(seed: UInt64, style: Style) {
    self.seed = seed
    self.style = style
    random = SplitMix64(seed: seed)
    let writers = 2 + random.below(random.chance(25) ? 5 : 3)
    replicas = [FleetReplica(device: .zero, clock: Fleet.now, trustedTime: Fleet.now)]
    for number in 1...writers {
      let clock =
        switch random.below(8) {
        case 0: Fleet.farPast
        case 1: style.hasOrders ? Fleet.farFuture : Fleet.now
        default: Fleet.now
        }
      var replica = FleetReplica(
        device: DeviceID(high: 0xDE, low: UInt64(number)), clock: clock, trustedTime: Fleet.now)
      replica.isHostile = style.isHostile && random.chance(40)
      replicas.append(replica)
    }
    withholdsForks = style.isHostile && random.chance(15)
    let weather = Weather(&random)
    let steps = 10 + random.below(random.chance(10) ? 80 : 36)
    for _ in 0..<steps { step(weather) }
  }

  /// How often what happens in one history, so that each shows something rare often.
  private struct Weather {
    var judging: Int
    var copying: Int
    var burning: Int
    var restoring: Int

    init(_ random: inout SplitMix64) {
      judging = random.pick([5, 15, 40])
      copying = random.pick([0, 0, 4, 10])
      burning = random.pick([0, 0, 4, 10])
      restoring = random.pick([0, 0, 6, 15])
    }
  }

  private mutating func step(_ weather: Weather) {
    let writer = 1 + random.below(replicas.count - 1)
    if random.chance(45) { return write(writer) }
    guard style.hasOrders else { return meet() }
    var roll = random.below(60 + weather.judging + weather.copying + weather.burning + weather.restoring)
    func falls(_ weight: Int) -> Bool {
      roll -= weight
      return roll < 0
    }
    if falls(weather.judging) { return judge() }
    if falls(weather.copying) { return copy(writer) }
    if falls(weather.burning) { return burn(writer) }
    if falls(weather.restoring) { return restore() }
    if falls(8) { return pass(to: writer) }
    if falls(3) { return passReceipts(to: writer) }
    if falls(2) { return raiseTime(writer) }
    meet()
  }

  // MARK: Passing on

  /// One replica passes on some of what it holds, in any order, whoever wrote it.
  private mutating func meet() {
    let from = random.below(replicas.count)
    let to = random.chance(40) ? 0 : random.below(replicas.count)
    guard from != to, !replicas[from].isBurnt, !replicas[to].isBurnt else { return }
    if style.hasOrders && random.chance(70) { pass(to: to) }
    var lacking = replicas[from].holds.filter { !replicas[to].heldSet.contains($0) }
    if random.chance(40) { lacking.shuffle(using: &random) }
    // A stick may have room for what its owner wrote, and not for what that rests on.
    if random.chance(25) {
      lacking = lacking.filter { replicas[from].ownHashes.contains(changes[$0].hash) || random.chance(20) }
    }
    for index in lacking.prefix(random.chance(60) ? lacking.count : random.below(lacking.count + 1)) {
      deliver(index, to: to)
    }
  }

  mutating func deliver(_ index: Int, to replica: Int) {
    replicas[replica].take(changes[index], index)
    if replica == 0 && style.hasOrders && random.chance(30) { receipt(changes[index].hash) }
  }

  /// Some of the orders, mostly in their order.
  private mutating func pass(to replica: Int) {
    guard !orders.isEmpty, !replicas[replica].isBurnt else { return }
    if random.chance(15) { return replicas[replica].take(random.pick(orders)) }
    for order in orders.prefix(1 + random.below(orders.count)) { replicas[replica].take(order) }
  }

  private mutating func passReceipts(to replica: Int) {
    for hash in receipts where random.chance(50) { replicas[replica].takeReceipt(hash) }
  }

  private mutating func raiseTime(_ replica: Int) {
    let time = replicas[replica].ledger.trustedTime + UInt64(random.below(3)) * 30 * 3_600_000
    replicas[replica].ledger.trustedTime = random.chance(10) ? Fleet.farFuture : time
  }

  /// A receipt: the centre has applied the change or excluded it.
  mutating func receipt(_ hash: ContentHash) {
    guard replicas[0].ledger.dot(of: hash) != nil, !receipts.contains(hash) else { return }
    receipts.append(hash)
  }

  // MARK: Accidents

  /// The disk is copied: two machines go on with one log.
  private mutating func copy(_ replica: Int) {
    guard replicas.count < 9, !replicas[replica].isBurnt else { return }
    if replicas[replica].author == nil { replicas[replica].startLog(&random) }
    if let log = replicas[replica].author?.log { copiedLogs.insert(log) }
    replicas.append(replicas[replica])
  }

  /// The laptop burns, and with it what nobody else holds; sometimes with the only one that had seen it, whose own
  /// changes have already gone out.
  private mutating func burn(_ replica: Int) {
    let alive = replicas.indices.dropFirst().filter { !replicas[$0].isBurnt && $0 != replica }
    guard !alive.isEmpty else { return }
    if alive.count > 1 && random.chance(60) {
      let witness = random.pick(alive)
      write(replica)
      for index in replicas[replica].holds where !replicas[witness].heldSet.contains(index) {
        deliver(index, to: witness)
      }
      write(witness)
      let messenger = random.chance(50) ? 0 : random.pick(alive)
      for index in replicas[witness].holds where replicas[witness].ownHashes.contains(changes[index].hash) {
        deliver(index, to: messenger)
      }
      replicas[witness].isBurnt = messenger != witness
    }
    replicas[replica].isBurnt = true
  }

  /// Whether a change is held by anyone but burnt replicas.
  func isHeld(_ index: Int) -> Bool { replicas.contains { !$0.isBurnt && $0.heldSet.contains(index) } }
}
