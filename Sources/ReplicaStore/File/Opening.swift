import CSQLite
import ChangeFormat
import Foundation
import GRDB
import Merge

extension Replica {
  /// Opens the replica of a folder.
  ///
  /// A file that is not a replica, is of newer software, or is damaged is refused before SQLite opens it: not one byte
  /// of it changes.
  public static func open(
    folder: String, schema: Schema, access: Access, surroundings: Surroundings
  ) throws(ReplicaError) -> Replica {
    let path = "\(folder)/replica.db"
    try check(path)
    return try reporting(path) {
      switch access {
      case .reading:
        var queue = try DatabaseQueue(path: path, configuration: configuration(readonly: true))
        let isOld = try queue.read { try isOlder($0, schema, path) }
        let isBehind = try queue.read { try !UnbuiltChanges(sql: StatementCache($0.handle)).isEmpty }
        if isOld || isBehind {
          // A reader cannot read what is not there yet.
          try queue.close()
          do {
            let replica = try open(folder: folder, schema: schema, access: .writing, surroundings: surroundings)
            defer { try? replica.close() }
            if isBehind { _ = try replica.buildTables() }
          } catch {
            // Tables that are behind are right as far as they go: better read than nothing, on a full disk.
            if isOld { throw error }
          }
          queue = try DatabaseQueue(path: path, configuration: configuration(readonly: true))
        }
        return try Replica(
          schema: schema, surroundings: surroundings, reader: queue, writer: nil, turn: NoTurn(), folder: folder)
      case .writing:
        let replica = try openForWriting(folder, schema, surroundings)
        replica.settleGeneration()
        return replica
      }
    }
  }

  private static func openForWriting(
    _ folder: String, _ schema: Schema, _ surroundings: Surroundings
  ) throws -> Replica {
    let path = "\(folder)/replica.db"
    let turn = FileTurn(folder: folder)
    try turn.begin()
    defer { turn.end() }
    let pool = try openPool(path)
    let replica = try Replica(
      schema: schema, surroundings: surroundings, reader: pool, writer: pool, turn: turn, folder: folder)
    try pool.write { db in try migrate(db, schema, path) }
    return replica
  }

  /// Whether the tables are those of an earlier edition of the schema; those of a later one are refused.
  private static func isOlder(_ db: Database, _ schema: Schema, _ path: String) throws -> Bool {
    guard let stored = try Meta(StatementCache(db.handle)).number(.schema) else { return true }
    guard stored <= UInt64(schema.version) else {
      throw ReplicaError.newerReplica(path: path, found: Int(stored), known: schema.version)
    }
    return stored < UInt64(schema.version)
  }

  /// Makes a new replica in an absent or empty folder.
  public static func create(
    folder: String, schema: Schema, identity: ReplicaIdentity, surroundings: Surroundings
  ) throws(ReplicaError) -> Replica {
    let path = "\(folder)/replica.db"
    guard try FileProbe.look(at: readHead(path)) == .absent else { throw .alreadyExists(path: folder) }
    try makeFolder(folder)
    return try reporting(path) {
      let turn = FileTurn(folder: folder)
      try turn.begin()
      defer { turn.end() }
      let pool = try openPool(path)
      try pool.write { db in try lay(db, schema, identity, surroundings) }
      let replica = try Replica(
        schema: schema, surroundings: surroundings, reader: pool, writer: pool, turn: turn, folder: folder)
      // What the file is must stand in the file itself: it is looked at before SQLite opens anything.
      replica.checkpoint()
      return replica
    }
  }

  /// Makes a replica in memory, for simulation and tests.
  public static func inMemory(
    schema: Schema, identity: ReplicaIdentity, surroundings: Surroundings
  ) throws(ReplicaError) -> Replica {
    try reporting(":memory:") {
      let kept = try KeptDatabases.present?.queue(for: schema)
      let queue = try kept ?? DatabaseQueue(configuration: configuration(readonly: false))
      try queue.write { db in try lay(db, schema, identity, surroundings, hasTables: kept != nil) }
      return try Replica(
        schema: schema, surroundings: surroundings, reader: queue, writer: queue, turn: NoTurn(), folder: nil)
    }
  }

  /// Opens a database in memory once more, as a restarted process opens its file.
  ///
  /// The replica object before it must not be used any longer.
  package static func reopen(
    _ database: any DatabaseWriter, schema: Schema, surroundings: Surroundings
  ) throws(ReplicaError) -> Replica {
    try reporting(":memory:") {
      let replica = try Replica(
        schema: schema, surroundings: surroundings, reader: database, writer: database, turn: NoTurn(), folder: nil)
      try database.write { db in try migrate(db, schema) }
      replica.settleGeneration()
      return replica
    }
  }

  /// The database as it is now, copied into memory as a disk image is.
  package func imageInMemory() throws(ReplicaError) -> DatabaseQueue {
    try reporting {
      let queue = try DatabaseQueue(configuration: Replica.configuration(readonly: false))
      // GRDB's own way from a reader would have every statement of it prepared anew.
      try reader.unsafeRead { source in try queue.writeWithoutTransaction { try source.backup(to: $0) } }
      return queue
    }
  }

  private static func check(_ path: String) throws(ReplicaError) {
    try check(path, FileFacts(head: try readHead(path), size: fileSize(path), logSize: fileSize(path + "-wal")))
  }

  /// Refuses what SQLite must not open.
  static func check(_ path: String, _ facts: FileFacts) throws(ReplicaError) {
    switch FileProbe.look(at: facts.head) {
    case .absent: throw .noReplica(path: (path as NSString).deletingLastPathComponent)
    case .foreign: throw .notAReplica(path: path)
    case .replica(let version):
      guard version <= InternalTables.formatVersion else {
        throw .newerReplica(path: path, found: Int(version), known: Int(InternalTables.formatVersion))
      }
    }
    // The header tells how many pages there must be at least once no write-ahead log stands beside the file.
    if let header = facts.head, facts.logSize <= 0 {
      let page = Int64(header[16]) << 8 | Int64(header[17])
      let pages = header[28..<32].reduce(Int64(0)) { $0 << 8 | Int64($1) }
      if page >= 512, facts.size < pages * page { throw .damaged(path: path, detail: "cut short") }
    }
  }

  static func configuration(readonly: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = readonly
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { db in
      let handle = db.handle
      _ = circuit_sqlite3_db_config_int(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
      _ = circuit_sqlite3_db_config_int(handle, SQLITE_DBCONFIG_DEFENSIVE, 1)
      _ = circuit_sqlite3_db_config_int(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
    }
    return configuration
  }

  private static func openPool(_ path: String) throws -> DatabasePool {
    let pool = try DatabasePool(path: path, configuration: configuration(readonly: false))
    // The pool sets NORMAL after the prepare hook; nothing may leave the machine that a power cut could take back.
    try pool.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -16384")
      let level = try Int.fetchOne(db, sql: "PRAGMA synchronous")
      guard level == 2 else { throw ReplicaError.fileTrouble(path: path, detail: "synchronous is not FULL") }
    }
    return pool
  }

  static func lay(
    _ db: Database, _ schema: Schema, _ identity: ReplicaIdentity, _ surroundings: Surroundings,
    hasTables: Bool = false
  ) throws {
    let sql = StatementCache(db.handle)
    if !hasTables { try layTables(sql) }
    let meta = Meta(sql)
    try meta.set(.court, identity.court.bytes)
    try meta.set(.device, identity.keys.device.bytes)
    try meta.set(.label, Array(identity.label.utf8))
    try meta.set(.isCentre, [identity.isCentre ? 1 : 0])
    if let key = identity.centreKey { try meta.set(.centreKey, key.bytes) }
    try meta.set(.centreURL, Array(identity.centreURL.utf8))
    try meta.set(.authority, identity.authority)
    try meta.set(.store, surroundings.randomness.bytes(16))
    try sql.execute("INSERT INTO _scope (name) VALUES ('court')")
    try migrate(db, schema)
  }

  static func layTables(_ sql: StatementCache) throws {
    try sql.execute("PRAGMA application_id = \(InternalTables.applicationID)")
    try sql.execute("PRAGMA user_version = \(InternalTables.formatVersion)")
    try sql.execute(InternalTables.sql)
  }

  /// Brings the tables to the schema: new ones are made, new columns added, and what waited for them in `_open` shown.
  static func migrate(_ db: Database, _ schema: Schema, _ path: String = ":memory:") throws {
    guard try isOlder(db, schema, path) else { return }
    let sql = StatementCache(db.handle)
    let meta = Meta(sql)
    let stored = try meta.number(.schema)
    let added = try SyncedTables(schema: schema).migrate(sql)
    try meta.set(.schema, number: UInt64(schema.version))
    if added && stored != nil { try AdoptedColumns(sql: sql, schema: schema).adopt() }
  }

  static func reporting<T>(_ path: String, _ body: () throws -> T) throws(ReplicaError) -> T {
    do {
      return try body()
    } catch let error as ReplicaError {
      throw error
    } catch let failure as SQLiteFailure {
      throw ReplicaError(failure.code, failure.message, path)
    } catch let error as DatabaseError {
      throw ReplicaError(error.resultCode.rawValue, error.message ?? "", path)
    } catch {
      throw .fileTrouble(path: path, detail: "\(error)")
    }
  }
}

/// The size of a file in bytes; -1 when there is none.
func fileSize(_ path: String) -> Int64 {
  var info = stat()
  return stat(path, &info) == 0 ? Int64(info.st_size) : -1
}
