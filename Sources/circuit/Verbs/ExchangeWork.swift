import Merge
import ReplicaStore
import Transport

/// What `enrol` and `sync` ask of `Transport`.
enum ExchangeWork {
  /// Enrols into a folder that is absent or empty.
  static func enrol(folder: String, centre: String, ticket: String, _ session: Session) throws -> DeviceID {
    try Enrolment.enrol(
      folder: folder, centre: centre, ticket: ticket, schema: session.schema,
      surroundings: try session.surroundings(for: .writing))
  }

  /// Exchanges until both sides are drained.
  static func sync(folder: String, _ session: Session) throws -> SyncReport {
    let bar = ProgressBar(say("同步", "sync"))
    defer { bar.clear() }
    return try session.withReplica(folder, .writing) { replica in
      if replica.isCentre { throw ReplicaError.centreIsRead }
      return try Exchange(replica: replica).run { report in
        bar.show(done: report.sent + report.received, of: nil, bytes: report.bytesUp + report.bytesDown)
      }
    }
  }
}
