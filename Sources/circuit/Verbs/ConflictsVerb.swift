import ArgumentParser
import Merge
import ReplicaStore

/// `conflicts`: what waits for a person.
struct ConflictsVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "conflicts",
      abstract: say("列出未决的冲突。", "Lists open conflicts."),
      discussion: say("用 circuit resolve 决定。", "`circuit resolve` decides one."))
  }

  @OptionGroup var replica: ReplicaOptions

  var common: CommonOptions { replica.common }

  func perform(_ session: Session) throws {
    try session.withReplica(replica.folder, .reading) { replica in
      let conflicts = try replica.conflicts()
      if session.asJSON {
        try session.print(.array(conflicts.map(\.json)))
      } else if conflicts.isEmpty {
        try session.line(say("没有冲突。", "No conflicts."))
      } else {
        for conflict in conflicts { try page(conflict, session) }
      }
    }
  }

  private func page(_ conflict: ConflictView, _ session: Session) throws {
    let table = session.schema.table(named: conflict.table)
    let field = table?.column(named: conflict.field)?.labelled ?? conflict.field
    let legal = conflict.isLegal ? say("  〔须由人决定〕", "  [a person must decide]") : ""
    try session.line(
      "\(table?.labelled ?? conflict.table) \(conflict.id.hex)  \(Plain.oneLine(conflict.scope))  \(field)\(legal)")
    let rows =
      [row(say("  现示", "  shown"), conflict.shown)] + conflict.others.map { row(say("  另有", "  other"), $0) }
    for line in Plain.table(rows) { try session.line(line) }
  }

  private func row(_ head: String, _ write: WriteView) -> [String] {
    [
      head, Plain.cut(write.value.shown, to: 40), write.who.isEmpty ? "—" : Plain.oneLine(write.who),
      Instant.text(milliseconds: write.when), write.dot.description,
    ]
  }
}
