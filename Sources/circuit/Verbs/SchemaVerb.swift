import ArgumentParser
import ChangeFormat
import Merge
import ReplicaStore

/// `schema`: tables, fields, types, rules, limits; needs no replica.
struct SchemaVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "schema",
      abstract: say("列出表、字段、类型、规则和限度。", "Lists tables, fields, types, rules and limits."))
  }

  @OptionGroup var common: CommonOptions

  func perform(_ session: Session) throws {
    let schema = session.schema
    guard !session.asJSON else { return try session.print(schema.json) }
    for table in schema.tables {
      try session.line(table.labelled)
      let rows = table.columns.map { column in
        [
          "  " + column.labelled, column.type.rawValue, column.rule.word,
          column.isLegal ? say("须由人决定", "legal") : "",
          column.codes.map { $0.joined(separator: " ") } ?? "",
        ]
      }
      for line in Plain.table(rows) { try session.line(line) }
    }
    try session.line(
      say(
        "限度：一个值 \(Limits.value) 字节，一次变更 \(Limits.change) 字节。",
        "Limits: a value \(Limits.value) bytes, a change \(Limits.change) bytes."))
  }
}

extension MergeRule {
  /// The rule's name in the contract.
  var word: String {
    switch self {
    case .latest: "latest"
    case .first: "first"
    }
  }
}

extension Schema {
  fileprivate var json: JSON {
    .object([
      "version": .count(version),
      "tables": .array(
        tables.map { table in
          .object([
            "id": .natural(UInt64(table.id)), "name": .string(table.name), "zh": .string(table.zh),
            "columns": .array(table.columns.map(\.json)),
          ])
        }),
      "limits": .object(["value": .count(Limits.value), "change": .count(Limits.change)]),
    ])
  }
}

extension Column {
  fileprivate var json: JSON {
    .object([
      "id": .natural(UInt64(id)), "name": .string(name), "zh": .string(zh), "type": .string(type.rawValue),
      "rule": .string(rule.word), "legal": .boolean(isLegal),
      "codes": codes.map { .array($0.map(JSON.string)) } ?? .null,
    ])
  }
}
