import Foundation
import Testing

@Suite("After a sync of all, all hold the same")
struct SyncTests {
  @Test("dumps are equal byte for byte, digests too, and the centre's folder answers while it runs")
  func equality() async throws {
    try await TestCourt.open { court in
      let devices = [try await court.device("A"), try await court.device("B"), try await court.device("C")]
      for (number, device) in devices.enumerated() {
        let id = try await device.put("dispute", "summary=\(number)", "amount_fen=\(number)")
        try await device.ok("put", "dispute", id, "summary=再\(number)")
      }
      try await court.settle(devices[0], devices[1], devices[2])
      let dump = try await court.centre.dump()
      #expect(dump.split(separator: "\n").count == 3)
      for device in devices {
        #expect(try await device.dump() == dump)
        #expect(try await device.json("digest") == (try await court.centre.json("digest")))
        #expect(try await device.json("verify") == (try await court.centre.json("verify")))
      }
      for verb in ["log", "orders", "conflicts", "status"] { try await court.centre.ok(verb, "--json") }
      try await court.centre.refused(2209, "put", "dispute", "summary=x")
      try await court.centre.refused(2209, "sync")
    }
  }

  @Test("sent and received count changes new to the other side; with nothing to do it is under 1,000 bytes")
  func counts() async throws {
    try await TestCourt.open { court in
      let one = try await court.device("A")
      let two = try await court.device("B")
      for number in 0..<3 { _ = try await one.put("dispute", "summary=\(number)") }
      let first = try await one.ok("sync", "--json").json()
      #expect(first["sent"].integer == 3 && first["received"].integer == 0)
      let second = try await two.ok("sync", "--json").json()
      #expect(second["sent"].integer == 0 && second["received"].integer == 3)
      for device in [one, two, one] {
        let idle = try await device.ok("sync", "--json").json()
        #expect(idle["sent"].integer == 0 && idle["received"].integer == 0)
        #expect(try #require(idle["bytes_up"].integer) + #require(idle["bytes_down"].integer) < 1000)
      }
    }
  }

  @Test("an unreachable centre is exit 1, and what was written waits for it")
  func unreachable() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      try await court.stop()
      let id = try await device.put("dispute", "summary=一")
      try await device.refused(3004, "sync")
      #expect(try await device.json("status")["unsent"].integer == 1)
      try await court.start()
      try await device.ok("sync")
      #expect(try await court.centre.ids() == [id])
    }
  }
}
