import ArgumentParser
import Merge

/// `enrol`: a new device and its replica.
struct EnrolVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "enrol",
      abstract: say("用登记凭证登记新设备，建立副本，打印设备编号。", "Enrols a new device, makes its replica, prints its id."),
      discussion: say(
        "文件夹要不存在或是空的。密钥存在 $XDG_DATA_HOME/circuit。",
        "The folder must be absent or empty. Keys are kept under $XDG_DATA_HOME/circuit."))
  }

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(say("中心的网址。", "The centre's address."), valueName: "URL"), transform: SealedArguments.open)
  var centre: String
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(say("登记凭证。", "The enrolment ticket."), valueName: "T"), transform: SealedArguments.open)
  var ticket: String
  @OptionGroup var replica: ReplicaOptions

  var common: CommonOptions { replica.common }

  func perform(_ session: Session) throws {
    let device = try ExchangeWork.enrol(folder: replica.folder, centre: centre, ticket: ticket, session)
    if session.asJSON {
      try session.print(.object(["device": .string(device.hex)]))
    } else {
      try session.line(device.hex)
    }
  }
}

/// `sync`: exchanges until both sides are drained.
struct SyncVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "sync",
      abstract: say("与中心交换，直到两边都没有新的。", "Exchanges with the centre until both sides are drained."))
  }

  @OptionGroup var replica: ReplicaOptions

  var common: CommonOptions { replica.common }

  func perform(_ session: Session) throws {
    let report = try ExchangeWork.sync(folder: replica.folder, session)
    if session.asJSON {
      try session.print(
        .object([
          "sent": .count(report.sent), "received": .count(report.received), "bytes_up": .count(report.bytesUp),
          "bytes_down": .count(report.bytesDown), "waiting": .count(report.waiting),
          "excluded": .count(report.excluded), "conflicts": .count(report.conflicts),
        ]))
    } else {
      try session.line(
        say(
          "送出 \(report.sent)，收到 \(report.received)；等待 \(report.waiting)，排除 \(report.excluded)，冲突 \(report.conflicts)。",
          "Sent \(report.sent), received \(report.received); waiting \(report.waiting), excluded \(report.excluded), "
            + "conflicts \(report.conflicts)."))
    }
  }
}
