/// What is known of logs and their headers: held by an in-memory ledger or by a replica file.
public protocol HeaderChain {
  /// The hash of a held header; nil when it is not held.
  func hash(of dot: Dot) -> ContentHash?
  /// For a branch the last dot it shares with the log it left, sequence 0 where it shares none; nil for a log that left
  /// no other.
  func fork(of log: LogID) -> Dot?
  /// A log and all branches that left it, and theirs.
  func lines(of log: LogID) -> [LogID]
}

extension HeaderChain {
  /// The id inside the headers of a log: its own, or for a branch that of the log it left.
  public func signedLog(of log: LogID) -> LogID {
    var log = log
    while let fork = fork(of: log) { log = fork.log }
    return log
  }

  /// The dot under the log id that counts: sequences up to a fork belong to the log that was left.
  public func resolve(_ dot: Dot) -> Dot {
    var dot = dot
    while let fork = fork(of: dot.log), dot.sequence <= fork.sequence { dot.log = fork.log }
    return dot
  }
}

/// A chain as it is with one more header in place, so that the orders that name it can be read before it is taken.
public struct Probe<Chain: HeaderChain>: HeaderChain {
  private let chain: Chain
  private let placedHash: ContentHash
  private let place: Dot

  public init(_ chain: Chain, _ hash: ContentHash, at place: Dot) {
    self.chain = chain
    placedHash = hash
    self.place = place
  }

  public func hash(of dot: Dot) -> ContentHash? { dot == place ? placedHash : chain.hash(of: dot) }
  public func fork(of log: LogID) -> Dot? { chain.fork(of: log) }

  public func lines(of log: LogID) -> [LogID] {
    let lines = chain.lines(of: log)
    return lines.isEmpty && log == place.log ? [log] : lines
  }
}
