import ChangeFormat
import Merge
import ReplicaStore
import Transport

/// Three to six workstations and a centre in one process, with everything that comes to them drawn from one seed.
final class Fleet {
  static let tribunals = ["tribunal/east", "tribunal/west"]

  var random: SplitMix64
  let world = WorldTime()
  let profile: FaultProfile
  let office: CentralOffice
  let compressor = Compressor()
  var stations: [Workstation] = []
  var network: SimulatedNetwork
  var sticks: [Stick] = []
  var records: [String: [KnownRecord]] = [:]
  var logScopes: [LogID: String] = [:]
  var step = 0
  private(set) var trace: Trace
  /// What broke where it could not be thrown.
  var broken: Violation?
  /// A fault planted on purpose, so that it can be seen that the checks can fail.
  let planted: PlantedFault?

  // What a run did, to see that a range of seeds reaches everything.
  var written = 0
  var synced = 0
  var redacts = 0
  var restores = 0
  var burntPasts = 0
  var diskFaults = 0
  var noticedFaults = 0

  init(seed: UInt64, keepsLines: Bool, planted: PlantedFault?) throws {
    random = SplitMix64(seed: seed)
    trace = Trace(keepsLines: keepsLines)
    self.planted = planted
    profile = FaultProfile(&random)
    network = SimulatedNetwork(trouble: profile.network)
    office = try CentralOffice(world: world, random: &random)
    try office.issue(.time(treeSize: 0, treeHead: .zero, lowers: false))
    note("seed \(seed)")
    for _ in 0..<random.between(3, 6) { try admit() }
  }

  func note(_ line: String) { trace.note("\(step) \(line)") }

  /// A lost redaction may be unknown where a redacted change arrives.
  var couldLackRedactions: Bool { redacts > 0 && restores > 0 }

  // MARK: Enrolment

  /// A new workstation with a ticket for some tribunals.
  func admit() throws {
    let name = "station \(stations.count + 1)"
    var scopes = Fleet.tribunals.filter { _ in random.chance(60) }
    if scopes.isEmpty { scopes = [Fleet.tribunals[stations.count % 2]] }
    let ticket = try office.centre.ticket(scopes: scopes, label: name, rights: .all)
    // A ticket that was used before: the first machine is revoked wholly.
    if random.chance(5) {
      _ = try enrol(with: ticket, DeviceKeys(signingSeed: random.bytes(32), agreementSeed: random.bytes(32)))
    }
    let keys = try DeviceKeys(signingSeed: random.bytes(32), agreementSeed: random.bytes(32))
    let orders = try enrol(with: ticket, keys)
    let store = SimulatedKeys()
    try store.save(keys)
    let clock = SimulatedClock(world, name: name, drift: Int64(random.between(-50, 50)))
    let randomness = SeededBytes(seed: random.next())
    let schema = profile.hasNewerSoftware && random.chance(30) ? CourtroomSchema.newer : CourtroomSchema.current
    let identity = ReplicaIdentity(
      court: office.court, keys: keys, label: name, centreKey: office.keys.signing.publicKey,
      centreURL: "https://centre.invalid")
    let surroundings = Surroundings(clock: clock, randomness: randomness, keys: store)
    let (place, replica) = try ReplicaPlace.make(
      onDisk: profile.hasDisks && random.chance(70), schema: schema, identity: identity, surroundings: surroundings)
    _ = try replica.receive(orders, route: .direct)
    stations.append(
      Workstation(
        name: name, keys: keys, clock: clock, randomness: randomness, store: store, schema: schema, place: place,
        replica: replica))
    note("\(name) joins \(scopes.joined(separator: " "))")
  }

  private func enrol(with ticket: Ticket, _ keys: DeviceKeys) throws -> Batch {
    let request = try EnrolmentRequest(ticket: ticket, keys: keys)
    let answer = office.answer(Request(path: EnrolmentRequest.path, fields: [:], body: request.bytes))
    guard answer.status == 200 else { throw Violation("error", "enrolment refused: \(answer.status)") }
    return try Batch(encoded: try EnrolmentReply(bytes: answer.body).batch, with: compressor)
  }

  // MARK: The run

  /// Everything up to the moment when the faults stop.
  func run() throws {
    let steps = random.between(30, 90)
    while step < steps {
      step += 1
      advanceTime()
      try office.keepTime()
      try act()
      if let broken { throw broken }
    }
  }

  private func advanceTime() {
    switch random.below(20) {
    case 0: world.advance(by: UInt64(random.between(1, 72)) * 3_600_000)
    case 1...4: world.advance(by: UInt64(random.between(1, 300)) * 60_000)
    default: world.advance(by: UInt64(random.between(1, 90_000)))
    }
  }

  private func act() throws {
    switch random.below(100) {
    case ..<45: if let station = random.pick(stations.filter { !$0.isBurnt }) { try work(at: station) }
    case ..<68: if let station = random.pick(stations.filter { !$0.isBurnt }) { _ = try sync(station) }
    case ..<73: if let station = random.pick(stations.filter { !$0.isBurnt }) { try fillStick(at: station) }
    case ..<79: try deliverStick()
    case ..<86: if profile.orders { try issueSomething() }
    case ..<96: try fail()
    case ..<97: if stations.count < 6 { try admit() }
    case ..<98: try bringDelayed()
    default: if let station = random.pick(stations.filter { !$0.isBurnt }) { try checkpoint(station) }
    }
  }

  /// A request that was already answered comes once more.
  private func bringDelayed() throws {
    guard !network.delayed.isEmpty else { return }
    let request = network.delayed.remove(at: random.below(network.delayed.count))
    note("a request comes again: \(office.answer(request).status)")
    try judge()
  }

  /// One exchange with the centre, over the network as the seed makes it.
  ///
  /// - Returns: nil when it came to a good end, else what it ended with.
  func sync(_ station: Workstation) throws -> (any Error)? {
    let channel = SimulatedChannel(station, self)
    // Lines of all kinds: some carry so little at a time that most messages travel in parts.
    let sizes = random.pick([1024...1024, 1024...20_000, 8 * 1024...1024 * 1024]) ?? 1024...1024
    synced += 1
    var failure: (any Error)?
    do {
      let report = try exchange(station, channel, sizes: sizes, isPatient: random.chance(30))
      note("\(station.name) syncs: \(report.sent) sent, \(report.received) received, \(report.waiting) waiting")
      if channel.gaveCutReply { throw Violation("cut", "\(station.name) took a reply that was cut short") }
    } catch let error as TransportError {
      note("\(station.name) syncs: \(error.number)")
      failure = error
    } catch let error as ReplicaError {
      note("\(station.name) syncs: \(error.number)")
      if !isExpected(error, at: station) { throw Violation("error", "\(station.name) syncs: \(error)") }
      failure = error
    }
    if let violation = channel.violation { throw violation }
    try judge()
    return failure
  }

  private func exchange(
    _ station: Workstation, _ channel: SimulatedChannel, sizes: ClosedRange<Int>, isPatient: Bool
  ) throws -> SyncReport {
    if case .channel(let dropped) = planted {
      let lossy = LossyChannel(channel, drops: dropped)
      return try Exchange(replica: station.replica, channel: lossy).run()
    }
    return try Exchange(replica: station.replica, channel: channel, sizes: sizes, isPatient: isPatient).run()
  }

  private func isExpected(_ error: ReplicaError, at station: Workstation) -> Bool {
    if let disk = station.place.sectors, disk.isOff { return true }
    return switch error {
    case .badChain: couldLackRedactions
    case .diskFull: station.place.sectors?.capacity != nil
    default: false
    }
  }
}
