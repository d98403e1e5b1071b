import Foundation
import Hummingbird
import HummingbirdTLS
import Logging
import NIOCore
import ServiceLifecycle

/// The centre's HTTPS server: HTTP/1.1 over TLS 1.3, whole requests in, whole replies out.
///
/// It knows nothing of what the bytes mean. A request without `Content-Length`, with a body past the limit, or that
/// finds every thread busy and the queue full is answered here (411, 413, 503); all others go to the handler.
package enum NodeServer {
  /// Handlers that run at the same time.
  static let handlerThreads = 4
  /// Whole requests that may wait for a thread.
  static let queueLimit = 64
  /// Connections open at a time; more wait to be accepted. Stays below the usual 1,024 file descriptors.
  static let connectionLimit = 512
  /// After this time without a byte a connection is closed, in the middle of a request too.
  static let idleTimeout = TimeAmount.seconds(75)
  /// The time a body may take to come in, so that one byte a minute does not hold a place for ever.
  static let bodyTimeout = TimeAmount.minutes(5)
  /// The time TLS may take to say goodbye, which an idle client does not answer.
  static let goodbyeTimeout = TimeAmount.milliseconds(500)
  /// The time requests under way get to end after a stop.
  static let graceTimeout = Duration.seconds(6)

  /// Serves until SIGTERM, SIGINT or the cancellation of the task, then lets requests under way end for up to 6 s,
  /// closes every connection and returns. SIGPIPE is ignored in the whole process from here on; the other two signals
  /// do afterwards what they did before.
  ///
  /// - Parameters:
  ///   - host: the address or name to listen on.
  ///   - port: the port to listen on, 0 for any free one.
  ///   - authority: the certificates; only the leaf and its key are used.
  ///   - bodyLimit: the greatest request body in bytes.
  ///   - onReady: called once with the port when connections are accepted.
  /// - Throws: ``ServerError``.
  package static func run(
    host: String, port: Int, authority: CourtAuthority, bodyLimit: Int, handler: any NodeHandler,
    onReady: @escaping @Sendable (Int) -> Void
  ) async throws {
    signal(SIGPIPE, SIG_IGN)
    let dispositions = SignalDispositions(of: [SIGTERM, SIGINT])
    defer { dispositions.restore() }
    let tls = try tlsConfiguration(authority)
    let silent = Logger(label: "circuit") { _ in SwiftLogNoOpLogHandler() }
    let threads = HandlerThreads(count: handlerThreads, queueLimit: queueLimit, handler: handler)
    defer { threads.stop() }
    let connections = OpenConnections()
    let application = Application(
      responder: NodeResponder(bodyLimit: bodyLimit, threads: threads, connections: connections),
      server: try .tls(.http1(configuration: .init(idleTimeout: idleTimeout)), tlsConfiguration: tls),
      configuration: .init(
        address: .hostname(host, port: port), backlog: connectionLimit, reuseAddress: true,
        availableConnectionsDelegate: .maximum(connectionLimit, logger: silent)),
      onServerRunning: { onReady($0.localAddress?.port ?? port) },
      logger: silent)
    let group = ServiceGroup(
      services: [StoppingService(application: application, threads: threads, connections: connections)],
      gracefulShutdownSignals: [.sigterm, .sigint], logger: silent)

    // A cancelled group would drop requests under way, so cancellation only asks it to stop.
    let serving = Task { try await group.run() }
    do {
      try await withTaskCancellationHandler {
        try await serving.value
      } onCancel: {
        Task { await group.triggerGracefulShutdown() }
      }
    } catch {
      let detail = (error as? IOError).map { String(cString: strerror($0.errnoCode)) }
      throw ServerError.cannotListen(host: host, port: port, detail: detail ?? String(describing: error))
    }
  }

  static func tlsConfiguration(_ authority: CourtAuthority) throws -> TLSConfiguration {
    do {
      let leaf = try NIOSSLCertificate(bytes: Array(authority.leafPEM.utf8), format: .pem)
      let key = try NIOSSLPrivateKey(bytes: Array(authority.leafKeyPEM.utf8), format: .pem)
      var tls = TLSConfiguration.makeServerConfiguration(
        certificateChain: [.certificate(leaf)], privateKey: .privateKey(key))
      tls.minimumTLSVersion = .tlsv13
      tls.maximumTLSVersion = .tlsv13
      tls.shutdownTimeout = goodbyeTimeout
      return tls
    } catch {
      throw ServerError.certificateUnreadable(detail: String(describing: error))
    }
  }
}

/// What signals do to the process, kept to be put back: those that were once waited for are else swallowed for ever.
private struct SignalDispositions {
  private var kept: [(number: Int32, action: sigaction)] = []

  init(of numbers: [Int32]) {
    for number in numbers {
      var action = sigaction()
      if sigaction(number, nil, &action) == 0 { kept.append((number, action)) }
    }
  }

  func restore() {
    for (number, action) in kept {
      var action = action
      _ = sigaction(number, &action, nil)
    }
  }
}

/// The application, with an end to the time its requests get once it is asked to stop.
private struct StoppingService<Served: ApplicationProtocol>: Service {
  let application: Served
  let threads: HandlerThreads
  let connections: OpenConnections

  func run() async throws {
    try await withGracefulShutdownHandler {
      try await application.run()
    } onGracefulShutdown: {
      Task {
        try await Task.sleep(for: NodeServer.graceTimeout)
        threads.stop()
        connections.close()
      }
    }
  }
}
