import ChangeFormat
import Merge

/// The SQL of the schema's tables: rowid tables with a unique key (id, _scope), without any other constraint.
struct SyncedTables {
  let schema: Schema

  static func quoted(_ name: String) -> String { "\"\(name)\"" }

  static func create(_ table: Table) -> String {
    let columns = table.columns.map { "\(quoted($0.name)) \($0.sqlType)" }
    return """
      CREATE TABLE \(quoted(table.name)) (id BLOB, \(columns.joined(separator: ", ")), _scope INTEGER, _clock BLOB,
      UNIQUE (id, _scope)) STRICT
      """
  }

  /// What makes all tables of a schema.
  static func layout(_ schema: Schema) -> String { schema.tables.map { create($0) + ";" }.joined(separator: "\n") }

  /// Creates what the file lacks; adds columns at the end. Returns whether anything was added.
  func migrate(_ sql: StatementCache) throws -> Bool {
    var added = false
    for table in schema.tables {
      var present = Set<String>()
      let info = try sql.own("SELECT name FROM pragma_table_info(?1)")
      info.bind(1, table.name)
      while try info.step() { present.insert(info.text(0)) }
      if present.isEmpty {
        try sql.execute(SyncedTables.create(table))
        added = true
      } else {
        for column in table.columns where !present.contains(column.name) {
          try sql.execute(
            "ALTER TABLE \(SyncedTables.quoted(table.name)) ADD COLUMN \(SyncedTables.quoted(column.name)) \(column.sqlType)"
          )
          added = true
        }
      }
    }
    if added { sql.forget() }
    return added
  }
}

extension Table {
  var sqlName: String { SyncedTables.quoted(name) }
}
