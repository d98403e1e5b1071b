/// What a change's author had seen, as its header says it: a delta on a base (design §2).
public struct ContextDelta: Hashable, Sendable {
  /// What the entries are added to.
  public enum Base: Hashable, Sendable {
    /// The context of the log's previous change, and that change.
    case previous
    /// Nothing: the entries are the whole vector. Only for a log's first change.
    case none
    /// The context of a receipted change, and that change. Only for a log's first change.
    case change(Dot)
  }

  public var base: Base
  /// In order of log id, each log once.
  public var entries: [Dot]
  /// The first 16 bytes of the SHA-256 over the header hashes that the entries name, in their order; nil without
  /// entries.
  public var digest: Identifier?

  public init(base: Base, entries: [Dot] = [], digest: Identifier? = nil) {
    self.base = base
    self.entries = entries
    self.digest = digest
  }
}

/// What a ledger or replica answers so that a context can be understood.
public protocol CausalView: HeaderChain {
  /// Applied or excluded (held or not), and so is everything before it in its log: a context that covers a dot covers
  /// these too.
  func isAccounted(_ dot: Dot) -> Bool
  /// Covered by an `exclude` of a past that nobody holds.
  func isTakenAsWritten(_ dot: Dot) -> Bool
}

extension ContextDelta {
  public enum Resolution: Equatable, Sendable {
    /// The entries under the log ids that count, with what each branch shares with the log it left.
    case seen(VersionVector)
    /// The past that is not accounted for.
    case missing(Dot)
  }

  /// Finds the headers that the entries mean: where a log has forked, the digest tells which line.
  ///
  /// What is found is a function of the headers held and the orders in effect, whatever came first. Two cases give an
  /// answer that the digest has not confirmed: a past that nobody holds is taken as written, and an excluded header
  /// that is not held yet stands for itself. In the second case the answer may change once that header is here.
  ///
  /// - Parameters:
  ///   - view: the headers that are held.
  ///   - digestOf: the first 16 bytes of the SHA-256 over header hashes.
  public func resolve(
    in view: some CausalView, digestOf: ([ContentHash]) -> Identifier
  ) -> Resolution {
    if entries.isEmpty { return .seen(VersionVector()) }
    if entries.contains(where: { view.isTakenAsWritten($0) }) {
      if let missing = entries.first(where: { !view.isAccounted($0) }) { return .missing(missing) }
      return .seen(vector(entries, in: view))
    }
    var choices: [[Dot]] = []
    var unheld: Dot?
    for entry in entries {
      var dots: [Dot] = []
      for line in view.lines(of: entry.log) {
        let dot = view.resolve(Dot(line, entry.sequence))
        if !dots.contains(dot), view.hash(of: dot) != nil { dots.append(dot) }
      }
      if dots.isEmpty {
        unheld = entry
        dots = [entry]
      }
      guard dots.contains(where: { view.isAccounted($0) }) else { return .missing(entry) }
      choices.append(dots)
    }
    if let unheld {
      // Excluded and not held: there is no hash to check, and none is needed unless a fork must be told apart.
      if choices.contains(where: { $0.count > 1 }) { return .missing(unheld) }
      return .seen(vector(choices.map { $0[0] }, in: view))
    }
    // Try the lines in turn, the unforked reading first; forks are rare, so the product is small.
    var pick = [Int](repeating: 0, count: choices.count)
    for _ in 0..<ContextDelta.triesLimit {
      let dots = zip(choices, pick).map { $0[$1] }
      if digestOf(dots.map { view.hash(of: $0) ?? .zero }) == digest {
        if let missing = dots.first(where: { !view.isAccounted($0) }) { return .missing(missing) }
        return .seen(vector(dots, in: view))
      }
      var i = 0
      while i < pick.count {
        pick[i] += 1
        if pick[i] < choices[i].count { break }
        pick[i] = 0
        i += 1
      }
      if i == pick.count { break }
    }
    // No reading fits: another branch's header is still to come.
    let forked = zip(entries, choices).first { $1.count > 1 }?.0
    return .missing(forked ?? entries[0])
  }

  /// Readings of a forked context that are tried before it waits.
  public static let triesLimit = 4096

  private func vector(_ dots: [Dot], in view: some CausalView) -> VersionVector {
    var vector = VersionVector()
    for dot in dots { vector.include(dot, in: view) }
    return vector
  }
}

extension VersionVector {
  /// Raises an entry, and with it what a branch shares with the log it left.
  public mutating func include(_ dot: Dot, in chain: some HeaderChain) {
    include(dot)
    var log = dot.log
    while let fork = chain.fork(of: log) {
      include(fork)
      log = fork.log
    }
  }
}
