import ChangeFormat
import Merge
import ReplicaStore

/// W5: two replicas edit apart, half of their rows the same; then each takes the other's changes.
extension Run {
  func w5(_ report: inout Report) throws {
    let a = try Tracked(scratch.place("a"))
    let b = try Tracked(scratch.place("b"))
    try a.fill(rows)
    try a.forEachBatch(with: compressor) { wire, _ in try b.receive(wire, with: compressor) }
    let half = rows / 2
    let quarter = rows / 4
    var place = 0
    try RowSource.forEachBlock(of: rows, size: 1000) { block in
      let first = place
      place += block.count
      let ours = block.enumerated().filter { first + $0.offset < half }.map(\.element)
      let theirs = block.enumerated().filter { (quarter..<quarter + half).contains(first + $0.offset) }.map(\.element)
      if !ours.isEmpty { try a.setStatus(ours.map(\.id)[...]) { "调解成功\($0)" } }
      if !theirs.isEmpty {
        try b.replica.write(scope: "court", actor: "王法官") { draft in
          for row in theirs {
            try draft.set(
              Cases.table, row.id, [Cases.status, Cases.summary], [.text("已立案"), .text(row.summary + "，续")])
          }
        }
      }
    }
    var watch = Stopwatch()
    try watch.time {
      let held = try b.replica.heads()
      let known = try a.replica.heads()
      try a.forEachBatch(lackingFrom: held, with: compressor) { wire, _ in try b.receive(wire, with: compressor) }
      try b.forEachBatch(lackingFrom: known, with: compressor) { wire, _ in try a.receive(wire, with: compressor) }
    }
    report.add("W5", "cells/s", Double(half * 3) / watch.seconds)
    try checkEqual(a, b, "W5")
    for side in [a, b] {
      let conflicts = try side.count("SELECT count(*) FROM (SELECT DISTINCT record, col FROM _open)")
      try check(conflicts == half - quarter, "W5: \(conflicts) conflicts are kept of \(half - quarter)")
      _ = try side.replica.verify()
      try side.replica.close()
      scratch.remove(side.folder)
    }
  }
}
