import CSQLite
import ChangeFormat
import Merge

/// A prepared statement on the raw handle, for what is hot or internal. Used on its connection's thread only.
final class Statement {
  let pointer: OpaquePointer
  private let database: OpaquePointer
  /// Where it goes when its user has done with it; nil: it ends.
  private let home: (spares: SpareStatements, sql: String)?

  init(_ database: OpaquePointer, _ sql: String, spares: SpareStatements? = nil) throws(SQLiteFailure) {
    self.database = database
    home = spares.map { ($0, sql) }
    if let spare = spares?.take(sql) {
      pointer = spare
      return
    }
    var statement: OpaquePointer?
    let code = sqlite3_prepare_v3(database, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
    guard code == SQLITE_OK, let statement else { throw SQLiteFailure(database, code, sql) }
    pointer = statement
  }

  deinit {
    if let home { home.spares.put(pointer, home.sql) } else { sqlite3_finalize(pointer) }
  }

  func reset() {
    sqlite3_reset(pointer)
  }

  // MARK: Binding, from 1. The `static` forms need the memory to outlive the next step.

  @inline(__always) func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(pointer, index, value) }
  @inline(__always) func bind(_ index: Int32, _ value: Int) { sqlite3_bind_int64(pointer, index, Int64(value)) }
  @inline(__always) func bind(_ index: Int32, _ value: Double) { sqlite3_bind_double(pointer, index, value) }
  @inline(__always) func bindNull(_ index: Int32) { sqlite3_bind_null(pointer, index) }

  func bind(_ index: Int32, _ bytes: [UInt8]) {
    bytes.withUnsafeBytes {
      if $0.count == 0 {
        sqlite3_bind_zeroblob(pointer, index, 0)
      } else {
        _ = circuit_sqlite3_bind_blob_copy(pointer, index, $0.baseAddress, Int32($0.count))
      }
    }
  }

  func bind(_ index: Int32, _ text: String) {
    var text = text
    text.withUTF8 { utf8 in
      utf8.withMemoryRebound(to: CChar.self) {
        _ = circuit_sqlite3_bind_text_copy(pointer, index, $0.baseAddress ?? emptyText, Int32($0.count))
      }
    }
  }

  func bind(_ index: Int32, _ id: Identifier) {
    withUnsafeBytes(of: (id.high.bigEndian, id.low.bigEndian)) {
      _ = circuit_sqlite3_bind_blob_copy(pointer, index, $0.baseAddress, 16)
    }
  }

  func bind(_ index: Int32, _ hash: ContentHash) {
    hash.withBytes { _ = circuit_sqlite3_bind_blob_copy(pointer, index, $0.baseAddress, 32) }
  }

  func bindCopy(text: UnsafeRawBufferPointer, _ index: Int32) {
    _ = circuit_sqlite3_bind_text_copy(
      pointer, index, text.baseAddress?.assumingMemoryBound(to: CChar.self) ?? emptyText, Int32(text.count))
  }

  @inline(__always)
  func bindStatic(text: UnsafeRawBufferPointer, _ index: Int32) {
    _ = circuit_sqlite3_bind_text_static(
      pointer, index, text.baseAddress?.assumingMemoryBound(to: CChar.self) ?? emptyText, Int32(text.count))
  }

  @inline(__always)
  func bindStatic(blob: UnsafeRawBufferPointer, _ index: Int32) {
    if blob.count == 0 {
      sqlite3_bind_zeroblob(pointer, index, 0)
    } else {
      _ = circuit_sqlite3_bind_blob_static(pointer, index, blob.baseAddress, Int32(blob.count))
    }
  }

  // MARK: Running

  /// True when there is a row.
  @discardableResult
  func step() throws(SQLiteFailure) -> Bool {
    let code = sqlite3_step(pointer)
    if code == SQLITE_ROW { return true }
    if code == SQLITE_DONE { return false }
    let failure = SQLiteFailure(database, code, "step")
    sqlite3_reset(pointer)
    throw failure
  }

  /// Steps to the end and resets.
  func run() throws(SQLiteFailure) {
    while try step() {}
    reset()
  }

  // MARK: Reading the row, from 0

  @inline(__always) func isNull(_ column: Int32) -> Bool { sqlite3_column_type(pointer, column) == SQLITE_NULL }
  @inline(__always) func type(_ column: Int32) -> Int32 { sqlite3_column_type(pointer, column) }
  @inline(__always) func int(_ column: Int32) -> Int64 { sqlite3_column_int64(pointer, column) }
  @inline(__always) func double(_ column: Int32) -> Double { sqlite3_column_double(pointer, column) }

  func blob(_ column: Int32) -> [UInt8] {
    let count = Int(sqlite3_column_bytes(pointer, column))
    guard count > 0, let start = sqlite3_column_blob(pointer, column) else { return [] }
    return Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  func text(_ column: Int32) -> String {
    guard let start = sqlite3_column_text(pointer, column) else { return "" }
    let count = Int(sqlite3_column_bytes(pointer, column))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  /// The bytes of a text or blob, valid until the next step.
  func withBytes<R>(_ column: Int32, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    let start = sqlite3_column_blob(pointer, column)
    return try body(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, column))))
  }

  func identifier(_ column: Int32) -> Identifier {
    guard sqlite3_column_bytes(pointer, column) == 16, let start = sqlite3_column_blob(pointer, column) else {
      return .zero
    }
    return Identifier(
      high: UInt64(bigEndian: start.loadUnaligned(as: UInt64.self)),
      low: UInt64(bigEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
  }

  /// The clock of a row, read where it lies.
  func clock(_ column: Int32) throws(FormatError) -> RecordClock {
    let clock: RecordClock? = withBytes(column) { RecordClock($0) }
    guard let clock else { throw .malformed(what: "clock") }
    return clock
  }

  func hash(_ column: Int32) -> ContentHash {
    guard sqlite3_column_bytes(pointer, column) == 32, let start = sqlite3_column_blob(pointer, column) else {
      return .zero
    }
    return ContentHash(at: start)
  }
}

/// Where an empty text begins: SQLite takes a null pointer for NULL.
nonisolated(unsafe) private let emptyText: UnsafePointer<CChar> = {
  let byte = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
  byte.initialize(to: 0)
  return UnsafePointer(byte)
}()

/// What SQLite said.
struct SQLiteFailure: Error {
  var code: Int32
  var message: String

  init(code: Int32, message: String) {
    self.code = code
    self.message = message
  }

  init(_ database: OpaquePointer, _ code: Int32, _ what: String) {
    self.code = code & 0xFF
    message = String(cString: sqlite3_errmsg(database))
  }

  var isFull: Bool { code == SQLITE_FULL || code == SQLITE_IOERR }
}

/// Prepared statements that nobody uses just now, by their SQL.
final class SpareStatements {
  private var pointers: [String: [OpaquePointer]] = [:]
  /// Texts that are kept: what names columns has no bound of its own.
  private static let limit = 512

  deinit { for pointer in pointers.values.joined() { sqlite3_finalize(pointer) } }

  fileprivate func take(_ sql: String) -> OpaquePointer? { pointers[sql]?.popLast() }

  fileprivate func put(_ pointer: OpaquePointer, _ sql: String) {
    guard pointers[sql] != nil || pointers.count < SpareStatements.limit else {
      sqlite3_finalize(pointer)
      return
    }
    sqlite3_reset(pointer)
    sqlite3_clear_bindings(pointer)
    pointers[sql, default: []].append(pointer)
  }
}

/// Statements by their SQL, prepared once a connection.
final class StatementCache {
  let database: OpaquePointer
  private var statements: [String: Statement] = [:]
  private var spares: SpareStatements
  /// Settings read or written since the writer's state was made; see ``Meta``.
  var values: [String: [UInt8]?] = [:]

  init(_ database: OpaquePointer) {
    self.database = database
    spares = KeptDatabases.present?.spares(of: database) ?? SpareStatements()
  }

  func callAsFunction(_ sql: String) throws(SQLiteFailure) -> Statement {
    if let statement = statements[sql] {
      statement.reset()
      return statement
    }
    let statement = try own(sql)
    statements[sql] = statement
    return statement
  }

  /// A statement for the caller alone, who may step through it while others run the same text.
  func own(_ sql: String) throws(SQLiteFailure) -> Statement { try Statement(database, sql, spares: spares) }

  func execute(_ sql: String) throws(SQLiteFailure) {
    var message: UnsafeMutablePointer<CChar>?
    let code = sqlite3_exec(database, sql, nil, nil, &message)
    sqlite3_free(message)
    if code != SQLITE_OK { throw SQLiteFailure(database, code, sql) }
  }

  /// Statements hold the schema they were prepared under.
  func forget() {
    statements = [:]
    spares = SpareStatements()
  }

  /// A statement that was left between two rows holds its snapshot.
  func rest() { for statement in statements.values { statement.reset() } }

  /// What is known of settings may be out of date.
  func forgetValues() { values = [:] }

  var changes: Int { Int(sqlite3_changes(database)) }
}
