import Foundation
import Hummingbird
import Synchronization
import Testing

@testable import CentralNode
@testable import Transport

/// The real client against the real server, over TLS on the loopback interface.
@Suite("A connection to the centre") struct ConnectionTests {
  @Test("many requests travel whole over one TLS connection")
  func roundTripAndReuse() async throws {
    try await withServer { request in
      let told = "\(request.method) \(request.path) \(request.headers["x-note"] ?? "-") "
      return NodeReply(status: 200, body: Array(told.utf8) + request.body)
    } body: { server in
      let client = server.client()
      let sent = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      let told = Array("POST /v1/echo?a=1 some note ".utf8)
      for round in 0..<3 {
        let body = Array(sent.prefix(sent.count / (round + 1)))
        let reply = try await client.post("/v1/echo?a=1", headers: [("X-Note", "some note")], body: body)
        #expect(reply.status == 200)
        #expect(reply.contentType == "application/octet-stream")
        #expect(reply.body == told + body)
      }
      #expect(client.connection.connects == 1)
      #expect(client.connection.bytesUp == 300_000 + 150_000 + 100_000)
      #expect(client.connection.bytesDown == client.connection.bytesUp + 3 * told.count)
    }
  }

  @Test("an empty body gets an empty reply")
  func emptyBothWays() async throws {
    try await withServer {
      NodeReply(status: $0.body.isEmpty ? 200 : 400, body: [])
    } body: { server in
      let client = server.client()
      for limit in [0, 1] {
        let reply = try await client.post("/", limit: limit)
        #expect(reply.body == [])
      }
      #expect(client.connection.bytesUp == 0)
      #expect(client.connection.bytesDown == 0)
    }
  }

  @Test("only the header fields that matter are sent")
  func headerFields() async throws {
    try await withServer {
      NodeReply(status: 200, body: Array($0.headers.keys.sorted().joined(separator: " ").utf8))
    } body: { server in
      let reply = try await server.client().post("/", headers: [("X-A", "1")], body: [7])
      #expect(String(decoding: reply.body, as: UTF8.self) == "content-length content-type x-a")
    }
  }

  @Test("many clients at once get each its own answer")
  func manyClients() async throws {
    try await withServer(echo) { server in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in UInt8(0)..<12 {
          group.addTask {
            let client = server.client()
            for round in UInt8(0)..<5 {
              let reply = try await client.post("/", body: [number, round])
              #expect(reply.body == [number, round])
            }
            #expect(client.connection.connects == 1)
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test("a server with another court's certificate is refused before anything is sent")
  func wrongAuthority() async throws {
    let asked = Mutex(0)
    try await withServer { _ in
      asked.withLock { $0 += 1 }
      return NodeReply(status: 200, body: [])
    } body: { server in
      let other = try CourtAuthority.make(court: String(repeating: "b", count: 32), hosts: [])
      let client = Client(server.base, Array(other.authorityPEM.utf8))
      await #expect(throws: TransportError.pinMismatch(host: server.host)) { try await client.post("/", body: [1]) }
      #expect(client.connection.bytesUp == 0)
    }
    #expect(asked.withLock { $0 } == 0)
  }

  @Test(
    "a pin that is no certificate is named as such", arguments: ["", "junk", "-----BEGIN CERTIFICATE-----\nAA==\n"])
  func unreadablePin(pin: String) async throws {
    try await withServer(echo) { server in
      let client = Client(server.base, Array(pin.utf8))
      await #expect(throws: TransportError.pinUnreadable) { try await client.post("/") }
    }
  }

  @Test("a name that the certificate lacks is refused, one that it holds is not")
  func names() async throws {
    let lacking = try CourtAuthority.make(court: courtID, hosts: [])
    try await withServer(echo, host: "127.0.0.2", authority: lacking) { server in
      await #expect(throws: TransportError.wrongName(host: server.host)) { try await server.client().post("/") }
    }
    let holding = try CourtAuthority.make(court: courtID, hosts: ["Court.example", "127.0.0.2", "[::1]"])
    try await withServer(echo, host: "127.0.0.2", authority: holding) { server in
      let reply = try await server.client().post("/", body: [5])
      #expect(reply.body == [5])
    }
    try await withServer(echo, authority: lacking) { server in
      let client = Client("https://localhost:\(server.port)/", Array(lacking.authorityPEM.utf8))
      let reply = try await client.post("/", body: [6])
      #expect(reply.body == [6])
    }
  }

  @Test("a request body past the server's limit is refused and never reaches the handler")
  func requestLimit() async throws {
    let greatest = Mutex(0)
    try await withServer(bodyLimit: 1_000) { request in
      greatest.withLock { $0 = max($0, request.body.count) }
      return NodeReply(status: 200, body: [])
    } body: { server in
      let client = server.client()
      for size in [1_001, 20_000_000] {
        await #expect(throws: TransportError.refused(status: 413, text: "")) {
          try await client.post("/", body: [UInt8](repeating: 1, count: size))
        }
      }
      _ = try await client.post("/", body: [UInt8](repeating: 1, count: 1_000))
    }
    #expect(greatest.withLock { $0 } == 1_000)
  }

  @Test("a reply past the caller's limit is refused, one of just that size is not")
  func replyLimit() async throws {
    try await withServer { _ in
      NodeReply(status: 200, body: [UInt8](repeating: 1, count: 100_000))
    } body: { server in
      let client = server.client()
      for limit in [0, 10, 99_999] {
        await #expect(throws: TransportError.tooLarge(limit: limit)) { try await client.post("/", limit: limit) }
      }
      #expect(client.connection.bytesDown < 100_000)
      let reply = try await client.post("/", limit: 100_000)
      #expect(reply.body.count == 100_000)
    }
  }

  @Test("a reply without end is cut at the caller's limit")
  func endlessReply() async throws {
    let endless = ResponseBody { writer in
      while true { try await writer.write(ByteBuffer(repeating: 1, count: 10_000)) }
    }
    try await withForeignServer(status: .ok, type: "application/octet-stream", body: endless) { server in
      await #expect(throws: TransportError.tooLarge(limit: 50_000)) {
        try await server.client().post("/", limit: 50_000)
      }
    }
  }

  @Test("a status other than 200 is a refusal that carries what was said, fit to print")
  func refusals() async throws {
    try await withServer { request in
      NodeReply(status: request.path == "/html" ? 500 : 403, body: Array("<b>no\u{1b}[31m\r\n\u{202e}entry</b>\n".utf8))
    } body: { server in
      let client = server.client()
      await #expect(throws: TransportError.refused(status: 500, text: "<b>no [31m entry</b>")) {
        try await client.post("/html", body: [1])
      }
      await #expect(throws: TransportError.refused(status: 403, text: "<b>no [31m entry</b>")) {
        try await client.post("/", limit: 40)
      }
      await #expect(throws: TransportError.self) { try await client.post("/", limit: 3) }
    }
  }

  @Test("a web page is no answer, and a redirect is not followed")
  func foreignAnswers() async throws {
    let page = ResponseBody(byteBuffer: .init(string: "<p>hi"))
    try await withForeignServer(status: .ok, type: "text/html", body: page) { server in
      await #expect(throws: TransportError.nonsense(detail: "content type text/html")) {
        try await server.client().post("/")
      }
    }
    try await withForeignServer(status: .found, type: "text/html", body: .init()) { server in
      await #expect(throws: TransportError.refused(status: 302, text: "")) { try await server.client().post("/") }
    }
  }

  @Test("what the handler answers outside of HTTP's statuses is an error of the server")
  func oddStatus() async throws {
    try await withServer { _ in
      NodeReply(status: 0, body: [1])
    } body: { server in
      await #expect(throws: TransportError.refused(status: 500, text: "")) { try await server.client().post("/") }
    }
  }

  @Test("an answer that does not come in time is given up")
  func slowAnswer() async throws {
    let gate = Gate()
    try await withServer { _ in
      gate.pass()
      return NodeReply(status: 200, body: [])
    } body: { server in
      let client = Client(server.base, Array(server.authority.authorityPEM.utf8), timeout: 1)
      await #expect(throws: TransportError.timedOut(host: server.host, seconds: 1)) { try await client.post("/") }
      gate.open()
    }
  }

  @Test(
    "an address that is not plainly https://host:port is refused",
    arguments: [
      "", "https://", "http://127.0.0.1:1", "ftp://127.0.0.1", "127.0.0.1:8443", "https://a@127.0.0.1",
      "https://h/path", "https://h?q", "https://h#f", "https://h h", "https://法院:1", "https://h:1\r\nX: y",
      "https://127.0.0.1:99999",
    ])
  func badAddresses(base: String) async throws {
    let authority = try CourtAuthority.make(court: courtID, hosts: [])
    let client = Client(base, Array(authority.authorityPEM.utf8))
    let error = await #expect(throws: TransportError.self) { try await client.post("/") }
    guard case .invalidURL = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("a path or header field that would break out of its line is refused")
  func badFields() async throws {
    try await withServer(echo) { server in
      let client = server.client()
      for path in ["", "v1", "/a b", "/a\r\nX: y", "/a#b", "/é"] {
        await #expect(throws: TransportError.self) { try await client.post(path) }
      }
      for field in [("", "a"), ("A:", "b"), ("A", ""), ("A", "b\r\nC: d"), ("A\n", "b"), ("A", "é")] {
        await #expect(throws: TransportError.invalidURL(TransportError.printable(field.0.utf8))) {
          try await client.post("/", headers: [field])
        }
      }
      #expect(client.connection.connects == 0)
    }
  }

  @Test("every error is one sentence on one line in both tongues")
  func messages() {
    let errors: [TransportError] = [
      .invalidURL("x"), .pinUnreadable, .library(detail: "x"), .unreachable(host: "h", detail: "x"),
      .interrupted(host: "h", detail: "x"), .timedOut(host: "h", seconds: 1), .pinMismatch(host: "h"),
      .wrongName(host: "h"), .refused(status: 403, text: ""), .refused(status: 413, text: "x"),
      .refused(status: 503, text: "x"), .refused(status: 500, text: "x"), .nonsense(detail: "x"), .tooLarge(limit: 1),
    ]
    for error in errors {
      let (chinese, english) = (error.message(chinese: true), error.message(chinese: false))
      #expect(chinese.hasSuffix("。") && chinese.split(whereSeparator: \.isNewline).count == 1)
      #expect(english.hasSuffix(".") && english.split(whereSeparator: \.isNewline).count == 1)
    }
    #expect(Set(errors.map { $0.message(chinese: true) }).count == errors.count)
    #expect(Set(errors.map { $0.message(chinese: false) }).count == errors.count)
  }
}
