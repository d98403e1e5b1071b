import ArgumentParser
import Merge
import ReplicaStore

/// `get`: one record with all its fields.
struct GetVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "get", abstract: say("看一条记录。", "Shows one record."))
  }

  @OptionGroup var table: TableArgument
  @Argument(help: ArgumentHelp(say("记录的编号。", "The record's id."), valueName: "ID"))
  var id: String
  @OptionGroup var scope: ScopeOption
  @OptionGroup var replica: ReplicaOptions

  var common: CommonOptions { replica.common }

  func perform(_ session: Session) throws {
    let table = try session.schema.tableNamed(table.table)
    let id = try Written.record(id)
    try session.withReplica(replica.folder, .reading) { replica in
      guard let record = try replica.record(table: table.name, id: id, scope: scope.scope) else {
        throw ReplicaError.noSuchRecord(table: table.name, id: id)
      }
      if session.asJSON {
        try session.print(record.json)
      } else {
        for line in RecordPage(record, table).lines { try session.line(line) }
      }
    }
  }
}

/// A record for a person's eyes: a line a field.
struct RecordPage {
  let lines: [String]

  init(_ record: RecordView, _ table: Table) {
    let title = "\(table.labelled)  \(record.id.hex)  \(Plain.oneLine(record.scope))"
    let rows = record.fields.map { field in
      [
        "  " + (table.column(named: field.name)?.labelled ?? field.name),
        field.value.shown + (field.isOpen ? say("  〔有冲突〕", "  [in conflict]") : ""),
      ]
    }
    lines = [record.isVoid ? title + say("  〔已作废〕", "  [void]") : title] + Plain.table(rows)
  }
}

extension Table {
  /// The name that scripts use, and in Chinese the table's own behind it.
  var labelled: String { say("\(name) \(zh)", name) }
}

extension Column {
  var labelled: String { say("\(name) \(zh)", name) }
}
