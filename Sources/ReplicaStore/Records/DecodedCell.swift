import CSQLite
import ChangeFormat
import Merge

extension ColumnType {
  /// Whether a decoded cell can stand as it is in a column of this type.
  @inline(__always)
  func holds(_ cell: ChangeBody.Cell) -> Bool {
    guard holds(cell.tag) else { return false }
    switch cell.tag {
    case ValueTag.date: return dateRange.contains(Int64(bitPattern: cell.bits))
    case ValueTag.instant: return instantRange.contains(Int64(bitPattern: cell.bits))
    default: return true
    }
  }
}

extension Column {
  func canHold(_ value: Value) -> Bool {
    guard type.holds(value.tag) else { return false }
    switch value {
    case .date(let days): return dateRange.contains(Int64(days))
    case .instant(let milliseconds): return instantRange.contains(milliseconds)
    default: return true
    }
  }
}

/// 0001-01-01 to 9999-12-31: what the textual forms can say.
let dateRange: ClosedRange<Int64> = -719162...2932896
let instantRange: ClosedRange<Int64> = (-719162 * 86_400_000)...(2932897 * 86_400_000 - 1)

extension Statement {
  /// Binds a decoded cell; text and bytes point into the arena, which must outlive the step.
  @inline(__always)
  func bind(_ index: Int32, _ cell: ChangeBody.Cell, _ arena: UnsafeRawBufferPointer) {
    switch cell.tag {
    case ValueTag.text:
      bindStatic(text: UnsafeRawBufferPointer(rebasing: arena[cell.offset..<cell.offset + cell.count]), index)
    case ValueTag.integer: bind(index, Int64(bitPattern: cell.bits))
    case ValueTag.real: bind(index, Double(bitPattern: cell.bits))
    case ValueTag.false: bind(index, Int64(0))
    case ValueTag.true: bind(index, Int64(1))
    case ValueTag.bytes, ValueTag.ref:
      bindStatic(blob: UnsafeRawBufferPointer(rebasing: arena[cell.offset..<cell.offset + cell.count]), index)
    case ValueTag.date: bind(index, date: Int(Int64(bitPattern: cell.bits)))
    case ValueTag.instant: bind(index, Instant.text(Int64(bitPattern: cell.bits)))
    default: bindNull(index)
    }
  }

  /// Binds a day of ``dateRange`` as `YYYY-MM-DD`, digits put together on the stack.
  private func bind(_ index: Int32, date days: Int) {
    let (year, month, day) = CalendarDay.civil(days)
    let digits = UInt64(year) * 10_000 + UInt64(month) * 100 + UInt64(day)
    withUnsafeTemporaryAllocation(byteCount: 10, alignment: 1) { text in
      var rest = digits
      for i in stride(from: 9, through: 0, by: -1) where i != 7 && i != 4 {
        text[i] = UInt8(0x30 + rest % 10)
        rest /= 10
      }
      text[4] = 0x2D
      text[7] = 0x2D
      bindCopy(text: UnsafeRawBufferPointer(text), index)
    }
  }
}
