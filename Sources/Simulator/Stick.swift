import ChangeFormat
import Merge
import ReplicaStore
import Transport

/// A batch on a stick, as bytes: it may come late, twice, out of order, torn, or to somebody else than it was made for.
struct Stick {
  var from: String
  var bytes: [UInt8]
  /// Everything that its maker held, with the orders it rests on.
  var isWhole: Bool
  /// How often it will still be put into a machine.
  var uses: Int
}

extension Fleet {
  /// Copies what a station holds onto a stick.
  func fillStick(at station: Workstation) throws {
    var heads: [LogID: KnownHead] = [:]
    var isWhole = random.chance(50)
    if !isWhole, let other = random.pick(stations.filter { !$0.isBurnt }) { heads = try other.replica.heads() }
    let budget = isWhole ? Int.max / 2 : random.pick([500, 4000, 1 << 20]) ?? 4000
    var (batch, isAll) = try station.replica.offer(lackingFrom: heads, budget: budget)
    learnScopes(of: batch)
    if !isWhole {
      if random.chance(30) { batch.runs = batch.runs.filter { _ in random.chance(60) } }
      if random.chance(30) { batch.runs = random.shuffled(batch.runs) }
      if random.chance(20) { batch.orders = batch.orders.filter { _ in random.chance(70) } }
    } else if !isAll {
      isWhole = false
    }
    sticks.append(
      Stick(from: station.name, bytes: batch.encoded(with: compressor), isWhole: isWhole, uses: random.between(1, 3)))
    note("\(station.name) fills a stick: \(batch.runs.count) runs\(isWhole ? ", whole" : "")")
  }

  /// Puts a stick into a station or the centre.
  func deliverStick() throws {
    guard !sticks.isEmpty else { return }
    let place = random.below(sticks.count)
    let stick = sticks[place]
    sticks[place].uses -= 1
    if sticks[place].uses == 0 { sticks.remove(at: place) }
    let station = random.chance(30) ? nil : random.pick(stations.filter { !$0.isBurnt })
    if random.chance(profile.tornSticks) {
      try refuseTorn(stick)
    } else if let station {
      try deliver(stick, to: station)
    } else {
      try deliverToCentre(stick)
    }
  }

  private func refuseTorn(_ stick: Stick) throws {
    let cut = random.below(stick.bytes.count)
    note("a stick of \(stick.from) is torn at \(cut)")
    if (try? Batch(encoded: Array(stick.bytes.prefix(cut)), with: compressor)) != nil {
      throw Violation("cut", "a batch cut at \(cut) of \(stick.bytes.count) bytes was read")
    }
  }

  func deliver(_ stick: Stick, to station: Workstation) throws {
    var batch = try Batch(encoded: stick.bytes, with: compressor)
    // A device is given only what it may read.
    let scopes = Set(try station.replica.ownScopes())
    batch.runs.removeAll { run in logScopes[run.log].map { !scopes.contains($0) } ?? true }
    batch.logs.removeAll { entry in entry.genesis.map { !scopes.contains($0.scope) } ?? false }
    let received: Received
    let before = try (applied: applied(station.replica), time: trustedTime(station))
    do {
      received = try station.replica.receive(batch, route: .relayed)
    } catch {
      note("\(station.name) refuses a stick of \(stick.from): \(error.number)")
      let isExplained = [2302, 2303].contains(error.number) && (!stick.isWhole || couldLackRedactions)
      if isExplained { return }
      throw Violation("error", "\(station.name) reads a\(stick.isWhole ? " whole" : "") stick: \(error)")
    }
    note("\(station.name) reads a stick of \(stick.from): \(received.changes) changes, \(received.orders) orders")
    try checkTimely(station, before.applied, max(before.time, trustedTime(station)))
  }

  /// What a stick brought from a day ahead waits until the centre has said something of it.
  private func checkTimely(_ station: Workstation, _ before: Set<ContentHash>, _ time: UInt64) throws {
    var ahead: [Dot] = []
    try station.replica.log { change in
      if change.state == .applied, !before.contains(change.hash), change.device != station.device,
        change.stamp.milliseconds > time &+ ClockLimits.ahead, change.restamped == nil
      {
        ahead.append(change.dot)
      }
    }
    for dot in ahead where try station.replica.receipt(covering: dot) == nil {
      throw Violation("early", "\(station.name) applies \(dot.short), which is stamped more than a day ahead")
    }
  }

  private func applied(_ replica: Replica) throws -> Set<ContentHash> {
    var hashes: Set<ContentHash> = []
    try replica.log { if $0.state == .applied { hashes.insert($0.hash) } }
    return hashes
  }

  /// What the centre's word makes of the time at a station.
  private func trustedTime(_ station: Workstation) throws -> UInt64 {
    let wall = station.clock.wallMilliseconds()
    let off = try station.replica.status().clockOffMilliseconds ?? 0
    return UInt64(clamping: Int64(clamping: wall) - off)
  }

  func deliverToCentre(_ stick: Stick) throws {
    let batch = try Batch(encoded: stick.bytes, with: compressor)
    let (accepted, refusals) = try office.centre.receive(batch)
    note("the centre reads a stick of \(stick.from): \(accepted) accepted, refused \(refusals.map(\.error))")
    try judge()
  }

  /// Remembers which scope a log belongs to: a batch says so only where the log is new to the receiver.
  func learnScopes(of batch: Batch) {
    for entry in batch.logs { if let genesis = entry.genesis { logScopes[entry.log] = genesis.scope } }
  }
}
