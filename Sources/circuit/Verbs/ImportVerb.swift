import ArgumentParser
import ChangeFormat
import Court
import Merge
import ReplicaStore

/// `import`: records from a CSV file, all or nothing.
struct ImportVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "import",
      abstract: say("从 CSV 文件导入记录；要么全部写入，要么一条不写。", "Imports records from a CSV file, all or nothing."),
      discussion: say(
        "UTF-8 或 GB18030。第一行是字段名，可有 id 和 scope；空格子不写。有错的行逐一列出。",
        "UTF-8 or GB18030. The first row names the fields, id and scope may be among them; an empty cell writes nothing. "
          + "Every bad line is named."))
  }

  @OptionGroup var table: TableArgument
  @Argument(help: ArgumentHelp(say("CSV 文件。", "The CSV file."), valueName: "FILE.csv"), completion: .file())
  var file: String
  @OptionGroup var scope: ScopeOption
  @OptionGroup var actor: ActorOption
  @OptionGroup var replica: ReplicaOptions

  var common: CommonOptions { replica.common }

  func perform(_ session: Session) throws {
    let table = try session.schema.tableNamed(table.table)
    let bytes = try TextFile.utf8(of: file)
    try session.withReplica(replica.folder, .writing) { replica in
      let rows = try ImportFile(
        bytes, file: file, table: table, scope: scope.scope, shared: try replica.ownScopes(),
        newID: replica.newRecordID)
      let committed: [Committed]
      do {
        committed = try replica.writeTogether(
          rows.chunks.map { chunk in
            Replica.Part(scope: chunk.scope, actor: actor.text, note: "") { draft in
              for row in chunk.rows {
                for cell in row.cells { try draft.set(table.name, row.id, cell.field, cell.value) }
              }
            }
          })
      } catch let error as ReplicaError {
        // What the records held here forbid shows when they are written.
        guard let id = error.record, let line = rows.line(of: id) else { throw error }
        throw CommandError.badLines([(line, error.message(Speech.tongue))])
      }
      if session.asJSON {
        try session.print(.object(["records": .count(rows.count), "changes": .count(committed.count)]))
      } else {
        try session.line(
          say(
            "导入记录 \(rows.count)，变更 \(committed.count)。", "Imported \(rows.count) records in \(committed.count) changes."
          ))
      }
    }
  }
}

/// The rows of an import, checked one by one before any is written.
struct ImportFile {
  struct Row {
    var line: Int
    var id: RecordID
    var cells: [(field: String, value: Value)]

    var size: Int {
      cells.reduce(0) { sum, cell in
        switch cell.value {
        case .text(let text): sum + text.utf8.count
        case .bytes(let bytes): sum + bytes.count
        default: sum + 8
        }
      }
    }
  }

  /// Rows that become one change.
  struct Chunk {
    var scope: String?
    var rows: [Row]
    var size: Int

    func takes(_ size: Int, _ target: String?) -> Bool {
      scope == target && rows.count < 200 && self.size + size <= Limits.change / 2
    }
  }

  private(set) var chunks: [Chunk] = []
  private var lines: [RecordID: Int] = [:]
  var count: Int { chunks.reduce(0) { $0 + $1.rows.count } }

  /// The line a record stands on.
  func line(of record: RecordID) -> Int? { lines[record] }

  /// - Parameter shared: the scopes the device may write in.
  /// - Throws: ``CommandError/badLines(_:)`` naming every line that cannot be taken.
  init(
    _ bytes: [UInt8], file: String, table: Table, scope: String?, shared: [String], newID: () -> RecordID
  ) throws {
    var reader = CSVReader(bytes, file: file)
    guard let header = try reader.next(), header.fields != [""] else {
      throw CommandError.badLines([(1, say("没有标题行", "there is no header row"))])
    }
    var columns: [Column?] = []
    for (place, name) in header.fields.enumerated() {
      if header.fields[..<place].contains(name) {
        throw CommandError.badLines([(1, CommandError.standsTwice(name, line: 1).message(Speech.tongue))])
      }
      if name == "id" || name == "scope" {
        columns.append(nil)
      } else {
        columns.append(try table.fieldNamed(name))
      }
    }
    var faults: [(Int, String)] = []
    // The same id in two scopes is two records.
    var named: [String: Int] = [:]
    while true {
      let row: CSVRow?
      do {
        row = try reader.next()
      } catch {
        // After broken quoting nothing can be told of the rest.
        faults.append((0, error.message(Speech.tongue)))
        break
      }
      guard let row else { break }
      if row.fields == [""] { continue }
      do {
        let (scopeOfRow, parsed) = try ImportFile.parse(row, header.fields, columns, table, newID)
        let target = scopeOfRow ?? scope
        if let target, !shared.contains(target) { throw ReplicaError.unknownScope(target) }
        let name = "\(target ?? "") \(parsed.id.hex)"
        if let line = named[name] { throw CommandError.standsTwice(parsed.id.hex, line: line) }
        named[name] = row.line
        lines[parsed.id] = row.line
        let size = parsed.size
        if let last = chunks.indices.last, chunks[last].takes(size, target) {
          chunks[last].rows.append(parsed)
          chunks[last].size += size
        } else {
          chunks.append(Chunk(scope: target, rows: [parsed], size: size))
        }
      } catch let error as any ExplainedError {
        faults.append((row.line, error.message(Speech.tongue)))
      }
    }
    if !faults.isEmpty { throw CommandError.badLines(faults) }
  }

  private static func parse(
    _ row: CSVRow, _ names: [String], _ columns: [Column?], _ table: Table, _ newID: () -> RecordID
  ) throws -> (scope: String?, row: Row) {
    guard row.fields.count == names.count else {
      throw CommandError.wrongFieldCount(found: row.fields.count, expected: names.count)
    }
    var id: RecordID?
    var scope: String?
    var cells: [(field: String, value: Value)] = []
    for (i, text) in row.fields.enumerated() where !text.isEmpty {
      if let column = columns[i] {
        // A cell is what it says: `@` names no file here.
        let isAt = text.utf8.first == 0x40 && (column.type == .text || column.type == .code)
        let value = try column.value(ofText: isAt ? "@" + text : text)
        let size = Row(line: row.line, id: .zero, cells: [(column.name, value)]).size
        guard size <= Limits.value else {
          throw ReplicaError.overLimit(what: "\(table.name).\(column.name)", found: size, limit: Limits.value)
        }
        cells.append((column.name, value))
      } else if names[i] == "id" {
        id = try Written.record(text)
      } else {
        scope = text
      }
    }
    if cells.isEmpty { throw CommandError.notAWrite(.emptySet) }
    return (scope, Row(line: row.line, id: id ?? newID(), cells: cells))
  }
}
