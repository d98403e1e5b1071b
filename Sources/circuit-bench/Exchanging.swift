import ChangeFormat
import Merge
import ReplicaStore

/// W3, W4, W4b, W7: changes as wire bytes, applied, and met again.
extension Run {
  func w3(_ report: inout Report) throws {
    let a = try insertedInBulk().tracked
    var watch = Stopwatch()
    var wire: [[UInt8]] = []
    try watch.time { try a.forEachBatch(with: compressor) { bytes, _ in wire.append(bytes) } }
    let bytes = wire.reduce(0) { $0 + $1.count }
    report.add("W3", "rows/s", Double(rows) / watch.seconds)
    report.add("W3-size", "bytes/row", Double(bytes) / Double(rows))
  }

  /// W4 and, with the replica it makes, W7.
  func w4(_ report: inout Report, again: Bool) throws {
    let source = try insertedInBulk().tracked
    let wire = try wireOfBulk()
    let b = try Tracked(scratch.place("receiver"))
    var watch = Stopwatch()
    for (bytes, _) in wire { try watch.time { try b.receive(bytes, with: compressor) } }
    try watch.time { try b.replica.close() }
    // Plain SQLite commits as often as the receiver did.
    let plain = try plainInsert(transactions(wire.map(\.changes), rowsEach: 1000))
    report.add("W4", "rows/s", Double(rows) / watch.seconds, plain: Double(rows) / plain)
    try b.reopen()
    try checkEqual(source, b, "W4")
    if again {
      var watch = Stopwatch()
      var news = 0
      for (bytes, _) in wire { news += try watch.time { try b.receive(bytes, with: compressor).changes } }
      try check(news == 0, "W7: \(news) changes were taken for new")
      report.add("W7", "rows/s", Double(rows) / watch.seconds)
      try checkEqual(source, b, "W7")
    }
    _ = try b.replica.verify()
    try b.replica.close()
    scratch.remove(b.folder)
  }

  private func transactions(_ changes: [Int], rowsEach: Int) -> [Int] {
    var left = rows
    return changes.map { count in
      let part = min(left, count * rowsEach)
      left -= part
      return part
    }
  }

  /// One-row changes, about 1,000 a batch, against plain SQLite at the same number of rows a transaction.
  func w4b(_ report: inout Report) throws {
    let source = try insertedOneByOne().tracked
    let b = try Tracked(scratch.place("receiver"))
    var watch = Stopwatch()
    var counts: [Int] = []
    var bytes: [[UInt8]] = []
    try source.forEachBatch(budget: 375_000, with: compressor) { wire, changes in
      bytes.append(wire)
      counts.append(changes)
      if bytes.count == 16 {
        for wire in bytes { try watch.time { try b.receive(wire, with: compressor) } }
        bytes.removeAll()
      }
    }
    for wire in bytes { try watch.time { try b.receive(wire, with: compressor) } }
    try watch.time { try b.replica.close() }
    let plain = try plainInsert(counts)
    report.add("W4b", "changes/s", Double(rows) / watch.seconds, plain: Double(rows) / plain)
    try b.reopen()
    try checkEqual(source, b, "W4b")
    _ = try b.replica.verify()
    try b.replica.close()
    scratch.remove(b.folder)
  }
}
