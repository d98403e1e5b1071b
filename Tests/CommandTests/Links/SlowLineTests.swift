import BadLine
import Court
import Foundation
import ReplicaStore
import Testing

@testable import Transport

@Suite("A slow line is used well")
struct SlowLineTests {
  /// What one exchange in this process did; the same client and the same libcurl, and every step can be seen.
  private struct Seen {
    var report: SyncReport
    var seconds: Double
    /// The longest time in which nothing more was acknowledged.
    var gap: Double
  }

  private func sync(_ device: LinkedDevice) async throws -> Seen {
    let (path, keys) = (device.folder.path, device.court.keys)
    return try await onThread {
      let replica = try Replica.open(
        folder: path, schema: CourtSchema.current, access: .writing, surroundings: .system(keyFolder: keys))
      let begun = BadLine.now
      var last = begun
      var gap = 0.0
      let report = try Exchange(replica: replica).run { _ in
        gap = max(gap, BadLine.now - last)
        last = BadLine.now
      }
      let seconds = BadLine.now - begun
      try replica.close()
      return Seen(report: report, seconds: seconds, gap: gap)
    }
  }

  /// So many changes of about 1,000 bytes on the wire.
  private func write(_ count: Int, _ device: LinkedDevice) async throws {
    var noise = Noise(seed: 11)
    let lines = (0..<count).map { _ in "{\"table\":\"dispute\",\"set\":{\"summary\":\"\(noise.text(1190))\"}}\n\n" }
    try await device.folder.ok("apply", "-", input: lines.joined())
  }

  @Test("a megabyte is over within 2.2 times the time that its bytes alone take, in both directions")
  func megabyte() async throws {
    try await TestCourt.open { court in
      let line = try BadLine(to: court.port, quality: .init(latency: 0.03...0.1, rate: 200_000), seed: 3)
      defer { line.close() }
      let (one, two) = (
        try await LinkedDevice("A", of: court, over: line), try await LinkedDevice("B", of: court, over: line)
      )
      try await write(1000, one)
      for device in [one, two] {
        let seen = try await sync(device)
        #expect(seen.report.sent + seen.report.received == 1000)
        #expect(seen.seconds < 2.2 * 1_030_000 / 200_000)
        #expect(Double(seen.report.bytesUp + seen.report.bytesDown) < 1.1 * 1_030_000)
        #expect(try await device.isLevelWithCentre())
      }
    }
  }

  // A tenth of the time of 20 kbit/s with 300 to 1000 ms each way and a cut in every minute.
  @Test("cut again and again it moves between two cuts, sends a tenth twice at most, and is over within 2.2 times")
  func cuts() async throws {
    try await TestCourt.open { court in
      let line = try BadLine(to: court.port, quality: .init(latency: 0.03...0.1, rate: 25_000), seed: 4)
      defer { line.close() }
      let (one, two) = (
        try await LinkedDevice("A", of: court, over: line), try await LinkedDevice("B", of: court, over: line)
      )
      try await write(250, one)
      let payload = 258_000.0
      line.plan = { _ in [] }
      for device in [one, two] {
        let cutting = Task {
          while !Task.isCancelled {
            try await Task.sleep(for: .seconds(6))
            line.cut()
          }
        }
        let seen = try await sync(device)
        cutting.cancel()
        #expect(seen.report.sent + seen.report.received == 250)
        #expect(seen.seconds < 2.2 * payload / 25_000)
        #expect(Double(seen.report.bytesUp + seen.report.bytesDown) < 1.1 * payload)
        #expect(seen.gap < 6)
        #expect(try await device.isLevelWithCentre())
      }
      #expect(line.connections > 3)
    }
  }
}
