import CSQLite
import ChangeFormat
import Foundation
import Merge

@testable import ReplicaStore

/// A workstation whose replica is a file.
final class FileMachine {
  let folder: TemporaryFolder
  let keys: DeviceKeys
  let store: MemoryKeys
  let clock = FakeClock()
  private let random: SeededRandom

  var path: String { folder.path + "/replica.db" }
  /// Whose replica is a file checks and reads ahead on a thread of its own.
  var surroundings: Surroundings {
    Surroundings(clock: clock, randomness: random, keys: store, scheduling: SystemThreads())
  }

  /// Makes the replica and closes it.
  init(_ number: UInt64 = 1, schema: Schema = Sample.schema, _ fill: (Replica) throws -> Void = { _ in }) throws {
    folder = try TemporaryFolder()
    keys = try Machine.keys(number)
    store = MemoryKeys()
    random = SeededRandom(seed: number)
    try store.save(keys)
    let replica = try Replica.create(
      folder: folder.path, schema: schema,
      identity: ReplicaIdentity(court: Identifier(high: 0xC0, low: 0x01), keys: keys, label: "file"),
      surroundings: surroundings)
    try fill(replica)
    try replica.close()
  }

  func open(_ access: Replica.Access = .writing, schema: Schema = Sample.schema) throws -> Replica {
    try Replica.open(folder: folder.path, schema: schema, access: access, surroundings: surroundings)
  }

  /// Opens, does something, closes.
  @discardableResult
  func use<T>(_ access: Replica.Access = .writing, schema: Schema = Sample.schema, _ body: (Replica) throws -> T) throws
    -> T
  {
    let replica = try open(access, schema: schema)
    do {
      let result = try body(replica)
      try replica.close()
      return result
    } catch {
      try? replica.close()
      throw error
    }
  }

  /// One plain transaction.
  @discardableResult
  func write(_ number: UInt64 = 1, _ text: String = "甲") throws -> Committed {
    try use { try $0.write { try $0.set("item", Sample.id(number), "text", .text(text)) } }
  }

  var bytes: [UInt8] { readFile(path) ?? [] }

  func overwrite(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

  /// Puts the file back in place, as a backup is restored: the inode is the same.
  func putBack(_ bytes: [UInt8]) throws {
    for name in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + name) }
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.truncate(atOffset: 0)
    try file.write(contentsOf: Data(bytes))
    try file.close()
  }

  /// Copies the write-ahead log into the file, so that the file stands alone.
  func checkpoint() { sql("PRAGMA wal_checkpoint(TRUNCATE)") }

  /// Changes the file behind the replica's back.
  func sql(_ statement: String) {
    var database: OpaquePointer?
    guard sqlite3_open(path, &database) == SQLITE_OK else { return }
    sqlite3_exec(database, statement, nil, nil, nil)
    sqlite3_close(database)
  }
}
