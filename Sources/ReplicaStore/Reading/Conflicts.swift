import Merge

extension Replica {
  /// Cells whose S holds two different values, by scope, table, id and field; void records' too.
  public func conflicts() throws(ReplicaError) -> [ConflictView] {
    try reading { reading in
      var found: [ConflictView] = []
      try reading.conflicts { cell, state, shown in
        let known = cell.table?.column(cell.column)
        found.append(
          ConflictView(
            table: cell.table?.name ?? "#\(cell.tableID)", id: cell.record,
            scope: reading.logs.scopeNames[cell.scope] ?? "", field: known?.name ?? "#\(cell.column)",
            isLegal: known?.isLegal ?? false, shown: try reading.view(shown),
            others: try state.members.filter { $0.dot != shown.dot }.map { try reading.view($0) }))
      }
      return found.sorted { a, b in
        if a.scope != b.scope { return byBytes(a.scope, b.scope) }
        if a.table != b.table { return byBytes(a.table, b.table) }
        if a.id != b.id { return a.id < b.id }
        return byBytes(a.field, b.field)
      }
    }
  }
}

/// Where a conflict is; the table is nil when newer software made it.
struct ConflictingCell {
  var table: Table?
  var tableID: UInt32
  var record: RecordID
  var scope: Int64
  var column: UInt32
}

extension ReadingTable {
  /// Every cell in conflict, with its S and the write that is shown.
  func conflicts(_ body: (ConflictingCell, CellState, CellWrite) throws -> Void) throws {
    func tell(_ cell: ConflictingCell, _ state: CellState) throws {
      guard state.isInConflict, let shown = try store.shown(state, rule: MergeRule(column: cell.column)) else { return }
      try body(cell, state, shown)
    }
    try openCells { row, column in
      let cell = ConflictingCell(
        table: row.table, tableID: row.table.id, record: row.record, scope: row.scope, column: column)
      try tell(cell, try state(row, column))
    }
    try unknownRecords { scope, table, record in
      for (column, open) in try openMembers(scope, table, record) {
        let state = CellState(
          members: try open.map { try store.cellWrite($0.place, decides: $0.decides, value: $0.value) })
        try tell(ConflictingCell(table: nil, tableID: table, record: record, scope: scope, column: column), state)
      }
    }
  }

  /// Cells with members of S in `_open`.
  func openCells(_ body: (RecordRow, UInt32) throws -> Void) throws {
    for table in schema.tables {
      let some = try sql.own("SELECT 1 FROM _open WHERE tbl = ?1 LIMIT 1")
      some.bind(1, Int64(table.id))
      guard try some.step() else { continue }
      let condition =
        "EXISTS (SELECT 1 FROM _open o WHERE o.scope = t._scope AND o.tbl = \(table.id) AND o.record = t.id)"
      try rows(of: table, where: condition) { row in
        for column in row.open.keys.sorted() { try body(row, column) }
      }
    }
  }
}
