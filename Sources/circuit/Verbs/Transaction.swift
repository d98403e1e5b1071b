import Merge
import ReplicaStore

/// The lines of `apply` that become one change.
struct Transaction {
  struct Write {
    var line: Int
    var table: String
    var id: RecordID
    var cells: [(field: String, value: Value)]
  }

  /// The most bytes of JSON that are gathered for one change of at most 512 KiB.
  static let limit = 16 << 20

  private(set) var writes: [Write] = []
  /// Nil: what the replica takes by default.
  private(set) var scope: String?
  private(set) var actor: String?
  /// Counted from 1; nil: nothing yet.
  private(set) var lines: ClosedRange<Int>?
  private var size = 0

  /// Takes one more line.
  ///
  /// - Throws: ``LineError`` naming the line.
  mutating func add(
    _ line: [UInt8], number: Int, schema: Schema, newID: () throws -> RecordID
  ) throws {
    do {
      size += line.count
      guard size <= Transaction.limit else { throw CommandError.transactionTooLarge(limit: Transaction.limit) }
      let parsed = try WriteLine(line, schema: schema)
      if let other = parsed.scope {
        if let scope, !scope.utf8.elementsEqual(other.utf8) { throw CommandError.mixedScopes(scope, other) }
        scope = other
      }
      if let other = parsed.actor {
        if let actor, !actor.utf8.elementsEqual(other.utf8) { throw CommandError.mixedActors(actor, other) }
        actor = other
      }
      writes.append(Write(line: number, table: parsed.table, id: try parsed.id ?? newID(), cells: parsed.cells))
      lines = (lines?.lowerBound ?? number)...number
    } catch let error as any ExplainedError {
      throw LineError(lines: number...number, error: error)
    }
  }
}

extension Transaction {
  /// Puts every write into a draft.
  ///
  /// - Throws: ``LineError`` naming the line of a value the replica does not take.
  func fill(_ draft: inout Draft) throws {
    for write in writes {
      do {
        for cell in write.cells { try draft.set(write.table, write.id, cell.field, cell.value) }
      } catch {
        throw LineError(lines: write.line...write.line, error: error)
      }
    }
  }

  /// An error of the commit with the line it speaks of, else with all lines of the transaction.
  func placed(_ error: any ExplainedError) -> any ExplainedError {
    guard let lines, !(error is LineError) else { return error }
    let subject = (error as? ReplicaError)?.subject
    let write = subject.flatMap { subject in writes.first { subject.concerns($0) } }
    return LineError(lines: write.map { $0.line...$0.line } ?? lines, error: error)
  }
}

extension ReplicaError {
  /// The record or field that an error of a write speaks of; nil parts: any.
  fileprivate struct Subject {
    var table: String?
    var id: RecordID?
    var field: String?

    func concerns(_ write: Transaction.Write) -> Bool {
      (table == nil || table == write.table) && (id == nil || id == write.id)
        && (field == nil || write.cells.contains { $0.field == field })
    }
  }

  fileprivate var subject: Subject? {
    switch self {
    case .writtenOnce(let table, let id, let field), .inConflict(let table, let id, let field),
      .changedSince(let table, let id, let field, _, _):
      Subject(table: table, id: id, field: field)
    case .isVoid(let table, let id), .noSuchRecord(let table, let id): Subject(table: table, id: id)
    case .otherScope(let id, _, _), .inTwoScopes(let id, _): Subject(id: id)
    case .wrongType(let table, let field, _), .unwritable(let table, let field): Subject(table: table, field: field)
    default: nil
    }
  }
}

/// One line of `apply`: `{"table","id","scope","as","set":{…}}`.
struct WriteLine {
  var table: String
  var id: RecordID?
  var scope: String?
  var actor: String?
  var cells: [(field: String, value: Value)]

  private static let keys = ["table", "id", "scope", "as", "set"]

  init(_ line: [UInt8], schema: Schema) throws {
    let json: JSON
    do { json = try JSONReader.read(line) } catch { throw CommandError.notJSON(error) }
    guard case .object(let members) = json else { throw CommandError.notAWrite(.notAnObject) }
    for member in members where !WriteLine.keys.contains(where: { $0.utf8.elementsEqual(member.name.utf8) }) {
      throw CommandError.notAWrite(.unknown(member.name))
    }
    guard let name = try WriteLine.text("table", of: json) else { throw CommandError.notAWrite(.missing("table")) }
    let table = try schema.tableNamed(name)
    self.table = table.name
    id = try WriteLine.text("id", of: json).map(Written.record)
    scope = try WriteLine.text("scope", of: json)
    actor = try WriteLine.text("as", of: json)
    guard let set = json["set"] else { throw CommandError.notAWrite(.missing("set")) }
    guard case .object(let fields) = set else { throw CommandError.notAWrite(.wrongType("set")) }
    guard !fields.isEmpty else { throw CommandError.notAWrite(.emptySet) }
    var cells: [(field: String, value: Value)] = []
    for field in fields {
      let column = try table.fieldNamed(field.name)
      cells.append((column.name, try column.value(ofJSON: field.value)))
    }
    self.cells = cells
  }

  /// The string of a key; nil when absent or null.
  private static func text(_ key: String, of json: JSON) throws(CommandError) -> String? {
    switch json[key] {
    case nil, .null?: return nil
    case .string(let text)?: return text
    default: throw CommandError.notAWrite(.wrongType(key))
    }
  }
}
