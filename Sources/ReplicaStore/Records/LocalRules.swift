import ChangeFormat
import Merge

/// What a local write must respect before it becomes a change (design §3, §6): what arrives is judged by the centre.
final class LocalRules {
  /// What a cell was shown with when the edit began.
  struct Expectation {
    var table: UInt32
    var record: RecordID
    var column: UInt32
    var dots: [Dot]
  }

  /// A person's decision of a cell.
  struct Decision {
    var table: UInt32
    var record: RecordID
    var column: UInt32
    /// The write whose value is taken; nil: the value stands in the cell already.
    var take: Dot?
  }

  let store: RecordStore
  let scope: Int64
  let scopeName: String
  let note: String
  let device: DeviceID
  let rights: Rights
  let expectations: [Expectation]
  let decisions: [Decision]
  /// Records that must be there already: what is voided or decided.
  let mustExist: Set<RecordID>
  let otherScopes: Bool

  init(
    store: RecordStore, scope: Int64, scopeName: String, note: String, device: DeviceID, rights: Rights,
    expectations: [Expectation], decisions: [Decision], mustExist: Set<RecordID>
  ) {
    self.store = store
    self.scope = scope
    self.scopeName = scopeName
    self.note = note
    self.device = device
    self.rights = rights
    self.expectations = expectations
    self.decisions = decisions
    self.mustExist = mustExist
    otherScopes = store.logs.scopeNames.count > 1
  }

  /// Whether single cells need a look even in new records.
  var isParticular: Bool { !expectations.isEmpty || !decisions.isEmpty || !mustExist.isEmpty }

  func meetsNew(_ record: RecordID, _ i: Int, _ t: Int, _ table: Table, _ body: inout ChangeBody) throws {
    guard rights.contains(.append) else { throw ReplicaError.notAllowed(right: "append", scope: scopeName) }
    if otherScopes {
      let select = try store.sql("SELECT _scope FROM \(table.sqlName) WHERE id = ?1 AND _scope <> ?2")
      select.bind(1, record)
      select.bind(2, scope)
      defer { select.reset() }
      if try select.step() {
        let held = store.logs.scopeNames[select.int(0)] ?? ""
        throw ReplicaError.otherScope(id: record, held: held, given: scopeName)
      }
    }
    guard isParticular else { return }
    if mustExist.contains(record) { throw ReplicaError.noSuchRecord(table: table.name, id: record) }
    for expectation in expectations where expectation.table == table.id && expectation.record == record {
      if !expectation.dots.isEmpty { throw changed(CellState(), expectation, table, body, t, i) }
    }
  }

  func meetsHeld(
    _ record: RecordID, _ i: Int, _ t: Int, _ table: Table, row: Int64, clock: RecordClock, _ body: inout ChangeBody
  ) throws {
    let columns = body.tables[t].columns
    func isWritten(_ id: UInt32) -> Bool { columns.contains { $0.id == id && !$0.cells[i].isAbsent } }
    let isNew = clock.isEmpty
    if isNew && mustExist.contains(record) { throw ReplicaError.noSuchRecord(table: table.name, id: record) }
    guard rights.contains(.append) else { throw ReplicaError.notAllowed(right: "append", scope: scopeName) }
    if !rights.contains(.correct),
      clock.groups.contains(where: { store.logs.entry(number: $0.place.log)?.device != device })
    {
      throw ReplicaError.notAllowed(right: "correct", scope: scopeName)
    }
    if !rights.contains(.void), isWritten(Column.voided.id) {
      throw ReplicaError.notAllowed(right: "void", scope: scopeName)
    }
    for expectation in expectations where expectation.table == table.id && expectation.record == record {
      let state = try state(expectation.column, record, table, row, clock)
      if state.members.map(\.dot) != expectation.dots.sorted() {
        throw changed(state, expectation, table, body, t, i)
      }
    }
    if clock[Column.voided.id] != nil, columns.contains(where: { $0.id != Column.voided.id && !$0.cells[i].isAbsent }),
      try isShownVoid(table, row, clock)
    {
      throw ReplicaError.isVoid(table: table.name, id: record)
    }
    for c in columns.indices where !columns[c].cells[i].isAbsent {
      let id = columns[c].id
      if decisions.isEmpty {
        // Nothing there, or nothing that makes this write particular.
        guard let held = clock[id] else { continue }
        if !held.decides && !clock.hasOpen && MergeRule(column: id) == .latest { continue }
      }
      guard let column = table.column(id) else { continue }
      if let decision = decisions.first(where: { $0.table == table.id && $0.record == record && $0.column == id }) {
        let state = try state(id, record, table, row, clock)
        body.tables[t].columns[c].cells[i] = try decided(
          decision, state, column, table, record, columns[c].cells[i], &body)
        continue
      }
      guard let held = clock[id] else { continue }
      if column.rule == .first { throw ReplicaError.writtenOnce(table: table.name, id: record, field: column.name) }
      if clock.hasOpen, try state(id, record, table, row, clock).isInConflict {
        if column.isLegal { throw ReplicaError.inConflict(table: table.name, id: record, field: column.name) }
        body.tables[t].columns[c].cells[i].decides = true
      }
      if held.decides { body.tables[t].columns[c].cells[i].decides = true }
    }
  }

  private func decided(
    _ decision: Decision, _ state: CellState, _ column: Column, _ table: Table, _ record: RecordID,
    _ cell: ChangeBody.Cell, _ body: inout ChangeBody
  ) throws -> ChangeBody.Cell {
    if !state.isInConflict {
      guard column.rule == .first else {
        throw ReplicaError.notInConflict(table: table.name, id: record, field: column.name)
      }
      if note.isEmpty { throw ReplicaError.reasonNeeded(table: table.name, id: record, field: column.name) }
    }
    var cell = cell
    if let dot = decision.take {
      guard let member = state.members.first(where: { $0.dot == dot }), member.value != .redacted else {
        throw ReplicaError.notAmongValues(dot: dot, table: table.name, id: record, field: column.name)
      }
      cell = body.cell(member.value)
    }
    cell.decides = true
    return cell
  }

  private func isShownVoid(_ table: Table, _ row: Int64, _ clock: RecordClock) throws -> Bool {
    let select = try store.sql("SELECT voided FROM \(table.sqlName) WHERE rowid = ?1")
    select.bind(1, row)
    defer { select.reset() }
    return try select.step() && select.int(0) == 1
  }

  private func state(_ column: UInt32, _ record: RecordID, _ table: Table, _ row: Int64, _ clock: RecordClock) throws
    -> CellState
  {
    try store.state(
      RecordStore.CellAddress(scope: scope, table: table.id, record: record, column: column), clock: clock, row: row,
      table: table)
  }

  private func changed(
    _ state: CellState, _ expectation: Expectation, _ table: Table, _ body: ChangeBody, _ t: Int, _ i: Int
  ) -> ReplicaError {
    let offered = body.tables[t].columns.first { $0.id == expectation.column }
      .map { $0.cells[i].isAbsent ? Value.null : body.value($0.cells[i]) }
    let held = state.members.map {
      WriteView(value: $0.value, who: "", when: $0.stamp.milliseconds, dot: $0.dot)
    }
    return .changedSince(
      table: table.name, id: expectation.record, field: table.column(expectation.column)?.name ?? "", held: held,
      offered: offered ?? .null)
  }
}
