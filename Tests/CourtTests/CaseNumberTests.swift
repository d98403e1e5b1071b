import Testing

@testable import Court

@Suite("Case numbers 案号")
struct CaseNumberTests {
  @Test(
    "what courts write is read and written back in the official spelling",
    arguments: [
      ("（2026）豫1103民初123号", "豫1103", "民初", 123, nil),
      ("（2018）沪01民终2868号之一", "沪01", "民终", 2868, 1),
      ("（2025）豫1103诉前调9号", "豫1103", "诉前调", 9, nil),
      ("（2024）豫1103民诉前调1号", "豫1103", "民诉前调", 1, nil),
      ("（2026）豫1103破2号之十二", "豫1103", "破", 2, 12),
      ("（2026）豫民终7号", "豫", "民终", 7, nil),
      ("（2019）最高法知民终1号", "最高法", "知民终", 1, nil),
      ("（2026）兵0801执恢35号之二十", "兵0801", "执恢", 35, 20),
      ("（2026）豫1103刑核12345678号之九十九", "豫1103", "刑核", 12_345_678, 99),
    ] as [(String, String, String, Int, Int?)])
  func reads(text: String, court: String, type: String, number: Int, suffix: Int?) throws {
    let parsed = try CaseNumber(parsing: text)
    #expect(parsed.series.courtCode == court)
    #expect(parsed.series.typeCode == type)
    #expect(parsed.number == number)
    #expect(parsed.suffix == suffix)
    #expect(parsed.description == text)
  }

  @Test(
    "brackets of either width, mixed too, mean the same number",
    arguments: ["(2026)豫1103民初123号", "（2026)豫1103民初123号", "(2026）豫1103民初123号"])
  func brackets(text: String) throws {
    let parsed = try CaseNumber(parsing: text)
    #expect(parsed == (try CaseNumber(parsing: "（2026）豫1103民初123号")))
    #expect(parsed.description == "（2026）豫1103民初123号")
  }

  @Test(
    "anything else is refused, and the wrong element is named",
    arguments: [
      ("", CaseNumberFault.year),
      ("2026豫1103民初123号", .year),
      ("（26）豫1103民初123号", .year),
      ("（20261）豫1103民初123号", .year),
      ("（２０２６）豫1103民初123号", .year),
      (" （2026）豫1103民初123号", .year),
      ("（2026）1103民初123号", .courtCode),
      ("（2026）A1103民初123号", .courtCode),
      ("（2026）豫11031民初123号", .courtCode),
      ("（2026）豫1103123号", .courtCode),
      ("（2026）豫1103号", .number),
      ("（2026）豫1103", .typeCode),
      ("（2026）豫1103民诉前调解1号", .typeCode),
      ("（2026）豫1103民初0123号", .number),
      ("（2026）豫1103民初0号", .number),
      ("（2026）豫1103民初号", .number),
      ("（2026）豫1103民初123", .number),
      ("（2026）豫1103民初1234567890123456789号", .number),
      ("（2026）豫1103民初3827、3828号", .number),
      ("（2026）豫1103民初18775-18776号", .number),
      ("（2026）豫1103民初123号 ", .suffix),
      ("（2026）豫1103民初123号之", .suffix),
      ("（2026）豫1103民初123号之1", .suffix),
      ("（2026）豫1103民初123号之一十", .suffix),
      ("（2026）豫1103民初123号之一百", .suffix),
      ("（2026）豫1103民初123号之一之二", .suffix),
    ])
  func refuses(text: String, fault: CaseNumberFault) {
    #expect(throws: CourtError.badCaseNumber(text: text, fault: fault)) { try CaseNumber(parsing: text) }
  }

  @Test("every suffix is read back as it was written")
  func suffixes() throws {
    let series = try CaseNumber.Series(year: 2026, courtCode: "豫1103", typeCode: "民初")
    for suffix in 1...99 {
      let number = try CaseNumber(series: series, number: 1, suffix: suffix)
      #expect(try CaseNumber(parsing: number.description) == number)
    }
  }

  @Test("elements out of range make no number")
  func ranges() throws {
    let series = try CaseNumber.Series(year: 2026, courtCode: "豫1103", typeCode: "民初")
    #expect(throws: CourtError.self) { try CaseNumber(series: series, number: 0) }
    #expect(throws: CourtError.self) { try CaseNumber(series: series, number: 1, suffix: 100) }
    #expect(throws: CourtError.self) { try CaseNumber.Series(year: 999, courtCode: "豫1103", typeCode: "民初") }
    #expect(throws: CourtError.self) { try CaseNumber.Series(year: 2026, courtCode: "豫11031", typeCode: "民初") }
    #expect(throws: CourtError.self) { try CaseNumber.Series(year: 2026, courtCode: "豫1103", typeCode: "民诉前调解") }
  }

  @Test("year, court and type code count by themselves")
  func series() throws {
    let numbers = ["（2026）豫1103民初1号", "（2025）豫1103民初1号", "（2026）豫1103民特1号", "（2026）豫1104民初1号"]
    #expect(Set(try numbers.map { try CaseNumber(parsing: $0).series }).count == 4)
    let same = ["（2026）豫1103民初1号", "（2026）豫1103民初2号之一"]
    #expect(Set(try same.map { try CaseNumber(parsing: $0).series }).count == 1)
  }

  @Test("every type code of the official table can stand in a number")
  func officialTypeCodes() throws {
    for record in try Checkout.records(of: .caseTypes) {
      guard case .text(let type)? = record["type_code"] else { continue }
      let text = "（2026）豫1103\(type)1号"
      #expect(try CaseNumber(parsing: text).series.typeCode == type)
    }
  }

  @Test("the message names the fault in both tongues, on one line")
  func messages() {
    let error = CourtError.badCaseNumber(text: "x\ny", fault: .year)
    #expect(error.message(.zh) == "“x y”不是案号：年度应为括号内的四位数字；请按（2026）豫1103民初123号的样式改正")
    #expect(error.message(.en).contains("the year must be four digits in brackets"))
    #expect(!error.message(.en).contains("\n"))
  }
}
