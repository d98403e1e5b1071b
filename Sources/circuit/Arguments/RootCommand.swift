import ArgumentParser

/// `circuit` itself.
struct RootCommand: VerbGroup {
  static let version = "0.1.0"

  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "circuit",
      abstract: say("巡回：断网也能用的法院记录。", "Court records that work without a network."),
      discussion: say(
        "命令在前，副本文件夹用 -C DIR 写在命令之后（不写就是当前文件夹）；--json 给程序用。"
          + "退出码：0 完成，1 数据或外部原因，2 用法不对。",
        "The verb comes first, the replica folder behind it as -C DIR (the current folder by default); --json is for "
          + "machines. Exit codes: 0 done, 1 what data or the world decides, 2 wrong usage."),
      version: "circuit \(version)",
      subcommands: verbs)
  }

  static let verbs: [any ParsableCommand.Type] = [
    CentreGroup.self, EnrolVerb.self, SyncVerb.self, StatusVerb.self,
    PutVerb.self, ApplyVerb.self, VoidVerb.self, ResolveVerb.self,
    GetVerb.self, ListVerb.self, HistoryVerb.self, ConflictsVerb.self,
    LogVerb.self, OrdersVerb.self, DumpVerb.self, DigestVerb.self, VerifyVerb.self,
    ImportVerb.self, BundleGroup.self, SchemaVerb.self, DemoVerb.self, ManualVerb.self, ErrorsVerb.self,
  ]

  /// Whether the first word of a call is a verb, so that wrong usage can say which word is meant.
  static func knows(verb: String) -> Bool {
    verb == "help" || verb == "---completion" || verbs.contains { $0.configuration.commandName == verb }
  }
}
