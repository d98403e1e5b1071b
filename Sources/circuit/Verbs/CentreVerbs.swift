import ArgumentParser
import Merge
import ReplicaStore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `centre`: the court's node 中心.
struct CentreGroup: VerbGroup {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "centre",
      abstract: say(
        "法院的中心：建立、运行、发登记凭证、看设备、排除变更。", "The court's centre: make it, run it, admit devices, take changes out."),
      subcommands: [
        CentreInitVerb.self, CentreRunVerb.self, CentreTicketVerb.self, CentreDevicesVerb.self,
        CentreExcludeVerb.self,
      ])
  }
}

/// The centre's folder, the first argument of its verbs.
struct CentreFolderArgument: ParsableArguments {
  @Argument(help: ArgumentHelp(say("中心的文件夹。", "The centre's folder."), valueName: "DIR"), completion: .directory)
  var path: String
}

/// `centre init`: keys, order log, local CA, store.
struct CentreInitVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "init",
      abstract: say("建立中心：密钥、命令簿、证书、存储。", "Makes a centre: keys, order log, local CA, store."))
  }

  @OptionGroup var folder: CentreFolderArgument
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(say("法院名称。", "The court's name."), valueName: "NAME"), transform: SealedArguments.open)
  var court: String
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(say("法院代字，如 豫1103。", "The court's code, such as 豫1103."), valueName: "CODE"),
    transform: SealedArguments.open)
  var code: String
  @Option(
    name: .long, parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      say("证书上另写的主机名，可重复。", "Another host name for the certificate; repeats."), valueName: "NAME"),
    transform: SealedArguments.open)
  var host: [String] = []
  @OptionGroup var common: CommonOptions

  func perform(_ session: Session) throws {
    let id = try CentreWork.initialise(folder: folder.path, court: court, code: code, hosts: host, session)
    if session.asJSON {
      try session.print(.object(["court": .string(id.hex)]))
    } else {
      try session.line(id.hex)
    }
  }
}

/// `centre run`: serves until it is told to stop.
struct CentreRunVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "run",
      abstract: say("运行中心，直到收到 SIGTERM。", "Runs the centre until SIGTERM."))
  }

  @OptionGroup var folder: CentreFolderArgument
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(say("监听的地址和端口。", "Where to listen."), valueName: "ADDRESS:PORT"),
    transform: SealedArguments.open)
  var listen: String = "127.0.0.1:8443"
  @Flag(
    name: .customLong("clock-is-right"),
    help: ArgumentHelp(
      say("由操作员确认中心的时钟是对的。", "The operator confirms that the centre's clock is right.")))
  var clockIsRight = false
  @OptionGroup var common: CommonOptions

  func perform(_ session: Session) throws {
    let address = try ListenAddress(listen)
    try CentreWork.run(folder: folder.path, listen: address, clockIsRight: clockIsRight, session) { host, port in
      // Written at once: whoever waits for the line may be a script. The server goes on when nobody reads it.
      let line = "listening on https://\(host.utf8.contains(0x3A) ? "[\(host)]" : host):\(port)\n"
      _ = Array(line.utf8).withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
    }
  }
}

/// `centre ticket`: a one-time enrolment ticket 登记凭证, one line.
struct CentreTicketVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "ticket",
      abstract: say("发一份一次有效的登记凭证。", "Makes a one-time enrolment ticket."))
  }

  @OptionGroup var folder: CentreFolderArgument
  @Option(
    name: .long, parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      say("设备所属的范围，可重复；没有的范围随之建立。", "A scope of the device; repeats, and makes a new scope."),
      valueName: "S"),
    transform: SealedArguments.open)
  var scope: [String]
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(say("设备的名称，给人看。", "What people call the device."), valueName: "TEXT"),
    transform: SealedArguments.open)
  var label: String
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(
      say("在所列范围里的权限；不写就是全部。", "Rights in the named scopes; all by default."),
      valueName: "read,append,correct,void,export"),
    transform: SealedArguments.open)
  var rights: String?
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(say("写入这个文件，不打印。", "Writes it to this file instead of printing."), valueName: "FILE"),
    completion: .file(), transform: SealedArguments.open)
  var out: String?
  @OptionGroup var common: CommonOptions

  func perform(_ session: Session) throws {
    let granted = try rights.map(Rights.init(words:)) ?? .all
    let ticket = try CentreWork.ticket(folder: folder.path, scopes: scope, label: label, rights: granted, session)
    if let out { try OutputFile.write(ticket + "\n", to: out) }
    if session.asJSON {
      try session.print(.object(["ticket": .string(ticket)]))
    } else if out == nil {
      try session.line(ticket)
    }
  }
}

extension Rights {
  /// Names parted by commas.
  ///
  /// - Throws: ``CommandError/unknownRight(_:)``.
  fileprivate init(words: String) throws(CommandError) {
    self = []
    for word in words.split(separator: ",", omittingEmptySubsequences: false) {
      guard let right = Rights.names.first(where: { $0.1 == word }) else { throw .unknownRight(String(word)) }
      insert(right.0)
    }
  }
}

/// `centre devices`: who is enrolled.
struct CentreDevicesVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "devices",
      abstract: say("列出已登记的设备。", "Lists enrolled devices."))
  }

  @OptionGroup var folder: CentreFolderArgument
  @OptionGroup var common: CommonOptions

  func perform(_ session: Session) throws {
    let devices = try CentreWork.devices(folder: folder.path, session)
    if session.asJSON {
      try session.print(.array(devices.map(\.json)))
    } else {
      let rows = devices.map { device in
        [
          device.device.hex, Plain.oneLine(device.label), Plain.oneLine(device.scopes.joined(separator: " ")),
          device.lastSeen.map(Instant.text(milliseconds:)) ?? say("从未联系", "never seen"),
        ]
      }
      for line in Plain.table(rows) { try session.line(line) }
    }
  }
}
