import ChangeFormat
import Testing

@testable import Merge
@testable import ReplicaStore

/// A small court lived through: real replicas that write, pass on what they hold by any path, and a centre that gives
/// orders; each replica with the pure merge beside it. One seed makes one history.
final class History {
  /// What may happen.
  struct Style: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// The centre excludes, restamps, redacts, revokes.
    var hasOrders = false
    /// Machines are copied with their keys, and the centre comes back from backups.
    var hasAccidents = false
    /// Someone writes changes by hand and keeps no rule.
    var isHostile = false

    static let honest = Style(testDescription: "honest")
    static let ordered = Style(testDescription: "ordered", hasOrders: true)
    static let accidents = Style(testDescription: "accidents", hasOrders: true, hasAccidents: true)
    static let hostile = Style(testDescription: "hostile", hasOrders: true, hasAccidents: true, isHostile: true)
  }

  /// A machine with the pure merge of what has reached it.
  final class Place {
    let machine: Machine
    var mirror: Mirror
    /// Indexes into the history's changes.
    var holds: [Int] = []
    var held: Set<Int> = []

    init(_ machine: Machine, _ mirror: Mirror) {
      self.machine = machine
      self.mirror = mirror
    }
  }

  let style: Style
  var random: SplitMix64
  var court: SmallCourt
  /// Place 0 is the centre's own replica: it holds and judges, and writes nothing.
  var places: [Place] = []
  /// All changes ever written, each after all it saw.
  var changes: [WireChange] = []
  var indexes: [ContentHash: Int] = [:]
  /// All orders ever signed, lost ones too.
  var orders: [SignedOrder] = []
  var copiedLogs: Set<LogID> = []
  var hands: [HandWriter] = []
  /// Something was written that may wait for ever.
  var hasBogusContexts = false
  var receiptNumber: UInt64 = 0
  /// What rare things were seen.
  private(set) var met: Set<Rarity> = []
  private(set) var trace: [String] = []

  init(seed: UInt64, style: Style) throws {
    self.style = style
    random = SplitMix64(seed: seed)
    court = try SmallCourt(seed: seed)
    let writers = 2 + random.below(2)
    for number in 0...writers {
      if number > 0 { orders.append(try court.admit(try Machine.keys(seed &* 8 &+ UInt64(number)))) }
    }
    for number in 0...writers {
      let clock = FakeClock()
      if number > 0 && style.hasOrders {
        switch random.below(8) {
        case 0: clock.set(wall: 86_400_000)
        case 1: clock.set(wall: 4_000_000_000_000)
        default: break
        }
      }
      let machine = try Machine(seed &* 8 &+ UInt64(number), in: court, isCentre: number == 0, clock: clock)
      let place = Place(machine, Mirror(trustedTime: FakeClock.start))
      places.append(place)
      try deliver([], orders: orders, to: number)
    }
    if style.isHostile {
      for number in 0...1 {
        hands.append(try HandWriter(seed &* 8 &+ 100 &+ UInt64(number), scope: Mirror.scopes[number]))
      }
    }
  }

  func see(_ rarities: Set<Rarity>) { met.formUnion(rarities) }
  func note(_ line: String) { trace.append(line) }

  // MARK: Steps

  /// Lives one step, and compares the replica it touched with the pure merge.
  ///
  /// - Returns: the first difference; nil when there is none.
  func step() throws -> String? {
    let writer = 1 + random.below(places.count - 1)
    var touched = writer
    switch random.below(100) {
    case 0..<35: try write(writer)
    case 35..<45 where style.isHostile: try writeByHand(writer)
    case 35..<70: touched = try meet() ?? writer
    default:
      guard style.hasOrders else {
        touched = try meet() ?? writer
        break
      }
      switch random.below(20) {
      case 0..<2 where style.hasAccidents: try copy(writer)
      case 2..<4 where style.hasAccidents: try restore()
      case 4..<8:
        touched = random.below(places.count)
        try deliver([], orders: someOrders(), to: touched)
      case 8..<10: try giveReceipt(to: writer)
      default:
        touched = 0
        try judge()
      }
    }
    try places[touched].machine.inside { see(try Rarity.all(in: $0)) }
    if places[touched].mirror.hasUndecidedTwins { return nil }
    return try Comparison.difference(places[touched].machine, places[touched].mirror).map { "place \(touched): \($0)" }
  }

  /// One place passes on some of what it holds, in any order, whoever wrote it.
  func meet() throws -> Int? {
    let from = random.below(places.count)
    let to = random.chance(20) ? 0 : random.below(places.count)
    if from == to { return nil }
    let some = style.hasOrders && random.chance(60) ? someOrders() : []
    var lacking = places[from].holds.filter { !places[to].held.contains($0) }
    if random.chance(50) { lacking.shuffle(using: &random) }
    if random.chance(30) { lacking = Array(lacking.prefix(random.below(lacking.count + 1))) }
    if random.chance(30), !lacking.isEmpty { lacking.remove(at: random.below(lacking.count)) }
    if random.chance(20), let again = places[to].holds.randomElement(using: &random) { lacking.append(again) }
    try deliver(lacking, orders: some, to: to)
    return to
  }

  /// Orders as they were signed, from the first on; sometimes a few out of their order.
  private func someOrders() -> [SignedOrder] {
    if random.chance(20) { return [random.pick(orders), random.pick(orders)] }
    return Array(orders.prefix(1 + random.below(orders.count)))
  }

  /// A batch of changes in this order, singly or in runs.
  ///
  /// While it is open which of two headers is the log, the first that comes counts: then they come one by one.
  func deliver(_ indexes: [Int], orders: [SignedOrder], receipts: [SignedReceipt] = [], to number: Int) throws {
    let place = places[number]
    note("\(number) gets \(indexes) and orders \(orders.map(\.order.mark.number)) receipts \(receipts.count)")
    for order in orders { place.mirror.receive(order.order) }
    if copiedLogs.isEmpty {
      _ = try place.machine.replica.receive(
        Batch(runs: runs(indexes), orders: orders, receipts: receipts), route: .relayed)
    } else {
      if !orders.isEmpty || !receipts.isEmpty {
        _ = try place.machine.replica.receive(
          Batch(runs: [], orders: orders, receipts: receipts), route: .relayed)
      }
      for index in indexes { _ = try place.machine.replica.receive(Batch([changes[index]]), route: .relayed) }
    }
    for index in indexes { hold(index, at: place) }
    place.mirror.trustedTime = try place.machine.inside { inside in
      try inside.meta.trustedTime()?.now(place.machine.clock) ?? place.machine.clock.wallMilliseconds()
    }
  }

  func hold(_ index: Int, at place: Place) {
    place.mirror.receive(changes[index])
    if place.held.insert(index).inserted { place.holds.append(index) }
  }

  /// Neighbours of one log that stand in order are sent as one run.
  private func runs(_ indexes: [Int]) -> [[WireChange]] {
    var runs: [[WireChange]] = []
    for index in indexes {
      let change = changes[index]
      if let last = runs.last?.last, last.hash == change.header.previous, last.header.dot.log == change.header.dot.log,
        random.chance(70)
      {
        runs[runs.count - 1].append(change)
      } else {
        runs.append([change])
      }
    }
    return runs
  }

  // MARK: Accidents

  /// What a history should meet now and then, or it tests little.
  enum Rarity: CaseIterable {
    case branch, waitsForPast, waitsForOrder, waitsForFork, waitsForTime, undecodable
    /// Excluded, but what it saw is not understood.
    case excludedLacking
    /// A context rests on an excluded change that is not held.
    case presumed
    /// Something stands after a past that nobody holds.
    case gap
    case lostOrder

    static func all(in inside: ReadingTable) throws -> Set<Rarity> {
      var met: Set<Rarity> = []
      for waiting in try WaitingChange.all(inside.sql) {
        switch waiting.reason {
        case .past: met.insert(waiting.isExcluded ? .excludedLacking : .waitsForPast)
        case .order: met.insert(.waitsForOrder)
        case .fork: met.insert(.waitsForFork)
        case .time: met.insert(.waitsForTime)
        case .undecodable: met.insert(.undecodable)
        case .mustUnderstand: break
        }
      }
      if inside.logs.entries.contains(where: { $0.fork != nil && $0.tip > $0.fork?.sequence ?? 0 }) {
        met.insert(.branch)
      }
      if inside.logs.presumed.values.contains(where: { !$0.isEmpty }) { met.insert(.presumed) }
      if inside.logs.entries.contains(where: { $0.accounted < $0.tip }) { met.insert(.gap) }
      if !inside.logs.book.lost.isEmpty { met.insert(.lostOrder) }
      return met
    }
  }

  /// The disk is copied: two machines go on with one log.
  private func copy(_ number: Int) throws {
    guard places.count < 7 else { return }
    let place = places[number]
    for index in place.holds where changes[index].genesis.device == place.machine.keys.device {
      copiedLogs.insert(changes[index].genesis.log)
    }
    let machine = try place.machine.copy(
      random.next(), in: court, clock: FakeClock(wall: place.machine.clock.wallMilliseconds()))
    let twin = Place(machine, place.mirror)
    twin.holds = place.holds
    twin.held = place.held
    note("\(number) is copied to \(places.count)")
    places.append(twin)
    if random.chance(30) { return }
    // Both go on; mostly the centre hears of both.
    for writer in [number, places.count - 1] { for _ in 0...random.below(3) { try write(writer) } }
    for from in [number, places.count - 1] where random.chance(70) {
      try deliver(places[from].holds.filter { !places[0].held.contains($0) }, orders: [], to: 0)
    }
    if random.chance(60) { try issueForks() }
  }
}
