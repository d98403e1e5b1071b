import CSQLite
import GRDB

/// What is known of a replica file before SQLite opens it.
package struct FileFacts: Sendable {
  /// The first 100 bytes, fewer when it is shorter; nil: there is no file.
  var head: [UInt8]?
  var size: Int64
  /// Of the write-ahead log beside it; -1 or 0: there is none.
  var logSize: Int64

  package init(head: [UInt8]?, size: Int64, logSize: Int64) {
    self.head = head
    self.size = size
    self.logSize = logSize
  }
}

extension Replica {
  /// What errors call it.
  private static let name = "replica.db"

  /// Makes a replica in a file that one process alone reaches, such as one of a simulated disk.
  ///
  /// - Parameter uri: what SQLite opens (`file:NAME?vfs=…`).
  package static func create(
    uri: String, schema: Schema, identity: ReplicaIdentity, surroundings: Surroundings
  ) throws(ReplicaError) -> Replica {
    try reporting(name) {
      let queue = try openQueue(uri)
      try queue.write { db in try lay(db, schema, identity, surroundings) }
      let replica = try Replica(
        schema: schema, surroundings: surroundings, reader: queue, writer: queue, turn: NoTurn(), folder: nil,
        isLooseFile: true)
      replica.checkpoint()
      return replica
    }
  }

  /// Opens such a file once more, refusing first what ``open(folder:schema:access:surroundings:)`` refuses.
  package static func open(
    uri: String, facts: FileFacts, schema: Schema, surroundings: Surroundings
  ) throws(ReplicaError) -> Replica {
    try check(name, facts)
    return try reporting(name) {
      let queue = try openQueue(uri)
      let replica = try Replica(
        schema: schema, surroundings: surroundings, reader: queue, writer: queue, turn: NoTurn(), folder: nil,
        isLooseFile: true)
      try queue.write { db in try migrate(db, schema, name) }
      replica.settleGeneration()
      return replica
    }
  }

  private static func openQueue(_ uri: String) throws -> DatabaseQueue {
    let queue = try DatabaseQueue(path: uri, configuration: configuration(readonly: false))
    // GRDB's own way to a write-ahead log looks for the file on the real disk.
    try queue.writeWithoutTransaction { db in
      // Nobody observes it, and asking GRDB about every column of every statement takes half of preparing it.
      sqlite3_set_authorizer(db.handle, nil, nil)
      try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0")
    }
    return queue
  }
}
