import Merge
import ReplicaStore
import Testing

@testable import CentralNode

@Suite("A centre restored from a copy lets those in whom it admitted after that copy")
struct ForgottenDeviceTests {
  /// A court whose centre is restored from a copy that device two is not in.
  private func restoredCourt() throws -> (court: SmallCourt, one: Station, two: Station, centre: Centre) {
    let court = try SmallCourt()
    let one = try court.device("one")
    try one.put("before the copy")
    try one.sync()
    let copy = try court.centre.replica.imageInMemory()
    try one.put("after the copy")
    try one.sync()
    let two = try court.device("two")
    let restored = try Replica.reopen(
      copy, schema: SmallCourt.schema, surroundings: court.centre.replica.surroundings)
    let centre = Centre(replica: restored, key: court.centre.key, clock: court.clock, random: court.centre.random)
    return (court, one, two, centre)
  }

  @Test("a device that has heard of the new epoch before it could show its grant")
  func heardByStick() throws {
    let (court, one, two, centre) = try restoredCourt()
    let (restored, handler) = (centre.replica, CentreHandler(centre))
    try two.put("by a device that the copy does not know")
    func after(_ station: Station) -> Station {
      Station(device: station.device, replica: station.replica, clock: station.clock, handler: handler)
    }
    try after(one).sync()
    let epochs = try restored.orders().filter { if case .epoch = $0.kind { true } else { false } }.count
    #expect(epochs == 1)

    let stick = try one.replica.offer(lackingFrom: [:]).batch
    _ = try two.replica.receive(stick, route: .relayed)
    #expect(try two.replica.status().scopes.isEmpty, "its grant is of an ended epoch")
    try after(two).sync()
    #expect(try two.replica.status().unsent == 0)
    #expect(try two.replica.status().scopes == ["court", SmallCourt.scope])
    try after(one).sync()
    #expect(try restored.verify().changes == 3)
    #expect(try one.replica.digests().map(\.digest) == restored.digests().map(\.digest))
    let left = try restored.orders().filter { if case .epoch = $0.kind { true } else { false } }.count
    #expect(left == 1, "no further epoch is opened for it")
  }

  @Test("not a device that was revoked since")
  func revoked() throws {
    let (court, one, two, centre) = try restoredCourt()
    let (restored, handler) = (centre.replica, CentreHandler(centre))
    let after = Station(device: one.device, replica: one.replica, clock: one.clock, handler: handler)
    try after.sync()
    try restored.transaction { bench in
      _ = try bench.issue(
        .revoke(device: two.device, stands: [:]), time: court.clock.wallMilliseconds(), key: centre.key)
    }
    try after.sync()
    _ = try two.replica.receive(try one.replica.offer(lackingFrom: [:]).batch, route: .relayed)
    let late = Station(device: two.device, replica: two.replica, clock: two.clock, handler: handler)
    #expect(throws: (any Error).self) { try late.sync() }
    #expect(
      try !restored.orders().contains {
        if case .grant(two.device, _, _, _, _, _, _, _) = $0.kind { true } else { false }
      })
  }
}
