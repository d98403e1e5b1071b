import Foundation
import Hummingbird
import HummingbirdTLS
import Logging
import Testing

@testable import CentralNode
@testable import Transport

/// A court's id.
let courtID = String(repeating: "a", count: 32)
/// Answers what it was sent.
let echo: @Sendable (NodeRequest) -> NodeReply = { NodeReply(status: 200, body: $0.body) }

struct ClosureHandler: NodeHandler {
  let answer: @Sendable (NodeRequest) -> NodeReply
  func handle(_ request: NodeRequest) -> NodeReply { answer(request) }
}

/// A blocking call on a thread of its own, so that it holds none of the cooperative pool's.
func onThread<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Swift.Result { try work() }) }
  }
}

/// Lets one waiting thread pass for each time it is opened; a test that is wrong fails instead of waiting for ever.
struct Gate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  func open() { semaphore.signal() }
  func pass() { #expect(semaphore.wait(timeout: .now() + 60) == .success) }
}

/// A connection that tests use from one thread at a time by awaiting each call.
final class Client: @unchecked Sendable {
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
struct RunningServer: Sendable {
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
    let authority = try authority ?? CourtAuthority.make(court: courtID, hosts: [])
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

func withServer(
  bodyLimit: Int = 1 << 20, _ handler: @escaping @Sendable (NodeRequest) -> NodeReply, host: String = "127.0.0.1",
  authority: CourtAuthority? = nil, body: (RunningServer) async throws -> Void
) async throws {
  let server = try await RunningServer.start(host: host, authority: authority, bodyLimit: bodyLimit, handler: handler)
  try await body(server)
  try await server.stop()
}

/// A server of other software under the court's certificate, which answers everything with the same.
func withForeignServer(
  status: HTTPResponse.Status, type: String, body: ResponseBody, authority: CourtAuthority? = nil, port: Int = 0,
  test: (RunningServer) async throws -> Void
) async throws {
  let authority = try authority ?? CourtAuthority.make(court: courtID, hosts: [])
  let server = try await RunningServer.start(host: "127.0.0.1", authority: authority) { onReady in
    let application = Application(
      responder: CallbackResponder { (_, _: BasicRequestContext) in
        Response(status: status, headers: [.contentType: type, .location: "/elsewhere"], body: body)
      },
      server: try .tls(tlsConfiguration: NodeServer.tlsConfiguration(authority)),
      configuration: .init(address: .hostname("127.0.0.1", port: port)),
      onServerRunning: { onReady($0.localAddress?.port ?? 0) },
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try await application.run()
  }
  try await test(server)
  server.task.cancel()
  _ = await server.task.result
}

/// A TCP connection without TLS.
struct RawSocket {
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
