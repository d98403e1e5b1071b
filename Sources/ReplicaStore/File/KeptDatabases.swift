import CSQLite
import GRDB

/// Databases that a process which plays many machines uses one after the other: laid out once, with their statements
/// prepared. Every table is emptied between two uses, and what had its layout changed is not used again.
///
/// It holds only inside ``keeping(_:)``, on the thread that runs it.
package final class KeptDatabases: @unchecked Sendable {
  @TaskLocal static var present: KeptDatabases?

  /// Of replicas in memory; what is lent belongs to a machine until ``takeBack()``.
  private var idle: [String: [Memory]] = [:]
  private var lent: [Memory] = []
  private var scratches: [String: [ScratchDatabase]] = [:]
  /// Of other connections, for as long as anything on them holds statements.
  private var shared: [OpaquePointer: Shared] = [:]

  private struct Shared {
    weak var spares: SpareStatements?
  }

  private final class Memory {
    let queue: DatabaseQueue
    let layout: String
    let handle: OpaquePointer
    let spares = SpareStatements()
    let version: Int64

    init(_ schema: Schema) throws {
      queue = try DatabaseQueue(configuration: Replica.configuration(readonly: false))
      layout = SyncedTables.layout(schema)
      (handle, version) = try queue.write { db in
        let sql = StatementCache(db.handle)
        try Replica.layTables(sql)
        try sql.execute(SyncedTables.layout(schema))
        return (db.handle, try sql.layoutVersion())
      }
    }
  }

  package init() {}

  package func keeping<T>(_ body: () throws -> T) rethrows -> T {
    try KeptDatabases.$present.withValue(self, operation: body)
  }

  /// A database in memory with all tables of this schema, empty.
  func queue(for schema: Schema) throws -> DatabaseQueue {
    let memory = try idle[SyncedTables.layout(schema)]?.popLast() ?? Memory(schema)
    lent.append(memory)
    return memory.queue
  }

  /// Prepared statements of a connection that no cache holds just now.
  func spares(of handle: OpaquePointer) -> SpareStatements {
    if let memory = lent.first(where: { $0.handle == handle }) { return memory.spares }
    if let spares = shared[handle]?.spares { return spares }
    let spares = SpareStatements()
    shared[handle] = Shared(spares: spares)
    return spares
  }

  func scratch(for schema: Schema) -> ScratchDatabase? { scratches[SyncedTables.layout(schema)]?.popLast() }

  /// Takes a scratch database whose work came to its end.
  func keep(_ scratch: ScratchDatabase, for schema: Schema) {
    guard (try? scratch.sql.emptyTables()) != nil else { return }
    scratches[SyncedTables.layout(schema), default: []].append(scratch)
  }

  /// The machines that used databases in memory are gone.
  package func takeBack() {
    for memory in lent {
      let isWhole = try? memory.queue.write { db in
        let sql = StatementCache(db.handle)
        try sql.emptyTables()
        return try sql.layoutVersion() == memory.version
      }
      if isWhole == true { idle[memory.layout, default: []].append(memory) }
    }
    lent = []
    shared = shared.filter { $0.value.spares != nil }
  }
}

extension StatementCache {
  /// SQLite's count of changes to the tables' layout.
  fileprivate func layoutVersion() throws -> Int64 {
    let version = try self("PRAGMA schema_version")
    _ = try version.step()
    defer { version.reset() }
    return version.int(0)
  }

  fileprivate func emptyTables() throws {
    let names = try self("SELECT name FROM sqlite_schema WHERE type = 'table'")
    var tables: [String] = []
    while try names.step() { tables.append(names.text(0)) }
    names.reset()
    for table in tables { try self("DELETE FROM \(SyncedTables.quoted(table))").run() }
    forgetValues()
  }
}
