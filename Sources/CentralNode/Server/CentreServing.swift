import Dispatch
import Merge
import ReplicaStore
import Transport

extension CentreHandler: NodeHandler {
  package func handle(_ request: NodeRequest) -> NodeReply {
    let (status, body) = answer(
      method: request.method, path: request.path, fields: request.headers, body: request.body)
    return NodeReply(status: status, body: body)
  }

  package func arriving(_ request: NodeRequest) {
    keep(method: request.method, path: request.path, fields: request.headers, body: request.body)
  }
}

extension CentreFolder {
  /// Serves the folder's centre until SIGTERM.
  ///
  /// - Parameters:
  ///   - clockIsRight: the operator confirms a clock that stands far from the last signature.
  ///   - onTrouble: told what keeps the centre from its work: a full disk, a clock in doubt.
  ///   - onReady: told the port once connections are accepted.
  package func serve(
    schema: Schema, machine: Surroundings, host: String, port: Int, clockIsRight: Bool,
    onTrouble: @escaping @Sendable (any Error) -> Void, onReady: @escaping @Sendable (Int) -> Void
  ) async throws {
    let centre = try open(schema: schema, machine: machine) {
      TableWorker($0, clock: machine.clock, onTrouble: onTrouble)
    }
    centre.worker?.begin()
    // Before the file is closed, and whatever else happens.
    defer { centre.worker?.stop() }
    if clockIsRight { try centre.confirmClock() }
    if let days = try centre.daysInDoubt() { onTrouble(CentreError.clockInDoubt(days: days)) }
    let timekeeper = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "circuit.time", qos: .utility))
    timekeeper.schedule(deadline: .now(), repeating: .seconds(3600), leeway: .seconds(60))
    // A failure, such as a full disk, is the next exchange's to tell; the hour after tries again.
    timekeeper.setEventHandler { try? centre.keepTime() }
    timekeeper.activate()
    defer { timekeeper.cancel() }
    do {
      try await NodeServer.run(
        host: host, port: port, authority: try certificates(), bodyLimit: CentreFolder.bodyLimit,
        handler: CentreHandler(centre, onTrouble: onTrouble), onReady: onReady)
    } catch ServerError.cannotListen(_, _, let detail) {
      throw CentreError.cannotListen(address: "\(host):\(port)", detail: detail)
    } catch ServerError.certificateUnreadable {
      throw CentreError.keysMissing(folder: tlsFolder)
    }
    centre.worker?.stop()
    try centre.replica.close()
  }

  /// The greatest request: a batch with what stands around it.
  static let bodyLimit = 16 * 1024 * 1024
}
