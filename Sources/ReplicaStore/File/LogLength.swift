import CSQLite

/// How many pages stand in the write-ahead log, as SQLite tells after every commit of one connection.
///
/// The file's size does not tell: it stays what it was once the log begins anew.
final class LogLength: @unchecked Sendable {
  /// Written and read inside the writer's turn only.
  private(set) var pages: Int32 = 0

  /// Replaces SQLite's own automatic checkpoint, which is off: it would run outside the turn.
  func watch(_ database: OpaquePointer) {
    sqlite3_wal_hook(
      database,
      { context, _, _, pages in
        if let context { Unmanaged<LogLength>.fromOpaque(context).takeUnretainedValue().pages = pages }
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }
}
