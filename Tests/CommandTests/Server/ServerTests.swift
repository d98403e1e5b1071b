import Foundation
import Hummingbird
import Synchronization
import Testing

@testable import CentralNode
@testable import Transport

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
    let first = try await RunningServer.start(port: QuietPort.next(), handler: echo)
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
    let made = try CourtAuthority.make(court: courtID, hosts: ["court.example", "10.3.0.5", "fd00::5", "[fd00::6]"])
    for pem in [made.authorityPEM, made.leafPEM] {
      let lines = pem.split(separator: "\n").filter { !$0.hasPrefix("-") }
      let der = try #require(Data(base64Encoded: lines.joined()))
      #expect(der.firstRange(of: Data("700101000000Z".utf8)) != nil)
      #expect(der.firstRange(of: Data("99991231235959Z".utf8)) != nil)
    }
    #expect(try CourtAuthority.make(court: courtID, hosts: []).authorityPEM != made.authorityPEM)
    #expect(made.authorityKeyPEM.hasPrefix("-----BEGIN PRIVATE KEY-----"))
  }

  @Test(
    "a host that is no name and no address is refused",
    arguments: ["", " ", "a b", "法院", "-a", "a-", "a..b", "1.2.3.4.5", "256.1.1.1", "a:1", "*.example", "a\0b"])
  func badHosts(host: String) {
    #expect(throws: ServerError.invalidHost(host)) { try CourtAuthority.make(court: courtID, hosts: [host]) }
  }
}
