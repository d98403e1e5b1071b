import Merge
import ReplicaStore

/// A record that a figure counts: where to look to see why the figure is what it is.
public struct RecordReference: Hashable, Comparable, Sendable {
  public let table: String
  public let id: RecordID
  public let scope: String

  public init(table: String, id: RecordID, scope: String) {
    self.table = table
    self.id = id
    self.scope = scope
  }

  init(_ record: RecordView) { self.init(table: record.table, id: record.id, scope: record.scope) }

  /// By table, id and scope, texts by their bytes.
  public static func < (a: RecordReference, b: RecordReference) -> Bool {
    if !a.table.utf8.elementsEqual(b.table.utf8) { return a.table.utf8.lexicographicallyPrecedes(b.table.utf8) }
    if a.id != b.id { return a.id < b.id }
    return a.scope.utf8.lexicographicallyPrecedes(b.scope.utf8)
  }
}

/// One part of a figure: the events of one festival 节日, or of one department 部门.
public struct ReviewShare: Sendable, Equatable {
  /// What the share is of: a word of a code list, the hex id of a `body`, or "" where the records name none.
  public let key: String
  public let chinese: String
  public let english: String
  /// The records counted, in order of the day they happened.
  public let records: [RecordReference]

  public var count: Int { records.count }

  public func name(_ tongue: Tongue) -> String { tongue == .zh ? chinese : english }
}

/// One figure of the annual review 年度综述: a number, its parts, and every record behind it.
public struct ReviewFigure: Sendable, Equatable {
  /// `festival_events` or `volunteer_events`: what a table of figures names it by.
  public let key: String
  /// The parts add up to ``count``: each record stands in exactly one.
  public let shares: [ReviewShare]
  /// Counted records of which a field that was counted by is in conflict: the figure may change when a person decides.
  public let contested: [RecordReference]

  /// How many records are counted.
  public var count: Int { shares.reduce(0) { $0 + $1.count } }
  /// Every record counted, share by share.
  public var records: [RecordReference] { shares.flatMap(\.records) }
}
