import Testing

@testable import Court

@Suite("Days")
struct DayTests {
  @Test("a day is counted from 1970-01-01 and written back", arguments: [("1970-01-01", 0), ("2026-01-01", 20454)])
  func counts(text: String, number: Int) throws {
    let day = try #require(Day(iso: text))
    #expect(day.number == Int32(number))
    #expect(day.description == text)
  }

  @Test("what is no day is none", arguments: ["2026-02-29", "2026-13-01", "2026-1-1", "20260101", "", "2026-01-01 "])
  func refuses(text: String) {
    #expect(Day(iso: text) == nil)
  }
}
