import ChangeFormat
import Foundation
import GRDB
import Merge
import ReplicaStore
import Testing

@testable import CentralNode

@Suite("What was redacted is never undone, whatever becomes of the centre's order")
struct RedactionTests {
  @Test("redacted before and after a copy was restored: one order explains what is left, and it is provable")
  func joined() throws {
    let court = try SmallCourt()
    let one = try court.device("one")
    let id = one.replica.newRecordID()
    try one.replica.write(scope: SmallCourt.scope) {
      try $0.set("note", id, "text", .text("张某某，410000"))
      try $0.set("note", id, "pages", .integer(3))
    }
    try one.sync()
    let copy = try court.centre.replica.imageInMemory()
    let dot = try #require(try one.replica.heads().first { $0.value.sequence == 1 })
    func redact(_ position: UInt32, at centre: Centre) throws {
      try centre.replica.transaction { bench in
        let held = try #require(try bench.payload(of: dot.value.hash, signed: Dot(dot.key, 1)))
        let left = held.redacted(positions: [position])
        _ = try bench.issue(
          .redact(
            log: dot.key, sequence: 1, hash: dot.value.hash, positions: [position],
            payloadHash: Hashing.hash(left.bytes)),
          time: court.clock.wallMilliseconds(), key: centre.key)
      }
    }
    try redact(0, at: court.centre)
    try one.sync()

    let restored = try Replica.reopen(
      copy, schema: SmallCourt.schema, surroundings: court.centre.replica.surroundings)
    let centre = Centre(replica: restored, key: court.centre.key, clock: court.clock, random: court.centre.random)
    try redact(1, at: centre)
    let after = Station(device: one.device, replica: one.replica, clock: one.clock, handler: CentreHandler(centre))
    try after.sync()
    try after.sync()
    for replica in [restored, one.replica] {
      #expect(try replica.verify().changes == 1)
      let record = try #require(try replica.record(table: "note", id: id, scope: nil))
      #expect(record.fields.allSatisfy { $0.value == .redacted || $0.value == .null }, "\(record.fields)")
    }
    #expect(try restored.digests().map(\.digest) == one.replica.digests().map(\.digest))
    #expect(try after.sync().received == 0)
  }
}
