/// The lists that come with the program as `Fixtures/lists/*.csv`, and how each becomes records.
///
/// This reads bytes only; where they come from is the caller's. A file with later content and the same header is loaded
/// the same way, under its own edition.
public enum OfficialList: String, CaseIterable, Sendable {
  /// The built-in code lists 代码表.
  case codes
  /// Townships and villages 区划.
  case divisions
  /// Civil causes 民事案由 in force from 2026.
  case causes
  /// Civil causes in force 2021 to 2025, third level, with their numbers of 2026.
  case causes2020 = "causes_2020"
  /// Case types and type codes 案件类型代字.
  case caseTypes = "case_types"
  /// Time limits 期限.
  case limits
  /// Public holidays and worked weekend days 放假安排.
  case holidays
  /// Festivals 节日.
  case festivals
  /// Indicators 指标.
  case indicators
  /// The words of the programmes 活动项目 and what was published of their criteria.
  case programmes
  /// Editions of criteria 创建标准.
  case criteria
  /// Their items 标准条目.
  case criteriaItems = "criteria_items"
  /// How often activities are due 频次要求, the built-in defaults.
  case frequencyRules = "frequency_rules"
  /// What is the court's to set 本院设定, the built-in defaults.
  case settings

  /// `causes.csv` and so on.
  public var fileName: String { rawValue + ".csv" }

  /// The records of a file, in its order, each id once.
  ///
  /// - Parameters:
  ///   - bytes: the file, UTF-8.
  ///   - edition: where the file is not the one that comes with the program. Lists whose rows name their own edition or
  ///     day take no notice of it.
  /// - Throws: ``CourtError/badLine(file:line:fault:)`` for the first line that cannot be taken.
  public func records(_ bytes: [UInt8], edition: ListEdition? = nil) throws(CourtError) -> [ListRecord] {
    let records =
      switch self {
      case .codes: try codeRecords(bytes)
      case .divisions: try divisionRecords(bytes, edition ?? .divisions2021)
      case .causes: try causeRecords(bytes, edition ?? .causes2025)
      case .causes2020: try formerCauseRecords(bytes, edition ?? .causes2020)
      case .caseTypes: try caseTypeRecords(bytes, edition ?? .caseTypes2018)
      case .limits: try limitRecords(bytes, edition ?? .limits2025)
      case .holidays: try holidayRecords(bytes)
      case .festivals: try festivalRecords(bytes)
      case .indicators: try indicatorRecords(bytes, edition ?? .indicators2024)
      case .programmes: try programmeRecords(bytes, edition ?? .builtIn)
      case .criteria: try criteriaRecords(bytes)
      case .criteriaItems: try criteriaItemRecords(bytes)
      case .frequencyRules: try frequencyRecords(bytes)
      case .settings: try settingRecords(bytes)
      }
    return records
  }
}

/// The editions of the files that come with the program. The day each holds from, and how sure that is, stands in
/// `Fixtures/lists/README.md`.
extension ListEdition {
  /// The program's own lists.
  public static let builtIn = ListEdition("1", from: "2020-01-01")
  /// Civil causes, third revision.
  public static let causes2025 = ListEdition("2025", from: "2026-01-01")
  /// Civil causes, second revision.
  public static let causes2020 = ListEdition("2020", from: "2021-01-01")
  /// Case types with the amendment of 2018.
  public static let caseTypes2018 = ListEdition("2018", from: "2019-01-01")
  /// Time limits with the opinion on filing and mediation.
  public static let limits2025 = ListEdition("2025", from: "2025-01-01")
  /// Indicators as revised in September 2024.
  public static let indicators2024 = ListEdition("2024", from: "2024-09-01")
  /// Places by the statistical codes of 2021.
  public static let divisions2021 = ListEdition("2021", from: "2021-01-01")

  private init(_ name: String, from iso: String) {
    guard let day = Day(iso: iso) else { preconditionFailure("\(iso) is no day") }
    self.init(name: name, validFrom: day)
  }
}
