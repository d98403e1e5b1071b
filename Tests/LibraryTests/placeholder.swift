import ChangeFormat
import Foundation
import GRDB
import Merge
import ReplicaStore
import Testing

@Test("two replicas edit apart, exchange, and agree")
func twoReplicasAgree() throws {
  let folder = NSTemporaryDirectory() + "/circuit-" + UUID().uuidString
  defer { try? FileManager.default.removeItem(atPath: folder) }
  let schema = Schema(version: 1, tables: [ReplicaStore.Table(1, "note", "便条", [ReplicaStore.Column(6, "text", "内容", .text), ReplicaStore.Column(9, "filed", "立案日", .date)])])
  let surroundings = Surroundings.system(keyFolder: folder + "/keys")
  let court = Identifier(high: 1, low: 2)
  func make(_ name: String) throws -> Replica {
    let r = surroundings.randomness
    let keys = try DeviceKeys(signingSeed: r.bytes(32), agreementSeed: r.bytes(32))
    try surroundings.keys.save(keys)
    return try Replica.create(folder: folder + "/" + name, schema: schema, identity: ReplicaIdentity(court: court, keys: keys, label: name), surroundings: surroundings)
  }
  let a = try make("a"), b = try make("b")
  let id = a.newRecordID()
  try a.write { try $0.set("note", id, "text", .text("甲")) }
  _ = try b.receive(try a.offer(lackingFrom: b.heads()).batch)
  try a.write { try $0.set("note", id, "text", .text("乙")) }
  try b.write { try $0.set("note", id, "text", .text("丙")) }
  _ = try b.receive(try a.offer(lackingFrom: b.heads()).batch)
  _ = try a.receive(try b.offer(lackingFrom: a.heads()).batch)
  #expect(try a.digests().map(\.digest) == b.digests().map(\.digest))
  #expect(try a.conflicts().count == 1)
  #expect(try b.conflicts() == a.conflicts())
  try a.write { try $0.resolve("note", id, "text", .value(.text("丁"))) }
  _ = try b.receive(try a.offer(lackingFrom: b.heads()).batch)
  #expect(try b.conflicts().isEmpty)
  #expect(try a.digests().map(\.digest) == b.digests().map(\.digest))
  #expect(try a.verify() == Verification(changes: 4, records: 1))
  #expect(try b.verify() == Verification(changes: 4, records: 1))
  print(try a.history(table: "note", id: id, scope: nil, field: nil))
  try a.close()
  try b.close()
  let again = try Replica.open(folder: folder + "/a", schema: schema, access: .reading, surroundings: surroundings)
  #expect(try again.record(table: "note", id: id, scope: nil)?["text"]?.value == .text("丁"))
}
