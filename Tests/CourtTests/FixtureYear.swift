import Court
import Foundation
import Merge

@testable import ReplicaStore
@testable import circuit_fixture

/// A year of the fixture as the generator makes it, in memory for the tests.
struct FixtureYear {
  struct Line {
    var table: String
    var id: String
    var scope: String
    var actor: String
    var set: [String: Any]
  }

  let bytes: [UInt8]
  let counts: [String: Int]

  init(_ year: Int, seed: UInt64 = 1, plan: Plan = Plan()) throws {
    let lists = try Lists(folder: Checkout.root.appending(path: "Fixtures/lists").path(), year: year)
    var bytes: [UInt8] = []
    let pointer = Gathered()
    var made = try CourtYear(plan, year: year, seed: seed, lists: lists) { pointer.bytes += $0 }
    try made.write()
    swap(&bytes, &pointer.bytes)
    self.bytes = bytes
    counts = made.book.records
  }

  /// The sink of the generator.
  private final class Gathered {
    var bytes: [UInt8] = []
  }

  /// The transactions in their order.
  func transactions() throws -> [[Line]] {
    var all: [[Line]] = []
    var open: [Line] = []
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      if line.isEmpty {
        if !open.isEmpty { all.append(open) }
        open = []
        continue
      }
      guard let object = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
        let table = object["table"] as? String, let id = object["id"] as? String,
        let scope = object["scope"] as? String, let actor = object["as"] as? String,
        let set = object["set"] as? [String: Any]
      else { throw NoLine() }
      open.append(Line(table: table, id: id, scope: scope, actor: actor, set: set))
    }
    return all
  }

  struct NoLine: Error {}

  /// The records as the last line of the year leaves them, by table, in order of their first line.
  func records() throws -> [String: [Line]] {
    var places: [String: Int] = [:]
    var tables: [String: [Line]] = [:]
    for line in try transactions().joined() {
      if let place = places[line.id] {
        tables[line.table]?[place].set.merge(line.set) { _, new in new }
      } else {
        places[line.id] = tables[line.table]?.count ?? 0
        tables[line.table, default: []].append(line)
      }
    }
    return tables
  }
}

extension FixtureYear.Line {
  func text(_ field: String) -> String? { set[field] as? String }
  func flag(_ field: String) -> Bool { set[field] as? Bool ?? false }

  /// The record as a replica would show it; nil where a value is not of its column's type.
  func view() -> RecordView? {
    guard let table = CourtSchema.current.table(named: table), let id = RecordID(hex: id) else { return nil }
    var fields: [FieldView] = []
    for (name, json) in set.sorted(by: { $0.key < $1.key }) {
      guard let column = table.column(named: name), let value = value(json, column.type) else { return nil }
      fields.append(FieldView(name: name, value: value, dots: [], isOpen: false))
    }
    return RecordView(table: table.name, id: id, scope: scope, fields: fields)
  }

  private func value(_ json: Any, _ type: ColumnType) -> Value? {
    switch (type, json) {
    case (.text, let text as String), (.code, let text as String): .text(text)
    case (.ref, let text as String): RecordID(hex: text).map { .ref($0) }
    case (.date, let text as String): CalendarDay.days(of: text).map { .date($0) }
    case (.instant, let text as String): Instant.milliseconds(of: text).map { .instant($0) }
    case (.boolean, let flag as Bool): .boolean(flag)
    case (.integer, let number as Int): .integer(Int64(number))
    case (.real, let number as Double): .real(number)
    case (.bytes, let object as [String: String]): object["hex"].flatMap { bytesOfHex($0.utf8) }.map { .bytes($0) }
    default: nil
    }
  }
}
