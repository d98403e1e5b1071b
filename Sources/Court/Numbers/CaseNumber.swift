/// A case number 案号, such as （2026）豫1103民初123号 or （2018）沪01民终2868号之一.
///
/// Four elements: year of filing, court code, type code, number; a document made later of the same kind in the same
/// case carries 之一, 之二 … behind them (《关于人民法院案件案号的若干规定》 articles 2, 3, 7, 9). Whether a type code is in the standard
/// table is not judged here: the table is data and changes. Several numbers joined in one text (3827、3828号) are
/// refused; they are two numbers.
public struct CaseNumber: Hashable, Sendable {
  /// One sequence of numbers 编号序列: each court, type code and year counts by itself, in order of receipt (article 9).
  public struct Series: Hashable, Sendable {
    /// Year of filing, 1000 to 9999.
    public let year: Int
    /// 最高法, or one character of a province with 0 to 4 digits: 豫, 沪01, 豫1103.
    public let courtCode: String
    /// 1 to 4 Chinese characters: 破, 民初, 执恢, 民诉前调.
    public let typeCode: String

    /// - Throws: ``CourtError/badCaseNumber(text:fault:)`` naming the element that is wrong.
    public init(year: Int, courtCode: String, typeCode: String) throws(CourtError) {
      guard (1000...9999).contains(year) else { throw .badCaseNumber(text: String(year), fault: .year) }
      guard isCourtCode(courtCode) else { throw .badCaseNumber(text: courtCode, fault: .courtCode) }
      guard isTypeCode(typeCode) else { throw .badCaseNumber(text: typeCode, fault: .typeCode) }
      self.year = year
      self.courtCode = courtCode
      self.typeCode = typeCode
    }
  }

  public let series: Series
  /// From 1, without leading zeros; at most 18 digits.
  public let number: Int
  /// 1 for 之一; nil without a suffix. At most 99.
  public let suffix: Int?

  /// - Throws: ``CourtError/badCaseNumber(text:fault:)`` for a number below 1 or past 18 digits, a suffix not 1 to 99.
  public init(series: Series, number: Int, suffix: Int? = nil) throws(CourtError) {
    guard (1..<1_000_000_000_000_000_000).contains(number) else {
      throw .badCaseNumber(text: String(number), fault: .number)
    }
    if let suffix, !(1...99).contains(suffix) { throw .badCaseNumber(text: String(suffix), fault: .suffix) }
    self.series = series
    self.number = number
    self.suffix = suffix
  }
}

extension CaseNumber: CustomStringConvertible {
  /// The official spelling: full-width brackets, no leading zeros.
  public var description: String {
    let tail = suffix.map { "之" + chineseNumeral($0) } ?? ""
    return "（\(series.year)）\(series.courtCode)\(series.typeCode)\(number)号\(tail)"
  }
}

func isHan(_ character: Unicode.Scalar) -> Bool { (0x4E00...0x9FFF).contains(character.value) }
func isDigit(_ character: Unicode.Scalar) -> Bool { (0x30...0x39).contains(character.value) }

/// Whether a text is 最高法, or a province's character with at most four digits.
private func isCourtCode(_ text: String) -> Bool {
  let scalars = Array(text.unicodeScalars)
  guard let first = scalars.first, isHan(first) else { return false }
  return text == "最高法" || (scalars.count <= 5 && scalars.dropFirst().allSatisfy(isDigit))
}

private func isTypeCode(_ text: String) -> Bool {
  let scalars = text.unicodeScalars
  return (1...4).contains(scalars.count) && scalars.allSatisfy(isHan)
}
