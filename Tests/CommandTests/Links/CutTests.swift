import BadLine
import Foundation
import Testing

@Suite("A sync goes on over a line that breaks")
struct CutTests {
  /// Bytes of a batch at the beginning, half again, and what stands around it.
  private static let batch = 48 * 1024 + 4 * 1024

  @Test("cut at any byte in either direction, it ends with equal digests and has repeated one batch at most")
  func anyByte() async throws {
    try await TestCourt.open { court in
      let line = try BadLine(to: court.port)
      defer { line.close() }
      let near = try await LinkedDevice("A", of: court, over: line)
      let other = try await court.device("B")
      var noise = Noise(seed: 7)
      func write() async throws {
        _ = try await near.folder.put("dispute", "summary=\(noise.text(15_000))")
        _ = try await other.put("dispute", "summary=\(noise.text(15_000))")
        try await other.ok("sync")
      }
      try await write()
      let clean = try await near.sync()
      let passed = [BadLine.Direction.up: line.bytes(.up), .down: line.bytes(.down)]
      try await write()
      let whole = try await near.sync()
      // What one sync brings over the wire each way, TLS and all.
      let lengths = BadLine.Direction.allCases.map { ($0, line.bytes($0) - passed[$0]!) }
      #expect(clean.sent == 1 && whole.sent == 1 && whole.received == 1)
      var greatest = 0
      var broken = 0
      for (direction, length) in lengths {
        for step in 0..<21 {
          let place = max(1, length * step / 20 - step % 3)
          try await write()
          line.plan = { $0 == 0 ? [BadLine.Fault(direction, after: place, .cut)] : [] }
          let synced = try await near.sync()
          if line.connections > 1 { broken += 1 }
          greatest = max(greatest, synced.bodies - whole.bodies)
          #expect(synced.sent <= 1 && synced.received == 1, "\(direction) \(place)")
        }
      }
      line.plan = { _ in [] }
      #expect(try await near.isLevelWithCentre())
      #expect(broken >= 36)
      #expect(greatest <= Self.batch)
      try await near.folder.ok("verify")
    }
  }

  @Test(
    "a connection that stalls, closes half or carries garbage is given up and another taken",
    arguments: [BadLine.Fault.Kind.halfClose, .garbage, .stall(3)])
  func otherFaults(kind: BadLine.Fault.Kind) async throws {
    try await TestCourt.open { court in
      let line = try BadLine(to: court.port)
      defer { line.close() }
      let device = try await LinkedDevice("A", of: court, over: line)
      var noise = Noise(seed: 8)
      for (direction, place) in [(BadLine.Direction.up, 200), (.up, 9000), (.down, 400), (.down, 2200)] {
        _ = try await device.folder.put("dispute", "summary=\(noise.text(20_000))")
        line.plan = { $0 == 0 ? [BadLine.Fault(direction, after: place, kind)] : [] }
        #expect(try await device.sync().sent <= 1)
      }
      line.plan = { _ in [] }
      #expect(try await device.isLevelWithCentre())
      #expect(try await device.folder.json("status")["unsent"].integer == 0)
    }
  }

  @Test("a line that leads nowhere is given up within seconds, and then nothing has been written")
  func nowhere() async throws {
    try await TestCourt.open { court in
      let line = try BadLine(to: court.port)
      defer { line.close() }
      let device = try await LinkedDevice("A", of: court, over: line)
      let id = try await device.folder.put("dispute", "summary=一")
      let begun = BadLine.now
      // Every connection ends before TLS has come about.
      line.plan = { _ in [BadLine.Fault(.up, after: 50, .cut)] }
      try await device.folder.refused(3005, "sync")
      #expect(BadLine.now - begun < 10)
      #expect(line.connections > 2)
      line.plan = { _ in [] }
      try await device.sync()
      #expect(try await court.centre.ids() == [id])
    }
  }

  @Test("an idle sync is one request on one connection, under 1,000 bytes both ways together")
  func idle() async throws {
    try await TestCourt.open { court in
      let line = try BadLine(to: court.port)
      defer { line.close() }
      let device = try await LinkedDevice("A", of: court, over: line)
      _ = try await device.folder.put("dispute", "summary=一")
      try await device.sync()
      line.plan = { _ in [] }
      let before = line.bytes
      let synced = try await device.sync()
      #expect(synced.bodies < 1000)
      #expect(line.connections == 1)
      // Handshake, headers and both bodies.
      #expect(line.bytes - before < 4500)
      let after = line.bytes
      try await Task.sleep(for: .seconds(1))
      #expect(line.bytes == after)
    }
  }
}
