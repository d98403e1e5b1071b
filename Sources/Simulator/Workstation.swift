import ChangeFormat
import GRDB
import Merge
import ReplicaStore

/// One simulated workstation: its replica, keys, clocks, and what its user was told is saved.
final class Workstation {
  /// A write that returned: its user has been told that it is saved.
  struct Acknowledged {
    var dot: Dot
    var hash: ContentHash
    var scope: String
  }

  let name: String
  let keys: DeviceKeys
  let clock: SimulatedClock
  let randomness: SeededBytes
  private(set) var store: SimulatedKeys
  private(set) var schema: Schema
  private(set) var replica: Replica
  private(set) var acknowledged: [Acknowledged] = []
  private var image: (disk: DiskImage, acknowledged: Int)?
  /// Destroyed with all that was on it.
  var isBurnt = false
  var isRevoked = false
  /// The step from which the network reaches it again.
  var reachableFrom = 0

  init(
    name: String, keys: DeviceKeys, clock: SimulatedClock, randomness: SeededBytes, store: SimulatedKeys,
    schema: Schema, replica: Replica
  ) {
    self.name = name
    self.keys = keys
    self.clock = clock
    self.randomness = randomness
    self.store = store
    self.schema = schema
    self.replica = replica
  }

  var device: DeviceID { keys.device }
  /// It works and the centre lets it in.
  var takesPart: Bool { !isBurnt && !isRevoked }
  var surroundings: Surroundings { Surroundings(clock: clock, randomness: randomness, keys: store) }

  private func open(_ database: any DatabaseWriter) throws {
    replica = try Replica.reopen(database, schema: schema, surroundings: surroundings)
  }

  /// The process ends, in order or not, and another opens the same file.
  func restart(inOrder: Bool, schema newer: Schema? = nil) throws {
    if inOrder { try replica.signHeads() }
    if let newer { schema = newer }
    guard let database = replica.reader as? DatabaseQueue else { return }
    try open(database)
  }

  func acknowledge(_ dot: Dot, scope: String) throws {
    guard let head = try replica.heads(scope: scope)[dot.log], head.sequence == dot.sequence else {
      throw Violation("lost", "\(name): \(dot.short) was saved and is not held")
    }
    acknowledged.append(Acknowledged(dot: dot, hash: head.hash, scope: scope))
  }

  // MARK: The disk

  func takeImage() throws {
    image = (DiskImage(database: try replica.imageInMemory(), keys: store.image()), acknowledged.count)
  }

  var hasImage: Bool { image != nil }

  /// The disk is as it was when its image was taken. What was saved since is gone from this machine.
  ///
  /// - Parameter withKeys: the folder of keys and generations is set back too, so that nothing here tells of it.
  func revert(withKeys: Bool) throws {
    guard let image else { return }
    if withKeys { store = image.disk.keys }
    acknowledged.removeLast(acknowledged.count - image.acknowledged)
    self.image = nil
    try open(image.disk.database)
  }

  /// A machine that runs from a copy of this one's whole disk.
  func twin(name: String, clock: SimulatedClock, randomness: SeededBytes) throws -> Workstation {
    let store = store.image()
    let replica = try Replica.reopen(
      try replica.imageInMemory(), schema: schema,
      surroundings: Surroundings(clock: clock, randomness: randomness, keys: store))
    let twin = Workstation(
      name: name, keys: keys, clock: clock, randomness: randomness, store: store, schema: schema, replica: replica)
    twin.acknowledged = acknowledged
    return twin
  }

  func cutPower(_ cut: PowerCut?) { store.schedule(cut) }
}
