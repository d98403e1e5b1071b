import ArgumentParser

/// `demo`: the whole story on one machine.
struct DemoVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "demo",
      abstract: say("在一台机器上演示全过程。", "Shows the whole story on one machine."))
  }

  @Argument(
    help: ArgumentHelp(say("演示用的文件夹；不写就用临时文件夹。", "A folder for it; a temporary one by default."), valueName: "DIR"),
    completion: .directory)
  var folder: String?
  @OptionGroup var common: CommonOptions

  func perform(_ session: Session) throws {
    throw CommandError.unexpected("demo is not wired yet")
  }
}
