import BadLine
import Foundation
import Testing

@Suite("A change larger than the line carries at a time travels in parts")
struct LargeChangeTests {
  /// A change of about 450,000 bytes, 340,000 of them on the wire.
  private static func write(_ device: ReplicaFolder, _ noise: inout Noise) async throws {
    let words = ["summary", "demands"].map { "\($0)=@\(device.path).\($0)" }
    for name in ["summary", "demands"] {
      try Data(noise.text(225_000).utf8).write(to: URL(fileURLWithPath: "\(device.path).\(name)"))
    }
    _ = try await device.put("dispute", words[0], words[1])
  }

  @Test("sent and fetched over a line that is cut every 100,000 bytes, a tenth at most goes over twice")
  func cuts() async throws {
    try await TestCourt.open { court in
      let line = try BadLine(to: court.port, quality: .init(latency: 0.01...0.03, rate: 150_000))
      defer { line.close() }
      let sender = try await LinkedDevice("A", of: court, over: line)
      let receiver = try await LinkedDevice("B", of: court, over: line)
      var noise = Noise(seed: 9)
      try await Self.write(sender.folder, &noise)
      try await Self.write(sender.folder, &noise)
      line.plan = { _ in [BadLine.Fault(.up, after: 100_000, .cut)] }
      var before = line.bytes(.up)
      let sent = try await sender.sync()
      #expect(sent.sent == 2)
      #expect(line.connections > 6)
      // All that went over the wire, handshakes and headers too.
      #expect(Double(line.bytes(.up) - before) < 680_000 * 1.1)
      line.plan = { _ in [BadLine.Fault(.down, after: 100_000, .cut)] }
      before = line.bytes(.down)
      let received = try await receiver.sync()
      #expect(received.received == 2)
      #expect(line.connections > 6)
      #expect(Double(line.bytes(.down) - before) < 680_000 * 1.1)
      line.plan = { _ in [] }
      #expect(try await sender.isLevelWithCentre())
      #expect(try await receiver.isLevelWithCentre())
    }
  }

  @Test("a process that is killed on the way, and a centre that is, leave what has come over to the next")
  func killed() async throws {
    try await TestCourt.open { court in
      let line = try BadLine(to: court.port, quality: .init(latency: 0.01...0.02, rate: 100_000))
      defer { line.close() }
      let sender = try await LinkedDevice("A", of: court, over: line)
      let receiver = try await LinkedDevice("B", of: court, over: line)
      var noise = Noise(seed: 10)
      try await Self.write(sender.folder, &noise)
      for device in [sender, receiver] {
        let before = line.bytes
        for _ in 0..<2 {
          let start = line.bytes
          let process = try ChildProcess(
            court.program.path, ["sync", "-C", device.folder.path].map { Array($0.utf8) },
            environment: court.program.environment, folder: court.folder, input: .nothing,
            output: .file("\(court.folder)/killed.out"), complaint: .file("\(court.folder)/killed.err"))
          for _ in 0..<600 where line.bytes - start < 120_000 { try await Task.sleep(for: .milliseconds(20)) }
          process.send(SIGKILL)
          let code = try await onThread { try process.wait() }
          #expect(code == 128 + SIGKILL)
          try await court.stop(SIGKILL)
          try await court.start()
        }
        let last = try await device.sync()
        #expect(last.sent + last.received <= 1)
        // The change, two times what was on its way, and the handshakes.
        #expect(line.bytes - before < 345_000 + 2 * 64 * 1024 + 20_000)
        #expect(try await device.isLevelWithCentre())
      }
      #expect(try await receiver.folder.ids().count == 1)
    }
  }
}
