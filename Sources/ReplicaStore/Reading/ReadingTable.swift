import ChangeFormat
import Merge

/// What a reading works with: one connection's snapshot of logs, orders and records.
final class ReadingTable {
  /// The replica keeps its readings; held the other way round too, neither would ever be freed.
  unowned let replica: Replica
  let sql: StatementCache
  let logs: LogTable
  let store: RecordStore
  let changes: ChangeReader
  let compressor: Compressor

  init(replica: Replica, sql: StatementCache, compressor: Compressor) throws {
    self.replica = replica
    self.sql = sql
    self.compressor = compressor
    logs = try LogTable(sql)
    store = RecordStore(sql: sql, schema: replica.schema, logs: logs)
    changes = ChangeReader(sql: sql, logs: logs, court: replica.court, compressor: compressor)
  }

  var schema: Schema { replica.schema }
  var meta: Meta { Meta(sql) }

  func ownScopes() throws -> [String] {
    if replica.isCentre || replica.centreKey == nil { return scopes() }
    let grants = logs.grants(of: replica.device)
    return (grants.isEmpty ? [] : ["court"]) + grants.keys.filter { $0 != "court" }.sorted(by: byBytes)
  }

  /// All scopes known here, `court` first: those of changes that are held, and those that were granted. What a log names
  /// whose first run was refused is no scope of the court's.
  func scopes() -> [String] {
    var names = Set(logs.entries.filter { $0.tip > 0 }.compactMap { logs.scopeNames[$0.scope] })
    for order in logs.book.standing {
      if case .grant(let device, _, _, _, let scopes, _, _, _) = order.kind,
        replica.isCentre || device == replica.device
      {
        names.formUnion(scopes)
      }
    }
    return ["court"] + names.filter { $0 != "court" }.sorted(by: byBytes)
  }

  /// Actor and note of a change, remembered.
  private var words: [Int64: (actor: String, note: String)] = [:]

  /// What one reading remembers is not kept for the next: it would grow with all that was ever asked.
  func begin() { words = [:] }

  func words(_ place: RecordClock.Place) throws -> (actor: String, note: String) {
    if let known = words[place.row] { return known }
    var found = (actor: "", note: "")
    if let change = try changes.change(at: place), let payload = try? changes.payload(change) {
      found = (payload.actor, payload.note)
    }
    words[place.row] = found
    return found
  }

  func view(_ write: CellWrite) throws -> WriteView {
    let who = try logs.place(of: write.dot).map { try words($0).actor } ?? ""
    return WriteView(value: write.value, who: who, when: write.stamp.milliseconds, dot: write.dot)
  }
}

/// One row of a synced table with its clock and what `_open` adds.
struct RecordRow {
  var table: Table
  var row: Int64
  var record: RecordID
  var scope: Int64
  var clock: RecordClock
  /// In the order of ``Table/columns``.
  var values: [Value]
  /// Members of S by column, from `_open`.
  var open: [UInt32: [OpenMember]]

  struct OpenMember {
    var place: RecordClock.Place
    var decides: Bool
    var value: Value
  }

  /// The dots of S of a column with their flags and values, in order of dot.
  func members(_ column: UInt32, position: Int?, logs: LogTable) -> [(dot: Dot, decides: Bool, value: Value)] {
    var members = (open[column] ?? []).map { (dot: logs.dot(of: $0.place), decides: $0.decides, value: $0.value) }
    if let shown = clock[column] {
      let dot = logs.dot(of: shown.place)
      if !members.contains(where: { $0.dot == dot }) {
        members.append((dot, shown.decides, position.map { values[$0] } ?? .null))
      }
    }
    return members.sorted { $0.dot < $1.dot }
  }
}

extension ReadingTable {
  /// Rows of a table in order of (id, scope); void ones and those without any S too.
  func rows(
    of table: Table, where condition: String = "1", bind: (Statement) -> Void = { _ in },
    _ body: (RecordRow) throws -> Void
  )
    throws
  {
    let names = table.columns.map { "t.\(SyncedTables.quoted($0.name))" }.joined(separator: ", ")
    let select = try sql.own(
      """
      SELECT t.rowid, t.id, t._scope, t._clock, \(names) FROM \(table.sqlName) t JOIN _scope s ON s.number = t._scope
      WHERE (\(condition)) ORDER BY t.id, s.name
      """)
    bind(select)
    while try select.step() {
      let clock = try select.clock(3)
      if clock.isEmpty { continue }
      let scope = select.int(2)
      let record = select.identifier(1)
      let values = table.columns.enumerated().map { $1.value(select, Int32($0 + 4)) }
      var row = RecordRow(
        table: table, row: select.int(0), record: record, scope: scope, clock: clock, values: values, open: [:])
      if clock.hasOpen { row.open = try openMembers(scope, table.id, record) }
      try body(row)
    }
  }

  func openMembers(_ scope: Int64, _ table: UInt32, _ record: RecordID) throws -> [UInt32: [RecordRow.OpenMember]] {
    let select = try sql(
      "SELECT col, log, sequence, decides, value FROM _open WHERE scope = ?1 AND tbl = ?2 AND record = ?3")
    select.bind(1, scope)
    select.bind(2, Int64(table))
    select.bind(3, record)
    var open: [UInt32: [RecordRow.OpenMember]] = [:]
    while try select.step() {
      open[UInt32(truncatingIfNeeded: select.int(0)), default: []].append(
        RecordRow.OpenMember(
          place: RecordClock.Place(log: UInt64(bitPattern: select.int(1)), sequence: UInt64(bitPattern: select.int(2))),
          decides: select.int(3) != 0, value: try ValueBytes.decode(select.blob(4))))
    }
    select.reset()
    return open
  }

  /// Records of tables of newer software, which stand in `_open` alone.
  func unknownRecords(_ body: (_ scope: Int64, _ table: UInt32, _ record: RecordID) throws -> Void) throws {
    let known = schema.tables.map { String($0.id) }.joined(separator: ", ")
    let select = try sql.own(
      "SELECT DISTINCT scope, tbl, record FROM _open WHERE tbl NOT IN (\(known)) ORDER BY tbl, record, scope")
    while try select.step() { try body(select.int(0), UInt32(truncatingIfNeeded: select.int(1)), select.identifier(2)) }
  }

  /// The record as it is shown.
  func view(_ row: RecordRow, onlyWritten: Bool = false) throws -> RecordView {
    var fields: [FieldView] = []
    for (i, column) in row.table.columns.enumerated() {
      let members = row.members(column.id, position: i, logs: logs)
      if onlyWritten && members.isEmpty { continue }
      let shown = row.clock[column.id].map { logs.dot(of: $0.place) }
      let value = members.first { $0.dot == shown }?.value ?? .null
      fields.append(
        FieldView(
          name: column.name, value: onlyWritten || column.canHold(value) || value == .redacted ? value : .null,
          dots: members.map(\.dot), isOpen: isOpen(members.map(\.value))))
    }
    for (column, open) in row.open.sorted(by: { $0.key < $1.key }) where row.table.column(column) == nil {
      fields.append(try unknownField(column, open))
    }
    return RecordView(
      table: row.table.name, id: row.record, scope: logs.scopeNames[row.scope] ?? "", fields: fields)
  }

  func unknownField(_ column: UInt32, _ open: [RecordRow.OpenMember]) throws -> FieldView {
    let state = CellState(members: try open.map { try store.cellWrite($0.place, decides: $0.decides, value: $0.value) })
    let shown = try store.shown(state, rule: MergeRule(column: column))
    return FieldView(
      name: "#\(column)", value: shown?.value ?? .null, dots: state.members.map(\.dot), isOpen: state.isInConflict)
  }

  func isOpen(_ values: [Value]) -> Bool {
    guard let first = values.first else { return false }
    return values.dropFirst().contains { first.conflicts(with: $0) }
  }

  func state(_ row: RecordRow, _ column: UInt32) throws -> CellState {
    let members = row.members(column, position: row.table.position(ofColumn: column), logs: logs)
    return CellState(
      members: try members.compactMap { member in
        try logs.place(of: member.dot).map {
          try store.cellWrite($0, decides: member.decides, value: member.value)
        }
      })
  }
}
