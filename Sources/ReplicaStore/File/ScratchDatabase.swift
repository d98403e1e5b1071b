import CSQLite

/// A database of its own that is thrown away: an empty name is a private file that SQLite deletes when it is closed, so
/// that memory stays bounded.
final class ScratchDatabase {
  let sql: StatementCache

  /// - Parameter schema: whose tables it has, besides the replica's own.
  init(_ schema: Schema) throws(SQLiteFailure) {
    var handle: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    let code = sqlite3_open_v2("", &handle, flags, nil)
    guard let handle else { throw SQLiteFailure(code: code, message: "no memory") }
    sql = StatementCache(handle)
    guard code == SQLITE_OK else { throw SQLiteFailure(handle, code, "open") }
    try sql.execute("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -16384")
    try sql.execute(InternalTables.sql)
    try sql.execute(SyncedTables.layout(schema))
  }

  // Statements that are left end with it.
  deinit { sqlite3_close_v2(sql.database) }
}
