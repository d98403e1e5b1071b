import ArgumentParser
import Merge
import ReplicaStore

/// `list`: the records of a table.
struct ListVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "list",
      abstract: say("列出一张表的记录。", "Lists the records of a table."),
      discussion: say("作废的记录不列出，除非写 --void。", "Void records are left out unless --void is given."))
  }

  @OptionGroup var table: TableArgument
  @Option(
    name: .customLong("where"), parsing: .unconditional,
    help: ArgumentHelp(say("只列这个字段等于这个值的记录。", "Only records whose field has this value."), valueName: "f=v"),
    transform: SealedArguments.open)
  var condition: String?
  @Flag(name: .customLong("void"), help: ArgumentHelp(say("连作废的也列出。", "Void records too.")))
  var includesVoid = false
  @Flag(name: .long, help: ArgumentHelp(say("CSV（UTF-8，带 BOM）。", "CSV (UTF-8 with BOM).")))
  var csv = false
  @OptionGroup var replica: ReplicaOptions

  var common: CommonOptions { replica.common }

  func validate() throws {
    if let condition { _ = try PutWords.pair(condition, of: "--where") }
    guard !(csv && common.json) else {
      throw ValidationError(say("--csv 和 --json 只能写一个。", "Only one of --csv and --json."))
    }
  }

  func perform(_ session: Session) throws {
    let table = try session.schema.tableNamed(table.table)
    let conditions = try condition.map { try PutWords.pair($0, of: "--where") }.map { pair in
      [(field: pair.name, value: try table.fieldNamed(pair.name).value(ofText: pair.value))]
    }
    try session.withReplica(replica.folder, .reading) { replica in
      let listing = Listing(session, table, csv: csv)
      try listing.begin()
      try replica.records(table: table.name, includeVoid: includesVoid, where: conditions ?? [], listing.add)
      try listing.end()
    }
  }
}

/// Records as they come, in the form asked for.
private final class Listing {
  private let session: Session
  private let table: Table
  private let csv: Bool
  private var count = 0

  init(_ session: Session, _ table: Table, csv: Bool) {
    self.session = session
    self.table = table
    self.csv = csv
  }

  func begin() throws {
    if csv {
      try session.answer.write(CommaSeparated.mark)
      try session.answer.write(CommaSeparated.line(["id", "scope"] + table.columns.map(\.name)))
    } else if session.asJSON {
      try session.answer.write("[")
    }
  }

  func add(_ record: RecordView) throws {
    defer { count += 1 }
    if csv {
      let cells = table.columns.map { record[$0.name]?.value.commaSeparated }
      try session.answer.write(CommaSeparated.line([record.id.hex, record.scope] + cells))
    } else if session.asJSON {
      if count > 0 { try session.answer.write(",") }
      try session.answer.write { record.json.write(to: &$0) }
    } else {
      try session.line(summary(record))
    }
  }

  func end() throws {
    if session.asJSON {
      try session.answer.write("]\n")
    } else if !csv && count == 0 {
      try session.line(say("没有记录。", "No records."))
    }
  }

  /// One line: the id and what the record holds, each value cut to what the eye takes in.
  private func summary(_ record: RecordView) -> String {
    let fields = record.fields.filter { $0.value != .null && !["voided", "void_reason"].contains($0.name) }
    let parts = fields.map { "\($0.name)=\(Plain.cut($0.value.shown, to: 24))\($0.isOpen ? say("〔冲突〕", "[!]") : "")" }
    let mark = record.isVoid ? say("〔作废〕 ", "[void] ") : ""
    return "\(record.id.hex)  \(mark)\(parts.joined(separator: "  "))"
  }
}
