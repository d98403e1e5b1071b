/// W1, W1b and the sizes on disk: rows that become changes, one transaction a thousand or one a row.
extension Run {
  func w1(_ report: inout Report) throws {
    let made = try insertedInBulk()
    report.add("W1", "rows/s", Double(rows) / made.race.circuit.seconds, plain: Double(rows) / made.race.plain.seconds)
    let relaxed = try insert(rows, size: 1000, durability: .normal)
    report.add(
      "W1-NORMAL", "rows/s", Double(rows) / relaxed.race.circuit.seconds,
      plain: Double(rows) / relaxed.race.plain.seconds)
    try relaxed.tracked.replica.close()
    scratch.remove(relaxed.tracked.folder)
    scratch.remove(relaxed.plainPath)
  }

  func w1b(_ report: inout Report) throws {
    let made = try insertedOneByOne()
    report.add("W1b", "rows/s", Double(rows) / made.race.circuit.seconds, plain: Double(rows) / made.race.plain.seconds)
    var bytes = 0
    try made.tracked.forEachBatch(with: compressor) { wire, _ in bytes += wire.count }
    report.add("W1b-size", "bytes/change", Double(bytes) / Double(rows))
  }

  /// Beside W1b, once: what a clerk's transaction costs when it waits for the disk.
  func w1bFull(_ report: inout Report) throws {
    let count = min(rows, 2000)
    let made = try insert(count, size: 1, durability: .full)
    report.add(
      "W1b-FULL", "rows/s", Double(count) / made.race.circuit.seconds, plain: Double(count) / made.race.plain.seconds)
    try made.tracked.replica.close()
  }

  func disk(_ report: inout Report) throws {
    for (id, made) in [("disk-W1", try insertedInBulk()), ("disk-W1b", try insertedOneByOne())] {
      report.add(
        id, "bytes/row", Double(made.bytes.circuit) / Double(rows), plain: Double(made.bytes.plain) / Double(rows))
    }
  }
}
