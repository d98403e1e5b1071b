/// W8: all tables made anew from the log, and both digests compared.
extension Run {
  func w8(_ report: inout Report) throws {
    let a = try insertedInBulk().tracked
    var watch = Stopwatch()
    let verified = try watch.time { try a.replica.verify() }
    try check(verified.records == rows, "W8: \(verified.records) records are there of \(rows)")
    // NORMAL: a rebuild waits for no disk, so the insert it is compared with should not either.
    var transactions = [Int](repeating: 1000, count: rows / 1000)
    if rows % 1000 > 0 { transactions.append(rows % 1000) }
    let plain = try plainInsert(transactions, durability: "NORMAL")
    report.add("W8", "rows/s", Double(rows) / watch.seconds, plain: Double(rows) / plain)
  }
}
