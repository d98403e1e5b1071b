import ChangeFormat
import Foundation
import GRDB
import Merge
import ReplicaStore
import Synchronization
import Testing

/// A row of the table below, as GRDB's ordinary API reads it.
private struct Note: FetchableRecord, Decodable, TableRecord, Equatable {
  static let databaseTableName = "note"
  var text: String?
  var pages: Int?
}

@Suite("The four modules are a library without the court")
struct LibraryTests {
  let folder = NSTemporaryDirectory() + "circuit-library-" + UUID().uuidString

  @Test("two replicas with tables of their own edit apart, exchange, agree, and GRDB reads and observes them")
  func example() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // README
    let notes = ReplicaStore.Table(
      1, "note", "便条", [Column(6, "text", "内容", .text), Column(8, "pages", "页数", .integer)])
    let schema = Schema(version: 1, tables: [notes])
    let machine = Surroundings.system(keyFolder: folder + "/keys")
    func replica(_ name: String) throws -> Replica {
      let keys = try DeviceKeys(
        signingSeed: machine.randomness.bytes(32), agreementSeed: machine.randomness.bytes(32))
      try machine.keys.save(keys)
      let owner = ReplicaIdentity(court: Identifier(high: 1, low: 2), keys: keys, label: name)
      return try Replica.create(folder: folder + "/" + name, schema: schema, identity: owner, surroundings: machine)
    }
    let (a, b) = (try replica("a"), try replica("b"))
    let id = a.newRecordID()
    try a.write { try $0.set("note", id, "text", .text("甲")) }
    _ = try b.receive(a.offer(lackingFrom: b.heads()).batch)
    try a.write { try $0.set("note", id, "text", .text("乙")) }
    try b.write { try $0.set("note", id, "pages", .integer(3)) }
    _ = try b.receive(a.offer(lackingFrom: b.heads()).batch)
    _ = try a.receive(b.offer(lackingFrom: a.heads()).batch)
    let read = try b.reader.read { try Note.fetchAll($0) }
    // README
    #expect(read == [Note(text: "乙", pages: 3)])
    #expect(try a.digests().map(\.digest) == b.digests().map(\.digest))
    #expect(try a.verify() == Verification(changes: 3, records: 1))
    #expect(try b.conflicts().isEmpty)
    try observe(a, b, id)
    try a.close()
    try b.close()
  }

  /// `ValueObservation` sees local writes and what a batch brings.
  private func observe(_ a: Replica, _ b: Replica, _ id: RecordID) throws {
    let seen = Mutex<[Int?]>([])
    let changed = DispatchSemaphore(value: 0)
    let observation = ValueObservation.tracking { try Note.fetchOne($0)?.pages }.removeDuplicates()
    // A queue of its own: the global one has a thread a core, and other tests compute on them for minutes.
    let queue = DispatchQueue(label: "observer")
    let token = observation.start(in: b.reader, scheduling: .async(onQueue: queue)) { error in
      Issue.record(error)
    } onChange: { pages in
      seen.withLock { $0.append(pages) }
      changed.signal()
    }
    defer { token.cancel() }
    #expect(changed.wait(timeout: .now() + 60) == .success)
    try b.write { try $0.set("note", id, "pages", .integer(4)) }
    #expect(changed.wait(timeout: .now() + 60) == .success)
    _ = try a.receive(b.offer(lackingFrom: a.heads()).batch)
    try a.write { try $0.set("note", id, "pages", .integer(5)) }
    _ = try b.receive(a.offer(lackingFrom: b.heads()).batch)
    #expect(changed.wait(timeout: .now() + 60) == .success)
    #expect(seen.withLock { $0 } == [3, 4, 5])
  }

  @Test("two writes of a cell apart stand as a conflict until a person decides")
  func conflict() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let schema = Schema(
      version: 1, tables: [ReplicaStore.Table(1, "note", "便条", [Column(6, "text", "内容", .text)])])
    let machine = Surroundings.system(keyFolder: folder + "/keys")
    func replica(_ name: String) throws -> Replica {
      let keys = try DeviceKeys(
        signingSeed: machine.randomness.bytes(32), agreementSeed: machine.randomness.bytes(32))
      try machine.keys.save(keys)
      return try Replica.create(
        folder: folder + "/" + name, schema: schema,
        identity: ReplicaIdentity(court: Identifier(high: 1, low: 2), keys: keys, label: name), surroundings: machine)
    }
    let (a, b) = (try replica("a"), try replica("b"))
    let id = a.newRecordID()
    try a.write { try $0.set("note", id, "text", .text("乙")) }
    try b.write { try $0.set("note", id, "text", .text("丙")) }
    _ = try b.receive(try a.offer(lackingFrom: b.heads()).batch)
    _ = try a.receive(try b.offer(lackingFrom: a.heads()).batch)
    #expect(try a.conflicts().count == 1)
    #expect(try b.conflicts() == a.conflicts())
    try a.write { try $0.resolve("note", id, "text", .value(.text("丁"))) }
    _ = try b.receive(try a.offer(lackingFrom: b.heads()).batch)
    #expect(try b.conflicts().isEmpty)
    #expect(try b.record(table: "note", id: id, scope: nil)?["text"]?.value == .text("丁"))
  }
}
