import Merge

/// The model's reading of contexts: all dots a change sees, one by one.
extension Model {
  /// Nil while the context is not understood.
  func sees(_ change: LedgerChange, at dot: Dot) -> Set<Dot>? {
    if dot.sequence > 1, held[change.previous] == nil, let start = ownStart(of: dot.log) {
      return throughUnheldPast(dot.log, to: dot.sequence - 1, start)
    }
    var all: Set<Dot> = []
    if dot.sequence > 1 {
      guard let before = dots[change.previous], let inherited = seen[change.previous] else { return nil }
      all = inherited.union(line(before.log, to: before.sequence))
    }
    if case .change(let named) = change.context.base {
      guard let inherited = throughBase(named) else { return nil }
      all.formUnion(inherited)
    }
    guard let named = reading(of: change.context) else { return nil }
    for dot in named { all.formUnion(line(dot.log, to: dot.sequence)) }
    return all
  }

  private func throughBase(_ named: Dot) -> Set<Dot>? {
    let dot = owner(of: named)
    if let start = ownStart(of: dot.log), dot.sequence >= start {
      return throughUnheldPast(dot.log, to: dot.sequence, start)
    }
    guard let hash = headers[dot], isAccounted(dot), let inherited = seen[hash] else { return nil }
    return inherited.union(line(dot.log, to: dot.sequence))
  }

  private func throughUnheldPast(_ log: LogID, to sequence: UInt64, _ start: UInt64) -> Set<Dot>? {
    var all = Set(line(log, to: sequence))
    guard start > 1 else { return all }
    guard let hash = headers[owner(of: Dot(log, start - 1))], let inherited = seen[hash] else { return nil }
    all.formUnion(inherited)
    return all
  }

  private func ownStart(of log: LogID) -> UInt64? {
    unheldPastStart(of: log).map { max($0, (forks[log]?.sequence ?? 0) + 1) }
  }

  /// The headers that the entries name, under the ids that count, if all is accounted for.
  private func reading(of context: ContextDelta) -> [Dot]? {
    let entries = context.entries
    if entries.isEmpty { return [] }
    func isCovered(_ dot: Dot) -> Bool { unheldPastStart(of: dot.log).map { dot.sequence >= $0 } ?? false }
    if entries.contains(where: isCovered) { return entries.allSatisfy(isAccountedThrough) ? entries : nil }
    let choices = entries.map { entry in
      Set(family(of: entry.log).map { owner(of: Dot($0, entry.sequence)) }).filter { headers[$0] != nil }
    }
    if choices.contains(where: \.isEmpty) {
      guard choices.allSatisfy({ $0.count <= 1 }) else { return nil }
      let dots = zip(entries, choices).map { $1.first ?? $0 }
      return dots.allSatisfy(isAccountedThrough) ? dots : nil
    }
    var readings: [[Dot]] = [[]]
    for choice in choices { readings = readings.flatMap { reading in choice.map { reading + [$0] } } }
    return readings.first {
      StandIn.digest($0.compactMap { headers[$0] }) == context.digest && $0.allSatisfy(isAccountedThrough)
    }
  }

  /// Of a dot and all before it in its log.
  private func isAccountedThrough(_ dot: Dot) -> Bool { line(dot.log, to: dot.sequence).allSatisfy(isAccounted) }
}
