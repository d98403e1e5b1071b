/// How far an order that names headers by hash reaches along the chains that are held (design §2): to the named
/// headers' own lines of descent, and to no twin on another branch.
extension OrderBook {
  /// Whether a range covers this header and not its twin on another branch.
  ///
  /// From the header at `from` down to the one at `to`, wherever that one is held; open, or while its end is not held,
  /// along the log the range names. A range that names a signed log id means the branch that holds its first header.
  func covers(_ range: HeaderRange, _ dot: Dot, in chain: some HeaderChain) -> Bool {
    guard dot.sequence >= range.from else { return false }
    // Of a past nobody holds: every header of the named log from there on.
    guard let fromHash = range.fromHash else { return range.log == dot.log }
    guard range.contains(dot.sequence) else { return false }
    let named = isBranchStart(fromHash) ? fromHash.prefix : range.log
    let first = chain.resolve(Dot(dot.log, range.from))
    guard let held = chain.hash(of: first) else { return named == dot.log }
    guard held == fromHash else { return false }
    if let to = range.to, let toHash = range.toHash,
      let last = chain.line(holding: toHash, at: to, amongThoseOf: dot.log)
    {
      return chain.isLine(last, through: dot)
    }
    let namesFirst = chain.hash(of: chain.resolve(Dot(named, range.from))) == fromHash
    return chain.isLine(namesFirst ? named : first.log, through: dot)
  }

  /// Whether a header is one of those that stand under a revocation, or an ancestor of one.
  ///
  /// While a named header is not held, nobody can tell which chain it ends: what its log has up to there stands, for
  /// exclusion is final.
  func stands(_ dot: Dot, _ stands: [LogID: OrderKind.Standing], in chain: some HeaderChain) -> Bool {
    stands.contains { log, last in
      if let line = chain.line(holding: last.hash, at: last.sequence, amongThoseOf: log) {
        return dot.sequence <= last.sequence && chain.isLine(line, through: dot)
      }
      guard chain.signedLog(of: dot.log) == chain.signedLog(of: log), dot.sequence <= last.sequence else {
        return false
      }
      return dot.sequence < last.sequence || chain.hash(of: dot) == nil
    }
  }
}

extension HeaderChain {
  /// Whether a log, with what it shares with the log it left, contains the header at a dot.
  func isLine(_ log: LogID, through dot: Dot) -> Bool { resolve(Dot(log, dot.sequence)) == dot }

  /// The log on whose line a header is held; nil when it is not. A log and all its branches are searched.
  func line(holding hash: ContentHash, at sequence: UInt64, amongThoseOf log: LogID) -> LogID? {
    if self.hash(of: resolve(Dot(log, sequence))) == hash { return log }
    return lines(of: signedLog(of: log)).first { self.hash(of: resolve(Dot($0, sequence))) == hash }
  }
}
