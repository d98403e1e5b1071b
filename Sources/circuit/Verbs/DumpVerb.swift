import ArgumentParser
import ReplicaStore

/// `dump`: every record, for comparing and moving; JSONL with and without `--json`.
struct DumpVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "dump",
      abstract: say("导出全部记录（JSONL，不遮盖）。", "Prints every record (JSONL, never masked)."),
      discussion: say("内容相同的副本，打印的字节相同。", "Equal replicas print equal bytes."))
  }

  @OptionGroup var replica: ReplicaOptions

  var common: CommonOptions { replica.common }

  func perform(_ session: Session) throws {
    try session.withReplica(replica.folder, .reading) { replica in
      try replica.dump { try session.print($0.dumped) }
    }
  }
}
