import Testing

@testable import Simulator

/// The simulated disk does to files what real ones do.
@Suite("Simulated disks")
struct SectorDiskTests {
  private func disk(with bytes: Int, synced: Bool) -> SectorDisk {
    let disk = SectorDisk()
    let file = disk.open("a")
    _ = disk.sync(file)
    #expect(write(7, bytes, to: file, at: 0, disk) == 0)
    if synced { #expect(disk.sync(file) == 0) }
    return disk
  }

  private func write(_ byte: UInt8, _ count: Int, to file: DiskFile, at offset: Int, _ disk: SectorDisk) -> Int32 {
    [UInt8](repeating: byte, count: count).withUnsafeBytes { disk.write($0, to: file, at: offset) }
  }

  @Test("what was synced survives every loss of power")
  func honest() {
    for seed in 0..<50 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      let disk = disk(with: 3000, synced: true)
      #expect(write(8, 3000, to: disk.open("a"), at: 3000, disk) == 0)
      disk.losePower(&random)
      #expect(disk.open("a").content.prefix(3000).allSatisfy { $0 == 7 })
    }
  }

  @Test("of what was not synced all, nothing, some sectors or half a sector may be left")
  func losses() {
    var found: Set<Int> = []
    for seed in 0..<300 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      let disk = disk(with: 2048, synced: false)
      disk.losePower(&random)
      found.insert(disk.open("a").content.filter { $0 == 7 }.count)
    }
    #expect(found.isSuperset(of: [0, 512, 1024, 1536, 2048]))
    #expect(found.contains { $0 % SectorDisk.sectorSize != 0 })
  }

  @Test("a lying disk loses what it said it had synced")
  func lying() {
    var lost = 0
    for seed in 0..<50 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      let disk = disk(with: 512, synced: true)
      disk.lies = true
      #expect(write(8, 512, to: disk.open("a"), at: 0, disk) == 0)
      #expect(disk.sync(disk.open("a")) == 0)
      disk.losePower(&random)
      if disk.open("a").content.contains(7) { lost += 1 }
    }
    #expect(lost > 0 && lost < 50)
  }

  @Test("a full disk takes no more, but what is there can be overwritten")
  func full() {
    let disk = disk(with: 1000, synced: true)
    disk.capacity = 1200
    #expect(write(8, 200, to: disk.open("a"), at: 1000, disk) == 0)
    #expect(write(8, 1, to: disk.open("a"), at: 1200, disk) == 13)
    #expect(write(9, 1200, to: disk.open("a"), at: 0, disk) == 0)
  }

  @Test("from the cut on nothing is written or read until power is back")
  func cut() {
    var random = SplitMix64(seed: 1)
    let disk = disk(with: 512, synced: true)
    disk.operationsLeft = 1
    #expect(write(8, 512, to: disk.open("a"), at: 512, disk) == 0)
    #expect(disk.sync(disk.open("a")) != 0)
    #expect(write(8, 512, to: disk.open("a"), at: 512, disk) != 0 && disk.isOff)
    disk.losePower(&random)
    #expect(!disk.isOff && disk.sync(disk.open("a")) == 0)
  }
}
