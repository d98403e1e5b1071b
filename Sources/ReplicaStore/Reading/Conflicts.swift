import Merge

extension Replica {
  /// Cells whose S holds two different values, by scope, table, id and field; void records' too.
  public func conflicts() throws(ReplicaError) -> [ConflictView] {
    try reading { reading in
      var found: [ConflictView] = []
      try reading.openCells { row, column in
        let state = try reading.state(row, column)
        guard state.isInConflict, let shown = try reading.store.shown(state, rule: MergeRule(column: column)) else {
          return
        }
        let known = row.table.column(column)
        found.append(
          ConflictView(
            table: row.table.name, id: row.record, scope: reading.logs.scopeNames[row.scope] ?? "",
            field: known?.name ?? "#\(column)", isLegal: known?.isLegal ?? false, shown: try reading.view(shown),
            others: try state.members.filter { $0.dot != shown.dot }.map { try reading.view($0) }))
      }
      try reading.unknownRecords { scope, table, record in
        for (column, open) in try reading.openMembers(scope, table, record) {
          let state = CellState(
            members: try open.map { try reading.store.cellWrite($0.place, decides: $0.decides, value: $0.value) })
          guard state.isInConflict, let shown = try reading.store.shown(state, rule: MergeRule(column: column)) else {
            continue
          }
          found.append(
            ConflictView(
              table: "#\(table)", id: record, scope: reading.logs.scopeNames[scope] ?? "", field: "#\(column)",
              isLegal: false, shown: try reading.view(shown),
              others: try state.members.filter { $0.dot != shown.dot }.map { try reading.view($0) }))
        }
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

extension ReadingTable {
  /// Cells with members of S in `_open`.
  func openCells(_ body: (RecordRow, UInt32) throws -> Void) throws {
    for table in schema.tables {
      let some = try Statement(sql.database, "SELECT 1 FROM _open WHERE tbl = ?1 LIMIT 1")
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
