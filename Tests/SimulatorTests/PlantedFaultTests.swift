import Simulator
import Testing

/// The checks can fail: a fault planted on purpose is caught, and named for what it is.
@Suite("Planted faults")
struct PlantedFaultTests {
  /// The promises that were broken over a few seeds.
  private func broken(by fault: PlantedFault?) async -> [String] {
    await onThreadsOfItsOwn {
      (1...6 as ClosedRange<UInt64>).compactMap { Seeds.play($0, planted: fault).violation?.promise }
    }
  }

  @Test("nothing is found where nothing is planted")
  func soundFleets() async { #expect(await broken(by: nil).isEmpty) }

  @Test("a channel that drops one run of changes is caught")
  func droppedRun() async {
    let promises = await broken(by: .channel(dropsRun: 0))
    #expect(promises.count >= 4)
    #expect(Set(promises).isSubset(of: ["heads", "digest", "waiting", "error"]))
  }

  @Test("a row that was changed behind the log's back is caught")
  func tamperedRow() async {
    let promises = await broken(by: .tamperedRow)
    #expect(promises.count >= 4)
    #expect(Set(promises).isSubset(of: ["digest", "verify"]))
  }

  @Test("a centre that forgets a change it has acknowledged is caught")
  func forgottenChange() async {
    let promises = await broken(by: .forgottenChange)
    #expect(promises.count == 6)
    #expect(Set(promises).isSubset(of: ["heads", "lost", "error", "verify", "digest"]))
  }
}
