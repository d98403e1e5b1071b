import ChangeFormat
import Foundation
import Merge
import ReplicaStore
import Testing
import Transport

@testable import CentralNode

/// A machine whose disk was copied with its keys, so that both write one log: what a receipt says of one line says
/// nothing of the other.
@Suite("A receipt covers what the centre holds of a line, whatever that waits for")
struct ReceiptOfBranchTests {
  private let court: SmallCourt
  private let original: Station
  private let twin: Station

  init() throws {
    court = try SmallCourt()
    let system = Surroundings.system(keyFolder: court.folder + "/original")
    let clock = HandClock()
    let keys = try DeviceKeys(
      signingSeed: system.randomness.bytes(32), agreementSeed: system.randomness.bytes(32))
    try system.keys.save(keys)
    let ticket = try court.centre.ticket(scopes: [SmallCourt.scope], label: "original", rights: .all)
    let answer = court.handler.answer(
      method: "POST", path: EnrolmentRequest.path, fields: [:],
      body: try EnrolmentRequest(ticket: ticket, keys: keys).bytes)
    let orders = try Batch(encoded: try EnrolmentReply(bytes: answer.body).batch, with: Compressor())
    let centre = court.centre.replica
    let replica = try Replica.inMemory(
      schema: SmallCourt.schema,
      identity: ReplicaIdentity(court: centre.court, keys: keys, label: "original", centreKey: centre.centreKey),
      surroundings: Surroundings(clock: clock, randomness: system.randomness, keys: system.keys))
    _ = try replica.receive(orders, route: .direct)
    original = Station(device: keys.device, replica: replica, clock: clock, handler: court.handler)
    try original.put("both have this")
    try original.sync()

    try FileManager.default.copyItem(atPath: court.folder + "/original", toPath: court.folder + "/twin")
    let copied = Surroundings.system(keyFolder: court.folder + "/twin")
    twin = Station(
      device: keys.device,
      replica: try Replica.reopen(
        try replica.imageInMemory(), schema: SmallCourt.schema,
        surroundings: Surroundings(clock: HandClock(), randomness: system.randomness, keys: copied.keys)),
      clock: clock, handler: court.handler)
  }

  private func hashes(_ replica: Replica) throws -> Set<ContentHash> {
    var hashes: Set<ContentHash> = []
    try replica.log { hashes.insert($0.hash) }
    return hashes
  }

  @Test("what waits on a branch for a past that nobody brings is sent once it is held")
  func waitingOnABranch() throws {
    try original.put("the one line")
    try original.sync()
    let lost = try court.device("lost")
    try lost.put("never reaches the centre")
    _ = try twin.replica.receive(try lost.replica.offer(lackingFrom: [:]).batch, route: .relayed)
    try twin.put("the other line")
    try twin.put("and on")
    var stick = try twin.replica.offer(lackingFrom: [:]).batch
    let lostLogs = Set(try lost.replica.heads().keys)
    stick.runs.removeAll { lostLogs.contains($0.log) }

    let carrier = try court.device("carrier")
    try carrier.sync()
    _ = try carrier.replica.receive(stick, route: .relayed)
    try carrier.sync()
    #expect(try court.centre.replica.status().waiting.count == 2)
    #expect(try hashes(court.centre.replica).isSuperset(of: try hashes(carrier.replica)))
    #expect(try carrier.replica.status().unsent == 0)
    #expect(try carrier.sync().sent == 0)
  }

  @Test("a receipt for one line, heard first, does not hold the other back")
  func otherLine() throws {
    for text in ["the one line", "and on"] { try original.put(text) }
    try original.sync()
    for text in ["the other line", "and on"] { try twin.put(text) }

    // What the twins share is missing on the stick, so that the other line waits when the receipt comes.
    var stick = try twin.replica.offer(lackingFrom: [:]).batch
    let place = try #require(stick.runs.firstIndex { $0.changes.count == 3 })
    var shared: ContentHash?
    try twin.replica.log { if $0.dot == Dot(stick.runs[place].log, 1) { shared = $0.hash } }
    stick.runs[place].changes.removeFirst()
    stick.runs[place].first = 2
    stick.runs[place].previous = try #require(shared)
    stick.runs[place].heads.removeAll { $0.sequence < 2 }
    let carrier = try court.device("carrier")
    _ = try carrier.replica.receive(stick, route: .relayed)
    #expect(try carrier.replica.status().waiting.count == 2)
    try carrier.sync()
    #expect(try hashes(court.centre.replica).isSuperset(of: try hashes(twin.replica)))
    #expect(try carrier.replica.status().unsent == 0)
  }
}
