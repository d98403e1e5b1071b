import Hummingbird
import Testing

@testable import CentralNode
@testable import Transport

@Suite("A centre of newer software is told from nonsense")
struct NewerCentreTests {
  @Test("an answer of a newer version is CIR-1004, which says to upgrade, and nothing is taken from it")
  func answers() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      let id = try await device.put("dispute", "summary=一")
      try await court.stop()
      let dump = try await device.dump()
      let authority = try CentreFolder(court.centre.path).certificates()
      let whole = ExchangeReply(batch: [], scopes: [], accepted: 0, refusals: []).bytes
      let part = PartAnswer.held(0).encoded
      let newerPart: [UInt8] = [0, 2] + part.dropFirst(2)
      for body in [[2] + whole.dropFirst(), [31], newerPart] as [[UInt8]] {
        let port = court.port
        try await withForeignServer(
          status: .ok, type: "application/octet-stream", body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)),
          authority: authority, port: port
        ) { _ in
          let answer = try await device.refused(1004, "sync")
          #expect(answer.error.contains("upgrade"))
        }
      }
      #expect(try await device.dump() == dump)
      try await court.start()
      try await device.ok("sync")
      #expect(try await court.centre.ids() == [id])
    }
  }
}
