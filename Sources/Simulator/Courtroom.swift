import Merge
import ReplicaStore

/// A record that somebody in the fleet has made.
struct KnownRecord {
  var table: String
  var id: RecordID
}

/// What people in the courtrooms do: puts, corrections, decisions, voids, and many records at once.
extension Fleet {
  func work(at station: Workstation) throws {
    guard let scope = random.pick(try station.replica.ownScopes()) else { return }
    try work(at: station, scope)
  }

  func work(at station: Workstation, _ scope: String) throws {
    switch random.below(100) {
    case ..<8: try decide(at: station)
    case ..<14: try void(at: station, scope)
    case ..<22: try enter(at: station, scope, count: random.between(5, 25))
    case ..<28: try moveWithCare(at: station, scope)
    default: try enter(at: station, scope, count: random.chance(80) ? 1 : 2)
    }
  }

  /// Writes fields of new and known records.
  private func enter(at station: Workstation, _ scope: String, count: Int) throws {
    var writes: [(record: KnownRecord, field: String, value: Value)] = []
    for _ in 0..<count {
      let record = chosenRecord(at: station, scope)
      guard let table = station.replica.schema.table(named: record.table) else { continue }
      for column in random.shuffled(Array(table.columns.dropFirst(2))).prefix(random.between(1, 3)) {
        writes.append((record, column.name, value(for: column)))
      }
    }
    try write(at: station, scope, "enter \(writes.count)") { draft in
      for write in writes { try draft.set(write.record.table, write.record.id, write.field, write.value) }
    }
  }

  /// An edit that says what its author had before their eyes.
  private func moveWithCare(at station: Workstation, _ scope: String) throws {
    guard let record = random.pick(records[scope] ?? []), station.replica.schema.table(named: record.table) != nil,
      let view = try station.replica.record(table: record.table, id: record.id, scope: scope),
      let table = station.replica.schema.table(named: record.table), let column = random.pick(table.columns)
    else { return }
    let seen = random.chance(85) ? view[column.name]?.dots ?? [] : []
    let value = value(for: column)
    try write(at: station, scope, "careful edit") { draft in
      try draft.set(record.table, record.id, column.name, value)
      try draft.expect(record.table, record.id, column.name, seen: seen)
    }
  }

  private func void(at station: Workstation, _ scope: String) throws {
    guard let record = random.pick(records[scope] ?? []) else { return }
    try write(at: station, scope, "void") { try $0.void(record.table, record.id, reason: "entered twice") }
  }

  private func decide(at station: Workstation) throws {
    guard let conflict = random.pick(try station.replica.conflicts().filter { !$0.field.hasPrefix("#") }),
      let column = station.replica.schema.table(named: conflict.table)?.column(named: conflict.field)
    else { return }
    let choice: Draft.Choice
    if random.chance(60), let other = random.pick(conflict.others + [conflict.shown]) {
      choice = .take(other.dot)
    } else {
      choice = .value(value(for: column))
    }
    try write(at: station, conflict.scope, "decide") {
      try $0.resolve(conflict.table, conflict.id, conflict.field, choice)
    }
  }

  /// One local transaction: what it returns is saved, what it refuses leaves nothing.
  private func write(
    at station: Workstation, _ scope: String, _ what: String, _ fill: (inout Draft) throws -> Void
  ) throws {
    let clerk = "clerk \(random.below(3))"
    let note = random.chance(20) ? "note \(random.below(9))" : "on the files"
    do {
      let committed = try station.replica.write(scope: scope, actor: clerk, note: note, fill)
      try station.acknowledge(committed.dot, scope: scope)
      written += 1
      self.note("\(station.name) \(what) in \(scope): \(committed.dot.short)")
    } catch let error as ReplicaError where (2100..<2300).contains(error.number) {
      self.note("\(station.name) \(what) in \(scope): refused \(error.number)")
    }
  }

  private func chosenRecord(at station: Workstation, _ scope: String) -> KnownRecord {
    let known = records[scope] ?? []
    if known.count > 3, random.chance(70), let record = random.pick(Array(known.suffix(12))) { return record }
    let tables = station.replica.schema.tables
    let table = random.chance(60) ? tables[0] : random.pick(tables) ?? tables[0]
    let record = KnownRecord(table: table.name, id: station.replica.newRecordID())
    records[scope, default: []].append(record)
    return record
  }

  private func value(for column: Column) -> Value {
    if random.chance(10) { return .null }
    switch column.type {
    case .text:
      // Two spellings of one letter are two values.
      return .text(random.pick(["土地", "张三", "李四", "e\u{301}", "\u{E9}", ""]) ?? "")
    case .code: return .text(random.pick(["settled", "withdrawn", "judged"]) ?? "settled")
    case .integer: return .integer(Int64(random.below(5)) * 1000 - 1000)
    case .real: return .real(Double(random.below(9)) / 8)
    case .boolean: return .boolean(random.chance(50))
    case .bytes: return .bytes(random.bytes(random.pick([0, 3, 700]) ?? 0))
    case .date: return .date(Int32(20_000 + random.below(3)))
    case .instant: return .instant(Int64(WorldTime.start) + Int64(random.below(4)))
    case .ref: return .ref(random.pick(records.keys.sorted().flatMap { records[$0] ?? [] })?.id ?? .zero)
    }
  }
}
