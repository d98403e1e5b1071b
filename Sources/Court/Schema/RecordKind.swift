import ReplicaStore

/// A kind of record that the court keeps: its table, and what only the court knows of the table's fields.
public struct RecordKind: Sendable {
  /// The table the replica keeps: id, name, Chinese name, columns.
  public let table: Table
  /// What is recorded here, in one line of English.
  public let purpose: String
  /// The kind's own fields, in the order they are shown; `voided` and `void_reason` are not among them.
  public let fields: [Field]

  init(_ id: UInt32, _ name: String, _ zh: String, _ purpose: String, _ fields: [Field]) {
    table = Table(id, name, zh, fields.map(\.column))
    self.purpose = purpose
    self.fields = fields
  }

  public func field(named name: String) -> Field? { fields.first { $0.column.name == name } }
}

/// A column, and what only the court knows of it.
public struct Field: Sendable {
  public let column: Column
  /// For a `code` column: the code list its words come from. Nil where the words stand in a list that is named beside
  /// it.
  public let list: String?
  /// For a `ref` column: the table it points into. Nil where the table is named in the column beside it.
  public let target: String?
  /// Shown and exported only to a role that may see it: id numbers 证件号码, phones 电话, homes 住址.
  public let isMasked: Bool

  private init(
    _ id: UInt32, _ name: String, _ zh: String, _ type: ColumnType, legal: Bool, masked: Bool = false,
    list: String? = nil, target: String? = nil
  ) {
    let codes = list.flatMap { CodeLists.builtIn.words(of: $0) }
    column = Column(id, name, zh, type, legal: legal, codes: codes)
    self.list = list
    self.target = target
    isMasked = masked
  }
}

/// How the registry writes its fields: `.date(7, "filed_on", "立案日期", legal: true)`.
///
/// An even id is merged by `latest`, an odd one is written once (`first`). A column's name ends in `_id` when it is a
/// ref, `_on` when it is a day, `_at` when it is an instant, and `_fen` when it is an amount of money.
extension Field {
  static func text(
    _ id: UInt32, _ name: String, _ zh: String, legal: Bool = false, masked: Bool = false
  ) -> Field { Field(id, name, zh, .text, legal: legal, masked: masked) }

  static func integer(_ id: UInt32, _ name: String, _ zh: String) -> Field {
    Field(id, name, zh, .integer, legal: false)
  }

  static func real(_ id: UInt32, _ name: String, _ zh: String) -> Field { Field(id, name, zh, .real, legal: false) }

  static func boolean(_ id: UInt32, _ name: String, _ zh: String) -> Field {
    Field(id, name, zh, .boolean, legal: false)
  }

  static func bytes(_ id: UInt32, _ name: String, _ zh: String, legal: Bool = false) -> Field {
    Field(id, name, zh, .bytes, legal: legal)
  }

  static func date(_ id: UInt32, _ name: String, _ zh: String, legal: Bool = false) -> Field {
    Field(id, name, zh, .date, legal: legal)
  }

  static func instant(_ id: UInt32, _ name: String, _ zh: String, legal: Bool = false) -> Field {
    Field(id, name, zh, .instant, legal: legal)
  }

  /// A word of a code list 代码.
  static func code(_ id: UInt32, _ name: String, _ zh: String, _ list: String?, legal: Bool = false) -> Field {
    Field(id, name, zh, .code, legal: legal, list: list)
  }

  /// Another record.
  static func ref(_ id: UInt32, _ name: String, _ zh: String, _ target: String?, legal: Bool = false) -> Field {
    Field(id, name, zh, .ref, legal: legal, target: target)
  }

  /// An amount of money 金额 in fen 分, an integer: always legal.
  static func fen(_ id: UInt32, _ name: String, _ zh: String) -> Field {
    precondition(name.hasSuffix("_fen"), "an amount is named by its unit")
    return Field(id, name, zh, .integer, legal: true)
  }

  /// The day whose editions of the code lists the record was written under 代码表日期. Every kind with a code column has
  /// it, as column 6.
  static let codesAsOf = Field.date(6, "codes_as_of_on", "代码表日期")
}
