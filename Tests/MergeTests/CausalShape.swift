import Merge

/// Who wrote each of four changes and what each had seen: the shape of a small history.
struct CausalShape: Sendable {
  static let size = 4
  static let replicas = 3

  /// The replica that wrote each change; replicas are numbered by their first change.
  var authors: [Int]
  /// The earlier changes that each change's author had applied, as bits: with a change its whole past.
  var pasts: [Int]

  static let all: [CausalShape] = {
    var shapes: [CausalShape] = []
    func extend(_ shape: CausalShape) {
      let next = shape.authors.count
      if next == size { return shapes.append(shape) }
      for author in 0...min(replicas - 1, (shape.authors.max() ?? -1) + 1) {
        for past in 0..<(1 << next) {
          let isClosed = (0..<next).allSatisfy { past >> $0 & 1 == 0 || shape.pasts[$0] & ~past == 0 }
          let hasOwn = (0..<next).allSatisfy { shape.authors[$0] != author || past >> $0 & 1 == 1 }
          if isClosed && hasOwn {
            extend(CausalShape(authors: shape.authors + [author], pasts: shape.pasts + [past]))
          }
        }
      }
    }
    extend(CausalShape(authors: [], pasts: []))
    return shapes
  }()

  /// All orders in which the changes may be delivered.
  static let deliveries: [[Int]] = {
    func permutations(_ left: [Int]) -> [[Int]] {
      left.isEmpty ? [[]] : left.flatMap { next in permutations(left.filter { $0 != next }).map { [next] + $0 } }
    }
    return permutations(Array(0..<size))
  }()

  /// The history with these writes.
  ///
  /// - Parameters:
  ///   - cells: for each change whether it writes the cell of rule `latest` (1), that of rule `first` (2) or both (3).
  ///   - decides: for each change, as bits, whether its writes decide.
  ///   - ranks: the order of the replicas' log ids, which breaks the ties of equal stamps.
  func history(cells: [Int], decides: Int, ranks: [UInt64]) -> [LedgerChange] {
    var changes: [LedgerChange] = []
    var lengths = [UInt64](repeating: 0, count: CausalShape.replicas)
    var known = [[LogID: UInt64]](repeating: [:], count: CausalShape.replicas)
    for i in authors.indices {
      let author = authors[i]
      lengths[author] += 1
      var last: [LogID: LedgerChange] = [:]
      for j in 0..<i where pasts[i] >> j & 1 == 1 && authors[j] != author { last[changes[j].dot.log] = changes[j] }
      let fresh = last.values.filter { $0.dot.sequence > known[author][$0.dot.log] ?? 0 }
        .sorted { $0.dot.log < $1.dot.log }
      for change in fresh { known[author][change.dot.log] = change.dot.sequence }
      let log = LogID(high: ranks[author], low: 0)
      let writes = [CellKey.plain, .once].enumerated().filter { cells[i] >> $0.offset & 1 == 1 }.map {
        LedgerChange.CellKeyedWrite(cell: $0.element, value: .integer(Int64(i & 1)), decides: decides >> i & 1 == 1)
      }
      let previous = changes.last { $0.dot.log == log }?.hash ?? StandIn.hash(ranks[author], 0, 0, 0)
      changes.append(
        LedgerChange(
          dot: Dot(log, lengths[author]), device: log, hash: StandIn.hash(ranks[author], lengths[author], 1, 0),
          previous: previous, stamp: Stamp(milliseconds: 1, counter: UInt16(lengths[author])), order: .none,
          context: ContextDelta(
            base: lengths[author] == 1 ? .none : .previous, entries: fresh.map(\.dot),
            digest: fresh.isEmpty ? nil : StandIn.digest(fresh.map(\.hash))),
          writes: writes))
    }
    return changes
  }
}
