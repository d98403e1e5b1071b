import ChangeFormat
import Merge

/// Takes every change of a scope out of its place, to be delivered once more under what is held now.
///
/// It is for what cannot be told change by change: an order that moves headers between logs or no longer stands, and
/// the rare arrival that alters what an earlier one meant. All become waiting, what stood first before the rest; then
/// they settle like any other.
struct Redelivery {
  let sql: StatementCache
  let logs: LogTable
  let records: RecordStore
  let applier: Applier

  init(applier: Applier) {
    sql = applier.sql
    logs = applier.logs
    records = applier.records
    self.applier = applier
  }

  func unplace(_ scope: Int64) throws {
    try keep(scope)
    try clear(scope)
    let book = logs.book
    try logs.load()
    logs.book = book
  }

  /// Writes every row of the scope into `_waiting`, before what waits already: trunks before branches, each change
  /// after what it saw.
  private func keep(_ scope: Int64) throws {
    guard let court = try Meta(sql).bytes(.court).flatMap({ Identifier(bytes: $0) }) else { return }
    let reader = ChangeReader(sql: sql, logs: logs, court: court, compressor: applier.compressor)
    let depths = Dictionary(
      uniqueKeysWithValues: logs.entries.filter { $0.scope == scope }.map { ($0.id, logs.depth(of: $0.id)) })
    let first = try sql("SELECT min(number) FROM _waiting")
    _ = try first.step()
    let deepest = Int64(depths.values.max() ?? 0)
    let room: Int64 = 1 << 40
    let start = min(first.int(0), 0) - (deepest + 1) * room
    first.reset()
    var number: Int64 = 0
    try reader.inCausalOrder { change in
      guard let depth = depths[change.dot.log] else { return }
      number += 1
      let head = try sql("SELECT signature FROM _head WHERE id = ?1")
      head.bind(1, change.place.row)
      let signature = try head.step() ? head.blob(0) : nil
      head.reset()
      try applier.wait(
        VerifiedChange(
          header: change.header, hash: change.hash, payload: change.payload, signature: signature,
          isTimely: try !isExcluded(change.place)),
        .waits(.past(change.dot)), number: start + Int64(depth) * room + number,
        atCentre: try applier.isReceipted(change.dot))
    }
  }

  private func isExcluded(_ place: RecordClock.Place) throws -> Bool {
    let select = try sql("SELECT 1 FROM _excluded WHERE id = ?1")
    select.bind(1, place.row)
    defer { select.reset() }
    return try select.step()
  }

  private func clear(_ scope: Int64) throws {
    for entry in logs.entries where entry.scope == scope {
      for table in ["_change", "_vector", "_head", "_kept", "_excluded", "_unbuilt"] {
        let delete = try sql("DELETE FROM \(table) WHERE id BETWEEN ?1 AND ?2")
        delete.bind(1, Int64(entry.number << 40))
        delete.bind(2, Int64(entry.number << 40 | ((1 << 40) - 1)))
        try delete.run()
      }
    }
    for table in records.schema.tables {
      let delete = try sql("DELETE FROM \(table.sqlName) WHERE _scope = ?1")
      delete.bind(1, scope)
      try delete.run()
      records.touched.insert(table.name)
    }
    for statement in [
      "DELETE FROM _open WHERE scope = ?1", "DELETE FROM _presumed WHERE scope = ?1",
      "DELETE FROM _log WHERE scope = ?1 AND genesis IS NULL",
    ] {
      let delete = try sql(statement)
      delete.bind(1, scope)
      try delete.run()
    }
  }
}
