import Merge

/// What the local rules of design §3 buy, in a history where every writer keeps them and no order was given.
///
/// A plain write may drop only values that agreed when it was made, and no decision:
/// 1. Where it was made: S of the cell, from what its author had applied, held one value at most and no decision.
/// 2. Wherever it arrives: what it drops from S there is of one value and holds no decision.
///
/// So an open conflict, once seen by its author, ends by a decision and nothing else, and what a person has decided is
/// replaced by a decision only. (What an author does not know of cannot bind them: two writers who overwrite each their
/// own value with an equal one end in agreement.)
enum HonestWriters {
  static func problem(in changes: [LedgerChange]) -> String? {
    var ledger = Ledger.fresh()
    ledger.trustedTime = Fleet.farFuture
    for (index, change) in changes.enumerated() {
      let before = ledger.cells
      ledger.receive(change)
      guard let dot = ledger.dot(of: change.hash), let vector = ledger.vector(of: change.hash) else {
        return "change \(index) waits although all it saw is here"
      }
      for write in change.writes ?? [] where !write.decides {
        let old = before[write.cell]?.members ?? []
        let new = ledger.cells[write.cell]?.members ?? []
        let dropped = old.filter { old in !new.contains { $0.dot == old.dot } }
        if dropped.contains(where: { $0.value.conflicts(with: dropped[0].value) }) {
          return "change \(index) at \(short(dot)) ends a conflict without a decision"
        }
        if dropped.contains(where: \.decides) { return "change \(index) at \(short(dot)) drops a decision" }
        if let problem = atTheAuthors(write.cell, changes.prefix(index), ledger, vector) {
          return "change \(index) at \(short(dot)) \(problem)"
        }
      }
    }
    return nil
  }

  /// S as the author had it: from what the change sees.
  private static func atTheAuthors(
    _ cell: CellKey, _ earlier: ArraySlice<LedgerChange>, _ ledger: Ledger, _ vector: VersionVector
  ) -> String? {
    let seen = earlier.filter { change in ledger.dot(of: change.hash).map(vector.covers) ?? false }
    guard let s = Model(changes: Array(seen), orders: [], trustedTime: Fleet.farFuture).picture[cell] else {
      return nil
    }
    if MergeRule(column: cell.column) == .first { return "writes a second time what is written once" }
    if s.isInConflict { return "is plain although its author saw a conflict" }
    return s.members.contains(where: \.decides) ? "is plain over a decision" : nil
  }
}
