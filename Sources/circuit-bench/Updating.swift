import Merge

/// W2: one column of every row, in random order. Changes the replica of W1, so it comes last of a run.
extension Run {
  func w2(_ report: inout Report) throws {
    let made = try insertedInBulk()
    let plain = isWithPlain ? try Plain(path: made.plainPath) : nil
    var ids: [RecordID] = []
    ids.reserveCapacity(rows)
    for row in RowSource(rows) { ids.append(row.id) }
    var random = PythonRandom(seed: 2)
    for i in stride(from: ids.count - 1, to: 0, by: -1) { ids.swapAt(i, Int(random.below(UInt32(i + 1)))) }
    func status(_ i: Int) -> String { ["调解成功", "调解不成", "撤回"][i % 3] }
    var race = Race()
    for start in stride(from: 0, to: ids.count, by: 1000) {
      let block = ids[start..<min(start + 1000, ids.count)]
      try race.lap {
        try made.tracked.setStatus(block, status)
      } plain: {
        // In order of the key: pages are met once, as a careful engineer would have it.
        guard let plain else { return }
        let sorted = block.enumerated().sorted { $0.element < $1.element }
        try plain.transaction { for (i, id) in sorted { try plain.update(id, status: status(i)) } }
      }
    }
    try race.lap {
      try made.tracked.replica.close()
    } plain: {
      plain?.close()
    }
    report.add("W2", "rows/s", Double(rows) / race.circuit.seconds, plain: Double(rows) / race.plain.seconds)
    try made.tracked.reopen()
    _ = try made.tracked.replica.verify()
  }
}
