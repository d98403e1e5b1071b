import ChangeFormat
import Merge

extension LogTable {
  /// Count and hash over a scope's heads: logs by id with tip and hash, then what waits, by header hash.
  func summary(scope: Int64, waiting: [ContentHash]) -> HeadsSummary {
    var hash = StreamHash()
    var count: UInt64 = 0
    for entry in entries.sorted(by: { $0.id < $1.id }) {
      guard entry.scope == scope, entry.tip > (entry.fork?.sequence ?? 0) else { continue }
      var writer = ByteWriter(capacity: 64)
      writer.identifier(entry.id)
      writer.varint(entry.tip)
      writer.hash(entry.tipHash)
      hash.update(writer.bytes)
      count += 1
    }
    for waiting in waiting.sorted() {
      hash.update(waiting.bytes)
      count += 1
    }
    return HeadsSummary(count: count, hash: hash.finish())
  }
}

extension Workbench {
  /// The summary of every named scope.
  package func summaries(_ names: [String]) throws -> [String: HeadsSummary] {
    var waiting: [Int64: [ContentHash]] = [:]
    for change in try WaitingChange.all(sql) {
      if let scope = logs.entry(change.dot.log)?.scope { waiting[scope, default: []].append(change.hash) }
    }
    var found: [String: HeadsSummary] = [:]
    for name in names {
      let number = logs.scopeNumbers[name] ?? -1
      found[name] = logs.summary(scope: number, waiting: waiting[number] ?? [])
    }
    return found
  }
}
