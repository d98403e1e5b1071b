import ChangeFormat
import Merge
import ReplicaStore

/// Which faults a seed has, and how many: some seeds have few, so that a failing one is easy to read.
struct FaultProfile {
  var network: Int
  var tornSticks: Int
  var machines: Bool
  var clocks: Bool
  var disks: Bool
  var burns: Bool
  var revokes: Bool
  var restores: Bool
  var orders: Bool
  var hasNewerSoftware: Bool
  /// Some machines have a disk of sectors, which fails in its own ways.
  var hasDisks: Bool

  init(_ random: inout SplitMix64) {
    network = random.pick([0, 10, 30, 50]) ?? 10
    tornSticks = random.pick([0, 15, 40]) ?? 0
    machines = random.chance(70)
    clocks = random.chance(50)
    disks = random.chance(45)
    burns = random.chance(35)
    revokes = random.chance(30)
    restores = random.chance(30)
    orders = random.chance(75)
    hasNewerSoftware = random.chance(30)
    hasDisks = random.chance(40)
  }
}

extension Fleet {
  /// One fault of those that the seed has.
  func fail() throws {
    guard let station = random.pick(stations.filter { !$0.isBurnt }) else { return }
    if let disk = station.place.sectors, random.chance(60) { return try fail(disk, of: station) }
    switch random.below(100) {
    case ..<12 where profile.machines: try restart(station)
    case ..<22 where profile.machines:
      note("\(station.name) reboots")
      station.clock.reboot()
      try restart(station)
    case ..<32 where profile.machines: try cutPower(station)
    case ..<42 where profile.clocks: setClock(of: station)
    case ..<52 where profile.disks: try disturbDisk(of: station)
    case ..<58 where profile.disks: try copy(station)
    case ..<60 where profile.burns: burn(station)
    case ..<64 where profile.burns: try burnAPast()
    case ..<74 where profile.network > 0:
      station.reachableFrom = step + random.between(5, 25)
      note("\(station.name) is cut off until \(station.reachableFrom)")
    case ..<80 where profile.machines: restartOffice()
    case ..<88 where profile.restores && !office.hasBackup:
      note("the centre is backed up")
      try office.takeBackup()
    case ..<96 where profile.restores && office.hasBackup: try restoreOffice()
    default: try signNonsense(as: station)
    }
  }

  func restart(_ station: Workstation) throws {
    let before = try fingerprint(station.replica)
    let upgrades = profile.hasNewerSoftware && station.schema.version == 1 && random.chance(20)
    let inOrder = random.chance(50)
    note("\(station.name) starts again\(inOrder ? "" : " after a crash")\(upgrades ? ", with newer software" : "")")
    try station.restart(inOrder: inOrder, schema: upgrades ? CourtroomSchema.newer : nil)
    let after = try fingerprint(station.replica)
    guard before == after else { throw Violation("restart", "\(station.name) holds something else after a restart") }
  }

  func fingerprint(_ replica: Replica) throws -> [String] {
    try replica.digests().map { "\($0.scope) \($0.digest)" }
      + replica.heads().sorted { $0.key < $1.key }
      .map { "\($0.key) \($0.value.sequence) \($0.value.hash)" }
  }

  /// The power goes while a write is under way: either it is whole, or nothing of it is there.
  private func cutPower(_ station: Workstation) throws {
    guard let cut = random.pick(PowerCut.allCases) else { return }
    note("\(station.name) loses power: \(cut)")
    station.cutPower(cut)
    do {
      try work(at: station)
    } catch ReplicaError.fileTrouble {
      note("\(station.name) was writing")
    }
    station.cutPower(nil)
    station.clock.reboot()
    try restart(station)
  }

  private func setClock(of station: Workstation) {
    switch random.below(6) {
    case 0: station.clock.set(to: 0)
    case 1: station.clock.set(to: 4_070_908_800_000)
    case 2: station.clock.set(ahead: Int64(random.between(25, 200)) * 3_600_000)
    case 3: station.clock.set(ahead: -Int64(random.between(1, 200)) * 3_600_000)
    case 4: station.clock.set(ahead: Int64(random.between(1, 20)) * 60_000)
    default: station.clock.set(ahead: 0)
    }
    note("\(station.name) shows \(station.clock.wallMilliseconds())")
  }

  private func disturbDisk(of station: Workstation) throws {
    if station.hasImage {
      let withKeys = random.chance(50)
      note("\(station.name) is set back\(withKeys ? ", keys and all" : "")")
      try station.revert(withKeys: withKeys)
      try checkHeld(station)
    } else {
      note("\(station.name) is imaged")
      try station.takeImage()
    }
  }

  private func copy(_ station: Workstation) throws {
    guard stations.count < 8 else { return }
    let name = "\(station.name)'"
    note("\(name) runs from a copy of \(station.name)")
    let clock = SimulatedClock(world, name: name)
    let twin = try station.twin(name: name, clock: clock, randomness: SeededBytes(seed: random.next()))
    twin.isRevoked = station.isRevoked
    stations.append(twin)
    // Both go on at once, each without the other's knowledge.
    for _ in 0..<random.between(0, 4) { try work(at: random.chance(50) ? twin : station) }
  }

  private func burn(_ station: Workstation) {
    guard stations.filter({ $0.takesPart }).count > 2 else { return }
    note("\(station.name) burns")
    station.isBurnt = true
  }

  func restartOffice() {
    note("the centre starts again")
    do {
      try office.restart()
    } catch {
      broken = broken ?? Violation("error", "the centre does not start: \(error)")
    }
  }

  private func restoreOffice() throws {
    restores += 1
    if random.chance(60) {
      note("the centre falls back to its backup")
      return try office.fallBack()
    }
    var shown: [SignedOrder] = []
    if random.chance(60), let client = random.pick(stations.filter { $0.takesPart }) {
      shown = try client.replica.offer(lackingFrom: try client.replica.heads()).batch.orders
    }
    note("the centre is restored from its backup; \(shown.count) orders are shown")
    let share = random.pick([0, 0, 50]) ?? 0
    try office.restore(shown: shown) { order in
      // A redaction is never undone, so the office issues it anew before anything else.
      if case .redact = order.kind { return false }
      return random.chance(share)
    }
  }
}
