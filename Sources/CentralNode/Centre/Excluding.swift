import Merge
import ReplicaStore

extension Centre {
  /// Excludes by the operator's word: a stretch of a log, or from a change on; of a past nobody holds, to end the wait
  /// for a burnt machine. Returns the order.
  package func exclude(_ dot: Dot, to end: UInt64?, reason: String) throws -> Order {
    try storing { bench in
      try requireClock(bench)
      let from = bench.headerHash(of: dot)
      let last = try end.map { sequence in
        guard from != nil, sequence >= dot.sequence, let hash = bench.headerHash(of: Dot(dot.log, sequence)) else {
          throw CentreError.notHeld(Dot(dot.log, sequence))
        }
        return hash
      }
      let range = HeaderRange(log: dot.log, from: dot.sequence, fromHash: from, to: end, toHash: last)
      return try bench.issue(.exclude(range, reason: reason), time: clock.wallMilliseconds(), key: key)
    }
  }
}
