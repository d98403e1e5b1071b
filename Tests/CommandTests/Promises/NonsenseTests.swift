import Hummingbird
import Testing

@testable import CentralNode
@testable import Transport

@Suite("A centre that answers nonsense is exit 1, and the replica stays as it was")
struct NonsenseTests {
  static let answers: [(HTTPResponse.Status, String, String)] = [
    (.ok, "text/html", "<html>login</html>"), (.ok, "application/octet-stream", "<html>login</html>"),
    (.ok, "application/octet-stream", ""), (.internalServerError, "text/plain", "oops\nmore"),
    (.found, "text/html", ""), (.notFound, "text/html", "<html>"), (.forbidden, "application/octet-stream", "CIR-9999"),
    (.serviceUnavailable, "application/octet-stream", ""),
  ]

  @Test("a page, an empty answer, a failure, a way elsewhere")
  func answers() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      let id = try await device.put("dispute", "summary=一")
      try await court.stop()
      let dump = try await device.dump()
      let authority = try CentreFolder(court.centre.path).certificates()
      for (status, type, text) in Self.answers {
        let port = court.port
        try await withForeignServer(
          status: status, type: type, body: ResponseBody(byteBuffer: ByteBuffer(string: text)), authority: authority,
          port: port
        ) { _ in
          let answer = try await device.call("sync")
          #expect(answer.code == 1 && answer.complaints == 1 && answer.output == [], "\(status) \(answer.error)")
          #expect(answer.error.hasPrefix("CIR-30"), "\(status): \(answer.error)")
        }
      }
      #expect(try await device.dump() == dump)
      try await court.start()
      try await device.ok("sync")
      #expect(try await court.centre.ids() == [id])
    }
  }
}
