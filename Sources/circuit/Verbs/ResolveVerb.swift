import ArgumentParser
import Merge
import ReplicaStore

/// `resolve`: a person decides what a field in conflict holds.
struct ResolveVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "resolve",
      abstract: say("由人决定一个冲突字段的值。", "A person decides a field in conflict."),
      discussion: say(
        "--value 写一个值，--take 采用已有的一次写入（circuit conflicts 列出来的 日志:序号）；两者取一。",
        "--value writes a value, --take keeps one of the writes that `circuit conflicts` shows; exactly one of them."))
  }

  @OptionGroup var table: TableArgument
  @Argument(help: ArgumentHelp(say("记录的编号。", "The record's id."), valueName: "ID"))
  var id: String
  @Argument(
    help: ArgumentHelp(say("字段名。", "Name of the field."), valueName: "FIELD"),
    completion: .custom(Completions.fields))
  var field: String
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(say("决定的值，写法同 put。", "The value decided, written as for put."), valueName: "V"),
    transform: SealedArguments.open)
  var value: String?
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(say("采用这一次写入的值。", "Takes the value of this write."), valueName: "LOG:SEQ"),
    transform: SealedArguments.open)
  var take: String?
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(say("决定的理由。", "Why it was decided so."), valueName: "TEXT"),
    transform: SealedArguments.open)
  var reason: String?
  @OptionGroup var scope: ScopeOption
  @OptionGroup var actor: ActorOption
  @OptionGroup var replica: ReplicaOptions

  var common: CommonOptions { replica.common }

  func validate() throws {
    guard (value == nil) != (take == nil) else {
      throw ValidationError(
        say("--value 和 --take 要写一个，也只写一个。", "Exactly one of --value and --take is needed."))
    }
  }

  func perform(_ session: Session) throws {
    let table = try session.schema.tableNamed(table.table)
    let id = try Written.record(id)
    let column = try table.fieldNamed(field)
    let choice = try choice(column)
    try session.withReplica(replica.folder, .writing) { replica in
      let committed = try replica.write(scope: scope.scope, actor: actor.text, note: reason ?? "") { draft in
        try draft.resolve(table.name, id, column.name, choice)
      }
      try session.print(committed, id: id)
    }
  }

  private func choice(_ column: Column) throws -> Draft.Choice {
    if let take { return .take(try Written.dot(take)) }
    return .value(try column.value(ofText: value ?? ""))
  }
}
