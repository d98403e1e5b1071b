import Court
import Merge

/// Gathers the records of a day and writes them as transactions: one scope and one actor each, no more than
/// ``lineLimit`` lines, a blank line between two. Holds no more than a day.
struct Book {
  static let lineLimit = 200

  /// Where finished bytes go; the file is never whole in memory.
  private let sink: ([UInt8]) throws -> Void
  private var open: [String: [UInt8]] = [:]
  private var counts: [String: Int] = [:]
  private var order: [String] = []
  private var actors: [String: String] = [:]
  private(set) var isEmpty = true
  /// Records written, by table.
  private(set) var records: [String: Int] = [:]
  private(set) var transactions = 0

  init(sink: @escaping ([UInt8]) throws -> Void) { self.sink = sink }

  /// Who writes in a scope from now on.
  mutating func setActor(_ name: String, in scope: String) { actors[scope] = name }

  mutating func add(_ record: Record, to scope: String) throws {
    if counts[scope] == nil {
      order.append(scope)
      counts[scope] = 0
    }
    var line = open[scope, default: []]
    open[scope] = nil
    line.append(contentsOf: "{\"table\":\"\(record.table)\",\"id\":\"\(record.id.hex)\",\"scope\":".utf8)
    Record.quote(scope, to: &line)
    line.append(contentsOf: ",\"as\":".utf8)
    Record.quote(actors[scope] ?? "", to: &line)
    line.append(contentsOf: ",\"set\":{".utf8)
    line.append(contentsOf: record.fields)
    line.append(contentsOf: "}}\n".utf8)
    open[scope] = line
    counts[scope, default: 0] += 1
    records["\(record.table)", default: 0] += 1
    if counts[scope, default: 0] >= Book.lineLimit { try close(scope) }
  }

  /// Ends the transactions of a day.
  mutating func endDay() throws {
    for scope in order { try close(scope) }
    order = []
    counts = [:]
  }

  private mutating func close(_ scope: String) throws {
    guard let lines = open[scope], !lines.isEmpty else { return }
    try sink(isEmpty ? lines : [0x0A] + lines)
    isEmpty = false
    transactions += 1
    open[scope] = nil
    counts[scope] = 0
  }
}
