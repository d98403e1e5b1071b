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
  private(set) var place: ReplicaPlace
  private(set) var replica: Replica
  private(set) var acknowledged: [Acknowledged] = []
  private var image: (place: ReplicaPlace, keys: SimulatedKeys, acknowledged: [Acknowledged])?
  /// Destroyed with all that was on it.
  var isBurnt = false
  var isRevoked = false
  /// The step from which the network reaches it again.
  var reachableFrom = 0

  init(
    name: String, keys: DeviceKeys, clock: SimulatedClock, randomness: SeededBytes, store: SimulatedKeys,
    schema: Schema, place: ReplicaPlace, replica: Replica
  ) {
    self.name = name
    self.keys = keys
    self.clock = clock
    self.randomness = randomness
    self.store = store
    self.schema = schema
    self.place = place
    self.replica = replica
  }

  var device: DeviceID { keys.device }
  /// It works and the centre lets it in.
  var takesPart: Bool { !isBurnt && !isRevoked }
  var surroundings: Surroundings { Surroundings(clock: clock, randomness: randomness, keys: store) }

  private func open() throws { replica = try place.open(schema: schema, surroundings: surroundings) }

  /// The process ends, in order or not, and another opens the same file.
  func restart(inOrder: Bool, schema newer: Schema? = nil) throws {
    if inOrder { try replica.signHeads() }
    if let newer { schema = newer }
    if inOrder, place.sectors != nil { try replica.close() }
    try open()
  }

  func acknowledge(_ dot: Dot, scope: String) throws {
    guard let head = try replica.heads(scope: scope)[dot.log], head.sequence == dot.sequence else {
      throw Violation("lost", "\(name): \(dot.short) was saved and is not held")
    }
    acknowledged.append(Acknowledged(dot: dot, hash: head.hash, scope: scope))
  }

  // MARK: The disk

  func takeImage() throws { image = (try place.image(replica), store.image(), acknowledged) }

  var hasImage: Bool { image != nil }

  /// The disk is as it was when its image was taken. What was saved since is gone from this machine.
  ///
  /// - Parameter withKeys: the folder of keys and generations is set back too, so that nothing here tells of it.
  func revert(withKeys: Bool) throws {
    guard let image else { return }
    if withKeys { store = image.keys }
    acknowledged = image.acknowledged
    self.image = nil
    place = image.place
    try open()
  }

  /// A machine that runs from a copy of this one's whole disk.
  func twin(name: String, clock: SimulatedClock, randomness: SeededBytes) throws -> Workstation {
    let store = store.image()
    let place = try place.image(replica)
    let replica = try place.open(
      schema: schema, surroundings: Surroundings(clock: clock, randomness: randomness, keys: store))
    let twin = Workstation(
      name: name, keys: keys, clock: clock, randomness: randomness, store: store, schema: schema, place: place,
      replica: replica)
    twin.acknowledged = acknowledged
    return twin
  }

  /// Files of this machine's disk as they were when its image was taken.
  var imagedSectors: SectorDisk? { image?.place.sectors }

  /// What a disk that failed took with it is no longer owed by this machine.
  func forgive(_ isHeld: (Acknowledged) -> Bool) -> [Acknowledged] {
    let lost = acknowledged.filter { !isHeld($0) }
    acknowledged.removeAll { !isHeld($0) }
    return lost
  }

  /// Power comes back: what the disk and the folder of keys kept is what there is.
  func losePower(_ random: inout SplitMix64) {
    place.sectors?.losePower(&random)
    store.losePower(&random)
    store.schedule(nil)
    clock.reboot()
  }

  func cutPower(_ cut: PowerCut?) { store.schedule(cut) }
}
