import Foundation
import Simulator
import Synchronization
import Testing

@Suite("After the faults stop, a fleet agrees and nothing acknowledged is lost")
struct FleetTests {
  /// `CIRCUIT_SEEDS=FROM-TO` plays others.
  static let seeds: ClosedRange<UInt64> = {
    let parts = (ProcessInfo.processInfo.environment["CIRCUIT_SEEDS"] ?? "").split(separator: "-").compactMap { UInt64($0) }
    return parts.count == 2 && parts[0] <= parts[1] ? parts[0]...parts[1] : 1...2000
  }()

  @Test("whole fleets, seed by seed")
  func fleets() {
    let counts = Mutex(SeedCounts())
    let failures = Seeds.play(Self.seeds, threads: ProcessInfo.processInfo.activeProcessorCount) { outcome in
      counts.withLock { $0 = $0 + outcome.counts }
    }
    for failure in failures {
      Issue.record("\(failure.command)   # \(failure.violation.map { "\($0)" } ?? "")")
    }
    // What the seeds are meant to reach is reached.
    let total = counts.withLock { $0 }
    if Self.seeds.count >= 500 {
      #expect(total.forks > 0 && total.redactions > 0 && total.epochs > 0 && total.burntPasts > 0, "\(total)")
    }
  }

  @Test("the same seed gives the same trace twice", arguments: [3, 41, 977] as [UInt64])
  func determinism(seed: UInt64) {
    let once = Seeds.play(seed)
    let twice = Seeds.play(seed)
    #expect(once.traceHash == twice.traceHash)
    #expect(once.counts == twice.counts && once.counts.events > 0)
    #expect(Seeds.play(seed + 1).traceHash != once.traceHash)
  }

  @Test("planted faults are found", arguments: [PlantedFault.tamperedRow, .forgottenChange])
  func plantedFaults(fault: PlantedFault) {
    let outcomes = (1...6).map { Seeds.play($0, planted: fault) }
    #expect(outcomes.contains { $0.violation != nil })
  }
}
