import Merge

/// What a column holds, and how a value of it is kept in SQLite.
public enum ColumnType: String, Sendable, CaseIterable {
  /// UTF-8 text, `TEXT`.
  case text
  /// 64-bit signed, `INTEGER`.
  case integer
  /// Finite double, `REAL`.
  case real
  /// `INTEGER` 0 or 1.
  case boolean
  /// `BLOB`.
  case bytes
  /// A calendar day, `TEXT` as `YYYY-MM-DD`.
  case date
  /// A moment, `TEXT` as `YYYY-MM-DDTHH:MM:SS.mmmZ` (UTC).
  case instant
  /// A word of a code list, `TEXT`.
  case code
  /// Another record's id, `BLOB` of 16 bytes.
  case ref
}

/// One field of a table.
public struct Column: Sendable {
  /// Never reused; the lowest bit is the merge rule (0 `latest`, 1 `first`).
  public let id: UInt32
  /// `[a-z][a-z0-9_]*`.
  public let name: String
  /// The field's name in Chinese.
  public let zh: String
  public let type: ColumnType
  /// An open conflict here stands on the review list, and takes nothing but a decision.
  public let isLegal: Bool
  /// For `code`: the words of the built-in edition, nil where the list is data alone.
  public let codes: [String]?

  public init(
    _ id: UInt32, _ name: String, _ zh: String, _ type: ColumnType, legal: Bool = false, codes: [String]? = nil
  ) {
    self.id = id
    self.name = name
    self.zh = zh
    self.type = type
    self.isLegal = legal
    self.codes = codes
  }

  public var rule: MergeRule { MergeRule(column: id) }

  /// Every table has it: a record is voided 作废, never deleted.
  public static let voided = Column(2, "voided", "作废", .boolean, legal: true)
  /// Why the record was voided.
  public static let voidReason = Column(4, "void_reason", "作废理由", .text)
}

/// A kind of record.
public struct Table: Sendable {
  /// From 1; never reused.
  public let id: UInt32
  public let name: String
  public let zh: String
  /// `voided` and `void_reason` first, then the table's own.
  public let columns: [Column]

  /// - Parameters:
  ///   - id: from 1, never reused.
  ///   - name: `[a-z][a-z0-9_]*`, as SQL and the command line say it.
  ///   - zh: what people call it.
  ///   - columns: the table's own, with ids from 6 on; `voided` (2) and `void_reason` (4) are added.
  public init(_ id: UInt32, _ name: String, _ zh: String, _ columns: [Column]) {
    self.id = id
    self.name = name
    self.zh = zh
    self.columns = [.voided, .voidReason] + columns
    positions = Dictionary(uniqueKeysWithValues: self.columns.enumerated().map { ($1.id, $0) })
    names = Dictionary(uniqueKeysWithValues: self.columns.enumerated().map { ($1.name, $0) })
    precondition(self.columns.count <= 256, "a table has at most 256 columns")
  }

  private let positions: [UInt32: Int]
  private let names: [String: Int]

  /// The place of a column in ``columns``.
  public func position(ofColumn id: UInt32) -> Int? { positions[id] }
  public func column(_ id: UInt32) -> Column? { positions[id].map { columns[$0] } }
  public func column(named name: String) -> Column? { names[name].map { columns[$0] } }
}

/// The registry of tables that a replica keeps. Migrations only add ids.
public struct Schema: Sendable {
  /// Rises with every addition.
  public let version: Int
  /// In order of id.
  public let tables: [Table]
  private let ids: [UInt32: Int]
  private let names: [String: Int]

  public init(version: Int, tables: [Table]) {
    self.version = version
    self.tables = tables.sorted { $0.id < $1.id }
    ids = Dictionary(uniqueKeysWithValues: self.tables.enumerated().map { ($1.id, $0) })
    names = Dictionary(uniqueKeysWithValues: self.tables.enumerated().map { ($1.name, $0) })
  }

  public func table(_ id: UInt32) -> Table? { ids[id].map { tables[$0] } }
  public func table(named name: String) -> Table? { names[name].map { tables[$0] } }
}
