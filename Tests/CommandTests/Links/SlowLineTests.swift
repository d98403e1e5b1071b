import BadLine
import Court
import Foundation
import ReplicaStore
import Testing

@testable import Transport

@Suite("A slow line is used well")
struct SlowLineTests {
  /// Latency that a line draws, in seconds.
  private static let latency = 0.03...0.1

  /// What one exchange over a line did, in counts that do not depend on how busy this machine is.
  private struct Seen {
    var report: SyncReport
    var answers: Int
    var connections: Int
    /// Bytes over the wire in the direction of the backlog: handshakes, headers and everything sent twice.
    var bytes: Int

    /// Seconds that this takes at a rate when every message waits for the greatest latency, and every connection for
    /// one message that was cut and for its handshake.
    func seconds(at rate: Double) -> Double {
      Double(bytes) / rate + Double(answers + 2 * connections) * 2 * SlowLineTests.latency.upperBound
    }
  }

  /// The same client and the same libcurl as in the program, in this process, so that every step can be seen.
  private func sync(_ device: LinkedDevice, _ direction: BadLine.Direction) async throws -> Seen {
    let (path, keys, line) = (device.folder.path, device.court.keys, device.line)
    let (bytes, connections) = (line.bytes(direction), line.connections)
    return try await onThread {
      let replica = try Replica.open(
        folder: path, schema: CourtSchema.current, access: .writing, surroundings: .system(keyFolder: keys))
      var answers = 0
      let report = try Exchange(replica: replica).run { _ in answers += 1 }
      try replica.close()
      return Seen(
        report: report, answers: answers, connections: line.connections - connections,
        bytes: line.bytes(direction) - bytes)
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
      let line = try BadLine(to: court.port, quality: .init(latency: Self.latency, rate: 200_000), seed: 3)
      defer { line.close() }
      let (one, two) = (
        try await LinkedDevice("A", of: court, over: line), try await LinkedDevice("B", of: court, over: line)
      )
      try await write(1000, one)
      for (device, direction) in [(one, BadLine.Direction.up), (two, .down)] {
        let seen = try await sync(device, direction)
        #expect(seen.report.sent + seen.report.received == 1000)
        #expect(seen.seconds(at: 200_000) < 2.2 * 1_030_000 / 200_000)
        #expect(Double(seen.bytes) < 1.1 * 1_030_000)
        #expect(try await device.isLevelWithCentre())
      }
    }
  }

  // A tenth of the time of 20 kbit/s with 300 to 1000 ms each way, and cuts that come by bytes, not by a clock.
  @Test("cut again and again it moves between two cuts, sends a tenth twice at most, and is over within 2.2 times")
  func cuts() async throws {
    try await TestCourt.open { court in
      let line = try BadLine(to: court.port, quality: .init(latency: Self.latency, rate: 25_000), seed: 4)
      defer { line.close() }
      let (one, two) = (
        try await LinkedDevice("A", of: court, over: line), try await LinkedDevice("B", of: court, over: line)
      )
      try await write(250, one)
      let payload = 258_000.0
      let between = 60_000
      for (device, direction) in [(one, BadLine.Direction.up), (two, .down)] {
        line.plan = { _ in [BadLine.Fault(direction, after: between, .cut)] }
        let seen = try await sync(device, direction)
        #expect(seen.report.sent + seen.report.received == 250)
        #expect(seen.seconds(at: 25_000) < 2.2 * payload / 25_000)
        #expect(Double(seen.bytes) < 1.1 * payload)
        // Of what comes over between two cuts nearly all stays, else there would be more of them.
        #expect((4...6).contains(seen.connections))
        line.plan = { _ in [] }
        #expect(try await device.isLevelWithCentre())
      }
    }
  }
}
