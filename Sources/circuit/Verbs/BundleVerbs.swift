import ArgumentParser
import CentralNode
import Court
import Merge
import ReplicaStore
import Transport

/// `bundle`: sneakernet 交换包, both ways, for devices and the centre.
struct BundleGroup: VerbGroup {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "bundle",
      abstract: say("用 U 盘交换：导出、导入、查看交换包。", "Exchange by stick: export, import and show bundles."),
      subcommands: [BundleExportVerb.self, BundleImportVerb.self, BundleShowVerb.self])
  }
}

/// The bundle's file.
struct BundleArgument: ParsableArguments {
  @Argument(help: ArgumentHelp(say("交换包文件。", "The bundle's file."), valueName: "FILE"), completion: .file())
  var file: String
}

/// `bundle export`.
struct BundleExportVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "export",
      abstract: say("把对方还没有的内容写进一个签名的文件。", "Writes what the other side lacks to one signed file."),
      discussion: say(
        "不写 --to 就是给中心。在中心的文件夹里必须写 --to。看到“可以拔出”再拔 U 盘。",
        "Without --to it is for the centre; in the centre's folder --to is required. Pull the stick out only after the "
          + "line that says so."))
  }

  @OptionGroup var bundle: BundleArgument
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(say("给哪台设备，或 centre。", "For which device, or centre."), valueName: "DEVICE|centre"),
    transform: SealedArguments.open)
  var to: String?
  @OptionGroup var replica: ReplicaOptions

  var common: CommonOptions { replica.common }

  func validate() throws {
    if to == nil, BundleWork.isCentre(folder: replica.folder) {
      throw ValidationError(say("在中心的文件夹里要用 --to 写明给哪台设备。", "In the centre's folder --to says for which device."))
    }
  }

  func perform(_ session: Session) throws {
    let (report, files) = try BundleWork.export(folder: replica.folder, to: to, file: bundle.file, session)
    if session.asJSON { return try session.print(report.json) }
    if files.count > 1 {
      try session.line(
        say(
          "内容较多，分成 \(files.count) 个文件，请放在一起带走，取入时只写第一个：\(files.joined(separator: "、"))",
          "It is too much for one file. Carry all \(files.count) together, and import the first: "
            + files.joined(separator: ", ")))
    }
    try session.line(
      say(
        "写入变更 \(report.changes)，命令 \(report.orders)，共 \(report.bytes) 字节；已写盘并读回核对，可以拔出。",
        "Wrote \(report.changes) changes and \(report.orders) orders in \(report.bytes) bytes; on the disk and read back: "
          + "safe to pull out."))
  }
}

/// `bundle import`.
struct BundleImportVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "import",
      abstract: say("从交换包取入新的内容；先全部核验，再写入。", "Takes what is new from a bundle: all is verified first, then taken."))
  }

  @OptionGroup var bundle: BundleArgument
  @OptionGroup var replica: ReplicaOptions

  var common: CommonOptions { replica.common }

  func perform(_ session: Session) throws {
    let report = try BundleWork.importing(folder: replica.folder, file: bundle.file, session)
    if session.asJSON { return try session.print(report.json) }
    try session.line(
      say(
        "取入新的变更 \(report.changes)，命令 \(report.orders)。",
        "Took \(report.changes) new changes and \(report.orders) new orders."))
  }
}

/// `bundle show`.
struct BundleShowVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "show",
      abstract: say("核验一个交换包，说明其中有什么。", "Verifies a bundle and says what is in it."))
  }

  @OptionGroup var bundle: BundleArgument
  @OptionGroup var common: CommonOptions

  func perform(_ session: Session) throws {
    let (bundle, batches, size) = try BundleFile.read(bundle.file)
    let report = BundleFile.report(batches, size: size)
    if session.asJSON {
      return try session.print(
        .object([
          "changes": .count(report.changes), "orders": .count(report.orders), "bytes": .count(report.bytes),
          "court": .string(bundle.court.hex), "from": .string(bundle.exporter.device.hex),
          "to": .string(bundle.recipient.hex), "number": .natural(bundle.number),
        ]))
    }
    try session.line(
      say(
        "法院 \(bundle.court)，设备 \(bundle.exporter.device) 给 \(bundle.recipient) 的第 \(bundle.number) 个交换包："
          + "变更 \(report.changes)，命令 \(report.orders)，\(report.bytes) 字节。",
        "Bundle \(bundle.number) of device \(bundle.exporter.device) for \(bundle.recipient), court \(bundle.court): "
          + "\(report.changes) changes, \(report.orders) orders, \(report.bytes) bytes."))
  }
}

extension BundleReport {
  fileprivate var json: JSON {
    .object(["changes": .count(changes), "orders": .count(orders), "bytes": .count(bytes)])
  }
}

/// What the bundle verbs ask of `Transport` and `CentralNode`.
enum BundleWork {
  static func isCentre(folder: String) -> Bool {
    guard
      let replica = try? Replica.open(
        folder: folder, schema: CourtSchema.current, access: .reading, surroundings: .system(keyFolder: ""))
    else { return false }
    defer { try? replica.close() }
    return replica.isCentre
  }

  /// Returns what was written, and to which files.
  static func export(
    folder: String, to: String?, file: String, _ session: Session
  ) throws -> (BundleReport, files: [String]) {
    func written(_ exported: ([Bundle], BundleReport)) throws -> (BundleReport, files: [String]) {
      try BundleFile.write(exported.0, to: file)
      return (exported.1, BundleFile.files(file, count: exported.0.count))
    }
    if isCentre(folder: folder) {
      guard let to, let device = Identifier(hex: to) else { throw CommandError.malformedID(to ?? "") }
      return try CentreWork.withCentre(folder, session) { try written($0.exportBundles(to: device)) }
    }
    let recipient: BundleExchange.Recipient
    if let to, to != "centre" {
      guard let device = Identifier(hex: to) else { throw CommandError.malformedID(to) }
      recipient = .device(device)
    } else {
      recipient = .centre
    }
    return try session.withReplica(folder, .writing) { try written(BundleExchange.export($0, to: recipient)) }
  }

  static func importing(folder: String, file: String, _ session: Session) throws -> BundleReport {
    let parts = try BundleFile.parts(from: file)
    if isCentre(folder: folder) {
      return try CentreWork.withCentre(folder, session) { centre in
        BundleReport(of: try parts.map { try centre.importBundle($0) })
      }
    }
    return try session.withReplica(folder, .writing) { replica in
      BundleReport(of: try parts.map { try BundleExchange.import($0, into: replica) })
    }
  }
}
