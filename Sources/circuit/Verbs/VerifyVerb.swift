import ArgumentParser
import ReplicaStore

/// `verify`: rebuilds everything from the log and compares; mends nothing.
struct VerifyVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "verify",
      abstract: say("从日志重建并核对整个副本。", "Rebuilds the replica from its log and checks it."))
  }

  @OptionGroup var replica: ReplicaOptions

  var common: CommonOptions { replica.common }

  func perform(_ session: Session) throws {
    try session.withReplica(replica.folder, .reading) { replica in
      let found = try replica.verify()
      if session.asJSON {
        try session.print(
          .object(["ok": .boolean(true), "changes": .count(found.changes), "records": .count(found.records)]))
      } else {
        try session.line(
          say(
            "完好：\(found.changes) 次变更，\(found.records) 条记录。",
            "Sound: \(found.changes) changes, \(found.records) records."))
      }
    }
  }
}
