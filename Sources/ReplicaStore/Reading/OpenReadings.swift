import CSQLite
import ChangeFormat
import Foundation

/// What the reading connections of a replica keep between readings: prepared statements, and the logs and orders read
/// into memory, for as long as nobody writes.
final class OpenReadings: @unchecked Sendable {
  /// One connection; used by one reading at a time, as its connection is.
  private final class Connection {
    let sql: StatementCache
    private let compressor = Compressor()
    private var table: ReadingTable?
    /// What other connections have committed, and how many rows this one has written: together they tell whether the
    /// file is as it was.
    private var seen: (version: Int64, changes: Int32) = (-1, -1)

    init(_ handle: OpaquePointer) { sql = StatementCache(handle) }

    func present(_ replica: Replica) throws -> ReadingTable {
      let versions = try sql("PRAGMA data_version")
      _ = try versions.step()
      let found = (version: versions.int(0), changes: sqlite3_total_changes(sql.database))
      versions.reset()
      if let table, found == seen {
        table.begin()
        return table
      }
      table = nil
      let fresh = try ReadingTable(replica: replica, sql: sql, compressor: compressor)
      table = fresh
      seen = found
      return fresh
    }
  }

  private let lock = NSLock()
  private var connections: [OpaquePointer: Connection] = [:]

  /// Runs a reading on the snapshot that its connection sees.
  func read<T>(_ replica: Replica, _ handle: OpaquePointer, _ body: (ReadingTable) throws -> T) throws -> T {
    let connection = lock.withLock { () -> Connection in
      if let known = connections[handle] { return known }
      let new = Connection(handle)
      connections[handle] = new
      return new
    }
    defer { connection.sql.rest() }
    return try body(try connection.present(replica))
  }

  /// Statements keep their connection from closing.
  func end() { lock.withLock { connections = [:] } }
}
