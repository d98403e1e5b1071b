import Merge

/// One write of a cell as it is shown to a person.
public struct WriteView: Sendable, Equatable {
  public var value: Value
  /// The actor the device named, or "".
  public var who: String
  /// Milliseconds of the stamp that counts.
  public var when: UInt64
  public var dot: Dot
}

/// One field of a record.
public struct FieldView: Sendable, Equatable {
  /// The column's name, or `#NUMBER` for a column of newer software.
  public var name: String
  /// The shown value; null when S is empty or the schema cannot hold the value.
  public var value: Value
  /// S, in order; empty when nobody wrote the field.
  public var dots: [Dot]
  /// Whether S holds two different values.
  public var isOpen: Bool
}

/// One record in one scope.
public struct RecordView: Sendable, Equatable {
  /// The table's name, or `#NUMBER` for a table of newer software.
  public var table: String
  public var id: RecordID
  public var scope: String
  /// All columns of the schema in its order, then those of newer software that hold something.
  public var fields: [FieldView]

  public var isVoid: Bool { fields.contains { $0.name == "voided" && $0.value == .boolean(true) } }
  public subscript(name: String) -> FieldView? { fields.first { $0.name == name } }
}

/// A cell whose S holds two different values.
public struct ConflictView: Sendable, Equatable {
  public var table: String
  public var id: RecordID
  public var scope: String
  public var field: String
  public var isLegal: Bool
  public var shown: WriteView
  /// Every other write in S, equal ones too, by dot.
  public var others: [WriteView]
}

/// What became of a received change (design §4).
public enum ChangeState: String, Sendable { case applied, waiting, excluded }

/// One write in the history of a record.
public struct HistoryEntry: Sendable, Equatable {
  public var field: String
  public var value: Value
  public var who: String
  public var when: UInt64
  public var note: String
  public var dot: Dot
  public var decides: Bool
  /// Whether another write of the cell saw it.
  public var seen: Bool
  public var state: ChangeState
}

/// One cell write as a change holds it.
public struct CellWriteView: Sendable, Equatable {
  public var table: String
  public var id: RecordID
  public var column: String
  public var value: Value
  public var decides: Bool
}

/// One change with all that its header says.
public struct ChangeView: Sendable {
  public var dot: Dot
  public var device: DeviceID
  public var scope: String
  /// As signed.
  public var stamp: Stamp
  /// The whole version vector of other logs in the scope, by log.
  public var context: [Dot]
  public var hash: ContentHash
  public var previous: ContentHash
  public var actor: String
  public var note: String
  public var state: ChangeState
  /// Of a waiting change the missing dot or what it waits for.
  public var reason: String?
  /// Of an excluded change the lowest order that excludes it.
  public var order: UInt64?
  /// The stamp that counts where an order changed it.
  public var restamped: Stamp?
  /// In the payload's order: table, column, record.
  public var writes: [CellWriteView]
}

/// What a replica knows of itself.
public struct StatusView: Sendable {
  public struct Held: Sendable, Equatable {
    public var dot: Dot
    public var reason: String
    public var order: UInt64?
  }
  /// What an order did to the device's own logs, beside excluding.
  public struct Ruling: Sendable, Equatable {
    public enum Effect: Sendable, Equatable {
      /// A wrong clock: for the order of writes these changes count from this moment (milliseconds).
      case restamped(at: UInt64)
      /// Written twice, by two copies of one replica: from here on it is a log of its own.
      case branched(LogID)
    }
    /// The first change concerned, under the id it was signed with.
    public var dot: Dot
    /// The last one; nil: all from the first on.
    public var last: UInt64?
    public var effect: Effect
    public var order: UInt64
  }
  /// Nil at the centre.
  public var device: DeviceID?
  public var label: String?
  public var scopes: [String]
  /// Held changes of any author without a receipt of the newest epoch.
  public var unsent: Int
  /// Milliseconds of the last completed exchange.
  public var lastContact: UInt64?
  public var waiting: [Held]
  public var excluded: [Held]
  /// In the order of their numbers; of other devices' logs, and at the centre, none.
  public var rulings: [Ruling]
  public var conflicts: Int
  /// System time minus trusted time; nil while unknown.
  public var clockOffMilliseconds: Int64?
}

/// What `verify` counted.
public struct Verification: Sendable, Equatable {
  public var changes: Int
  public var records: Int

  public init(changes: Int, records: Int) {
    self.changes = changes
    self.records = records
  }
}

/// What a committed local transaction became.
public struct Committed: Sendable, Equatable {
  public var dot: Dot
  /// The records written, in order of first mention.
  public var records: [RecordID]
}
