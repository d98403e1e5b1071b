import ChangeFormat
import Foundation
import GRDB
import Merge
import Testing

@testable import ReplicaStore

@Suite("A replica is one file that says what it is")
struct FileTests {
  @Test("nothing leaves the machine that a power cut could take back: FULL, WAL, no checkpoint outside the lock")
  func durable() throws {
    let machine = try FileMachine()
    for _ in 0..<2 {
      try machine.use { (replica: Replica) throws in
        let writer = try #require(replica.writer)
        try writer.writeWithoutTransaction { (db: Database) throws in
          #expect(try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2)
          #expect(try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal")
          #expect(try Int.fetchOne(db, sql: "PRAGMA wal_autocheckpoint") == 0)
          #expect(try Int.fetchOne(db, sql: "PRAGMA trusted_schema") == 0)
        }
        try replica.write { try $0.set("item", Sample.id(1), "size", .integer(1)) }
      }
    }
  }

  @Test("the header carries the application id and the format version")
  func header() throws {
    let machine = try FileMachine()
    machine.checkpoint()
    let header = Array(machine.bytes.prefix(100))
    #expect(Array(header[68..<72]) == Array("CIRC".utf8))
    #expect(Array(header[60..<64]) == [0, 0, 0, 1])
    #expect(try FileProbe.look(at: readHead(machine.path)) == .replica(version: 1))
  }

  @Test("what was written is there after closing, for readers and writers")
  func reopened() throws {
    let machine = try FileMachine()
    let made = try machine.write(1, "甲")
    for access in [Replica.Access.reading, .writing] {
      try machine.use(access) { (replica: Replica) throws in
        #expect(try replica.record(table: "item", id: Sample.id(1), scope: nil)?["text"]?.value == .text("甲"))
        #expect(try replica.record(table: "item", id: Sample.id(1), scope: nil)?["text"]?.dots == [made.dot])
        #expect(try replica.verify() == Verification(changes: 1, records: 1))
      }
    }
  }

  @Test("a replica whose maker ended before it closed anything opens again, even without its write-ahead log")
  func madeAndLeft() throws {
    let folder = try TemporaryFolder()
    let keys = try Machine.keys(1)
    let store = MemoryKeys()
    try store.save(keys)
    let surroundings = Surroundings(clock: FakeClock(), randomness: SeededRandom(seed: 1), keys: store)
    let replica = try Replica.create(
      folder: folder.path, schema: Sample.schema,
      identity: ReplicaIdentity(court: Identifier(high: 0xC0, low: 0x01), keys: keys, label: ""),
      surroundings: surroundings)
    // What a crash leaves: the files as they are.
    let copy = try TemporaryFolder()
    for name in ["replica.db", "replica.db-wal"] {
      try FileManager.default.copyItem(atPath: folder.path + "/" + name, toPath: copy.path + "/" + name)
    }
    try replica.close()
    for name in ["replica.db-wal", ""] {
      if name.isEmpty { try FileManager.default.removeItem(atPath: copy.path + "/replica.db-wal") }
      let opened = try Replica.open(
        folder: copy.path, schema: Sample.schema, access: .writing, surroundings: surroundings)
      #expect(opened.device == keys.device)
      try opened.close()
    }
  }

  @Test("a reader writes nothing, and says what it lacks when asked to")
  func reader() throws {
    let machine = try FileMachine { try $0.write { try $0.set("item", Sample.id(1), "size", .integer(1)) } }
    machine.checkpoint()
    let before = machine.bytes
    let reader = try machine.open(.reading)
    _ = try reader.status()
    #expect(throws: ReplicaError.self) { try reader.write { try $0.set("item", Sample.id(1), "size", .integer(2)) } }
    try reader.close()
    #expect(machine.bytes == before)
  }

  @Test("a folder that has a replica is not made anew, and an absent one is not opened")
  func occupied() throws {
    let machine = try FileMachine()
    let before = machine.bytes
    #expect(throws: ReplicaError.self) {
      try Replica.create(
        folder: machine.folder.path, schema: Sample.schema,
        identity: ReplicaIdentity(court: .zero, keys: machine.keys, label: ""), surroundings: machine.surroundings)
    }
    #expect(machine.bytes == before)
    let error = #expect(throws: ReplicaError.self) {
      try Replica.open(
        folder: machine.folder.path + "/none", schema: Sample.schema, access: .writing,
        surroundings: machine.surroundings)
    }
    #expect(error?.number == 2002)
    #expect(!FileManager.default.fileExists(atPath: machine.folder.path + "/none"))
  }
}
