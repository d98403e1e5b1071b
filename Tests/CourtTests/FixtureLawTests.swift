import Foundation
import Merge
import Testing

@testable import Court
@testable import circuit_fixture

@Suite("The fixture's cases are as the law has them")
struct FixtureLawTests {
  private let tables: [String: [FixtureYear.Line]]
  private let lists: Lists

  init() throws {
    tables = try FixtureYear(2025).records()
    lists = try Lists(folder: Checkout.root.appending(path: "Fixtures/lists").path(), year: 2025)
  }

  private func all(_ table: String) -> [FixtureYear.Line] { tables[table] ?? [] }

  private func day(_ text: String?) -> Day? { text.flatMap { Day(iso: String($0.prefix(10))) } }

  @Test("each series of case numbers runs from 1 without a gap, in the order of filing")
  func numbers() throws {
    var series: [CaseNumber.Series: [(Int, String)]] = [:]
    for line in all("case") + all("enforcement") {
      let number = try CaseNumber(parsing: try #require(line.text("official_number")))
      #expect(number.series.courtCode == "豫1103")
      #expect(number.series.typeCode == line.text("type_code"))
      series[number.series, default: []].append((number.number, line.text("filed_on") ?? ""))
    }
    #expect(Set(series.keys.map(\.typeCode)) == ["民初", "民特", "执"])
    for numbers in series.values {
      let sorted = numbers.sorted { $0.0 < $1.0 }
      #expect(sorted.map(\.0) == Array(1...sorted.count))
      #expect(sorted.map(\.1) == sorted.map(\.1).sorted())
    }
  }

  @Test("no judgment without a hearing or a written-trial note, and none before it")
  func judgments() throws {
    let hearings = Dictionary(grouping: all("hearing"), by: { $0.text("case_id") ?? "" })
    #expect(all("case").filter { $0.text("outcome") == "mediated" }.allSatisfy { $0.text("judged_on") == nil })
    let judgments = all("case").filter { $0.text("outcome") == "judgment" }
    #expect(judgments.count > 500)
    for line in judgments {
      let held = (hearings[line.id] ?? []).compactMap { day($0.text("starts_at")) }
      #expect(!held.isEmpty || line.text("written_trial_note") != nil)
      let judged = try #require(day(line.text("judged_on")))
      #expect(held.allSatisfy { $0 <= judged })
      #expect(line.text("ruling") != nil)
    }
  }

  @Test("a case goes through its stages in their order, and stands in the last of them")
  func stages() throws {
    let order = CodeLists.builtIn.words(of: "case_stage") ?? []
    let steps = Dictionary(grouping: all("case_step"), by: { $0.text("case_id") ?? "" })
    for line in all("case") {
      let own = try #require(steps[line.id])
      let days = own.compactMap { $0.text("happened_on") }
      #expect(days == days.sorted(), "\(days)")
      let places = own.compactMap { order.firstIndex(of: $0.text("stage") ?? "") }
      #expect(places == places.sorted() && Set(places).count == places.count)
      #expect(own.last?.text("stage") == line.text("stage"))
      #expect((line.text("outcome") != nil) == (line.text("closed_on") != nil))
      #expect(line.text("closed_on") ?? "9" >= line.text("filed_on") ?? "")
    }
  }

  @Test("what is received, filed and heard happens on working days")
  func workdays() throws {
    let days =
      all("dispute").map { $0.text("received_on") } + all("case").map { $0.text("filed_on") }
      + all("case").compactMap { $0.text("closed_on") } + all("hearing").map { $0.text("starts_at") }
    #expect(days.count > 13_000)
    for text in days {
      let found = try #require(day(text))
      #expect(lists.calendar.isWorkday(found), "\(found)")
    }
  }

  @Test("no judge and no room is booked twice at a time")
  func bookings() throws {
    var taken: Set<[String]> = []
    for line in all("hearing") {
      let start = try #require(line.text("starts_at"))
      // 18:00 is where the few go for which the day was full.
      guard !start.contains("T10:00") else { continue }
      #expect(taken.insert([start, line.text("judge_id") ?? ""]).inserted)
      if let room = line.text("facility_id") { #expect(taken.insert([start, room]).inserted) }
    }
  }

  @Test("confirmation is asked for within 30 days of the agreement")
  func confirmations() throws {
    let mediations = Dictionary(uniqueKeysWithValues: all("mediation").map { ($0.id, $0) })
    #expect(all("judicial_confirmation").count == 315)
    for line in all("judicial_confirmation") {
      let mediation = try #require(mediations[line.text("mediation_id") ?? ""])
      let agreed = try #require(day(mediation.text("agreed_on")))
      let applied = try #require(day(line.text("applied_on")))
      #expect((0...30).contains(applied.number - agreed.number))
    }
  }

  @Test("an extension is asked for 15 days and decided 5 days before the end of the limit")
  func extensions() throws {
    let cases = Dictionary(uniqueKeysWithValues: all("case").map { ($0.id, $0) })
    #expect(!all("extension").isEmpty)
    for line in all("extension") {
      let own = try #require(cases[line.text("case_id") ?? ""])
      let filed = try #require(day(own.text("filed_on")))
      let months = try #require(["small_claims": 2, "summary": 3][own.text("procedure") ?? ""] ?? 6)
      let end = filed.addingMonths(months)
      let applied = try #require(day(line.text("applied_on")))
      #expect(end.number - applied.number >= 15)
      if let decided = day(line.text("decided_on")) { #expect(end.number - decided.number >= 5) }
    }
  }

  @Test("causes are those of the edition in force on the day")
  func causes() throws {
    let old = Set(try Checkout.records(of: .causes2020).compactMap { $0["code"].map { "\($0)" } })
    for line in all("dispute") + all("case") {
      #expect(line.text("cause_edition") == "2020")
      #expect(old.contains("\(Value.text(line.text("cause") ?? ""))"))
    }
  }

  @Test("months end on the same day of a later month, or on its last")
  func months() throws {
    let day = try #require(Day(iso: "2025-01-20"))
    #expect(day.addingMonths(3).description == "2025-04-20")
    #expect(day.addingMonths(12).description == "2026-01-20")
    #expect(try #require(Day(iso: "2025-11-30")).addingMonths(3).description == "2026-02-28")
  }
}
