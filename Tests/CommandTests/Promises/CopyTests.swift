import Foundation
import Testing

@Suite("A copied or reverted replica loses nothing and stops nobody")
struct CopyTests {
  /// Every device and the centre hold the same, and the centre holds these records.
  private func agree(_ court: TestCourt, _ devices: [ReplicaFolder], hold ids: [String]) async throws {
    for _ in 0..<2 { for device in devices { try await device.ok("sync") } }
    let dump = try await court.centre.dump()
    for device in devices {
      #expect(try await device.dump() == dump, "\(device.name)")
      #expect(try await device.json("digest") == (try await court.centre.json("digest")))
      #expect(try await device.json("verify")["ok"] == .boolean(true))
    }
    #expect(try await court.centre.ids().isSuperset(of: ids))
  }

  @Test("two copies of one folder write on, each in a log of its own")
  func copied() async throws {
    try await TestCourt.open { court in
      let one = try await court.device("A")
      let other = try await court.device("B")
      var ids = [try await one.put("dispute", "summary=0")]
      try await one.ok("sync")
      let copy = court.folder("A2")
      try copy.replace(with: one)
      ids.append(try await copy.put("dispute", "summary=copy"))
      ids.append(try await one.put("dispute", "summary=original"))
      try await agree(court, [copy, one, other], hold: ids)
      ids.append(try await copy.put("dispute", "summary=copy again"))
      ids.append(try await one.put("dispute", "summary=original again"))
      try await agree(court, [one, copy, other], hold: ids)
    }
  }

  @Test("a folder put back from a copy, whether it writes or syncs first", arguments: [true, false])
  func reverted(writesFirst: Bool) async throws {
    try await TestCourt.open { court in
      let one = try await court.device("A")
      let other = try await court.device("B")
      var ids = [try await one.put("dispute", "summary=0")]
      try await one.ok("sync")
      let saved = court.folder("saved")
      try saved.replace(with: one)
      for text in ["1", "2"] { ids.append(try await one.put("dispute", "summary=\(text)")) }
      try await one.ok("sync")
      try one.replace(with: saved)
      if !writesFirst { try await one.ok("sync") }
      ids.append(try await one.put("dispute", "summary=3"))
      try await agree(court, [one, other], hold: ids)
      #expect(Set(try await court.centre.log().map { $0["log"].text }).count == 2)
    }
  }

  @Test("a whole machine set back, keys too: what it wrote again becomes a branch")
  func setBack() async throws {
    try await TestCourt.open { court in
      let one = try await court.device("A")
      let other = try await court.device("B")
      var ids = [try await one.put("dispute", "summary=0")]
      try await one.ok("sync")
      let saved = court.folder("saved")
      try saved.replace(with: one)
      let machine = court.folder("machine")
      try machine.replace(with: court.folder("data"))
      for text in ["1", "2"] { ids.append(try await one.put("dispute", "summary=\(text)")) }
      try await one.ok("sync")
      try one.replace(with: saved)
      try court.folder("data").replace(with: machine)
      for text in ["3", "4"] { ids.append(try await one.put("dispute", "summary=\(text)")) }
      try await agree(court, [one, other], hold: ids)
      ids.append(try await one.put("dispute", "summary=5"))
      try await agree(court, [one, other], hold: ids)
    }
  }

  @Test("without its keys a replica can be read, and a write says why it cannot")
  func withoutKeys() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      let id = try await device.put("dispute", "summary=0")
      try FileManager.default.removeItem(atPath: court.keys)
      #expect(try await device.ids() == [id])
      try await device.ok("verify")
      try await device.ok("status")
      let answer = try await device.refused(2009, "put", "dispute", "summary=1")
      #expect(answer.error.contains(court.keys))
      try await device.refused(2009, "sync")
    }
  }
}
