import ArgumentParser
import Merge
import ReplicaStore

/// `void` 作废: marks a record void; nothing is ever deleted.
struct VoidVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "void",
      abstract: say("把一条记录作废。", "Marks a record void."),
      discussion: say(
        "作废的记录仍保存，put voided=false 可以撤销。", "A void record is kept; `put … voided=false` undoes it."))
  }

  @OptionGroup var table: TableArgument
  @Argument(help: ArgumentHelp(say("记录的编号。", "The record's id."), valueName: "ID"))
  var id: String
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(say("作废的理由，随记录保存。", "Why; kept with the record."), valueName: "TEXT"),
    transform: SealedArguments.open)
  var reason: String
  @OptionGroup var scope: ScopeOption
  @OptionGroup var actor: ActorOption
  @OptionGroup var replica: ReplicaOptions

  var common: CommonOptions { replica.common }

  func perform(_ session: Session) throws {
    let table = try session.schema.tableNamed(table.table)
    let id = try Written.record(id)
    try session.withReplica(replica.folder, .writing) { replica in
      let committed = try replica.write(scope: scope.scope, actor: actor.text, note: reason) { draft in
        try draft.void(table.name, id, reason: reason)
      }
      try session.print(committed, id: id)
    }
  }
}
