import Dispatch
import Foundation
import Merge
import Simulator
import Synchronization
import Testing

/// Whole fleets by seed: what the design promises must hold whatever the seed does to them.
@Suite("Simulated fleets")
struct FleetTests {
  /// How many seeds are played: 2,000 unless `CIRCUIT_SEEDS` says otherwise.
  static var seedCount: UInt64 {
    ProcessInfo.processInfo.environment["CIRCUIT_SEEDS"].flatMap { UInt64($0) }.map { max($0, 1) } ?? 2000
  }

  @Test("when the faults stop, every fleet comes to rest within three rounds and has lost nothing")
  func everySeedComesToRest() async {
    let seeds = 1...FleetTests.seedCount
    let failures = await onThreadsOfItsOwn {
      Seeds.play(seeds, threads: max(2, ProcessInfo.processInfo.activeProcessorCount))
    }
    for failure in failures {
      Issue.record("\(failure.command)   # \(failure.violation.map(\.description) ?? "")")
    }
  }

  @Test("the same seed gives the same trace", arguments: [3, 17, 801, 1108] as [UInt64])
  func aSeedIsPlayedAgain(_ seed: UInt64) async {
    let (first, second) = await onThreadsOfItsOwn { (Seeds.play(seed), Seeds.play(seed, keepsLines: true)) }
    #expect(first.traceHash == second.traceHash)
    #expect(first.counts == second.counts)
    #expect(second.lines.count == second.counts.events)
  }

  @Test("a seed gives the same trace in databases that other seeds have used")
  func usedDatabases() async {
    let (used, fresh) = await onThreadsOfItsOwn {
      let used = Mutex<[UInt64: ContentHash]>([:])
      _ = Seeds.play(1...24, threads: 1) { outcome in used.withLock { $0[outcome.seed] = outcome.traceHash } }
      let fresh = (1...24 as ClosedRange<UInt64>).map { ($0, Seeds.play($0).traceHash) }
      return (used.withLock { $0 }, Dictionary(uniqueKeysWithValues: fresh))
    }
    #expect(used == fresh)
  }

  @Test("other seeds give other traces")
  func seedsDiffer() async {
    let hashes = await onThreadsOfItsOwn { (1...4).map { Seeds.play($0).traceHash } }
    #expect(Set(hashes).count == hashes.count)
  }

  @Test("the first hundred seeds reach every kind of order and fault")
  func seedsReachEverything() async {
    let counts = await onThreadsOfItsOwn { (1...100).reduce(SeedCounts()) { $0 + Seeds.play($1).counts } }
    #expect(counts.writes > 1000)
    #expect(counts.syncs > 1000)
    #expect(counts.forks > 0)
    #expect(counts.redactions > 0)
    #expect(counts.epochs > 0)
    #expect(counts.burntPasts > 0)
    #expect(counts.diskFaults > 50)
    #expect(counts.noticedFaults > 0)
  }
}

/// Runs blocking work away from the threads that asynchronous code shares.
func onThreadsOfItsOwn<T: Sendable>(_ work: @escaping @Sendable () -> T) async -> T {
  await withCheckedContinuation { continuation in
    Thread.detachNewThread { continuation.resume(returning: work()) }
  }
}
