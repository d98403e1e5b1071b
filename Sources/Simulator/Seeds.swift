import CSQLite
import ChangeFormat
import Dispatch
import Merge
import ReplicaStore
import Synchronization

/// What one seed's simulation came to.
public struct SeedOutcome: Sendable {
  public var seed: UInt64
  /// SHA-256 over every event and the final digests: the same seed gives the same hash.
  public var traceHash: ContentHash
  /// The promise that did not hold; nil when all held.
  public var violation: Violation?
  /// The events, if they were asked for.
  public var lines: [String]
  public var counts: SeedCounts

  /// The command that plays a seed again, with its events.
  public var command: String { "circuit-sim --seed \(seed) --trace" }
}

/// How much happened, to see that seeds reach what they are meant to reach.
public struct SeedCounts: Sendable, Equatable {
  public var events = 0
  public var writes = 0
  public var syncs = 0
  public var orders = 0
  public var forks = 0
  public var redactions = 0
  public var epochs = 0
  public var burntPasts = 0
  /// Faults of single disks, and how many of them ended with a machine enrolled anew.
  public var diskFaults = 0
  public var noticedFaults = 0
  public init() {}

  public static func + (a: SeedCounts, b: SeedCounts) -> SeedCounts {
    var sum = a
    sum.events += b.events
    sum.writes += b.writes
    sum.syncs += b.syncs
    sum.orders += b.orders
    sum.forks += b.forks
    sum.redactions += b.redactions
    sum.epochs += b.epochs
    sum.burntPasts += b.burntPasts
    sum.diskFaults += b.diskFaults
    sum.noticedFaults += b.noticedFaults
    return sum
  }
}

/// Seeded simulations of whole fleets.
public enum Seeds {
  /// For a program that does nothing but play seeds: before anything else, SQLite is told not to count what it
  /// allocates, for which all threads would share a lock.
  public static func prepareProcess() { _ = circuit_sqlite3_config_int(SQLITE_CONFIG_MEMSTATUS, 0) }

  /// Plays one seed: the same every time, on every machine.
  ///
  /// - Parameters:
  ///   - keepsLines: whether the outcome carries the events as text.
  ///   - planted: a fault planted on purpose; nil: none.
  public static func play(_ seed: UInt64, keepsLines: Bool = false, planted: PlantedFault? = nil) -> SeedOutcome {
    play(seed, on: KeptDatabases(), keepsLines: keepsLines, planted: planted)
  }

  private static func play(
    _ seed: UInt64, on databases: KeptDatabases, keepsLines: Bool = false, planted: PlantedFault? = nil
  ) -> SeedOutcome {
    databases.keeping {
      defer { databases.takeBack() }
      return KnownSignatures().remembering { playOnce(seed, keepsLines: keepsLines, planted: planted) }
    }
  }

  private static func playOnce(_ seed: UInt64, keepsLines: Bool, planted: PlantedFault?) -> SeedOutcome {
    var outcome = SeedOutcome(seed: seed, traceHash: .zero, violation: nil, lines: [], counts: SeedCounts())
    let fleet: Fleet
    do {
      fleet = try Fleet(seed: seed, keepsLines: keepsLines, planted: planted)
    } catch {
      outcome.violation = Violation("error", "\(error)")
      return outcome
    }
    do {
      try fleet.run()
      try fleet.settle()
    } catch let violation as Violation {
      outcome.violation = violation
    } catch {
      outcome.violation = Violation("error", "\(error)")
    }
    if let violation = outcome.violation { fleet.note("\(violation)") }
    outcome.traceHash = fleet.trace.hash
    outcome.lines = fleet.trace.lines ?? []
    outcome.counts = fleet.counts
    return outcome
  }

  /// Plays a range of seeds on several threads.
  ///
  /// - Parameters:
  ///   - threads: how many at a time; at least 1.
  ///   - stopsAfter: failing seeds after which no further seed is begun.
  ///   - finished: told of every seed that has been played, one at a time, in no particular order.
  /// - Returns: the failing outcomes, in order of seed.
  public static func play(
    _ seeds: ClosedRange<UInt64>, threads: Int, stopsAfter: Int = 5,
    finished: @escaping @Sendable (SeedOutcome) -> Void = { _ in }
  ) -> [SeedOutcome] {
    struct Progress {
      var next: UInt64?
      var failures: [SeedOutcome] = []
    }
    let progress = Mutex(Progress(next: seeds.lowerBound))
    DispatchQueue.concurrentPerform(iterations: max(threads, 1)) { _ in
      let databases = KeptDatabases()
      while true {
        let seed = progress.withLock { progress -> UInt64? in
          guard progress.failures.count < stopsAfter, let seed = progress.next else { return nil }
          progress.next = seed < seeds.upperBound ? seed + 1 : nil
          return seed
        }
        guard let seed else { return }
        let outcome = play(seed, on: databases)
        progress.withLock { progress in
          if outcome.violation != nil { progress.failures.append(outcome) }
          finished(outcome)
        }
      }
    }
    return progress.withLock { $0.failures }.sorted { $0.seed < $1.seed }
  }
}

extension Fleet {
  var counts: SeedCounts {
    var counts = SeedCounts()
    counts.events = trace.count
    counts.writes = written
    counts.syncs = synced
    counts.burntPasts = burntPasts
    counts.diskFaults = diskFaults
    counts.noticedFaults = noticedFaults
    for order in (try? office.book.standing) ?? [] {
      counts.orders += 1
      switch order.kind {
      case .fork: counts.forks += 1
      case .redact: counts.redactions += 1
      case .epoch: counts.epochs += 1
      default: break
      }
    }
    return counts
  }
}
