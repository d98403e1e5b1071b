import ChangeFormat
import Merge
import ReplicaStore

/// W6 and W9: what depends on the size of the replica, and must not.
extension Run {
  static let sizes = [("10k", 10_000), ("100k", 100_000), ("1M", 1_000_000)]

  /// One edit: finding and encoding it, and its bytes with header, chain and signed head.
  func w6(_ report: inout Report, sizes: [(name: String, rows: Int)] = Run.sizes, addingColumn: Bool) throws {
    for (name, count) in sizes {
      let a = try Tracked(scratch.place("size"), durability: .normal)
      try a.fill(count)
      if !sizes.isEmpty { try edits(a, name, &report) }
      try a.replica.close()
      if count == 1_000_000 && addingColumn { try w9(&report, a) }
      scratch.remove(a.folder)
    }
  }

  private func edits(_ a: Tracked, _ name: String, _ report: inout Report) throws {
    var times: [Double] = []
    var size = 0
    for (i, row) in RowSource(25).enumerated() {
      _ = try a.replica.offer(lackingFrom: [:], budget: 1)
      let before = try a.replica.heads()
      try a.setStatus([row.id]) { _ in "调解成功\(i)" }
      // Signing is part of the commit: done here, so that what is timed only finds and encodes.
      _ = try a.replica.offer(lackingFrom: before)
      var watch = Stopwatch()
      let wire = try watch.time {
        try a.replica.offer(lackingFrom: before).batch.encoded(with: compressor)
      }
      times.append(watch.seconds * 1000)
      size = max(size, wire.count)
    }
    report.add("W6-\(name)", "ms", median(times))
    report.add("W6-size-\(name)", "bytes", Double(size))
  }

  /// A later edition adds a column: nothing is rewritten, nothing is to be sent.
  func w9(_ report: inout Report, _ a: Tracked) throws {
    try a.reopen()
    let heads = try a.replica.heads()
    let count = try a.count("SELECT count(*) FROM _change")
    try a.replica.close()
    let before = a.bytes
    var watch = Stopwatch()
    try watch.time { try a.reopen(schema: Cases.widerSchema) }
    let plainPath = scratch.place("plain")
    let plain = try Plain(path: plainPath, durability: "NORMAL")
    var baseline = Stopwatch()
    baseline.time { plain.addColumn() }
    plain.close()
    scratch.remove(plainPath)
    try check(try a.count("SELECT count(*) FROM _change") == count, "W9: a change was made")
    try check(try a.replica.offer(lackingFrom: heads).batch.runs.isEmpty, "W9: something is to be sent")
    try a.replica.close()
    try check(a.bytes - before < 1 << 16, "W9: records were rewritten")
    report.add("W9", "ms", watch.seconds * 1000, plain: baseline.seconds * 1000)
  }
}
