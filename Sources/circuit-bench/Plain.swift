import CSQLite
import Merge

/// What SQLite answered where the benchmark expected success.
struct PlainFailure: Error, CustomStringConvertible {
  var description: String
}

/// Plain SQLite as a careful engineer writes it for speed: prepared once, bound in place, the replica's pragmas.
final class Plain {
  private let database: OpaquePointer
  private let begin: OpaquePointer
  private let commit: OpaquePointer
  private let insert: OpaquePointer
  private let update: OpaquePointer
  let path: String

  init(path: String, durability: String = "FULL") throws {
    self.path = path
    var handle: OpaquePointer?
    guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nil) == 0,
      let handle
    else { throw PlainFailure(description: "cannot open \(path)") }
    database = handle
    _ = circuit_sqlite3_db_config_int(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    sqlite3_exec(
      handle,
      """
      PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = \(durability);
      PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 1024;
      CREATE TABLE IF NOT EXISTS cases (id BLOB UNIQUE, case_number TEXT, cause TEXT, stage TEXT, status TEXT,
        village TEXT, applicant TEXT, respondent TEXT, mediator TEXT, amount_fen INTEGER, opened_on TEXT,
        summary TEXT) STRICT
      """, nil, nil, nil)
    func prepare(_ sql: String) throws -> OpaquePointer {
      var statement: OpaquePointer?
      guard sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil) == 0, let statement
      else { throw PlainFailure(description: String(cString: sqlite3_errmsg(handle))) }
      return statement
    }
    begin = try prepare("BEGIN IMMEDIATE")
    commit = try prepare("COMMIT")
    insert = try prepare("INSERT INTO cases VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")
    update = try prepare("UPDATE cases SET status = ?2 WHERE id = ?1")
  }

  /// Copies the log into the file, and closes it without deleting the log: what the replica's own closing does.
  func close() {
    sqlite3_wal_checkpoint_v2(database, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    for statement in [begin, commit, insert, update] { sqlite3_finalize(statement) }
    sqlite3_close(database)
  }

  func transaction(_ body: () throws -> Void) throws {
    try run(begin)
    try body()
    try run(commit)
  }

  @inline(__always)
  private func run(_ statement: OpaquePointer) throws {
    guard sqlite3_step(statement) == SQLITE_DONE else {
      throw PlainFailure(description: String(cString: sqlite3_errmsg(database)))
    }
    sqlite3_reset(statement)
  }

  @inline(__always)
  private func bind(_ statement: OpaquePointer, _ index: Int32, _ text: UnsafeBufferPointer<UInt8>) {
    let start = UnsafeRawPointer(text.baseAddress)?.assumingMemoryBound(to: CChar.self)
    _ = circuit_sqlite3_bind_text_static(statement, index, start, Int32(text.count))
  }

  /// All texts are bound where they lie: a short string lies in the row itself, so the row is held until the step.
  func insert(_ row: Row) throws {
    let s = insert
    try withUnsafeBytes(of: (row.id.high.bigEndian, row.id.low.bigEndian)) { id in
      _ = circuit_sqlite3_bind_blob_static(s, 1, id.baseAddress, 16)
      sqlite3_bind_int64(s, 10, row.amount)
      try withBytes(row.caseNumber, row.cause, row.stage, row.status, row.village) { a, b, c, d, e in
        bind(s, 2, a)
        bind(s, 3, b)
        bind(s, 4, c)
        bind(s, 5, d)
        bind(s, 6, e)
        try withBytes(row.applicant, row.respondent, row.mediator, row.openedOn, row.summary) { a, b, c, d, e in
          bind(s, 7, a)
          bind(s, 8, b)
          bind(s, 9, c)
          bind(s, 11, d)
          bind(s, 12, e)
          try run(s)
        }
      }
    }
  }

  func update(_ id: RecordID, status: String) throws {
    let s = update
    try withUnsafeBytes(of: (id.high.bigEndian, id.low.bigEndian)) { id in
      _ = circuit_sqlite3_bind_blob_static(s, 1, id.baseAddress, 16)
      try withBytes(status) { status in
        bind(s, 2, status)
        try run(s)
      }
    }
  }

  /// Adds a column, as a migration does.
  func addColumn() { sqlite3_exec(database, "ALTER TABLE cases ADD COLUMN remark TEXT", nil, nil, nil) }
}

@inline(__always)
private func withBytes<R>(_ text: String, _ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
  if let result = try text.utf8.withContiguousStorageIfAvailable(body) { return result }
  return try Array(text.utf8).withUnsafeBufferPointer(body)
}

private typealias Bytes = UnsafeBufferPointer<UInt8>

@inline(__always)
private func withBytes(
  _ a: String, _ b: String, _ c: String, _ d: String, _ e: String,
  _ body: (Bytes, Bytes, Bytes, Bytes, Bytes) throws -> Void
) rethrows {
  try withBytes(a) { a in
    try withBytes(b) { b in
      try withBytes(c) { c in try withBytes(d) { d in try withBytes(e) { e in try body(a, b, c, d, e) } } }
    }
  }
}
