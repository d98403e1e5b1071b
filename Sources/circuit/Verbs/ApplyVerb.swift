import ArgumentParser
import Merge
import ReplicaStore

/// `apply`: many writes from JSONL, a blank line ends a transaction.
struct ApplyVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "apply",
      abstract: say("从 JSONL 文件写入许多记录。", "Writes many records from a JSONL file."),
      discussion: say(
        "每行 {\"table\",\"id\",\"scope\",\"as\",\"set\":{字段:值}}，id、scope、as 可省；空行结束一次事务。"
          + "每次提交后打印一行编号。遇到第一个错误就停，之前提交的有效。",
        "A line is {\"table\",\"id\",\"scope\",\"as\",\"set\":{field:value}} with id, scope and as optional; a blank line "
          + "ends a transaction. After each commit its ids are printed on one line. The first error stops; what was "
          + "committed before it stands."))
  }

  @Argument(
    help: ArgumentHelp(say("JSONL 文件，- 是标准输入。", "A JSONL file, - is standard input."), valueName: "FILE"),
    completion: .file())
  var file: String
  @OptionGroup var replica: ReplicaOptions

  var common: CommonOptions { replica.common }

  func perform(_ session: Session) throws {
    // Unlike a reader of `log`, whoever closes this pipe has writes that were not made.
    session.answer.mustArrive = true
    var lines = try InputLines(path: file)
    try session.withReplica(replica.folder, .writing) { replica in
      var transaction = Transaction()
      var number = 0
      while let line = try lines.next() {
        number += 1
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
          try commit(&transaction, replica, session)
        } else {
          try transaction.add(line, number: number, schema: session.schema) { replica.newRecordID() }
        }
      }
      try commit(&transaction, replica, session)
    }
  }

  private func commit(_ transaction: inout Transaction, _ replica: Replica, _ session: Session) throws {
    guard !transaction.writes.isEmpty else { return }
    defer { transaction = Transaction() }
    let committed: Committed
    do {
      committed = try replica.write(scope: transaction.scope, actor: transaction.actor ?? "", note: "") { draft in
        try transaction.fill(&draft)
      }
    } catch let error as any ExplainedError {
      throw transaction.placed(error)
    }
    let ids = committed.records.map(\.hex)
    if session.asJSON {
      try session.print(.array(ids.map(JSON.string)))
    } else {
      try session.line(ids.joined(separator: " "))
    }
    try session.answer.flush()
  }
}
