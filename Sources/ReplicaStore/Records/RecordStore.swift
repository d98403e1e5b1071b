import CSQLite
import ChangeFormat
import Merge

/// Writes what changes say into the synced tables: rows with their clocks, and `_open` for what else S holds.
final class RecordStore {
  let sql: StatementCache
  let schema: Schema
  let logs: LogTable
  /// Tables in which the last record written was new: then inserting first is the shorter way.
  private var meetsNew: [UInt32: Bool] = [:]
  private var statementNames: [InsertShape: String] = [:]
  private var updateNames: [InsertShape: String] = [:]
  private var shapeMetLast: Shape?
  /// Names of tables written since this was last emptied, so that observers can be told.
  var touched: Set<String> = []

  init(sql: StatementCache, schema: Schema, logs: LogTable) {
    self.sql = sql
    self.schema = schema
    self.logs = logs
  }

  /// The change whose writes are applied.
  struct Author {
    var place: RecordClock.Place
    var dot: Dot
    /// Everything the change sees.
    var vector: VersionVector
    var stamp: Stamp
    var hash: ContentHash
    var scope: Int64
    /// False: the change is excluded; it only enters the history of the records it wrote.
    var writes: Bool
  }

  private struct InsertShape: Hashable {
    var table: UInt32
    var columns: [UInt32]
  }

  /// The change being applied: its row is not written yet.
  private var current: Author?

  /// Applies all cell writes of a change. Returns the row's `chain`: for every record the place of its previous change.
  ///
  /// - Parameter local: the rules of a local write, which may refuse it or mark cells as decisions; nil for what arrived.
  func apply(_ body: inout ChangeBody, by author: Author, local: LocalRules? = nil) throws -> [UInt8] {
    current = author
    defer { current = nil }
    var chain = ByteWriter()
    var isFirst = true
    var zeros = 0
    func link(_ previous: RecordClock.Place?) {
      guard let previous else {
        if isFirst { zeros += 1 } else { chain.varint(0) }
        return
      }
      if isFirst {
        isFirst = false
        for _ in 0..<zeros { chain.varint(0) }
      }
      chain.varint(previous.log)
      chain.varint(previous.sequence)
    }
    for t in body.tables.indices {
      if let known = schema.table(body.tables[t].id) {
        touched.insert(known.name)
        try apply(t, known, &body, author, local, link)
      } else {
        try applyUnknown(body.tables[t], body, author)
        for _ in body.tables[t].records { link(nil) }
      }
    }
    return chain.bytes
  }

  private func apply(
    _ t: Int, _ table: Table, _ body: inout ChangeBody, _ author: Author, _ local: LocalRules?,
    _ link: (RecordClock.Place?) -> Void
  ) throws {
    let writes = body.tables[t]
    let shape = try shape(writes, table)
    let columns = shape.columns
    let insert = author.writes && !(local?.isParticular ?? false) && isPlain(writes, shape) ? shape.insert : nil
    var freshClock: [UInt8] = []
    if insert != nil {
      var clock = RecordClock(last: author.place)
      clock.groups = [RecordClock.Group(place: author.place, decides: false, bits: shape.bits)]
      freshClock = clock.bytes
    }
    let select = shape.find
    select.reset()
    for (i, record) in writes.records.enumerated() {
      if let insert, meetsNew[table.id] ?? true {
        if try insertFresh(insert, record, i, writes, body.arena, freshClock, author) {
          try local?.meetsNew(record, i, t, table, &body)
          link(nil)
          continue
        }
        meetsNew[table.id] = false
      }
      select.bind(1, record)
      select.bind(2, author.scope)
      if try select.step() {
        let row = select.int(0)
        let clock = try select.clock(1)
        select.reset()
        try local?.meetsHeld(record, i, t, table, row: row, clock: clock, &body)
        link(clock.last)
        try update(row, clock, record, i, t, table, columns, &body, author)
      } else {
        select.reset()
        meetsNew[table.id] = true
        try local?.meetsNew(record, i, t, table, &body)
        link(nil)
        if let insert {
          _ = try insertFresh(insert, record, i, writes, body.arena, freshClock, author)
        } else {
          let row = try insertEmpty(table, record, author)
          try update(row, RecordClock(last: author.place), record, i, t, table, columns, &body, author)
        }
      }
    }
  }

  // MARK: New records

  /// Which columns a change writes, with what is looked up for them once: change after change writes the same.
  private struct Shape {
    var table: UInt32
    var columns: [Column?]
    var bits: ColumnBits
    /// Row and clock of a record.
    var find: Statement
    /// Of the columns, where all are known.
    var types: [ColumnType]
    /// Nil where a column is unknown.
    var insert: Statement?
  }

  private func shape(_ writes: ChangeBody.TableWrites, _ table: Table) throws -> Shape {
    if let known = shapeMetLast, known.table == table.id, known.columns.count == writes.columns.count,
      known.columns.indices.allSatisfy({ known.columns[$0]?.id == writes.columns[$0].id })
    {
      return known
    }
    let columns = writes.columns.map { table.column($0.id) }
    let find = try sql("SELECT rowid, _clock FROM \(table.sqlName) WHERE id = ?1 AND _scope = ?2")
    var shape = Shape(table: table.id, columns: columns, bits: ColumnBits(), find: find, types: [], insert: nil)
    for column in writes.columns { shape.bits.insert(column.id) }
    if !columns.contains(where: { $0 == nil }) {
      shape.types = columns.compactMap { $0?.type }
      shape.insert = try insertStatement(table, columns.compactMap { $0 })
    }
    shapeMetLast = shape
    return shape
  }

  /// Whether every cell is there, decides nothing and can stand in its column as it is.
  private func isPlain(_ writes: ChangeBody.TableWrites, _ shape: Shape) -> Bool {
    guard shape.insert != nil else { return false }
    for c in shape.types.indices {
      let type = shape.types[c]
      for cell in writes.columns[c].cells where cell.isAbsent || cell.decides || !type.holds(cell) { return false }
    }
    return true
  }

  private func insertStatement(_ table: Table, _ columns: [Column]) throws -> Statement {
    let shape = InsertShape(table: table.id, columns: columns.map(\.id))
    if let name = statementNames[shape] { return try sql(name) }
    let names = columns.map { SyncedTables.quoted($0.name) }.joined(separator: ", ")
    let marks = (1...columns.count).map { "?\($0 + 3)" }.joined(separator: ", ")
    let text =
      "INSERT INTO \(table.sqlName) (id, _scope, _clock, \(names)) VALUES (?1, ?2, ?3, \(marks)) ON CONFLICT DO NOTHING"
    statementNames[shape] = text
    return try sql(text)
  }

  private func insertFresh(
    _ insert: Statement, _ record: RecordID, _ i: Int, _ writes: ChangeBody.TableWrites,
    _ arena: [UInt8], _ clock: [UInt8], _ author: Author
  ) throws -> Bool {
    try withUnsafeBytes(of: (record.high.bigEndian, record.low.bigEndian)) { id in
      try clock.withUnsafeBytes { clock in
        try arena.withUnsafeBytes { arena in
          insert.bindStatic(blob: id, 1)
          insert.bind(2, author.scope)
          insert.bindStatic(blob: clock, 3)
          for (c, column) in writes.columns.enumerated() { insert.bind(Int32(c + 4), column.cells[i], arena) }
          try insert.step()
          insert.reset()
          return sql.changes == 1
        }
      }
    }
  }

  private func insertEmpty(_ table: Table, _ record: RecordID, _ author: Author) throws -> Int64 {
    let insert = try sql("INSERT INTO \(table.sqlName) (id, _scope, _clock) VALUES (?1, ?2, ?3) RETURNING rowid")
    insert.bind(1, record)
    insert.bind(2, author.scope)
    insert.bind(3, RecordClock(last: author.place).bytes)
    _ = try insert.step()
    let row = insert.int(0)
    insert.reset()
    return row
  }

  // MARK: Records that are there

  private func update(
    _ row: Int64, _ before: RecordClock, _ record: RecordID, _ i: Int, _ t: Int,
    _ table: Table, _ columns: [Column?], _ body: inout ChangeBody, _ author: Author
  ) throws {
    var clock = before
    clock.last = author.place
    var sets: [SetCell] = []
    if author.writes {
      for c in body.tables[t].columns.indices {
        let cell = body.tables[t].columns[c].cells[i]
        if cell.isAbsent { continue }
        let written = (id: body.tables[t].columns[c].id, cell: cell)
        let rule = MergeRule(column: written.id)
        let drops = rule == .latest || cell.decides
        let held = clock[written.id]
        let isOnly = held.map { drops && author.vector.covers(logs.dot(of: $0.place)) } ?? true
        let key = CellAddress(scope: author.scope, table: table.id, record: record, column: written.id)
        if let column = columns[c], column.type.holds(cell), try !clock.hasOpen || !hasOpenMembers(key) {
          if isOnly {
            clock.set(written.id, author.place, decides: cell.decides)
            sets.append(SetCell(column: written.id, cell: cell))
            continue
          }
          if let held, rule == .latest, held.decides == cell.decides {
            let isShown = try keepBoth(held, cell, &body, key, author, row: row, table: table, column: column)
            if isShown {
              clock.set(written.id, author.place, decides: cell.decides)
              sets.append(SetCell(column: written.id, cell: cell))
            }
            clock.hasOpen = true
            continue
          }
        }
        let write = CellWrite(
          dot: author.dot, stamp: author.stamp, hash: author.hash, decides: cell.decides, value: body.value(cell))
        var state = try state(key, clock: clock, row: row, table: table)
        state.apply(write, rule: rule, sees: author.vector.covers)
        if let (column, value) = try keep(state, key, clock: &clock, table: table) {
          // A value given back to its column joins the arena, where no cell of the payload names it.
          sets.append(SetCell(column: column.id, cell: body.cell(value)))
        }
      }
    }
    try body.arena.withUnsafeBytes { try store(row, table, clock, sets, $0) }
  }

  /// What a column of a row is set to.
  private struct SetCell {
    var column: UInt32
    var cell: ChangeBody.Cell
  }

  /// Writes the columns and the clock of a row.
  private func store(
    _ row: Int64, _ table: Table, _ clock: RecordClock, _ sets: [SetCell], _ arena: UnsafeRawBufferPointer
  ) throws {
    let update = try updateStatement(table, sets)
    try clock.bytes.withUnsafeBytes { clock in
      update.bind(1, row)
      update.bindStatic(blob: clock, 2)
      for (n, set) in sets.enumerated() { update.bind(Int32(n + 3), set.cell, arena) }
      try update.run()
    }
  }

  private func updateStatement(_ table: Table, _ sets: [SetCell]) throws -> Statement {
    let shape = InsertShape(table: table.id, columns: sets.map(\.column))
    if let name = updateNames[shape] { return try sql(name) }
    let names = sets.enumerated().map { n, set in
      "\(SyncedTables.quoted(table.column(set.column)?.name ?? "")) = ?\(n + 3)"
    }
    let text = "UPDATE \(table.sqlName) SET \((["_clock = ?2"] + names).joined(separator: ", ")) WHERE rowid = ?1"
    updateNames[shape] = text
    return try sql(text)
  }

  // MARK: Cells beyond the plain case

  struct CellAddress {
    var scope: Int64
    var table: UInt32
    var record: RecordID
    var column: UInt32
  }

  /// S of a cell, read from the row and `_open`.
  func state(_ key: CellAddress, clock: RecordClock?, row: Int64?, table: Table?) throws -> CellState {
    // A record whose clock knows of no open members has none.
    var members = clock.map(\.hasOpen) ?? true ? try openMembers(key) : []
    if let shown = clock?[key.column], let column = table?.column(key.column), let row, let table {
      let dot = logs.dot(of: shown.place)
      if !members.contains(where: { $0.dot == dot }) {
        let value = try value(of: column, row: row, table: table)
        members.append(try cellWrite(shown.place, decides: shown.decides, value: value))
      }
    }
    return CellState(members: members)
  }

  /// The common conflict: two writes of a `latest` cell that do not see each other, the one alone in the row so far.
  /// Puts the one that is not shown into `_open`. Returns whether the new one is shown.
  private func keepBoth(
    _ held: (place: RecordClock.Place, decides: Bool), _ cell: ChangeBody.Cell, _ body: inout ChangeBody,
    _ key: CellAddress, _ author: Author, row: Int64, table: Table, column: Column
  ) throws -> Bool {
    var old = try cellWrite(held.place, decides: held.decides, value: .null)
    var new = CellWrite(
      dot: author.dot, stamp: author.stamp, hash: author.hash, decides: cell.decides, value: .null)
    let isShown = old.precedes(new)
    if isShown {
      old.value = try value(of: column, row: row, table: table)
      try insertOpen(old, held.place, key)
    } else {
      new.value = body.value(cell)
      try insertOpen(new, author.place, key)
    }
    return isShown
  }

  private func value(of column: Column, row: Int64, table: Table) throws -> Value {
    let select = try sql("SELECT \(SyncedTables.quoted(column.name)) FROM \(table.sqlName) WHERE rowid = ?1")
    select.bind(1, row)
    defer { select.reset() }
    _ = try select.step()
    return column.value(select, 0)
  }

  private func hasOpenMembers(_ key: CellAddress) throws -> Bool {
    let select = try sql("SELECT 1 FROM _open WHERE scope = ?1 AND tbl = ?2 AND record = ?3 AND col = ?4 LIMIT 1")
    select.bind(key)
    defer { select.reset() }
    return try select.step()
  }

  private func insertOpen(_ member: CellWrite, _ place: RecordClock.Place, _ key: CellAddress) throws {
    let insert = try sql(
      """
      INSERT OR REPLACE INTO _open (scope, tbl, record, col, log, sequence, decides, value)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
      """)
    insert.bind(key)
    insert.bind(5, Int64(place.log))
    insert.bind(6, Int64(place.sequence))
    insert.bind(7, member.decides ? 1 : 0)
    insert.bind(8, ValueBytes.encode(member.value))
    try insert.run()
  }

  private func openMembers(_ key: CellAddress) throws -> [CellWrite] {
    let select = try sql(
      "SELECT log, sequence, decides, value FROM _open WHERE scope = ?1 AND tbl = ?2 AND record = ?3 AND col = ?4")
    select.bind(key)
    var rows: [(RecordClock.Place, Bool, Value)] = []
    while try select.step() {
      let place = RecordClock.Place(log: UInt64(bitPattern: select.int(0)), sequence: UInt64(bitPattern: select.int(1)))
      rows.append((place, select.int(2) != 0, try ValueBytes.decode(select.blob(3))))
    }
    select.reset()
    return try rows.map { try cellWrite($0.0, decides: $0.1, value: $0.2) }
  }

  /// A write with the stamp that counts, looked up at its change.
  func cellWrite(_ place: RecordClock.Place, decides: Bool, value: Value) throws -> CellWrite {
    let dot = logs.dot(of: place)
    let head = try head(of: place)
    let stamp = logs.held.restamp(of: dot) ?? head.stamp
    return CellWrite(dot: dot, stamp: stamp, hash: head.hash, decides: decides, value: value)
  }

  /// The signed stamp and the hash of a change; cells of many records are mostly of the one met last.
  private func head(of place: RecordClock.Place) throws -> (stamp: Stamp, hash: ContentHash) {
    if let known = logs.headMetLast, known.place == place { return (known.stamp, known.hash) }
    let select = try sql("SELECT head, hash FROM _change WHERE id = ?1")
    select.bind(1, place.row)
    guard try select.step() else {
      throw ReplicaError.damaged(path: "replica.db", detail: "change \(logs.dot(of: place)) is missing")
    }
    let stamp = select.withBytes(0) { StoredHeader.stamp(of: $0) }
    let hash = select.hash(1)
    select.reset()
    logs.headMetLast = (place, stamp, hash)
    return (stamp, hash)
  }

  /// Keeps S: the shown member in the clock, the others in `_open`. Returns what the row's column must hold now.
  func keep(_ state: CellState, _ key: CellAddress, clock: inout RecordClock, table: Table?) throws -> (Column, Value)?
  {
    // A record whose clock knows of no open members has none; tables of newer software have no clock.
    let hadOpen = clock.hasOpen || table == nil
    if hadOpen {
      let delete = try sql("DELETE FROM _open WHERE scope = ?1 AND tbl = ?2 AND record = ?3 AND col = ?4")
      delete.bind(key)
      try delete.run()
    }
    let column = table?.column(key.column)
    let shown = column == nil ? nil : try shown(state, rule: MergeRule(column: key.column))
    clock.clear(key.column)
    if let shown, let place = logs.place(of: shown.dot) { clock.set(key.column, place, decides: shown.decides) }
    let fits = shown.map { column?.canHold($0.value) ?? false } ?? true
    var isOpen = false
    for member in state.members where !(fits && member.dot == shown?.dot) {
      guard let place = logs.place(of: member.dot) else { continue }
      isOpen = true
      try insertOpen(member, place, key)
    }
    if hadOpen && !isOpen {
      let any = try sql("SELECT 1 FROM _open WHERE scope = ?1 AND tbl = ?2 AND record = ?3 LIMIT 1")
      any.bind(1, key.scope)
      any.bind(2, Int64(key.table))
      any.bind(3, key.record)
      clock.hasOpen = try any.step()
      any.reset()
    } else {
      clock.hasOpen = isOpen
    }
    guard let column else { return nil }
    return (column, fits ? shown?.value ?? .null : .null)
  }

  /// The shown member; contexts are looked up only where the rule asks who saw whom.
  func shown(_ state: CellState, rule: MergeRule) throws -> CellWrite? {
    var vectors: [Dot: VersionVector] = [:]
    if rule == .first, state.members.count > 1, !state.members.contains(where: \.decides) {
      for member in state.members {
        vectors[member.dot] = member.dot == current?.dot ? current?.vector : try logs.vector(of: member.dot)
      }
    }
    return state.shown(rule: rule) { viewer, dot in vectors[viewer]?.covers(dot) ?? false }
  }

  // MARK: Tables of newer software

  private func applyUnknown(_ writes: ChangeBody.TableWrites, _ body: ChangeBody, _ author: Author) throws {
    guard author.writes else { return }
    var clock = RecordClock(last: author.place)
    for column in writes.columns {
      for (i, cell) in column.cells.enumerated() where !cell.isAbsent {
        let key = CellAddress(scope: author.scope, table: writes.id, record: writes.records[i], column: column.id)
        var state = try state(key, clock: nil, row: nil, table: nil)
        state.apply(
          CellWrite(
            dot: author.dot, stamp: author.stamp, hash: author.hash, decides: cell.decides, value: body.value(cell)),
          rule: MergeRule(column: column.id), sees: author.vector.covers)
        _ = try keep(state, key, clock: &clock, table: nil)
      }
    }
  }

  // MARK: Re-deriving

  /// Sets whole cells of a record from S worked out anew.
  func replace(_ states: [UInt32: CellState], record: RecordID, table: Table, scope: Int64) throws {
    let select = try sql("SELECT rowid, _clock FROM \(table.sqlName) WHERE id = ?1 AND _scope = ?2")
    select.bind(1, record)
    select.bind(2, scope)
    guard try select.step() else {
      select.reset()
      return
    }
    let row = select.int(0)
    var clock = try RecordClock(bytes: select.blob(1))
    select.reset()
    touched.insert(table.name)
    var body = ChangeBody()
    var sets: [SetCell] = []
    for (column, state) in states.sorted(by: { $0.key < $1.key }) {
      let key = CellAddress(scope: scope, table: table.id, record: record, column: column)
      if let (column, value) = try keep(state, key, clock: &clock, table: table) {
        sets.append(SetCell(column: column.id, cell: body.cell(value)))
      }
    }
    try body.arena.withUnsafeBytes { try store(row, table, clock, sets, $0) }
  }
}

extension Statement {
  /// Binds the first four columns of `_open`'s key.
  fileprivate func bind(_ key: RecordStore.CellAddress) {
    bind(1, key.scope)
    bind(2, Int64(key.table))
    bind(3, key.record)
    bind(4, Int64(key.column))
  }
}
