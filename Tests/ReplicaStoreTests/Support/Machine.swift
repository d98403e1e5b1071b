import ChangeFormat
import GRDB
import Merge

@testable import ReplicaStore

/// A workstation in a test: its replica in memory, its keys and its clocks.
final class Machine {
  let replica: Replica
  let clock: FakeClock
  let store: MemoryKeys
  let keys: DeviceKeys

  private init(replica: Replica, clock: FakeClock, store: MemoryKeys, keys: DeviceKeys) {
    self.replica = replica
    self.clock = clock
    self.store = store
    self.keys = keys
  }

  /// - Parameters:
  ///   - number: makes the keys and all random bytes.
  ///   - court: nil: a replica without a centre.
  convenience init(
    _ number: UInt64, in court: SmallCourt? = nil, schema: Schema = Sample.schema, isCentre: Bool = false,
    clock: FakeClock = FakeClock()
  ) throws {
    let keys = try Machine.keys(number)
    let store = MemoryKeys()
    try store.save(keys)
    self.init(
      replica: try Machine.replica(number, keys, court, schema, isCentre, clock, store), clock: clock, store: store,
      keys: keys)
  }

  /// The keys of a machine, so that it can be admitted before it is made.
  static func keys(_ number: UInt64) throws -> DeviceKeys {
    var random = SplitMix64(seed: number &+ 0xDE)
    return try DeviceKeys(signingSeed: random.bytes(32), agreementSeed: random.bytes(32))
  }

  private static func replica(
    _ number: UInt64, _ keys: DeviceKeys, _ court: SmallCourt?, _ schema: Schema, _ isCentre: Bool, _ clock: FakeClock,
    _ store: MemoryKeys
  ) throws -> Replica {
    try Replica.inMemory(
      schema: schema,
      identity: ReplicaIdentity(
        court: court?.court ?? Identifier(high: 0xC0, low: 0x01), keys: keys, label: "machine \(number)",
        centreKey: court?.key.publicKey, isCentre: isCentre),
      surroundings: Surroundings(clock: clock, randomness: SeededRandom(seed: number), keys: store))
  }

  /// A copy of the whole disk, keys and generation included: two machines go on with one log.
  func copy(_ number: UInt64, in court: SmallCourt, clock: FakeClock) throws -> Machine {
    let store = store.copy()
    let twin = try Machine.replica(number, keys, court, replica.schema, false, clock, store)
    if let source = replica.writer, let target = twin.writer { try source.backup(to: target) }
    return Machine(replica: twin, clock: clock, store: store, keys: keys)
  }

  /// Passes on all that the other lacks and this one holds.
  func pass(to other: Machine, route: Route = .relayed) throws {
    while true {
      let (batch, isAll) = try replica.offer(lackingFrom: other.replica.heads())
      let received = try other.replica.receive(batch, route: route)
      if isAll || received.changes == 0 { return }
    }
  }

  /// What a person would look at to tell whether anything was written: changes, digests and what was not sent.
  func fingerprint() throws -> [String] {
    var prints = try replica.digests().map { "\($0.scope) \($0.digest.hex)" }
    try replica.log { prints.append("\($0.dot) \($0.hash.hex)") }
    return prints
  }

  /// A reading of the inside, on a snapshot.
  func inside<T>(_ body: (ReadingTable) throws -> T) throws -> T { try replica.reading(body) }
}
