import ArgumentParser
import Merge
import ReplicaStore

/// `history`: every write of a record, who, when, why.
struct HistoryVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "history",
      abstract: say("看一条记录的每一次写入。", "Shows every write of a record."))
  }

  @OptionGroup var table: TableArgument
  @Argument(help: ArgumentHelp(say("记录的编号。", "The record's id."), valueName: "ID"))
  var id: String
  @Argument(
    help: ArgumentHelp(say("只看这个字段。", "Only this field."), valueName: "FIELD"),
    completion: .custom(Completions.fields))
  var field: String?
  @OptionGroup var scope: ScopeOption
  @OptionGroup var replica: ReplicaOptions

  var common: CommonOptions { replica.common }

  func perform(_ session: Session) throws {
    let table = try session.schema.tableNamed(table.table)
    let id = try Written.record(id)
    let column = try field.map { try table.fieldNamed($0) }
    try session.withReplica(replica.folder, .reading) { replica in
      let entries = try replica.history(table: table.name, id: id, scope: scope.scope, field: column?.name)
      // A field nobody wrote has an empty history; a record nobody wrote is a mistake.
      if entries.isEmpty, try replica.scopesHolding(table: table.name, id: id).isEmpty {
        throw ReplicaError.noSuchRecord(table: table.name, id: id)
      }
      if session.asJSON {
        try session.print(.array(entries.map(\.json)))
      } else {
        for line in Plain.table(entries.map(row)) { try session.line(line) }
      }
    }
  }

  private func row(_ entry: HistoryEntry) -> [String] {
    [
      Instant.text(milliseconds: entry.when), Plain.oneLine(entry.field), Plain.cut(entry.value.shown, to: 40),
      entry.who.isEmpty ? "—" : Plain.oneLine(entry.who), entry.state.word, entry.dot.description,
      [entry.decides ? say("决定", "decided") : "", Plain.oneLine(entry.note)].filter { !$0.isEmpty }
        .joined(separator: " "),
    ]
  }
}

extension ChangeState {
  /// The state for a person's eyes.
  var word: String {
    switch self {
    case .applied: say("已生效", "applied")
    case .waiting: say("等待中", "waiting")
    case .excluded: say("已排除", "excluded")
    }
  }
}
