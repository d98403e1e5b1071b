/// How concurrent writes of a cell meet (design §3). The lowest bit of a column's number says which.
public enum MergeRule: UInt8, Sendable {
  /// A write drops all it sees; the greatest in the order of writes is shown.
  case latest = 0
  /// Written once: a plain write drops nothing; the smallest is shown; a decision corrects it.
  case first = 1

  public init(column: UInt32) { self = column & 1 == 0 ? .latest : .first }
}

/// One write of one cell, as the merge sees it.
public struct CellWrite: Sendable, Equatable {
  public var dot: Dot
  /// The stamp that counts: the signed one, or that of the last `restamp`.
  public var stamp: Stamp
  /// Hash of the change's header, the last word when all else is equal.
  public var hash: ContentHash
  /// Whether a person decided here.
  public var decides: Bool
  public var value: Value

  public init(dot: Dot, stamp: Stamp, hash: ContentHash, decides: Bool, value: Value) {
    self.dot = dot
    self.stamp = stamp
    self.hash = hash
    self.decides = decides
    self.value = value
  }

  /// The order of writes: (stamp, log id, sequence, header hash).
  public func precedes(_ other: CellWrite) -> Bool {
    if stamp != other.stamp { return stamp < other.stamp }
    if dot != other.dot { return dot < other.dot }
    return hash < other.hash
  }
}

/// S of one cell: the applied, unexcluded writes not dropped by another such write (design §3).
public struct CellState: Sendable, Equatable {
  /// In order of dot.
  public private(set) var members: [CellWrite] = []

  public init() {}

  /// A state read back from where it was kept; the members must be S already.
  public init(members: [CellWrite]) { self.members = members.sorted { $0.dot < $1.dot } }

  /// Adds a write whose whole past has been applied.
  ///
  /// - Parameters:
  ///   - write: not in S yet.
  ///   - rule: of the cell's column.
  ///   - sees: whether the new write's change sees a dot.
  public mutating func apply(_ write: CellWrite, rule: MergeRule, sees: (Dot) -> Bool) {
    if rule == .latest || write.decides { members.removeAll { sees($0.dot) } }
    let place = members.firstIndex { write.dot < $0.dot } ?? members.endIndex
    members.insert(write, at: place)
  }

  /// S from all applied, unexcluded writes of a cell, in any order.
  ///
  /// - Parameters:
  ///   - writes: of one cell.
  ///   - rule: of its column.
  ///   - sees: whether the first dot's change sees the second dot.
  public init(of writes: [CellWrite], rule: MergeRule, sees: (Dot, Dot) -> Bool) {
    let droppers = writes.filter { rule == .latest || $0.decides }
    self.init(
      members: writes.filter { write in
        !droppers.contains { $0.dot != write.dot && sees($0.dot, write.dot) }
      })
  }

  /// The write that is shown: the greatest decision, else what the rule says; nil when S is empty.
  ///
  /// - Parameters:
  ///   - rule: of the cell's column.
  ///   - sees: whether the first dot's change sees the second dot; asked only for rule `first` with several members.
  public func shown(rule: MergeRule, sees: (Dot, Dot) -> Bool) -> CellWrite? {
    guard members.count > 1 else { return members.first }
    let decisions = members.filter(\.decides)
    if !decisions.isEmpty { return decisions.max { $0.precedes($1) } }
    switch rule {
    case .latest:
      return members.max { $0.precedes($1) }
    case .first:
      let roots = members.filter { write in
        !members.contains { $0.dot != write.dot && sees(write.dot, $0.dot) }
      }
      return roots.min { $0.precedes($1) }
    }
  }

  /// Whether S holds two different values.
  public var isInConflict: Bool {
    guard let first = members.first else { return false }
    return members.dropFirst().contains { first.value.conflicts(with: $0.value) }
  }
}
