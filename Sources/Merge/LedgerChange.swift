/// The key of a cell within a scope.
public struct CellKey: Hashable, Comparable, Sendable {
  public var table: UInt32
  public var record: RecordID
  public var column: UInt32

  public init(table: UInt32, record: RecordID, column: UInt32) {
    self.table = table
    self.record = record
    self.column = column
  }

  public static func < (a: CellKey, b: CellKey) -> Bool {
    if a.table != b.table { return a.table < b.table }
    if a.record != b.record { return a.record < b.record }
    return a.column < b.column
  }
}

/// A change as the merge sees it: who, after what, and what it wrote.
public struct LedgerChange: Sendable {
  /// The log and sequence inside the header; a branch's headers keep the old log id.
  public var dot: Dot
  public var device: DeviceID
  public var hash: ContentHash
  public var previous: ContentHash
  public var stamp: Stamp
  /// The newest order its author had seen.
  public var order: OrderMark
  public var context: ContextDelta
  /// Nil: a payload that does not decode.
  public var writes: [CellKeyedWrite]?

  public struct CellKeyedWrite: Sendable {
    public var cell: CellKey
    public var value: Value
    public var decides: Bool
    public init(cell: CellKey, value: Value, decides: Bool) {
      self.cell = cell
      self.value = value
      self.decides = decides
    }
  }

  public init(
    dot: Dot, device: DeviceID, hash: ContentHash, previous: ContentHash, stamp: Stamp, order: OrderMark,
    context: ContextDelta, writes: [CellKeyedWrite]?
  ) {
    self.dot = dot
    self.device = device
    self.hash = hash
    self.previous = previous
    self.stamp = stamp
    self.order = order
    self.context = context
    self.writes = writes
  }
}

/// Why a change waits (design §3): the only thing a replica decides for itself.
public enum WaitReason: Hashable, Sendable {
  case past(Dot)
  case order(OrderMark)
  case fork
  case undecodable
  case mustUnderstand(UInt64)
  case time
}
