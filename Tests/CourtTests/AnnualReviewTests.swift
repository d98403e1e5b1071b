import Merge
import Testing

@testable import Court
@testable import ReplicaStore

@Suite("The annual review")
struct AnnualReviewTests {
  private let bailiffs = RecordID(high: 0, low: 1)
  private let tribunal = RecordID(high: 0, low: 2)
  private let branch = RecordID(high: 0, low: 3)
  private let team = RecordID(high: 0, low: 4)

  private var bodies: [RecordView] {
    [record("body", bailiffs, ["name": .text("司法警察大队")]), record("body", tribunal, ["name": .text("孟庙人民法庭")])]
  }

  private func record(
    _ table: String, _ id: RecordID, _ fields: [String: Value], open: Set<String> = []
  ) -> RecordView {
    RecordView(
      table: table, id: id, scope: "court",
      fields: fields.sorted { $0.key < $1.key }.map {
        FieldView(name: $0.key, value: $0.value, dots: [], isOpen: open.contains($0.key))
      })
  }

  private func activity(
    _ number: UInt64, _ kind: String, _ start: String, _ more: [String: Value] = [:], open: Set<String> = []
  ) throws -> RecordView {
    let start = try #require(Instant.milliseconds(of: start))
    let fields: [String: Value] = ["kind": .text(kind), "status": .text("held"), "started_at": .instant(start)]
    return record(
      "activity", RecordID(high: 1, low: number), fields.merging(more) { _, new in new }, open: open)
  }

  private func figures(_ activities: [RecordView]) -> AnnualReview {
    AnnualReview.figures(
      year: 2025, activities: activities, bodies: bodies,
      branches: [record("branch", branch, ["body_id": .ref(tribunal)])],
      teams: [record("volunteer_team", team, ["body_id": .ref(bailiffs)])])
  }

  @Test("festivals are named in the order of the year, each with its records")
  func festivals() throws {
    let review = figures([
      try activity(2, "our_festivals", "2025-04-03T01:00:00.000Z", ["festival": .text("qingming")]),
      try activity(1, "our_festivals", "2025-01-27T01:00:00.000Z", ["festival": .text("spring")]),
      try activity(3, "our_festivals", "2025-04-04T01:00:00.000Z", ["festival": .text("qingming")]),
      try activity(4, "lecture", "2025-04-04T01:00:00.000Z"),
    ])
    #expect(review.festivals.count == 3)
    #expect(review.festivals.shares.map(\.key) == ["spring", "qingming"])
    #expect(review.festivals.shares.map(\.count) == [1, 2])
    #expect(review.festivals.records.map(\.id.low) == [1, 2, 3])
    #expect(review.festivals.records.allSatisfy { $0.table == "activity" && $0.scope == "court" })
    #expect(review.volunteering.count == 0)
  }

  @Test("volunteer events are those of the programme, by the body that held them, most first")
  func volunteers() throws {
    let review = figures([
      try activity(1, "volunteer_service", "2025-03-05T01:00:00.000Z", ["body_id": .ref(tribunal)]),
      // By its kind alone, since no programme is written.
      try activity(2, "traffic", "2025-05-05T01:00:00.000Z", ["body_id": .ref(bailiffs)]),
      // Of another kind, but entered under the programme.
      try activity(
        3, "other", "2025-06-05T01:00:00.000Z", ["programme": .text("volunteering"), "team_id": .ref(team)]),
      try activity(4, "volunteer_service", "2025-07-05T01:00:00.000Z", ["branch_id": .ref(branch)]),
      try activity(5, "anti_fraud", "2025-08-05T01:00:00.000Z", ["team_id": .ref(team)]),
      try activity(6, "volunteer_service", "2025-09-05T01:00:00.000Z"),
      try activity(7, "volunteer_service", "2025-09-06T01:00:00.000Z", ["body_id": .ref(RecordID(high: 9, low: 9))]),
    ])
    #expect(review.volunteering.count == 7)
    #expect(review.volunteering.shares.map(\.chinese) == ["司法警察大队", "孟庙人民法庭", "未注明单位", "未登记单位"])
    #expect(review.volunteering.shares.map { $0.records.map(\.id.low) } == [[2, 3, 5], [1, 4], [6], [7]])
    #expect(review.volunteering.shares[0].key == bailiffs.hex)
  }

  @Test("what is void, planned, put off, cancelled or has no day counts nowhere")
  func excluded() throws {
    let start = "2025-03-05T01:00:00.000Z"
    let review = figures([
      try activity(1, "volunteer_service", start, ["voided": .boolean(true)]),
      try activity(2, "volunteer_service", start, ["status": .text("planned")]),
      try activity(3, "volunteer_service", start, ["status": .text("postponed")]),
      try activity(4, "volunteer_service", start, ["status": .text("cancelled")]),
      try activity(5, "volunteer_service", start, ["started_at": .null]),
      try activity(6, "volunteer_service", start, ["status": .null]),
      record("hearing", RecordID(high: 1, low: 7), ["kind": .text("volunteer_service")]),
    ])
    // Without a status the actual start says that it was held.
    #expect(review.volunteering.records.map(\.id.low) == [6])
  }

  @Test(
    "the year is that of the calendar in Asia/Shanghai",
    arguments: [
      ("2024-12-31T15:59:59.999Z", 0), ("2024-12-31T16:00:00.000Z", 1), ("2025-12-31T15:59:59.999Z", 1),
      ("2025-12-31T16:00:00.000Z", 0),
    ])
  func year(start: String, count: Int) throws {
    #expect(figures([try activity(1, "our_festivals", start)]).festivals.count == count)
  }

  @Test("the planned start tells the day where nobody wrote the actual one")
  func planned() throws {
    let planned = try #require(Instant.milliseconds(of: "2025-02-12T01:00:00.000Z"))
    let review = figures([
      try activity(
        1, "our_festivals", "2025-01-01T00:00:00.000Z", ["started_at": .null, "planned_start_at": .instant(planned)])
    ])
    #expect(review.festivals.count == 1)
  }

  @Test("a record of which a counted field is in conflict is named as contested")
  func contested() throws {
    let start = "2025-03-05T01:00:00.000Z"
    let review = figures([
      try activity(1, "volunteer_service", start, ["body_id": .ref(tribunal)], open: ["body_id"]),
      try activity(2, "volunteer_service", start, ["body_id": .ref(tribunal)], open: ["summary"]),
    ])
    #expect(review.volunteering.count == 2)
    #expect(review.volunteering.contested.map(\.id.low) == [1])
    #expect(review.text(.zh).contains("（其中1场次有待裁定的冲突）"))
  }

  @Test("the paragraphs read in both tongues")
  func text() throws {
    let review = figures([
      try activity(1, "our_festivals", "2025-01-27T01:00:00.000Z", ["festival": .text("spring")]),
      try activity(2, "volunteer_service", "2025-03-05T01:00:00.000Z", ["body_id": .ref(bailiffs)]),
      try activity(3, "volunteer_service", "2025-03-06T01:00:00.000Z", ["body_id": .ref(bailiffs)]),
    ])
    #expect(review.text(.zh) == "2025年，开展“我们的节日”主题活动1场次：春节。\n2025年，开展志愿服务活动2场次：司法警察大队2场次。")
    #expect(
      review.text(.en) == "2025: 1 Our Festivals event: Spring Festival.\n2025: 2 volunteer events: 司法警察大队 2.")
    #expect(figures([]).text(.zh) == "2025年，开展“我们的节日”主题活动0场次。\n2025年，开展志愿服务活动0场次。")
  }

  @Test(
    "the fixture years have five festival events and more than twenty volunteer events", arguments: [2023, 2024, 2025])
  func fixture(year: Int) throws {
    let tables = try FixtureYear(year).records()
    func views(_ table: String) -> [RecordView] { (tables[table] ?? []).compactMap { $0.view() } }
    let review = AnnualReview.figures(
      year: year, activities: views("activity"), bodies: views("body"), branches: views("branch"),
      teams: views("volunteer_team"))
    #expect(review.festivals.count == 5)
    #expect(review.festivals.shares.count == 5)
    #expect(review.volunteering.count > 20)
    #expect(review.volunteering.shares.count == 10)
    #expect(review.volunteering.shares.allSatisfy { !$0.key.isEmpty && $0.chinese != "未登记单位" })
    let ids = Set((tables["activity"] ?? []).map(\.id))
    let counted = review.festivals.records + review.volunteering.records
    #expect(counted.allSatisfy { ids.contains($0.id.hex) })
    #expect(Set(counted).count == counted.count)
  }
}
