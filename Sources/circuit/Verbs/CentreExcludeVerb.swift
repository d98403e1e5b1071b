import ArgumentParser
import Merge

/// `centre exclude`: takes changes out, or ends the wait for a burnt machine's past.
struct CentreExcludeVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "exclude",
      abstract: say("排除一段变更，或不再等待烧毁机器的过去。", "Takes changes out, or ends the wait for a burnt machine's past."),
      discussion: say(
        "排除不可撤销；其中真实的内容由负责人另行写入。没有 --to 就从该变更起全部排除。",
        "Exclusion is final; what was honest in it is written anew by a person who answers for it. Without --to all from "
          + "that change on is excluded."))
  }

  @OptionGroup var folder: CentreFolderArgument
  @Argument(help: ArgumentHelp(say("从哪条变更起，日志:序号。", "From which change, LOG:SEQ."), valueName: "LOG:SEQ"))
  var dot: String
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(say("到哪个序号为止。", "To which sequence."), valueName: "SEQ"), transform: SealedArguments.open)
  var to: String?
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(say("理由代码，如 burnt。", "Reason code, such as burnt."), valueName: "CODE"),
    transform: SealedArguments.open)
  var reason: String
  @OptionGroup var common: CommonOptions

  func perform(_ session: Session) throws {
    guard let from = Dot(text: dot) else { throw CommandError.malformedDot(dot) }
    let end = try to.map { text in
      guard let dot = Dot(text: "\(from.log.hex):\(text)") else { throw CommandError.malformedDot(text) }
      return dot.sequence
    }
    let order = try CentreWork.withCentre(folder.path, session) { try $0.exclude(from, to: end, reason: reason) }
    if session.asJSON {
      try session.print(.object(["number": .natural(order.mark.number)]))
    } else {
      try session.line(say("已发出第 \(order.mark.number) 号命令。", "Order \(order.mark.number) is issued."))
    }
  }
}
