import ChangeFormat
import GRDB
import Merge
import ReplicaStore

/// What must hold while faults happen, and what must hold when they have stopped.
extension Fleet {
  // MARK: During

  /// The tables follow from the changes, and nothing that a user was told is saved has gone.
  func checkpoint(_ station: Workstation) throws {
    note("\(station.name) is checked")
    try verify(station.replica, station.name)
    try checkHeld(station)
    try checkShown(station, after: "whatever has come to it")
  }

  /// Every write that returned since the disk was last set back is held: applied, excluded or waiting.
  ///
  /// - Returns: all that is held.
  @discardableResult
  func checkHeld(_ station: Workstation) throws -> Set<ContentHash> {
    let held = try hashes(station.replica)
    if let lost = station.acknowledged.first(where: { !held.contains($0.hash) }) {
      throw Violation("lost", "\(station.name): \(lost.dot.short) was saved and is not held")
    }
    return held
  }

  func verify(_ replica: Replica, _ name: String) throws {
    do {
      _ = try replica.verify()
    } catch {
      throw Violation("verify", "\(name): \(error)")
    }
  }

  func hashes(_ replica: Replica) throws -> Set<ContentHash> {
    var hashes: Set<ContentHash> = []
    try replica.log { hashes.insert($0.hash) }
    return hashes
  }

  // MARK: At the end

  static let roundsToConverge = 3

  /// The faults stop; then the fleet must come to rest within three rounds.
  func settle() throws {
    step += 1
    note("the faults stop")
    network.trouble = 0
    for station in stations { station.reachableFrom = 0 }
    for request in network.delayed { note("a request comes again: \(office.answer(request).status)") }
    while !sticks.isEmpty, random.chance(70) { try deliverStick() }
    sticks = []
    try office.keepTime()
    try office.reissue()
    try judge()
    // Tables that are behind are right as far as they go.
    if random.chance(25) { try verify(office.replica, "centre") }
    let active = stations.filter(\.takesPart)
    var mustHave: Set<ContentHash> = try hashes(office.replica)
    for station in active {
      mustHave.formUnion(try checkHeld(station))
    }
    var rests = false
    for round in 1...Fleet.roundsToConverge where !rests {
      step += 1
      world.advance(by: UInt64(random.between(1, 600)) * 1000)
      for station in random.shuffled(active) {
        if let failure = try sync(station) {
          throw Violation("error", "round \(round): \(station.name) cannot sync: \(failure)")
        }
        try letGoOfBurntPast(excludesWaiting: round > 1)
      }
      rests = try isAtRest(active)
    }
    plantAtEnd(active)
    if !rests || planted != nil { try checkRest(active) }
    try checkNothingLost(mustHave, active)
    try checkStates(active)
    for (scope, digest) in try office.replica.digests() { note("\(scope) \(digest.hex)") }
  }

  private func isAtRest(_ active: [Workstation]) throws -> Bool {
    do {
      try checkRest(active)
      return true
    } catch is Violation {
      return false
    }
  }

  /// Equal digests and heads on every member of every scope, nothing waiting, nothing unsent.
  private func checkRest(_ active: [Workstation]) throws {
    try office.finishTables()
    let digests = Dictionary(uniqueKeysWithValues: try office.replica.digests().map { ($0.scope, $0.digest) })
    for waiting in try office.replica.status().waiting {
      throw Violation("waiting", "centre: \(waiting.dot.short) for \(waiting.reason)")
    }
    for station in active {
      let status = try station.replica.status()
      if let waiting = status.waiting.first {
        throw Violation("waiting", "\(station.name): \(waiting.dot.short) for \(waiting.reason)")
      }
      let members = Set(try station.replica.ownScopes())
      guard try station.replica.orders().last?.hash == office.book.standing.last?.hash else {
        throw Violation("orders", "\(station.name) has not the centre's newest order")
      }
      for (scope, digest) in try station.replica.digests() where members.contains(scope) {
        let (here, there) = (try station.replica.heads(scope: scope), try office.replica.heads(scope: scope))
        if here != there {
          let differing = Set(here.keys).union(there.keys).filter { here[$0] != there[$0] }.sorted()
          let seen = differing.map {
            "\($0.hex.prefix(6)) to \(here[$0]?.sequence ?? 0), there \(there[$0]?.sequence ?? 0)"
          }
          throw Violation("heads", "\(station.name) in \(scope) holds \(seen.joined(separator: "; "))")
        }
        guard digests[scope] ?? Hashing.hash([]) == digest else {
          let cell = try firstDifference(station.replica, in: scope)
          let wrong = try sidesThatDiffer(station.replica, in: scope)
          throw Violation("digest", "\(station.name) in \(scope): \(cell); \(wrong)")
        }
      }
      if status.unsent > 0 {
        throw Violation("unsent", "\(station.name): \(status.unsent), \(try withoutReceipt(station.replica))")
      }
    }
  }

  /// Heads that no receipt covers, for a person to begin from.
  private func withoutReceipt(_ replica: Replica) throws -> String {
    var lacking: [String] = []
    for (log, head) in try replica.heads().sorted(by: { $0.key < $1.key }) {
      let receipt = try replica.receipt(covering: Dot(log, head.sequence))
      if let receipt, receipt.isAuthentic { continue }
      lacking.append("\(Dot(log, head.sequence).short) \(receipt.map { "held to \($0.held)" } ?? "without a receipt")")
    }
    return lacking.joined(separator: "; ")
  }

  /// Which of two replicas the pure merge of its own holdings contradicts.
  private func sidesThatDiffer(_ replica: Replica, in scope: String) throws -> String {
    var sides: [String] = []
    for (name, side) in [("the station", replica), ("the centre", office.replica)] {
      let held = try side.offer(lackingFrom: [:], budget: Int.max / 2).batch
      let reference = try ReferenceMerge(of: held, court: office.court).digest(scope)
      let found = try side.digests().first { $0.scope == scope }?.digest
      if found != reference { sides.append(name) }
    }
    return sides.isEmpty
      ? "both are as the pure merge has them" : "the pure merge contradicts \(sides.joined(separator: " and "))"
  }

  /// The first field whose S is not what the centre has, for a person to begin from.
  private func firstDifference(_ replica: Replica, in scope: String) throws -> String {
    func fields(_ replica: Replica) throws -> [String: [Dot]] {
      var found: [String: [Dot]] = [:]
      try replica.dump { view in
        guard view.scope == scope else { return }
        let table = CourtroomSchema.newer.table(named: view.table)
        for field in view.fields {
          // Newer software has names for what older software numbers.
          let column = table?.column(named: field.name).map { "#\($0.id)" } ?? field.name
          found["\(table.map { "#\($0.id)" } ?? view.table) \(view.id.hex.suffix(6)) \(column)"] = field.dots
        }
      }
      return found
    }
    let here = try fields(replica)
    let there = try fields(office.replica)
    for name in Set(here.keys).union(there.keys).sorted() where here[name] != there[name] {
      let (mine, theirs) = (here[name]?.map(\.short) ?? [], there[name]?.map(\.short) ?? [])
      return "\(name) has \(mine), at the centre \(theirs)"
    }
    return "the same writes, other values"
  }

  /// What any machine held that was left when the faults stopped, and so every write that was saved, is at the centre.
  private func checkNothingLost(_ mustHave: Set<ContentHash>, _ active: [Workstation]) throws {
    let centre = try hashes(office.replica)
    if let lost = mustHave.filter({ !centre.contains($0) }).min() {
      throw Violation("lost", "change \(lost.hex.prefix(8)) was held when the faults stopped and is not at the centre")
    }
    for station in active {
      try checkHeld(station)
      if let lost = station.acknowledged.first(where: { !centre.contains($0.hash) }) {
        throw Violation("lost", "\(station.name): \(lost.dot.short) was saved and is not at the centre")
      }
    }
  }

  /// Rebuilt tables equal live ones everywhere, and the pure merge of what the centre holds gives the same states.
  private func checkStates(_ active: [Workstation]) throws {
    try verify(office.replica, "centre")
    for station in active { try verify(station.replica, station.name) }
    let batch = try office.replica.offer(lackingFrom: [:], budget: Int.max / 2).batch
    let reference = try ReferenceMerge(of: batch, court: office.court)
    for (scope, digest) in try office.replica.digests() {
      if reference.waiting(scope) > 0 { throw Violation("merge", "\(scope): the pure merge lets something wait") }
      if reference.digest(scope) != digest { throw Violation("merge", "\(scope): the pure merge has another state") }
    }
  }

  // MARK: Planted faults

  private func plantAtEnd(_ active: [Workstation]) {
    guard let station = active.first, let database = station.replica.reader as? DatabaseQueue else { return }
    switch planted {
    case .tamperedRow: try? database.write { try $0.execute(sql: "UPDATE dispute SET title = 'forged'") }
    case .forgottenChange:
      try? (office.replica.reader as? DatabaseQueue)?.write {
        try $0.execute(sql: "DELETE FROM _change WHERE id = (SELECT max(id) FROM _change)")
      }
    default: break
    }
  }

  /// One shown value of a replica that has passed its own checks is made another.
  func plantSilently(in station: Workstation) {
    guard planted == .silentRow, let database = station.replica.reader as? DatabaseQueue else { return }
    try? database.write { try $0.execute(sql: "UPDATE dispute SET title = 'forged'") }
  }
}
