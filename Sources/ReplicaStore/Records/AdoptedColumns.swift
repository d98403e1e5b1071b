import ChangeFormat
import Merge

/// After an upgrade: what stood in `_open` because its column was unknown moves to where the column is now.
struct AdoptedColumns {
  let sql: StatementCache
  let schema: Schema

  func adopt() throws {
    let logs = try LogTable(sql)
    let store = RecordStore(sql: sql, schema: schema, logs: logs)
    let select = try sql("SELECT DISTINCT scope, tbl, record, col FROM _open ORDER BY scope, tbl, record, col")
    var keys: [RecordStore.CellAddress] = []
    while try select.step() {
      keys.append(
        RecordStore.CellAddress(
          scope: select.int(0), table: UInt32(select.int(1)), record: select.identifier(2), column: UInt32(select.int(3))))
    }
    select.reset()
    for key in keys {
      guard let table = schema.table(key.table), table.column(key.column) != nil else { continue }
      let find = try sql("SELECT rowid, _clock FROM \(table.sqlName) WHERE id = ?1 AND _scope = ?2")
      find.bind(1, key.record)
      find.bind(2, key.scope)
      let isThere = try find.step()
      let clock = isThere ? try RecordClock(bytes: find.blob(1)) : nil
      find.reset()
      if clock?[key.column] != nil { continue }
      let state = try store.state(key, clock: nil, row: nil, table: nil)
      if !isThere, let first = state.members.first, let place = logs.place(of: first.dot) {
        // A record of a table that was unknown: its history begins with what is known of it.
        let insert = try sql("INSERT INTO \(table.sqlName) (id, _scope, _clock) VALUES (?1, ?2, ?3)")
        insert.bind(1, key.record)
        insert.bind(2, key.scope)
        // What stands in `_open` is taken out of it where the clock says that there is something.
        var clock = RecordClock(last: place)
        clock.hasOpen = true
        insert.bind(3, clock.bytes)
        try insert.run()
      }
      try store.replace([key.column: state], record: key.record, table: table, scope: key.scope)
    }
  }
}
