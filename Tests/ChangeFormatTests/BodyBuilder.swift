import ChangeFormat
import Merge

/// One write as a test says it.
struct Write {
  var table: UInt32
  var record: RecordID
  var column: UInt32
  var value: Value
  var decides: Bool

  init(_ table: UInt32, _ record: RecordID, _ column: UInt32, _ value: Value, decides: Bool = false) {
    self.table = table
    self.record = record
    self.column = column
    self.value = value
    self.decides = decides
  }
}

extension ChangeBody {
  /// The body of these writes, in any order; of two for one cell the last counts.
  init(writing writes: [Write]) {
    self.init()
    for (table, ofTable) in Dictionary(grouping: writes, by: \.table).sorted(by: { $0.key < $1.key }) {
      let records = Set(ofTable.map(\.record)).sorted()
      let rows = Dictionary(uniqueKeysWithValues: records.enumerated().map { ($1, $0) })
      var columns: [ColumnWrites] = []
      for (column, ofColumn) in Dictionary(grouping: ofTable, by: \.column).sorted(by: { $0.key < $1.key }) {
        var cells = [Cell](repeating: Cell(tag: Cell.absent), count: records.count)
        for write in ofColumn { cells[rows[write.record] ?? 0] = cell(write.value, decides: write.decides) }
        columns.append(ColumnWrites(id: column, cells: cells))
      }
      tables.append(TableWrites(id: table, records: records, columns: columns))
    }
  }

  /// The writes in the payload's order, as text that tells any two apart.
  var listing: [String] {
    var lines: [String] = []
    forEachWrite { position, write in
      let value: String
      switch write.value {
      case .text(let text): value = "text " + hexOfBytes(text.utf8)
      case .real(let real): value = "real \(real.bitPattern)"
      case .bytes(let bytes): value = "bytes " + hexOfBytes(bytes)
      default: value = "\(write.value)"
      }
      lines.append("\(position) \(write.table) \(write.record) \(write.column) \(write.decides) \(value)")
    }
    return lines
  }
}

extension SeededRandom {
  /// A value of any type that a writer may write, the edges of each type often.
  mutating func value() -> Value {
    switch below(10) {
    case 0: return .null
    case 1: return .boolean(oneIn(2))
    case 2:
      return .integer(
        [0, -1, 1, .min, .max, Int64(bitPattern: next()), Int64(below(1000))].randomElement(using: &self)!)
    case 3: return .real(real())
    case 4, 5: return .text(text())
    case 6: return .bytes(bytes(below(20)))
    case 7:
      return .date([.min, .max, 0, -719_162, 20_454, Int32(truncatingIfNeeded: next())].randomElement(using: &self)!)
    case 8:
      return .instant(
        [.min, .max, 1_767_225_600_000, -1, Int64(bitPattern: next() >> 20)].randomElement(using: &self)!)
    default: return .ref(identifier())
    }
  }

  mutating func real() -> Double {
    let edges = [0, 1, -1, 0.1, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -.leastNormalMagnitude]
    if oneIn(2) { return edges.randomElement(using: &self)! }
    let value = Double(bitPattern: next())
    return value.isFinite ? value : 2.5
  }

  /// Texts that begin alike, so that prefixes are shared and cut in the middle of a character.
  mutating func text() -> String {
    let parts = ["", "土", "土地", "土地承包经营权纠纷", "圠", "李集镇", "（2026）豫1103民初", "a", "é", "e\u{301}", "🏛", "🏡", "\u{7F}"]
    var text = parts.randomElement(using: &self)!
    while oneIn(2) { text += parts.randomElement(using: &self)! }
    return oneIn(3) ? text + "\(below(100))号" : text
  }

  /// A body of up to three tables: columns of one type and of mixed ones, full and with gaps, deciding or not.
  mutating func body() -> ChangeBody {
    var writes: [Write] = []
    for table in 1...UInt32(1 + below(3)) {
      let id = oneIn(5) ? UInt32.max - table : table
      var record = identifier()
      let records = (0..<1 + below(oneIn(3) ? 40 : 4)).map { _ in
        record = oneIn(6) ? identifier() : Identifier(high: record.high, low: record.low &+ UInt64(1 + below(300)))
        return record
      }
      for column in 1...UInt32(1 + below(6)) {
        let number = oneIn(8) ? column << 25 : column
        let gaps = oneIn(2)
        let deciding = below(4)
        let single: Value? = oneIn(3) ? value() : nil
        for record in records where !gaps || !oneIn(3) {
          let value = single ?? self.value()
          writes.append(Write(id, record, number, value, decides: deciding == 0 || deciding == 1 && oneIn(2)))
        }
      }
    }
    if writes.isEmpty { writes.append(Write(1, identifier(), 2, value())) }
    return ChangeBody(writing: writes)
  }
}
