extension CaseNumber {
  /// Reads a case number whole: brackets of either width, the rest as ``description`` writes it.
  ///
  /// No space is skipped and no character corrected, so that what is found in a record is what was written there.
  ///
  /// - Throws: ``CourtError/badCaseNumber(text:fault:)`` naming the first element that is wrong.
  public init(parsing text: String) throws(CourtError) {
    var rest = text.unicodeScalars[...]

    guard let open = rest.popFirst(), open == "（" || open == "(",
      let year = takeDigits(&rest, atMost: 4), year.count == 4, year.first != "0",
      let close = rest.popFirst(), close == "）" || close == ")"
    else { throw .badCaseNumber(text: text, fault: .year) }

    guard let court = takeCourtCode(&rest) else { throw .badCaseNumber(text: text, fault: .courtCode) }

    let type = rest.prefix(while: { isHan($0) })
    rest = rest[type.endIndex...]
    guard (1...4).contains(type.count) else { throw .badCaseNumber(text: text, fault: .typeCode) }

    guard let digits = takeDigits(&rest, atMost: 18), digits.first != "0", let number = Int(digits),
      rest.popFirst() == "号"
    else { throw .badCaseNumber(text: text, fault: .number) }

    var suffix: Int?
    if !rest.isEmpty {
      guard rest.popFirst() == "之", let ordinal = numberOfChinese(String(rest)) else {
        throw .badCaseNumber(text: text, fault: .suffix)
      }
      suffix = ordinal
    }
    let series = try Series(year: Int(year) ?? 0, courtCode: court, typeCode: String(type))
    try self.init(series: series, number: number, suffix: suffix)
  }
}

private typealias Scalars = Substring.UnicodeScalarView

/// Takes the digits at the front; nil where there is none, or more than `limit`.
private func takeDigits(_ rest: inout Scalars, atMost limit: Int) -> String? {
  let digits = rest.prefix(while: { isDigit($0) })
  guard (1...limit).contains(digits.count) else { return nil }
  rest = rest[digits.endIndex...]
  return String(digits)
}

/// Takes 最高法, or a Chinese character and at most four digits.
///
/// A high court's code has no digits and stands right before the type code (豫民终): its first character is the court.
private func takeCourtCode(_ rest: inout Scalars) -> String? {
  let highest = "最高法".unicodeScalars
  if rest.starts(with: highest) {
    rest = rest.dropFirst(highest.count)
    return "最高法"
  }
  guard let province = rest.first, isHan(province) else { return nil }
  let digits = rest.dropFirst().prefix(while: { isDigit($0) })
  guard digits.count <= 4 else { return nil }
  rest = rest[digits.endIndex...]
  return String(province) + String(digits)
}
