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

  /// A record as a draft names it.
  struct Named: Hashable {
    var table: UInt32
    var record: RecordID
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
  let mustExist: Set<Named>
  let otherScopes: Bool

  init(
    store: RecordStore, scope: Int64, scopeName: String, note: String, device: DeviceID, rights: Rights,
    expectations: [Expectation], decisions: [Decision], mustExist: Set<Named>
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

  /// What a draft was shown is still what is there; also of fields that it does not write.
  func checkExpectations(_ body: ChangeBody) throws {
    for expectation in expectations {
      guard let table = store.schema.table(expectation.table) else { continue }
      let select = try store.sql("SELECT rowid, _clock FROM \(table.sqlName) WHERE id = ?1 AND _scope = ?2")
      select.bind(1, expectation.record)
      select.bind(2, scope)
      let held = try select.step() ? (row: select.int(0), clock: try RecordClock(bytes: select.blob(1))) : nil
      select.reset()
      let state = try held.map { try self.state(expectation.column, expectation.record, table, $0.row, $0.clock) }
      if state?.members.map(\.dot) ?? [] != expectation.dots.sorted() {
        throw changed(state ?? CellState(), expectation, table, body)
      }
    }
  }

  func meetsNew(_ record: RecordID, _ i: Int, _ t: Int, _ table: Table, _ body: inout ChangeBody) throws {
    guard rights.contains(.append) else { throw ReplicaError.notAllowed(right: "append", scope: scopeName) }
    if !rights.contains(.void) { try checkVoid(body.tables[t], i) }
    if otherScopes { try checkOtherScopes(record, table) }
    if mustExist.contains(Named(table: table.id, record: record)) {
      throw ReplicaError.noSuchRecord(table: table.name, id: record)
    }
  }

  private func checkVoid(_ writes: ChangeBody.TableWrites, _ i: Int) throws {
    if writes.columns.contains(where: { $0.id == Column.voided.id && !$0.cells[i].isAbsent }) {
      throw ReplicaError.notAllowed(right: "void", scope: scopeName)
    }
  }

  /// A record that is held in another scope stays there; one of which nothing is in any S is nowhere.
  private func checkOtherScopes(_ record: RecordID, _ table: Table) throws {
    let select = try store.sql("SELECT _scope, _clock FROM \(table.sqlName) WHERE id = ?1 AND _scope <> ?2")
    select.bind(1, record)
    select.bind(2, scope)
    defer { select.reset() }
    while try select.step() {
      if try RecordClock(bytes: select.blob(1)).isEmpty { continue }
      let held = store.logs.scopeNames[select.int(0)] ?? ""
      throw ReplicaError.otherScope(id: record, held: held, given: scopeName)
    }
  }

  func meetsHeld(
    _ record: RecordID, _ i: Int, _ t: Int, _ table: Table, row: Int64, clock: RecordClock, _ body: inout ChangeBody
  ) throws {
    let columns = body.tables[t].columns
    let isNew = clock.isEmpty
    if isNew {
      if otherScopes { try checkOtherScopes(record, table) }
      if mustExist.contains(Named(table: table.id, record: record)) {
        throw ReplicaError.noSuchRecord(table: table.name, id: record)
      }
    }
    guard rights.contains(.append) else { throw ReplicaError.notAllowed(right: "append", scope: scopeName) }
    if !rights.contains(.correct),
      clock.groups.contains(where: { store.logs.entry(number: $0.place.log)?.device != device })
    {
      throw ReplicaError.notAllowed(right: "correct", scope: scopeName)
    }
    if !rights.contains(.void) { try checkVoid(body.tables[t], i) }
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
    _ state: CellState, _ expectation: Expectation, _ table: Table, _ body: ChangeBody
  ) -> ReplicaError {
    var offered: Value?
    body.forEachWrite { _, write in
      if write.table == table.id && write.record == expectation.record && write.column == expectation.column {
        offered = write.value
      }
    }
    let held = state.members.map {
      WriteView(value: $0.value, who: "", when: $0.stamp.milliseconds, dot: $0.dot)
    }
    return .changedSince(
      table: table.name, id: expectation.record, field: table.column(expectation.column)?.name ?? "", held: held,
      offered: offered ?? .null)
  }
}
