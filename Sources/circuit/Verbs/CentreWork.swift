import CentralNode
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
    throw CommandError.unexpected("centre init is not wired to CentralNode yet")
  }

  /// Serves until SIGTERM; calls `ready` once with the address it listens on.
  static func run(
    folder: String, listen: ListenAddress, clockIsRight: Bool, _ session: Session,
    ready: (_ host: String, _ port: Int) throws -> Void
  ) throws {
    throw CommandError.unexpected("centre run is not wired to CentralNode yet")
  }

  /// A new ticket, one line.
  static func ticket(
    folder: String, scopes: [String], label: String, rights: Rights, _ session: Session
  ) throws -> String {
    throw CommandError.unexpected("centre ticket is not wired to CentralNode yet")
  }

  static func devices(folder: String, _ session: Session) throws -> [EnrolledDevice] {
    throw CommandError.unexpected("centre devices is not wired to CentralNode yet")
  }
}
