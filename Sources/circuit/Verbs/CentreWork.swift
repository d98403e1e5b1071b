import CentralNode
import Foundation
import Merge
import ReplicaStore

/// What the centre's verbs ask of `CentralNode`.
enum CentreWork {
  /// One enrolled device as `centre devices` shows it.
  struct EnrolledDevice {
    var device: DeviceID
    var label: String
    var scopes: [String]
    /// Milliseconds of the last contact.
    var lastSeen: UInt64?
    /// The newest sequence of each log that it showed to hold, in order of log.
    var held: [Dot]

    var json: JSON {
      .object([
        "device": .string(device.hex), "label": .string(label), "scopes": .array(scopes.map(JSON.string)),
        "last_seen": .optional(lastSeen.map(Instant.text(milliseconds:))),
        "held": .object(held.map { JSON.Member(name: $0.log.hex, value: .natural($0.sequence)) }),
      ])
    }
  }

  /// Makes a centre in a folder that has none.
  static func initialise(
    folder: String, court: String, code: String, hosts: [String], _ session: Session
  ) throws -> Identifier {
    try CentralNode.CentreFolder(folder).initialise(
      court: court, code: code, hosts: hosts, schema: session.schema, machine: machine)
  }

  /// Serves until SIGTERM; calls `ready` once with the address it listens on.
  static func run(
    folder: String, listen: ListenAddress, clockIsRight: Bool, _ session: Session,
    ready: @escaping @Sendable (_ host: String, _ port: Int) -> Void
  ) throws {
    let centre = CentralNode.CentreFolder(folder)
    let schema = session.schema
    let tongue = session.tongue
    // The server is asynchronous, the command line is not: this thread waits for it.
    let ended = DispatchSemaphore(value: 0)
    let outcome = Outcome()
    Task.detached {
      do {
        try await centre.serve(
          schema: schema, machine: machine, host: listen.host, port: listen.port, clockIsRight: clockIsRight,
          onTrouble: { tell($0, tongue) }, onReady: { port in ready(listen.host, port) })
      } catch {
        outcome.set(error)
      }
      ended.signal()
    }
    ended.wait()
    if let error = outcome.error { throw error }
  }

  /// One line for the operator, who may read it in the service's log.
  @Sendable private static func tell(_ error: any Error, _ tongue: Tongue) {
    Speech.$tongue.withValue(tongue) {
      let line = Array((Failure(error).line(asJSON: false) + "\n").utf8)
      _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    }
  }

  /// What a served centre ended with.
  private final class Outcome: @unchecked Sendable {
    private let lock = NSLock()
    private var ended: (any Error)?
    var error: (any Error)? { lock.withLock { ended } }
    func set(_ error: any Error) { lock.withLock { ended = error } }
  }

  /// A new ticket, one line.
  static func ticket(
    folder: String, scopes: [String], label: String, rights: Rights, _ session: Session
  ) throws -> String {
    try withCentre(folder, session) { try $0.ticket(scopes: scopes, label: label, rights: rights).line }
  }

  static func devices(folder: String, _ session: Session) throws -> [EnrolledDevice] {
    try withCentre(folder, session) { centre in
      try centre.devices().map { device in
        EnrolledDevice(
          device: device.device, label: device.label, scopes: device.scopes, lastSeen: device.lastSeen,
          held: device.held.map { Dot($0.log, $0.sequence) })
      }
    }
  }

  static func withCentre<T>(_ folder: String, _ session: Session, _ body: (Centre) throws -> T) throws -> T {
    let centre = try CentralNode.CentreFolder(folder).open(schema: session.schema, machine: machine)
    let result = Result { try body(centre) }
    try centre.replica.close()
    return try result.get()
  }

  /// The machine's clock and randomness; a centre's keys lie in its own folder.
  private static var machine: Surroundings { .system(keyFolder: "") }
}
