import Court
import Merge
import ReplicaStore

extension Session {
  /// The tables the command line knows.
  var schema: Schema { CourtSchema.current }

  /// The machine as a replica sees it. Reading needs no keys, so it works where no folder for them can be found.
  ///
  /// - Throws: ``CommandError/noKeyFolder`` for writing.
  func surroundings(for access: Replica.Access) throws -> Surroundings {
    if let folder = environment.keyFolder { return .system(keyFolder: folder) }
    guard case .reading = access else { throw CommandError.noKeyFolder }
    return .system(keyFolder: "/nonexistent")
  }

  /// Opens the replica of a folder, does the work, and closes it again.
  ///
  /// When the work fails, that error is the one told, whatever closing then says.
  func withReplica<Result>(
    _ folder: String, _ access: Replica.Access, _ body: (Replica) throws -> Result
  ) throws -> Result {
    let replica = try Replica.open(
      folder: folder, schema: schema, access: access, surroundings: try surroundings(for: access))
    let result: Swift.Result<Result, any Error> = .init { try body(replica) }
    let closing: Swift.Result<Void, any Error> = .init { try replica.close() }
    let value = try result.get()
    try closing.get()
    return value
  }

  /// Prints what a write became, and lets nothing hold it back: what is printed here is committed.
  func print(_ committed: Committed, id: RecordID) throws {
    if asJSON {
      try print(
        .object([
          "id": .string(id.hex), "log": .string(committed.dot.log.hex), "seq": .natural(committed.dot.sequence),
        ]))
    } else {
      try line(id.hex)
    }
    try answer.flush()
  }
}
