import Foundation
import Merge
import Testing

/// Random histories of small fleets, each compared with the model of design §3.
///
/// `CIRCUIT_HISTORIES` says how many in all; `CIRCUIT_SEED` replays one of each style.
@Suite("Random histories")
struct RandomHistoriesTests {
  static let total = ProcessInfo.processInfo.environment["CIRCUIT_HISTORIES"].flatMap { Int($0) } ?? 102_000
  static let onlySeed = ProcessInfo.processInfo.environment["CIRCUIT_SEED"].flatMap { UInt64($0) }

  @Test("writers that keep the rules agree in any order, and end no conflict but by a decision")
  func honest() async { await check(.honest, share: 30) }

  @Test("orders, copies, losses and new epochs at any moment: any order of arrival ends alike, and nothing waits")
  func ordered() async { await check(.ordered, share: 40) }

  @Test("whatever hostile writers do, any order of arrival ends as the design says")
  func hostile() async { await check(.hostile, share: 30) }

  private func check(_ style: Fleet.Style, share: Int) async {
    if let seed = RandomHistoriesTests.onlySeed {
      if let failure = HistoryCheck.failure(seed: seed, style: style) { Issue.record("\(failure)") }
      return
    }
    let failures = await BothCores.failures(among: RandomHistoriesTests.total * share / 100) { number in
      HistoryCheck.failure(seed: UInt64(number), style: style)
    }
    if let first = failures.first { Issue.record("\(failures.count) or more histories fail; the first:\n\(first)") }
  }
}
