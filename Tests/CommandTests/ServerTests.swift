import Foundation
import Hummingbird
import HummingbirdTLS
import Logging
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
    try await withServer { NodeReply(status: $0.body.isEmpty ? 200 : 400, body: []) } body: { server in
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
    try await withServer { NodeReply(status: 200, body: Array($0.headers.keys.sorted().joined(separator: " ").utf8)) }
    body: { server in
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

  @Test("a pin that is no certificate is named as such", arguments: ["", "junk", "-----BEGIN CERTIFICATE-----\nAA==\n"])
  func unreadablePin(pin: String) async throws {
    try await withServer(echo) { server in
      let client = Client(server.base, Array(pin.utf8))
      await #expect(throws: TransportError.pinUnreadable) { try await client.post("/") }
    }
  }

  @Test("a name that the certificate lacks is refused, one that it holds is not")
  func names() async throws {
    let lacking = try CourtAuthority.make(court: court, hosts: [])
    try await withServer(echo, host: "127.0.0.2", authority: lacking) { server in
      await #expect(throws: TransportError.wrongName(host: server.host)) { try await server.client().post("/") }
    }
    let holding = try CourtAuthority.make(court: court, hosts: ["Court.example", "127.0.0.2", "[::1]"])
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
    try await withServer { _ in NodeReply(status: 200, body: [UInt8](repeating: 1, count: 100_000)) } body: { server in
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
    try await withServer { _ in NodeReply(status: 0, body: [1]) } body: { server in
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
    let authority = try CourtAuthority.make(court: court, hosts: [])
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

@Suite("The centre's server") struct ServerTests {
  @Test("stops in time beside idle, silent and half-sent connections, and gives the last request its answer")
  func cleanStop() async throws {
    let begun = Gate()
    let server = try await RunningServer.start { request in
      if request.path == "/slow" {
        begun.open()
        Thread.sleep(forTimeInterval: 1)
      }
      return NodeReply(status: 200, body: request.body)
    }
    let idle = server.client()
    #expect(try await idle.post("/", body: [1]).body == [1])
    let silent = try RawSocket(port: server.port)
    let halfSent = try RawSocket(port: server.port)
    halfSent.send([0x16, 0x03, 0x01])
    let slow = Task { try await server.client().post("/slow", body: [2]).body }
    try await onThread { begun.pass() }

    let clock = ContinuousClock()
    let start = clock.now
    try await server.stop()
    #expect(clock.now - start < .seconds(5))
    #expect(try await slow.value == [2])
    silent.close()
    halfSent.close()

    let error = await #expect(throws: TransportError.self) { try await idle.post("/", body: [3]) }
    guard case .unreachable(server.host, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("stops in time beside a handler that does not come to an end")
  func stopBesideStuckHandler() async throws {
    let begun = Gate()
    let gate = Gate()
    let server = try await RunningServer.start { _ in
      begun.open()
      gate.pass()
      return NodeReply(status: 200, body: [])
    }
    let stuck = Task { try await server.client().post("/") }
    try await onThread { begun.pass() }
    let clock = ContinuousClock()
    let start = clock.now
    try await server.stop()
    #expect(clock.now - start < .seconds(10))
    gate.open()
    await #expect(throws: TransportError.self) { try await stuck.value }
  }

  @Test("a port that is taken is named; after a stop it can be taken again at once")
  func ports() async throws {
    let first = try await RunningServer.start(handler: echo)
    let kept = first.client()
    _ = try await kept.post("/")
    let error = await #expect(throws: ServerError.self) {
      try await RunningServer.start(port: first.port, handler: echo).stop()
    }
    guard case .cannotListen("127.0.0.1", first.port, let detail)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(detail == "Address already in use")
    #expect(error?.message(chinese: false).contains("127.0.0.1:\(first.port)") == true)
    try await first.stop()
    let second = try await RunningServer.start(port: first.port, authority: first.authority, handler: echo)
    #expect(try await kept.post("/", body: [4]).body == [4])
    #expect(kept.connection.connects == 2)
    try await second.stop()
  }

  @Test("a certificate that cannot be read is named")
  func unreadableCertificate() async throws {
    let junk = CourtAuthority(authorityPEM: "", authorityKeyPEM: "", leafPEM: "junk", leafKeyPEM: "junk")
    let error = await #expect(throws: ServerError.self) {
      try await RunningServer.start(authority: junk, handler: echo).stop()
    }
    guard case .certificateUnreadable = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("past the queue a request is turned away, and the others still get their answers")
  func boundedQueue() async throws {
    let begun = Gate()
    let gate = Gate()
    let threads = HandlerThreads(
      count: 2, queueLimit: 1,
      handler: ClosureHandler { request in
        begun.open()
        gate.pass()
        return NodeReply(status: 200, body: request.body)
      })
    let request = NodeRequest(method: "POST", path: "/", headers: [:], body: [9])
    let running = [Task { await threads.reply(to: request) }, Task { await threads.reply(to: request) }]
    try await onThread {
      begun.pass()
      begun.pass()
    }
    // One of these two waits in the queue, the other is turned away.
    let pair = [Task { await threads.reply(to: request) }, Task { await threads.reply(to: request) }]
    let turnedAway = await withTaskGroup(of: NodeReply?.self) { group in
      for task in pair { group.addTask { await task.value } }
      let first = await group.next()
      for _ in 0..<3 { gate.open() }
      return first ?? nil
    }
    #expect(turnedAway == nil)
    for task in running { #expect(await task.value?.body == [9]) }
    var answered = 0
    for task in pair where await task.value != nil { answered += 1 }
    #expect(answered == 1)
    threads.stop()
    #expect(await threads.reply(to: request) == nil)
  }

  @Test("certificates are valid from 1970 to 9999 and no two are alike")
  func certificates() throws {
    let made = try CourtAuthority.make(court: court, hosts: ["court.example", "10.3.0.5", "fd00::5", "[fd00::6]"])
    for pem in [made.authorityPEM, made.leafPEM] {
      let lines = pem.split(separator: "\n").filter { !$0.hasPrefix("-") }
      let der = try #require(Data(base64Encoded: lines.joined()))
      #expect(der.firstRange(of: Data("700101000000Z".utf8)) != nil)
      #expect(der.firstRange(of: Data("99991231235959Z".utf8)) != nil)
    }
    #expect(try CourtAuthority.make(court: court, hosts: []).authorityPEM != made.authorityPEM)
    #expect(made.authorityKeyPEM.hasPrefix("-----BEGIN PRIVATE KEY-----"))
  }

  @Test(
    "a host that is no name and no address is refused",
    arguments: ["", " ", "a b", "法院", "-a", "a-", "a..b", "1.2.3.4.5", "256.1.1.1", "a:1", "*.example", "a\0b"])
  func badHosts(host: String) {
    #expect(throws: ServerError.invalidHost(host)) { try CourtAuthority.make(court: court, hosts: [host]) }
  }
}

// MARK: - What the tests stand on

private let court = String(repeating: "a", count: 32)
private let echo: @Sendable (NodeRequest) -> NodeReply = { NodeReply(status: 200, body: $0.body) }

private struct ClosureHandler: NodeHandler {
  let answer: @Sendable (NodeRequest) -> NodeReply
  func handle(_ request: NodeRequest) -> NodeReply { answer(request) }
}

/// A blocking call on a thread of its own, so that it holds none of the cooperative pool's.
private func onThread<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Swift.Result { try work() }) }
  }
}

/// Lets one waiting thread pass for each time it is opened; a test that is wrong fails instead of waiting for ever.
private struct Gate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  func open() { semaphore.signal() }
  func pass() { #expect(semaphore.wait(timeout: .now() + 60) == .success) }
}

/// A connection that tests use from one thread at a time by awaiting each call.
private final class Client: @unchecked Sendable {
  let connection: HTTPSConnection

  init(_ base: String, _ authority: [UInt8], timeout: Int = 30) {
    connection = HTTPSConnection(base: base, authority: authority, connectTimeout: 10, timeout: timeout)
  }

  @discardableResult
  func post(
    _ path: String, headers: [(String, String)] = [], body: [UInt8] = [], limit: Int = 1 << 20
  ) async throws -> HTTPSConnection.Reply {
    let connection = Unchecked(value: connection)
    return try await onThread { try connection.value.post(path, headers: headers, body: body, limit: limit) }
  }

  private struct Unchecked: @unchecked Sendable { let value: HTTPSConnection }
}

/// A server in this process.
private struct RunningServer: Sendable {
  let address: String
  let port: Int
  let authority: CourtAuthority
  let task: Task<Void, any Error>

  var host: String { "\(address):\(port)" }
  var base: String { "https://\(host)" }

  func client() -> Client { Client(base, Array(authority.authorityPEM.utf8)) }

  func stop() async throws {
    task.cancel()
    try await task.value
  }

  static func start(
    host: String = "127.0.0.1", port: Int = 0, authority: CourtAuthority? = nil, bodyLimit: Int = 1 << 20,
    handler: @escaping @Sendable (NodeRequest) -> NodeReply
  ) async throws -> RunningServer {
    let authority = try authority ?? CourtAuthority.make(court: court, hosts: [])
    return try await start(host: host, authority: authority) { onReady in
      try await NodeServer.run(
        host: host, port: port, authority: authority, bodyLimit: bodyLimit, handler: ClosureHandler(answer: handler),
        onReady: onReady)
    }
  }

  static func start(
    host: String, authority: CourtAuthority,
    run: @escaping @Sendable (_ onReady: @escaping @Sendable (Int) -> Void) async throws -> Void
  ) async throws -> RunningServer {
    let (ready, isReady) = AsyncStream.makeStream(of: Int.self)
    let task = Task {
      defer { isReady.finish() }
      try await run { isReady.yield($0) }
    }
    for await port in ready { return RunningServer(address: host, port: port, authority: authority, task: task) }
    try await task.value
    throw CancellationError()
  }
}

private func withServer(
  bodyLimit: Int = 1 << 20, _ handler: @escaping @Sendable (NodeRequest) -> NodeReply, host: String = "127.0.0.1",
  authority: CourtAuthority? = nil, body: (RunningServer) async throws -> Void
) async throws {
  let server = try await RunningServer.start(host: host, authority: authority, bodyLimit: bodyLimit, handler: handler)
  try await body(server)
  try await server.stop()
}

/// A server of other software under the court's certificate, which answers everything with the same.
private func withForeignServer(
  status: HTTPResponse.Status, type: String, body: ResponseBody, test: (RunningServer) async throws -> Void
) async throws {
  let authority = try CourtAuthority.make(court: court, hosts: [])
  let server = try await RunningServer.start(host: "127.0.0.1", authority: authority) { onReady in
    let application = Application(
      responder: CallbackResponder { (_, _: BasicRequestContext) in
        Response(status: status, headers: [.contentType: type, .location: "/elsewhere"], body: body)
      },
      server: try .tls(tlsConfiguration: NodeServer.tlsConfiguration(authority)),
      configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { onReady($0.localAddress?.port ?? 0) },
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try await application.run()
  }
  try await test(server)
  server.task.cancel()
  _ = await server.task.result
}

/// A TCP connection without TLS.
private struct RawSocket {
  let descriptor: Int32

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { [descriptor] in
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(connected == 0)
  }

  func send(_ bytes: [UInt8]) { #expect(write(descriptor, bytes, bytes.count) == bytes.count) }

  func close() { _ = Foundation.close(descriptor) }
}
