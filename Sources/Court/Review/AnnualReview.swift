import Merge
import ReplicaStore

/// Figures of a court's annual review 年度综述, made from its records, each traceable to the records it counts.
///
/// ```swift
/// let review = AnnualReview.figures(year: 2025, activities: activities, bodies: bodies)
/// review.festivals.count                 // how many events of 我们的节日
/// review.volunteering.shares.first?.records  // the events of the most active department
/// print(review.text(.zh))
/// ```
///
/// **What counts.** An `activity` that is not void, was held (`status` 已开展, or no status and an actual start), and began
/// in the year by the calendar of Asia/Shanghai; where nobody wrote the actual start, the planned one tells the day.
/// Planned, postponed and cancelled activities count nowhere. What the review says is what the records show: where a
/// field counted by is in conflict, the shown value counts and the record is named as contested.
public struct AnnualReview: Sendable, Equatable {
  public let year: Int
  /// Events of Our Festivals 我们的节日: activities of that kind, by festival in the order of the year.
  public let festivals: ReviewFigure
  /// Volunteer events 志愿服务活动: activities of the programme 党建+志愿服务, by the body that held them, most first.
  public let volunteering: ReviewFigure

  /// Computes the figures of one year.
  ///
  /// - Parameters:
  ///   - year: a calendar year.
  ///   - activities: records of `activity`; void ones, those of other years and records of other tables are passed over.
  ///   - bodies: records of `body`, for the names of departments.
  ///   - branches: records of `branch`: where an activity names no body, its branch's counts.
  ///   - teams: records of `volunteer_team`: where it names neither, its team's body counts.
  ///   - lists: the code lists that name festivals and tell a kind's programme.
  /// - Returns: figures without any record where nothing counts; never an error.
  public static func figures(
    year: Int, activities: [RecordView], bodies: [RecordView], branches: [RecordView] = [], teams: [RecordView] = [],
    lists: CodeLists = .builtIn
  ) -> AnnualReview {
    let held = activities.compactMap { HeldActivity($0, lists) }
      .filter { $0.year == year }
      .sorted { ($0.start, $0.record) < ($1.start, $1.record) }
    let organisers = Organisers(bodies: bodies, branches: branches, teams: teams)
    return AnnualReview(
      year: year,
      festivals: festivalFigure(held.filter { $0.kind == "our_festivals" }, lists),
      volunteering: volunteerFigure(held.filter { $0.programme == "volunteering" }, organisers))
  }

  private static func festivalFigure(_ events: [HeldActivity], _ lists: CodeLists) -> ReviewFigure {
    var order: [String] = []
    var shares: [String: [RecordReference]] = [:]
    for event in events {
      let festival = event.festival ?? ""
      if shares[festival] == nil { order.append(festival) }
      shares[festival, default: []].append(event.record)
    }
    return ReviewFigure(
      key: "festival_events",
      shares: order.map { code in
        let entry = lists.entry(code, in: "our_festivals")
        return ReviewShare(
          key: code, chinese: entry?.chinese ?? (code.isEmpty ? "未注明节日" : code),
          english: entry?.english ?? (code.isEmpty ? "no festival named" : code), records: shares[code] ?? [])
      },
      contested: events.filter { $0.isContested(in: ["kind", "festival"]) }.map(\.record))
  }

  private static func volunteerFigure(_ events: [HeldActivity], _ organisers: Organisers) -> ReviewFigure {
    var order: [RecordID?] = []
    var shares: [RecordID?: [RecordReference]] = [:]
    for event in events {
      let body = organisers.body(of: event)
      if shares[body] == nil { order.append(body) }
      shares[body, default: []].append(event.record)
    }
    // Most events first; between equals the one that began earlier in the year.
    let ranked = order.enumerated().sorted {
      (-(shares[$0.element]?.count ?? 0), $0.offset) < (-(shares[$1.element]?.count ?? 0), $1.offset)
    }
    return ReviewFigure(
      key: "volunteer_events",
      shares: ranked.map { _, body in
        ReviewShare(
          key: body?.hex ?? "", chinese: body.map { organisers.name(of: $0) ?? "未登记单位" } ?? "未注明单位",
          english: body.map { organisers.name(of: $0) ?? "unregistered body" } ?? "no body named",
          records: shares[body] ?? [])
      },
      contested: events.filter { $0.isContested(in: ["kind", "programme", "body_id", "branch_id", "team_id"]) }
        .map(\.record))
  }
}
