/// Days and moments as text: the proleptic Gregorian calendar, UTC.
///
/// Days are turned into dates by Howard Hinnant's algorithms ("chrono-Compatible Low-Level Date Algorithms").
enum CivilTime {
  static let millisecondsOfDay: Int64 = 86_400_000

  /// `YYYY-MM-DD`; nil for a day that does not exist. Years 0001 to 9999.
  static func day(_ text: String) -> Int32? {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D, let year = digits(bytes[0..<4]),
      let month = digits(bytes[5..<7]), let day = digits(bytes[8..<10]), year >= 1, (1...12).contains(month),
      (1...length(ofMonth: month, year: year)).contains(day)
    else { return nil }
    return Int32(days(year: year, month: month, day: day))
  }

  /// `YYYY-MM-DDTHH:MM:SS.mmmZ`; nil for a moment that does not exist, leap seconds included.
  static func instant(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    guard bytes.count == 24, let day = day(String(decoding: bytes[0..<10], as: UTF8.self)), bytes[10] == 0x54,
      bytes[13] == 0x3A, bytes[16] == 0x3A, bytes[19] == 0x2E, bytes[23] == 0x5A,
      let hour = digits(bytes[11..<13]), let minute = digits(bytes[14..<16]), let second = digits(bytes[17..<19]),
      let millisecond = digits(bytes[20..<23]), hour < 24, minute < 60, second < 60
    else { return nil }
    return Int64(day) * millisecondsOfDay + ((hour * 60 + minute) * 60 + second) * 1000 + millisecond
  }

  /// A day as `YYYY-MM-DD`; a year outside 0000 to 9999 has a sign and six digits at least, as ISO 8601 has it.
  static func text(day: Int32) -> String {
    // Years are counted from March, so that the leap day comes last.
    let shifted = Int64(day) + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let yearText =
      (0...9999).contains(year)
      ? padded(year, 4) : (year < 0 ? "-" : "+") + padded(abs(year), 6)
    return "\(yearText)-\(padded(month, 2))-\(padded(dayOfMonth, 2))"
  }

  /// A moment as `YYYY-MM-DDTHH:MM:SS.mmmZ`.
  static func text(instant milliseconds: Int64) -> String {
    let (quotient, remainder) = milliseconds.quotientAndRemainder(dividingBy: millisecondsOfDay)
    let day = remainder < 0 ? quotient - 1 : quotient
    let rest = remainder < 0 ? remainder + millisecondsOfDay : remainder
    guard let day = Int32(exactly: day) else { return "\(milliseconds) ms" }
    let time =
      "\(padded(rest / 3_600_000, 2)):\(padded(rest / 60_000 % 60, 2)):\(padded(rest / 1000 % 60, 2))"
    return "\(text(day: day))T\(time).\(padded(rest % 1000, 3))Z"
  }

  /// Milliseconds of a stamp, an order or a contact.
  static func text(milliseconds: UInt64) -> String { text(instant: Int64(clamping: milliseconds)) }

  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func length(ofMonth month: Int64, year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func digits(_ bytes: ArraySlice<UInt8>) -> Int64? {
    var value: Int64 = 0
    for byte in bytes {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int64(byte - 0x30)
    }
    return value
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }
}
