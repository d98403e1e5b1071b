import ArgumentParser
import Merge
import ReplicaStore

/// `put`: one record in one change.
struct PutVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "put",
      abstract: say("写一条记录，打印它的编号。", "Writes one record and prints its id."),
      usage: "circuit put [-C DIR] TABLE [ID] field=value … [--scope S] [--as USER] [--seen FIELD=LOG:SEQ[,…]]",
      discussion: say(
        "没有编号就新建；字段写成 字段=值：空值是 null，@文件 取文件内容，@@x 是文本“@x”。",
        "Without an ID a new record begins. A field is name=value: nothing is null, @PATH a file's bytes, @@x the text "
          + "'@x'."))
  }

  @OptionGroup var table: TableArgument
  @Argument(
    help: ArgumentHelp(say("编号（可省）和各个 字段=值。", "An id (optional) and field=value words."), valueName: "ID|field=value"),
    completion: .custom(Completions.assignments))
  var words: [String] = []
  @OptionGroup var scope: ScopeOption
  @OptionGroup var actor: ActorOption
  @Option(
    name: .long, parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      say(
        "改动开始时看到的写入；已有别的写入就拒绝。可重复，“字段=”表示当时是空的。",
        "The writes this edit began from; refused when there are others. Repeats; 'field=' means shown empty."),
      valueName: "FIELD=LOG:SEQ[,…]"),
    transform: SealedArguments.open)
  var seen: [String] = []
  @OptionGroup var replica: ReplicaOptions

  var common: CommonOptions { replica.common }

  func validate() throws {
    _ = try PutWords(words)
    for pair in seen { _ = try PutWords.pair(pair, of: "--seen") }
  }

  func perform(_ session: Session) throws {
    let words = try PutWords(words)
    let table = try session.schema.tableNamed(table.table)
    let given = try words.id.map(Written.record)
    let values = try words.assignments.map {
      (name: $0.name, value: try table.fieldNamed($0.name).value(ofText: $0.value))
    }
    let seen = try expectations(table)
    try session.withReplica(replica.folder, .writing) { replica in
      let id = given ?? replica.newRecordID()
      let committed = try replica.write(scope: scope.scope, actor: actor.text, note: "") { draft in
        for (field, dots) in seen { try draft.expect(table.name, id, field, seen: dots) }
        for (field, value) in values { try draft.set(table.name, id, field, value) }
      }
      try session.print(committed, id: id)
    }
  }

  /// The dots named for each field, those of a field named twice together.
  private func expectations(_ table: Table) throws -> [(field: String, dots: [Dot])] {
    var found: [(field: String, dots: [Dot])] = []
    for pair in try seen.map({ try PutWords.pair($0, of: "--seen") }) {
      let field = try table.fieldNamed(pair.name).name
      let dots = try Written.dots(pair.value)
      if let place = found.firstIndex(where: { $0.field == field }) {
        found[place].dots.append(contentsOf: dots.filter { !found[place].dots.contains($0) })
      } else {
        found.append((field, dots))
      }
    }
    return found
  }
}
