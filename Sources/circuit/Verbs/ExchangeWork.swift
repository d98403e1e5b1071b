import Merge
import ReplicaStore
import Transport

/// What `enrol` and `sync` ask of `Transport`.
enum ExchangeWork {
  /// What an exchange did; bytes are those of HTTP bodies.
  struct Report {
    var sent: Int
    var received: Int
    var bytesUp: Int
    var bytesDown: Int
    var waiting: Int
    var excluded: Int
    var conflicts: Int
  }

  /// Enrols into a folder that is absent or empty.
  static func enrol(folder: String, centre: String, ticket: String, _ session: Session) throws -> DeviceID {
    throw CommandError.unexpected("enrol is not wired to Transport yet")
  }

  /// Exchanges until both sides are drained.
  static func sync(folder: String, _ session: Session) throws -> Report {
    throw CommandError.unexpected("sync is not wired to Transport yet")
  }
}
