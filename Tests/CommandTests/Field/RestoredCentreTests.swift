import Foundation
import Testing

@Suite("A centre restored from any older copy gets back all that anybody still holds")
struct RestoredCentreTests {
  /// Three devices at work, with copies of the centre's folder made on the way, and a fork ordered after the last one.
  private final class Work {
    let court: TestCourt
    var devices: [ReplicaFolder] = []
    var ids: [String] = []
    private var made = 0

    init(_ court: TestCourt) { self.court = court }

    func write(_ device: ReplicaFolder) async throws {
      made += 1
      ids.append(try await device.put("dispute", "summary=\(made)"))
    }

    func sync() async throws { for device in devices { try await device.ok("sync") } }

    func save(_ moment: Int) throws { try court.folder("moment\(moment)").replace(with: court.centre) }

    /// The centre's machine is lost at once, and what stands in its place is the copy.
    func restore(_ moment: Int) async throws {
      try await court.stop(SIGKILL)
      try court.centre.replace(with: court.folder("moment\(moment)"))
      try await court.start()
    }

    func begin() async throws {
      try save(0)
      devices = [try await court.device("A"), try await court.device("B")]
      try await write(devices[0])
      try await devices[0].ok("sync")
      try save(1)
      for device in devices + devices { try await write(device) }
      try await sync()
      try save(2)
      devices.append(try await court.device("C"))
      for device in devices { try await write(device) }
      try await sync()
      try await sync()
      try save(3)
      // A machine is set back, keys too: a fork is ordered.
      let (folder, keys) = (court.folder("folder"), court.folder("machine"))
      try folder.replace(with: devices[0])
      try keys.replace(with: court.folder("data"))
      try await write(devices[0])
      try await sync()
      try devices[0].overwrite(with: folder)
      try court.folder("data").overwrite(with: keys)
      for _ in 0..<2 { try await write(devices[0]) }
      try await sync()
      #expect(try await court.centre.ok("orders", "--json").jsonLines().contains { $0["kind"].text == "fork" })
      // One is heard of by nobody else, one not even by the centre.
      try await write(devices[1])
      try await devices[1].ok("sync")
      try await write(devices[2])
    }
  }

  /// From which copies the centre is restored, one after another.
  static let histories = [[3], [2], [1], [0], [3, 3], [1, 3], [3, 0, 2]]

  @Test("from one copy, from an older one, twice from the same, from one older than the last", arguments: histories)
  func restored(_ moments: [Int]) async throws {
    try await TestCourt.open { court in
      let work = Work(court)
      try await work.begin()
      for moment in moments {
        try await work.restore(moment)
        try await court.settle(work.devices)
        #expect(try await court.centre.ids() == Set(work.ids))
        for device in work.devices { try await work.write(device) }
        try await court.agree(work.devices.reversed(), hold: work.ids)
        #expect(try await court.centre.ids() == Set(work.ids))
        #expect(try await court.centre.json("status")["excluded"].items == [])
      }
      #expect(try await court.centre.ok("orders", "--json").jsonLines().contains { $0["kind"].text == "fork" })
    }
  }

  @Test("what only a stick still holds comes back from the stick")
  func fromStick() async throws {
    try await TestCourt.open { court in
      let (burnt, other) = (try await court.device("A"), try await court.device("B"))
      try await court.settle(burnt, other)
      let copy = court.folder("copy")
      try copy.replace(with: court.centre)
      let id = try await burnt.put("dispute", "summary=一")
      let stick = "\(court.folder)/stick"
      try await burnt.ok("bundle", "export", stick)
      try await court.centre.ok("bundle", "import", stick)
      try FileManager.default.removeItem(atPath: burnt.path)
      try await court.stop(SIGKILL)
      try court.centre.replace(with: copy)
      try await court.start()
      let mine = try await other.put("dispute", "summary=二")
      try await other.ok("sync")
      #expect(try await court.centre.ids() == [mine])
      try await court.centre.ok("bundle", "import", stick)
      try await court.agree([other], hold: [id, mine])
    }
  }

  @Test("burnt laptops: when a past is held by nobody any more, the operator ends the wait and all go on")
  func burnt() async throws {
    try await TestCourt.open { court in
      let (one, two, three) = (
        try await court.device("A"), try await court.device("B"), try await court.device("C")
      )
      try await court.settle(one, two, three)
      func carry(_ from: ReplicaFolder, _ to: ReplicaFolder) async throws {
        let stick = "\(court.folder)/stick"
        try await from.ok("bundle", "export", words: [stick, "--to", try await to.json("status")["device"].text])
        try await to.ok("bundle", "import", stick)
      }
      let saved = court.folder("saved")
      try saved.replace(with: three)
      let lost = try await one.put("dispute", "summary=lost")
      try await carry(one, two)
      try await carry(two, three)
      try await carry(three, two)
      let kept = try await two.put("dispute", "summary=kept")
      // C is put back to a copy, gets only the last change, and the two other laptops burn.
      try three.replace(with: saved)
      try await carry(two, three)
      for laptop in [one, two] { try FileManager.default.removeItem(atPath: laptop.path) }
      let mine = try await three.put("dispute", "summary=mine")
      try await three.ok("sync")
      let waiting = try await three.json("status")["waiting"]
      #expect(waiting.items.count == 1)
      let dot = waiting[0]["reason"].text
      #expect(try await three.ids() == [mine])
      #expect(try await court.centre.ids() == [mine])
      let missing = try #require(dot.split(separator: " ").map(String.init).last { $0.contains(":") }, "\(dot)")
      try await court.centre.ok("centre", "exclude", court.centre.path, missing, "--reason", "burnt")
      try await court.agree([three], hold: [kept, mine])
      #expect(try await court.centre.ids().contains(lost) == false)
      let fresh = try await court.device("N")
      try await court.agree([fresh, three], hold: [kept, mine, try await fresh.put("dispute", "summary=new")])
    }
  }
}
