import CSQLite
import ChangeFormat
import Merge

/// Whether a column of a type can hold a value.
extension ColumnType {
  /// Whether a value of this type tag fits; null always does.
  func holds(_ tag: UInt8) -> Bool {
    switch tag {
    case ValueTag.null: true
    case ValueTag.false, ValueTag.true: self == .boolean
    case ValueTag.integer: self == .integer
    case ValueTag.real: self == .real
    case ValueTag.text: self == .text || self == .code
    case ValueTag.bytes: self == .bytes
    case ValueTag.date: self == .date
    case ValueTag.instant: self == .instant
    case ValueTag.ref: self == .ref
    default: false
    }
  }
}

/// How values of a column stand in SQLite.
extension Column {
  var sqlType: String {
    switch type {
    case .text, .code, .date, .instant: "TEXT"
    case .integer, .boolean: "INTEGER"
    case .real: "REAL"
    case .bytes, .ref: "BLOB"
    }
  }

  /// What a value of this column is, read from a result row.
  func value(_ statement: Statement, _ index: Int32) -> Value {
    if statement.isNull(index) { return .null }
    switch type {
    case .text, .code: return .text(statement.text(index))
    case .integer: return .integer(statement.int(index))
    case .boolean: return .boolean(statement.int(index) != 0)
    case .real: return .real(statement.double(index))
    case .bytes: return .bytes(statement.blob(index))
    case .ref: return .ref(statement.identifier(index))
    case .date: return CalendarDay.days(of: statement.text(index)).map { .date($0) } ?? .redacted
    case .instant: return Instant.milliseconds(of: statement.text(index)).map { .instant($0) } ?? .redacted
    }
  }
}

/// `YYYY-MM-DD` and days since 1970-01-01, proleptic Gregorian (Howard Hinnant's algorithms).
public enum CalendarDay {
  /// The days of a real day of the years 0001 to 9999; nil for anything else.
  public static func days(of text: String) -> Int32? {
    var text = text
    return text.withUTF8 { days(of: UnsafeRawBufferPointer($0)) }
  }

  /// The same of UTF-8 bytes.
  static func days(of digits: UnsafeRawBufferPointer) -> Int32? {
    guard digits.count == 10, digits[4] == 0x2D, digits[7] == 0x2D else { return nil }
    func number(_ from: Int, _ to: Int) -> Int? {
      var value = 0
      for i in from..<to {
        guard (0x30...0x39).contains(digits[i]) else { return nil }
        value = value * 10 + Int(digits[i] - 0x30)
      }
      return value
    }
    guard let year = number(0, 4), let month = number(5, 7), let day = number(8, 10),
      year >= 1, (1...12).contains(month), day >= 1
    else { return nil }
    let days = self.days(year: year, month: month, day: day)
    guard civil(days) == (year, month, day) else { return nil }
    return Int32(days)
  }

  public static func text(_ days: Int32) -> String { text(Int(days)) }

  static func text(_ days: Int) -> String {
    let (year, month, day) = civil(days)
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for digit in digits {
      guard (0x30...0x39).contains(digit) else { return nil }
      value = value * 10 + Int(digit - 0x30)
    }
    return value
  }

  static func padded(_ value: Int, _ width: Int) -> String {
    let text = String(abs(value))
    return (value < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - text.count)) + text
  }

  static func days(year: Int, month: Int, day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146097 + dayOfEra - 719468
  }

  static func civil(_ days: Int) -> (Int, Int, Int) {
    let z = days + 719468
    let era = (z >= 0 ? z : z - 146096) / 146097
    let dayOfEra = z - era * 146097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let mp = (5 * dayOfYear + 2) / 153
    let month = mp < 10 ? mp + 3 : mp - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * mp + 2) / 5 + 1)
  }
}

/// `YYYY-MM-DDTHH:MM:SS.mmmZ` and milliseconds since 1970.
public enum Instant {
  /// Nil for anything but a real moment of the years 0001 to 9999 in exactly this form.
  public static func milliseconds(of text: String) -> Int64? {
    let c = Array(text.utf8)
    guard c.count == 24, c[10] == 0x54, c[13] == 0x3A, c[16] == 0x3A, c[19] == 0x2E, c[23] == 0x5A,
      let days = CalendarDay.days(of: String(decoding: c[0..<10], as: UTF8.self)),
      let hour = CalendarDay.number(c[11..<13]), let minute = CalendarDay.number(c[14..<16]),
      let second = CalendarDay.number(c[17..<19]), let milli = CalendarDay.number(c[20..<23]),
      hour < 24, minute < 60, second < 60
    else { return nil }
    return ((Int64(days) * 24 + Int64(hour)) * 60 + Int64(minute)) * 60_000 + Int64(second) * 1000 + Int64(milli)
  }

  public static func text(_ milliseconds: Int64) -> String {
    let day: Int64 = 86_400_000
    var (days, remainder) = milliseconds.quotientAndRemainder(dividingBy: day)
    if remainder < 0 {
      days -= 1
      remainder += day
    }
    let rest = Int(remainder)
    let p = CalendarDay.padded
    return CalendarDay.text(Int(days))
      + "T\(p(rest / 3_600_000, 2)):\(p(rest / 60_000 % 60, 2)):\(p(rest / 1000 % 60, 2)).\(p(rest % 1000, 3))Z"
  }
}

/// One value as it stands outside a table's own columns: type tag, then the flat form's bytes (`docs/format.md`).
enum ValueBytes {
  static func encode(_ value: Value) -> [UInt8] {
    var writer = ByteWriter()
    write(value, to: &writer)
    return writer.bytes
  }

  static func write(_ value: Value, to writer: inout ByteWriter) {
    writer.byte(value.tag)
    switch value {
    case .integer(let number), .instant(let number): writer.signed(number)
    case .date(let days): writer.signed(Int64(days))
    case .real(let real): writer.fixed64(real.bitPattern)
    case .text(let text): writer.text(text)
    case .bytes(let bytes): writer.block(bytes)
    case .ref(let id): writer.identifier(id)
    case .null, .boolean, .redacted: break
    }
  }

  static func decode(_ bytes: [UInt8]) throws(FormatError) -> Value {
    var reader = ByteReader(bytes)
    switch try reader.byte("type tag") {
    case ValueTag.null: return .null
    case ValueTag.false: return .boolean(false)
    case ValueTag.true: return .boolean(true)
    case ValueTag.integer: return .integer(try reader.signed("integer"))
    case ValueTag.real: return .real(Double(bitPattern: try reader.fixed64("real")))
    case ValueTag.text: return .text(try reader.text("text", limit: Limits.unfolded))
    case ValueTag.bytes: return .bytes(try reader.block("bytes"))
    case ValueTag.date: return .date(Int32(clamping: try reader.signed("date")))
    case ValueTag.instant: return .instant(try reader.signed("instant"))
    case ValueTag.ref: return .ref(try reader.identifier("ref"))
    case ValueTag.redacted: return .redacted
    default: throw .malformed(what: "type tag")
    }
  }
}
