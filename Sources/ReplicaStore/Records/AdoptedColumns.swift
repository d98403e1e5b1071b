import ChangeFormat
import Merge

/// After an upgrade: what stood in `_open` because its column was unknown moves to where the column is now.
struct AdoptedColumns {
  let sql: StatementCache
  let schema: Schema

  func adopt() throws {
    let logs = try LogTable(sql)
    var isNew: Set<UInt32> = []
    let store = RecordStore(sql: sql, schema: schema, logs: logs)
    let select = try sql("SELECT DISTINCT scope, tbl, record, col FROM _open ORDER BY scope, tbl, record, col")
    var keys: [RecordStore.CellAddress] = []
    while try select.step() {
      keys.append(
        RecordStore.CellAddress(
          scope: select.int(0), table: UInt32(truncatingIfNeeded: select.int(1)), record: select.identifier(2),
          column: UInt32(truncatingIfNeeded: select.int(3))))
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
        // A record of a table that was unknown; its history is found below.
        let insert = try sql("INSERT INTO \(table.sqlName) (id, _scope, _clock) VALUES (?1, ?2, ?3)")
        insert.bind(1, key.record)
        insert.bind(2, key.scope)
        // What stands in `_open` is taken out of it where the clock says that there is something.
        var clock = RecordClock(last: place)
        clock.hasOpen = true
        insert.bind(3, clock.bytes)
        try insert.run()
        isNew.insert(table.id)
      }
      try store.replace([key.column: state], record: key.record, table: table, scope: key.scope)
    }
    if !isNew.isEmpty { try link(isNew, logs) }
  }

  private struct RecordKey: Hashable {
    var table: UInt32
    var record: RecordID
    var scope: Int64
  }

  /// Strings the changes of new tables' records together, each after what it saw: while a table is unknown no change
  /// says which one of a record came before it.
  private func link(_ tables: Set<UInt32>, _ logs: LogTable) throws {
    guard let court = try Meta(sql).bytes(.court).flatMap({ Identifier(bytes: $0) }) else { return }
    let reader = ChangeReader(sql: sql, logs: logs, court: court, compressor: Compressor())
    var last: [RecordKey: RecordClock.Place] = [:]
    try reader.inCausalOrder { change in
      guard let scope = logs.entry(change.dot.log)?.scope, let payload = try? reader.payload(change),
        payload.body.tables.contains(where: { tables.contains($0.id) })
      else { return }
      var links = try RecordChain.decode(change.chain)
      var index = 0
      for writes in payload.body.tables {
        for record in writes.records {
          if tables.contains(writes.id) {
            let key = RecordKey(table: writes.id, record: record, scope: scope)
            while links.count <= index { links.append(nil) }
            links[index] = last.updateValue(change.place, forKey: key)
          }
          index += 1
        }
      }
      let update = try sql("UPDATE _change SET chain = ?2 WHERE id = ?1")
      update.bind(1, change.place.row)
      update.bind(2, RecordChain.encode(links))
      try update.run()
    }
    for (key, place) in last { try setLast(place, of: key) }
  }

  /// The newest change of a record, from which its history is walked.
  private func setLast(_ place: RecordClock.Place, of key: RecordKey) throws {
    guard let table = schema.table(key.table) else { return }
    let find = try sql("SELECT rowid, _clock FROM \(table.sqlName) WHERE id = ?1 AND _scope = ?2")
    find.bind(1, key.record)
    find.bind(2, key.scope)
    let found = try find.step() ? (row: find.int(0), clock: try RecordClock(bytes: find.blob(1))) : nil
    find.reset()
    if var found {
      found.clock.last = place
      let update = try sql("UPDATE \(table.sqlName) SET _clock = ?2 WHERE rowid = ?1")
      update.bind(1, found.row)
      update.bind(2, found.clock.bytes)
      try update.run()
    } else {
      let insert = try sql("INSERT INTO \(table.sqlName) (id, _scope, _clock) VALUES (?1, ?2, ?3)")
      insert.bind(1, key.record)
      insert.bind(2, key.scope)
      insert.bind(3, RecordClock(last: place).bytes)
      try insert.run()
    }
  }
}

/// `_change.chain`: for every record written, in the payload's order, the row of that record's previous change. What is
/// missing at the end, or altogether, has none.
enum RecordChain {
  static func decode(_ bytes: [UInt8]) throws(FormatError) -> [RecordClock.Place?] {
    var reader = ByteReader(bytes)
    var links: [RecordClock.Place?] = []
    while !reader.isAtEnd {
      let log = try reader.varint("chain")
      links.append(log == 0 ? nil : RecordClock.Place(log: log, sequence: try reader.varint("chain")))
    }
    return links
  }

  static func encode(_ links: [RecordClock.Place?]) -> [UInt8] {
    var writer = ByteWriter()
    for link in links {
      writer.varint(link?.log ?? 0)
      if let link { writer.varint(link.sequence) }
    }
    return writer.bytes
  }
}
