import ChangeFormat
import Merge

/// Changes that are in their place but not yet in the tables, in the order in which they were taken.
///
/// Only a centre has any: it accepts without waiting for its tables, and a worker writes them (design §5, §7). What is
/// left to write is always the end of that order, so the tables are what the changes before it say, under all orders.
struct UnbuiltChanges {
  let sql: StatementCache

  struct Row {
    /// Its place in the order.
    var number: Int64
    var place: RecordClock.Place
  }

  func add(_ place: RecordClock.Place) throws {
    let insert = try sql("INSERT INTO _unbuilt (id) VALUES (?1)")
    insert.bind(1, place.row)
    try insert.run()
  }

  var isEmpty: Bool {
    get throws {
      let select = try sql("SELECT 1 FROM _unbuilt LIMIT 1")
      defer { select.reset() }
      return try !select.step()
    }
  }

  /// The first ones, as far as they follow each other in one log.
  func first(_ limit: Int) throws -> [Row] {
    let select = try sql("SELECT number, id FROM _unbuilt ORDER BY number LIMIT ?1")
    select.bind(1, limit)
    defer { select.reset() }
    var rows: [Row] = []
    while try select.step() {
      let row = Row(number: select.int(0), place: RecordClock.Place(row: select.int(1)))
      if let last = rows.last, row.place.row != last.place.row + 1 { break }
      rows.append(row)
    }
    return rows
  }

  func remove(through number: Int64) throws {
    let delete = try sql("DELETE FROM _unbuilt WHERE number <= ?1")
    delete.bind(1, number)
    try delete.run()
  }

  func all() throws -> Set<RecordClock.Place> {
    let select = try sql("SELECT id FROM _unbuilt")
    defer { select.reset() }
    var places: Set<RecordClock.Place> = []
    while try select.step() { places.insert(RecordClock.Place(row: select.int(0))) }
    return places
  }
}

extension Workbench {
  /// Writes what is left into the tables, until there is no more or it is enough. Returns whether any is left.
  func buildTables(isEnough: () -> Bool = { false }) throws -> Bool {
    let unbuilt = UnbuiltChanges(sql: sql)
    while true {
      let rows = try unbuilt.first(ChangeReader.chunk)
      guard let first = rows.first, let last = rows.last else { return false }
      let changes = try reader.changes(
        log: first.place.log, from: first.place.sequence, to: last.place.sequence, limit: rows.count)
      if changes.isEmpty {
        throw ReplicaError.damaged(path: replica.path, detail: "change \(logs.dot(of: first.place)) is missing")
      }
      for (row, change) in zip(rows, changes) {
        try build(change)
        try unbuilt.remove(through: row.number)
        if isEnough() { return try !unbuilt.isEmpty }
      }
    }
  }

  private func build(_ change: HeldChange) throws {
    guard let entry = logs.entry(change.dot.log) else { throw ReplicaError.unknownAuthor(log: change.dot.log) }
    var body = try reader.payload(change).body
    let chain = try records.apply(
      &body,
      by: RecordStore.Author(
        place: change.place, dot: change.dot, vector: try logs.vector(of: change.dot),
        stamp: logs.held.restamp(of: change.dot) ?? change.header.stamp, hash: change.hash, scope: entry.scope,
        writes: logs.held.exclusion(of: change.dot) == nil))
    if chain.isEmpty { return }
    let update = try sql("UPDATE _change SET chain = ?2 WHERE id = ?1")
    update.bind(1, change.place.row)
    update.bind(2, chain)
    try update.run()
  }
}

extension Replica {
  /// Writes what has been accepted into the tables, in one transaction. Returns whether any is left.
  ///
  /// - Parameter limit: changes after which it is enough.
  package func buildTables(limit: Int = .max) throws -> Bool {
    var built = 0
    return try buildTables {
      built += 1
      return built >= limit
    }
  }

  /// - Parameter isEnough: asked after every change.
  package func buildTables(until isEnough: () -> Bool) throws -> Bool {
    try transaction(leavingTables: true) { try $0.buildTables(isEnough: isEnough) }
  }
}
