import Foundation
import Merge
import Testing

@testable import ReplicaStore

/// The state of a replica is the pure merge of the changes and orders it holds (design §1): whatever came, in whatever
/// order, how often, and in how many pieces.
@Suite("A replica is the pure merge of what it holds")
struct EquivalenceTests {
  /// Histories a style; `CIRCUIT_HISTORIES` sets another number, `CIRCUIT_SEED` lives one of them alone.
  static let count = Int(ProcessInfo.processInfo.environment["CIRCUIT_HISTORIES"] ?? "") ?? 500
  static let only = UInt64(ProcessInfo.processInfo.environment["CIRCUIT_SEED"] ?? "")
  static let styles = [History.Style.honest, .ordered, .accidents, .hostile].filter {
    $0.testDescription == ProcessInfo.processInfo.environment["CIRCUIT_STYLE"] ?? $0.testDescription
  }

  @Test(
    "random histories: S, shown values, conflicts, waiting and digests are the ledger's, and all replicas end alike",
    arguments: styles)
  func histories(_ style: History.Style) async {
    let seeds = EquivalenceTests.only.map { [$0] } ?? (1...UInt64(EquivalenceTests.count)).map { $0 }
    let lives = await withTaskGroup(of: [Life].self) { group in
      let width = max(2, ProcessInfo.processInfo.activeProcessorCount)
      for worker in 0..<width {
        group.addTask {
          var lives: [Life] = []
          for i in stride(from: worker, to: seeds.count, by: width) where lives.count(where: { $0.fault != nil }) < 2 {
            lives.append(live(seeds[i], style))
          }
          return lives
        }
      }
      var all: [Life] = []
      for await some in group { all += some }
      return all
    }
    for life in lives { if let fault = life.fault { Issue.record("\(fault)") } }
    if style.isHostile && seeds.count >= 400 {
      let met = lives.reduce(into: Set()) { $0.formUnion($1.met) }
      let missed = History.Rarity.allCases.filter { !met.contains($0) }
      #expect(missed.isEmpty, "\(seeds.count) histories met no \(missed)")
    }
  }
}

/// What became of a history.
private struct Life: Sendable {
  /// What went wrong, with the command that lives it again.
  var fault: String?
  var met: Set<History.Rarity> = []
}

/// Lives one history to its end.
private func live(_ seed: UInt64, _ style: History.Style) -> Life {
  var history: History?
  let fault: String?
  do {
    let lived = try History(seed: seed, style: style)
    history = lived
    fault = try lived.live()
  } catch {
    fault = "\(error)"
  }
  let met = history?.met ?? []
  guard let fault else { return Life(fault: nil, met: met) }
  let trace = EquivalenceTests.only == nil ? "" : (history?.trace ?? []).map { "\n  \($0)" }.joined()
  return Life(
    fault: """
      \(style.testDescription), seed \(seed): \(fault)
      replay: CIRCUIT_STYLE=\(style.testDescription) CIRCUIT_SEED=\(seed) swift test --filter EquivalenceTests\(trace)
      """, met: met)
}

extension History {
  /// All steps, then the day when everyone has heard everything.
  func live() throws -> String? {
    let steps = 8 + random.below(random.chance(20) ? 70 : 24)
    for _ in 0..<steps {
      if let difference = try step() { return difference }
    }
    return try end()
  }

  /// Everything reaches everyone; then all are alike.
  private func end() throws -> String? {
    // Of a burnt laptop something never turns up.
    if random.chance(40) { return nil }
    try deliver(changes.indices.filter { !places[0].held.contains($0) }, orders: [], to: 0)
    try reissue(percent: 100)
    try issueForks()
    if random.chance(50) { try meetAll() } else { try deliverAll() }
    for number in places.indices {
      if let difference = try Comparison.wholeDifference(places[number].machine, places[number].mirror) {
        return "at the end, place \(number): \(difference)"
      }
    }
    return try differenceBetweenPlaces()
  }

  /// In any order, and twice.
  private func deliverAll() throws {
    for number in places.indices {
      var order = Array(changes.indices)
      order.shuffle(using: &random)
      try deliver(Array(order.prefix(order.count / 2)), orders: [], to: number)
      try deliver([], orders: court.orders, to: number)
      order.shuffle(using: &random)
      try deliver(order, orders: court.orders, to: number)
    }
  }

  /// Everyone offers everyone what he holds, until nobody has anything new.
  private func meetAll() throws {
    note("all meet")
    for number in places.indices.dropFirst() { try deliver([], orders: court.orders, to: number) }
    var isMoving = true
    while isMoving {
      isMoving = false
      for from in places.indices {
        for to in places.indices where to != from {
          let offered = try places[from].machine.replica.offer(
            lackingFrom: places[to].machine.replica.heads(), budget: 400 + random.below(4000)
          ).batch
          isMoving = try places[to].machine.replica.receive(offered, route: .relayed).changes > 0 || isMoving
        }
      }
    }
    for (number, place) in places.enumerated() {
      var held: Set<ContentHash> = []
      try place.machine.replica.log { held.insert($0.hash) }
      for index in changes.indices {
        if held.contains(changes[index].hash) {
          hold(index, at: place)
        } else if !places[0].mirror[changes[index].header.scope].isExcluded(changes[index].hash) {
          // A head says nothing of a gap: of an excluded past nobody held, what one place has stays there.
          throw BrokenRule(description: "change \(index) has not come to place \(number)")
        }
      }
    }
  }

  private func differenceBetweenPlaces() throws -> String? {
    // What time lets through depends on what each machine has heard; the pure merge says so for each.
    if places.contains(where: { place in Mirror.scopes.contains { !place.mirror[$0].waiting.isEmpty } }) { return nil }
    let digests = try places.map { try $0.machine.replica.digests().map(\.digest) }
    return digests.allSatisfy { $0 == digests[0] } ? nil : "replicas with the same holdings differ"
  }
}
