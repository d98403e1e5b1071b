import ChangeFormat
import Merge

/// One local transaction in the making: it becomes one change in one scope.
///
/// Values go straight into the columns they will be encoded from. A cell is written once: a later value replaces an
/// earlier one.
public struct Draft {
  /// How a person decides a cell.
  public enum Choice: Sendable {
    case value(Value)
    /// The value of a write that stands in S.
    case take(Dot)
  }

  let schema: Schema
  private(set) var body = ChangeBody()
  private(set) var expectations: [LocalRules.Expectation] = []
  private(set) var decisions: [LocalRules.Decision] = []
  /// Records that must be there already: what is voided or decided.
  private(set) var mustExist: Set<LocalRules.Named> = []
  /// In order of first mention.
  private(set) var mentioned: [(table: Table, record: RecordID)] = []
  private var tables: [TableDraft] = []

  private struct TableDraft {
    var table: Table
    var records: [RecordID] = []
    /// Filled once ids no longer rise.
    var places: [RecordID: Int] = [:]
    var isSorted = true
    /// In order of first mention; cells of the last records may be missing.
    var columns: [ChangeBody.ColumnWrites] = []
  }

  init(schema: Schema) { self.schema = schema }

  public var isEmpty: Bool { tables.isEmpty }

  /// Writes one field.
  ///
  /// Throws `unknownTable`, `unknownField`, `wrongType`, `unwritable` or `overLimit`; nothing is written then.
  public mutating func set(_ table: String, _ id: RecordID, _ field: String, _ value: Value) throws(ReplicaError) {
    guard let known = schema.table(named: table) else { throw .unknownTable(table) }
    guard let column = known.column(named: field) else { throw .unknownField(table: table, field: field) }
    try put(known, id, column, value)
  }

  /// Writes several fields of a record by their columns: the short way for many records.
  public mutating func set(_ table: Table, _ id: RecordID, _ columns: [Column], _ values: [Value]) throws(ReplicaError)
  {
    for (column, value) in zip(columns, values) { try put(table, id, column, value) }
  }

  /// The edit began from these dots; the write is refused if S is no longer exactly they. None: shown empty.
  public mutating func expect(_ table: String, _ id: RecordID, _ field: String, seen: [Dot]) throws(ReplicaError) {
    let (table, column) = try look(table, field)
    expectations.append(LocalRules.Expectation(table: table.id, record: id, column: column.id, dots: seen))
  }

  /// Marks a record void 作废.
  public mutating func void(_ table: String, _ id: RecordID, reason: String) throws(ReplicaError) {
    try set(table, id, Column.voided.name, .boolean(true))
    try set(table, id, Column.voidReason.name, .text(reason))
    if let known = schema.table(named: table) { mustExist.insert(LocalRules.Named(table: known.id, record: id)) }
  }

  /// Decides a cell.
  public mutating func resolve(_ table: String, _ id: RecordID, _ field: String, _ choice: Choice) throws(ReplicaError)
  {
    let (known, column) = try look(table, field)
    mustExist.insert(LocalRules.Named(table: known.id, record: id))
    switch choice {
    case .value(let value):
      try put(known, id, column, value)
      decisions.append(LocalRules.Decision(table: known.id, record: id, column: column.id, take: nil))
    case .take(let dot):
      try put(known, id, column, .null)
      decisions.append(LocalRules.Decision(table: known.id, record: id, column: column.id, take: dot))
    }
  }

  private func look(_ table: String, _ field: String) throws(ReplicaError) -> (Table, Column) {
    guard let known = schema.table(named: table) else { throw .unknownTable(table) }
    guard let column = known.column(named: field) else { throw .unknownField(table: table, field: field) }
    return (known, column)
  }

  private mutating func put(_ table: Table, _ id: RecordID, _ column: Column, _ value: Value) throws(ReplicaError) {
    guard column.canHold(value) else {
      throw .wrongType(table: table.name, field: column.name, expected: column.type.rawValue)
    }
    let cell = body.cell(value)
    switch value {
    case .text, .bytes:
      if cell.count > Limits.value {
        throw .overLimit(what: "\(table.name).\(column.name)", found: cell.count, limit: Limits.value)
      }
      if case .text = value,
        body.arena.withUnsafeBufferPointer({ $0[cell.offset..<cell.offset + cell.count].contains(0) })
      {
        throw .unwritable(table: table.name, field: column.name)
      }
    case .real:
      guard value.isWritable else { throw .unwritable(table: table.name, field: column.name) }
    default: break
    }
    let t: Int
    if let last = tables.indices.last, tables[last].table.id == table.id {
      t = last
    } else if let found = tables.firstIndex(where: { $0.table.id == table.id }) {
      t = found
    } else {
      t = tables.count
      tables.append(TableDraft(table: table))
    }
    let r = row(id, t)
    var c = tables[t].columns.firstIndex { $0.id == column.id } ?? -1
    if c < 0 {
      c = tables[t].columns.count
      if c == 0 { tables[t].columns.reserveCapacity(table.columns.count) }
      tables[t].columns.append(ChangeBody.ColumnWrites(id: column.id, cells: []))
    }
    let missing = r - tables[t].columns[c].cells.count
    if missing == 0 {
      tables[t].columns[c].cells.append(cell)
    } else if missing < 0 {
      tables[t].columns[c].cells[r] = cell
    } else {
      for _ in 0..<missing { tables[t].columns[c].cells.append(ChangeBody.Cell(tag: ChangeBody.Cell.absent)) }
      tables[t].columns[c].cells.append(cell)
    }
  }

  /// The place of a record in its table's draft.
  private mutating func row(_ id: RecordID, _ t: Int) -> Int {
    if let last = tables[t].records.last {
      if last == id { return tables[t].records.count - 1 }
      if tables[t].isSorted && id < last {
        tables[t].isSorted = false
        for (i, record) in tables[t].records.enumerated() { tables[t].places[record] = i }
      }
      if !tables[t].isSorted {
        if let place = tables[t].places[id] { return place }
        tables[t].places[id] = tables[t].records.count
      }
    }
    tables[t].records.append(id)
    mentioned.append((tables[t].table, id))
    return tables[t].records.count - 1
  }

  /// The body in its canonical order.
  func finished() -> ChangeBody {
    var finished = body
    finished.tables = tables.map { draft in
      var columns = draft.columns
      // Who names fields in their order, as machines do, has nothing sorted.
      if !zip(columns, columns.dropFirst()).allSatisfy({ $0.id < $1.id }) { columns.sort { $0.id < $1.id } }
      for c in columns.indices {
        while columns[c].cells.count < draft.records.count {
          columns[c].cells.append(ChangeBody.Cell(tag: ChangeBody.Cell.absent))
        }
      }
      guard !draft.isSorted else {
        return ChangeBody.TableWrites(id: draft.table.id, records: draft.records, columns: columns)
      }
      let order = draft.records.indices.sorted { draft.records[$0] < draft.records[$1] }
      for c in columns.indices {
        let cells = columns[c].cells
        columns[c].cells = order.map { cells[$0] }
      }
      return ChangeBody.TableWrites(id: draft.table.id, records: order.map { draft.records[$0] }, columns: columns)
    }
    if finished.tables.count > 1 { finished.tables.sort { $0.id < $1.id } }
    return finished
  }
}
