import Merge

/// The cell writes of one change, column by column, as they lie in the payload (`docs/format.md`).
///
/// Values of variable length lie in one arena, so that a thousand records are decoded without a thousand allocations.
public struct ChangeBody: Sendable {
  /// One write; absent where the record has none in this column.
  public struct Cell: Sendable {
    /// A tag of `ValueTag`, or ``absent``.
    public var tag: UInt8
    public var decides: Bool
    /// The number, or for text, bytes and ref the place in the arena: offset in the high half, count in the low.
    public var bits: UInt64

    public static let absent: UInt8 = 0xFF

    @inline(__always)
    public init(tag: UInt8, decides: Bool = false, bits: UInt64 = 0) {
      self.tag = tag
      self.decides = decides
      self.bits = bits
    }

    public var isAbsent: Bool { tag == Cell.absent }
    public var offset: Int { Int(bits >> 32) }
    public var count: Int { Int(bits & 0xFFFF_FFFF) }
  }

  public struct ColumnWrites: Sendable {
    public var id: UInt32
    /// One a record, in the table's order of records.
    public var cells: [Cell]

    public init(id: UInt32, cells: [Cell]) {
      self.id = id
      self.cells = cells
    }
  }

  public struct TableWrites: Sendable {
    public var id: UInt32
    /// In byte order, each once.
    public var records: [RecordID]
    /// In order of id, each once; every column and every record has a write.
    public var columns: [ColumnWrites]

    public init(id: UInt32, records: [RecordID], columns: [ColumnWrites]) {
      self.id = id
      self.records = records
      self.columns = columns
    }
  }

  public var arena: [UInt8] = []
  /// In order of id, each once.
  public var tables: [TableWrites] = []

  public init() {}

  /// Puts a value in the arena and gives the cell that names it.
  public mutating func cell(_ value: Value, decides: Bool = false) -> Cell {
    func place(_ offset: Int, _ count: Int) -> UInt64 { UInt64(offset) << 32 | UInt64(count) }
    let tag = value.tag
    switch value {
    case .null, .boolean, .redacted: return Cell(tag: tag, decides: decides)
    case .integer(let value), .instant(let value):
      return Cell(tag: tag, decides: decides, bits: UInt64(bitPattern: value))
    case .real(let value): return Cell(tag: tag, decides: decides, bits: value.bitPattern)
    case .date(let days): return Cell(tag: tag, decides: decides, bits: UInt64(bitPattern: Int64(days)))
    case .text(var text):
      let offset = arena.count
      let count = text.withUTF8 { utf8 in
        arena.append(contentsOf: utf8)
        return utf8.count
      }
      return Cell(tag: tag, decides: decides, bits: place(offset, count))
    case .bytes(let bytes):
      let offset = arena.count
      arena.append(contentsOf: bytes)
      return Cell(tag: tag, decides: decides, bits: place(offset, bytes.count))
    case .ref(let id):
      let offset = arena.count
      arena.append(contentsOf: id.bytes)
      return Cell(tag: tag, decides: decides, bits: place(offset, 16))
    }
  }

  /// The value of a cell that is not absent.
  public func value(_ cell: Cell) -> Value {
    switch cell.tag {
    case ValueTag.null: return .null
    case ValueTag.false: return .boolean(false)
    case ValueTag.true: return .boolean(true)
    case ValueTag.integer: return .integer(Int64(bitPattern: cell.bits))
    case ValueTag.real: return .real(Double(bitPattern: cell.bits))
    case ValueTag.text: return .text(String(decoding: arena[cell.offset..<cell.offset + cell.count], as: UTF8.self))
    case ValueTag.bytes: return .bytes(Array(arena[cell.offset..<cell.offset + cell.count]))
    case ValueTag.date: return .date(Int32(truncatingIfNeeded: Int64(bitPattern: cell.bits)))
    case ValueTag.instant: return .instant(Int64(bitPattern: cell.bits))
    case ValueTag.ref:
      let bytes = arena[cell.offset..<cell.offset + 16]
      return .ref(Identifier(bytes: bytes) ?? .zero)
    default: return .redacted
    }
  }

  public struct CellWriteAt: Sendable {
    public var table: UInt32
    public var record: RecordID
    public var column: UInt32
    public var decides: Bool
    public var value: Value
  }

  /// Every write in the payload's order (table, column, record): positions in a `redact` order count in it.
  public func forEachWrite(_ body: (_ position: Int, CellWriteAt) throws -> Void) rethrows {
    var position = 0
    for table in tables {
      for column in table.columns {
        for (i, cell) in column.cells.enumerated() where !cell.isAbsent {
          try body(
            position,
            CellWriteAt(
              table: table.id, record: table.records[i], column: column.id, decides: cell.decides, value: value(cell)))
          position += 1
        }
      }
    }
  }

  /// The number of cell writes.
  public var writeCount: Int {
    tables.reduce(0) { $0 + $1.columns.reduce(0) { $0 + $1.cells.count { !$0.isAbsent } } }
  }

  /// Cells of all tables, absent ones too; a reader refuses more than ``Limits/cells``: a writer must not write them.
  public var cellCount: Int { tables.reduce(0) { $0 + $1.records.count * $1.columns.count } }

  /// Replaces the values at these positions by the redacted tag.
  public mutating func redact(positions: Set<Int>) {
    var position = 0
    for t in tables.indices {
      for c in tables[t].columns.indices {
        for i in tables[t].columns[c].cells.indices where !tables[t].columns[c].cells[i].isAbsent {
          if positions.contains(position) {
            tables[t].columns[c].cells[i].tag = ValueTag.redacted
            tables[t].columns[c].cells[i].bits = 0
          }
          position += 1
        }
      }
    }
  }
}
