import ArgumentParser

/// What every verb takes.
struct CommonOptions: ParsableArguments {
  @Flag(name: .long, help: ArgumentHelp(say("给程序读的 JSON。", "JSON for machines.")))
  var json = false

  /// Taken out before parsing (``SealedArguments``); named here for the help page.
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(
      say("说中文（zh）还是英文（en）。", "Chinese (zh) or English (en)."), valueName: "zh|en"),
    completion: .list(["zh", "en"]), transform: SealedArguments.open)
  var lang: String?
}

/// What every verb on a replica takes.
struct ReplicaOptions: ParsableArguments {
  @Option(
    name: [.customShort("C", allowingJoined: true)], parsing: .unconditional,
    help: ArgumentHelp(say("副本文件夹；不写就是当前文件夹。", "Replica folder; the current one by default."), valueName: "DIR"),
    completion: .directory, transform: SealedArguments.open)
  var folder: String = "."

  @OptionGroup var common: CommonOptions
}

/// The scope of a record 范围, where a verb takes one.
struct ScopeOption: ParsableArguments {
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(
      say("范围：court、tribunal/名称、department/名称、statistics。", "court, tribunal/NAME, department/NAME or statistics."),
      valueName: "S"),
    transform: SealedArguments.open)
  var scope: String?
}

/// Who writes, where a verb takes it.
struct ActorOption: ParsableArguments {
  @Option(
    name: [.customLong("as")], parsing: .unconditional,
    help: ArgumentHelp(say("由谁经办，随变更一起保存。", "Who acts; kept with the change."), valueName: "USER"),
    transform: SealedArguments.open)
  var actor: String?

  /// The text kept: `""` where nobody was named.
  var text: String { actor ?? "" }
}

/// The table a verb works on.
struct TableArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(say("表名，见 circuit schema。", "Name of a table, see circuit schema."), valueName: "TABLE"),
    completion: .custom(Completions.tables))
  var table: String
}
