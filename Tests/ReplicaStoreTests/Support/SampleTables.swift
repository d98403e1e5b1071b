import Merge

@testable import ReplicaStore

/// Two tables with every type and both rules.
enum Sample {
  static let item = Table(
    1, "item", "物品",
    [
      Column(6, "text", "文字", .text), Column(8, "size", "大小", .integer), Column(10, "weight", "重量", .real),
      Column(12, "kept", "留存", .boolean), Column(14, "scan", "扫描", .bytes), Column(16, "due", "期限", .date),
      Column(18, "heard", "开庭", .instant), Column(20, "kind", "种类", .code, codes: ["a", "b"]),
      Column(22, "owner", "所有人", .ref), Column(24, "outcome", "结果", .text, legal: true),
      Column(25, "filed", "立案日", .date), Column(27, "number", "案号", .text, legal: true),
    ])
  static let note = Table(
    2, "note", "便条", [Column(6, "body", "正文", .text), Column(7, "written", "书写", .integer)])
  static let schema = Schema(version: 1, tables: [item, note])

  static let tribunal = "tribunal/东"

  /// Record ids that a test can write down.
  static func id(_ number: UInt64) -> RecordID {
    RecordID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0000 | number)
  }

  /// A value that fits a column, one of few, so that equal ones meet.
  static func value(of column: Column, _ random: inout SplitMix64) -> Value {
    if random.chance(8) { return .null }
    let n = random.below(3)
    switch column.type {
    case .text, .code: return .text(["\u{E9}", "e\u{301}", "", "争议"][random.below(4)])
    case .integer: return .integer([Int64.min, 0, 7][n])
    case .real: return .real([0, 0.1 + 0.2, -1.5e300][n])
    case .boolean: return .boolean(n == 0)
    case .bytes: return .bytes([[], [0xC3, 0xA9], [0]][n])
    case .date: return .date([0, 20_000, -700_000][n])
    case .instant: return .instant([0, 1_788_220_800_123, -1][n])
    case .ref: return .ref(id(UInt64(n)))
    }
  }
}
