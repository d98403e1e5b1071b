@testable import Merge
import Testing
@Suite struct ZZStats {
  @Test func stats() {
    for style in [Fleet.Style.honest, .ordered, .hostile] {
      var n: [String: Int] = [:]
      for seed in 0..<4000 {
        var f = Fleet(seed: UInt64(seed), style: style)
        n["changes", default: 0] += f.changes.count
        n["midwaits", default: 0] += f.replicas.map { $0.ledger.waiting.count }.reduce(0,+)
        n["presumed", default: 0] += f.replicas.contains { !$0.ledger.presumed.isEmpty } ? 1 : 0
        n["conflictcells", default: 0] += f.replicas[0].ledger.cells.values.filter(\.isInConflict).count
        let e = f.end()
        n["orders", default: 0] += f.orders.count
        for o in f.orders { n["o.\(o.kind.name)", default: 0] += 1
          if case .exclude(let r, _) = o.kind, r.fromHash == nil { n["o.unheld", default: 0] += 1 } }
        if !f.copiedLogs.isEmpty { n["h.copied", default: 0] += 1 }
        if f.orders.contains(where: { if case .fork = $0.kind { true } else { false } }) { n["h.fork", default: 0] += 1 }
        if f.orders.contains(where: { if case .exclude(let r, _) = $0.kind { r.fromHash == nil } else { false } }) { n["h.unheld", default: 0] += 1 }
        if e.hasLosses { n["h.losses", default: 0] += 1 }
        if !e.found.isEmpty { n["h.found", default: 0] += 1 }
        if !f.replicas[0].ledger.adrift.isEmpty { n["h.adrift", default: 0] += 1 }
        if !f.replicas[0].ledger.book.lost.isEmpty { n["h.lostorders", default: 0] += 1 }
        if !f.replicas[0].ledger.waiting.isEmpty { n["h.endwaits", default: 0] += 1 }
        if f.replicas[0].ledger.cells.values.contains(where: \.isInConflict) { n["h.conflict", default: 0] += 1 }
        if f.changes.contains(where: { if case .change = $0.context.base { true } else { false } }) { n["h.basechange", default: 0] += 1 }
        n["excluded", default: 0] += f.replicas[0].ledger.placed.values.filter { $0.state == .excluded }.count
        n["branches", default: 0] += f.replicas[0].ledger.lines.values.filter { $0.fork != nil }.count
      }
      print(style.name); for (k, v) in n.sorted(by: { $0.key < $1.key }) { print("  ", k, v, Double(v)/4000) }
    }
  }
}
