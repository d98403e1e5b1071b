import ArgumentParser

/// `errors`, hidden: prints `docs/errors.md` from the catalogue.
struct ErrorsVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "errors", abstract: say("打印全部错误码的说明。", "Prints the page of all error codes."), shouldDisplay: false)
  }

  @OptionGroup var common: CommonOptions

  func perform(_ session: Session) throws {
    for line in ErrorCatalogue.page { try session.line(line) }
  }
}
