import Simulator
import Testing

/// The checks can fail: a fault planted on purpose is caught, and named for what it is.
@Suite("Planted faults")
struct PlantedFaultTests {
  /// The promises that were broken over a few seeds.
  private func broken(by fault: PlantedFault?, seeds: ClosedRange<UInt64> = 1...6) async -> [String] {
    await onThreadsOfItsOwn { seeds.compactMap { Seeds.play($0, planted: fault).violation?.promise } }
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

  @Test("a disk that lies where an honest one is expected is caught")
  func lyingDisk() async {
    let promises = await broken(by: .lyingDisk, seeds: 1...60)
    #expect(promises.count >= 3)
    #expect(Set(promises).isSubset(of: ["lost", "start", "error"]))
  }

  @Test("a full disk that takes back what it had taken is caught")
  func swallowingDisk() async {
    let promises = await broken(by: .swallowingDisk, seeds: 1...300)
    #expect(promises.count >= 3)
    #expect(Set(promises).isSubset(of: ["lost", "start", "verify", "error", "full"]))
  }

  @Test("a wrong value shown after a disk's fault that nothing noticed is caught")
  func silentRow() async {
    let promises = await broken(by: .silentRow, seeds: 1...60)
    #expect(promises.count >= 3)
    #expect(Set(promises).isSubset(of: ["silent"]))
  }
}
