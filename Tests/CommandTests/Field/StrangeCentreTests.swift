import BadLine
import Hummingbird
import Testing

@testable import CentralNode
@testable import Transport

@Suite("A line that lies costs one try, and one that breaks only time")
struct StrangeCentreTests {
  private func tries(_ device: ReplicaFolder, _ what: String) async throws {
    let answer = try await device.call("sync")
    #expect(answer.code == 1 && answer.complaints == 1 && answer.output == [], "\(what): \(answer.error)")
    #expect(answer.error.hasPrefix("CIR-30") && answer.error.contains(";"), "\(what): \(answer.error)")
  }

  @Test("what is no TLS, an end at once, and an answer without end")
  func strange() async throws {
    try await TestCourt.open { court in
      let line = try BadLine(to: court.port)
      defer { line.close() }
      let device = court.folder("A")
      let ticket = try await court.ticket()
      try await device.ok("enrol", "--centre", line.url, "--ticket", ticket)
      let id = try await device.put("dispute", "summary=一")
      let before = try await device.holding()
      for bytes in [
        [], Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8), Array("<html>".utf8), noise(10_000),
        [0x15, 3, 3, 0, 2, 2, 40],
      ] {
        line.plan = { _ in [BadLine.Fault(.down, after: 0, .says(bytes))] }
        try await tries(device, "\(bytes.prefix(20))")
      }
      #expect(try await device.holding() == before)
      line.plan = { _ in [] }
      try await court.agree([device], hold: [id])

      let other = try await court.device("B")
      _ = try await other.put("dispute", "summary=二")
      let held = try await other.holding()
      let authority = try CentreFolder(court.centre.path).certificates()
      try await court.stop()
      let endless = ResponseBody { writer in
        while true { try await writer.write(ByteBuffer(repeating: 7, count: 1 << 16)) }
      }
      try await withForeignServer(
        status: .ok, type: "application/octet-stream", body: endless, authority: authority, port: court.port
      ) { _ in
        try await other.refused(3011, "sync")
      }
      #expect(try await other.holding() == held)
    }
  }

  @Test(
    "a line on which every connection ends after so many bytes brings all through with more of them",
    arguments: [true, false])
  func cut(isUp: Bool) async throws {
    try await TestCourt.open { court in
      let line = try BadLine(to: court.port)
      defer { line.close() }
      let device = court.folder("A")
      let ticket = try await court.ticket()
      try await device.ok("enrol", "--centre", line.url, "--ticket", ticket)
      let other = try await court.device("B")
      let text = try court.write(noise(60_000), to: "text")
      var ids: [String] = []
      for count in [12_000, 20_000] {
        ids.append(try await other.put("dispute", "summary=@\(text)"))
        try await other.ok("sync")
        ids.append(try await device.put("dispute", "summary=@\(text)"))
        line.plan = { _ in [BadLine.Fault(isUp ? .up : .down, after: count, .cut)] }
        try await device.ok("sync")
        #expect(try await device.json("verify")["ok"] == .boolean(true))
        #expect(try await device.ids() == Set(ids))
      }
      line.plan = { _ in [] }
      try await court.agree([device, other], hold: ids)
      #expect(try await court.centre.ids() == Set(ids))
    }
  }
}
