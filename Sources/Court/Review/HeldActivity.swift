import Merge
import ReplicaStore

/// An activity 活动 that was held, with what the review counts it by.
struct HeldActivity {
  let record: RecordReference
  /// Milliseconds since 1970-01-01T00:00:00Z.
  let start: Int64
  let kind: String
  /// As written, else that of the kind.
  let programme: String?
  let festival: String?
  let body: RecordID?
  let branch: RecordID?
  let team: RecordID?
  private let openFields: Set<String>

  /// Nil where the record is no activity, is void, was not held, or has no day.
  init?(_ view: RecordView, _ lists: CodeLists) {
    guard view.table == "activity", !view.isVoid else { return nil }
    let actual = view.instant("started_at")
    guard let start = actual ?? view.instant("planned_start_at") else { return nil }
    switch view.text("status") {
    case "held": break
    case nil where actual != nil: break
    default: return nil
    }
    record = RecordReference(view)
    self.start = start
    kind = view.text("kind") ?? ""
    programme = view.text("programme") ?? lists.entry(kind, in: "activity_kind")?.parent
    festival = view.text("festival")
    body = view.ref("body_id")
    branch = view.ref("branch_id")
    team = view.ref("team_id")
    openFields = Set(view.fields.filter(\.isOpen).map(\.name))
  }

  /// The calendar year in Asia/Shanghai, which has kept UTC+8 without change since 1991.
  var year: Int {
    let day = (start + 8 * 3_600_000).flooredQuotient(86_400_000)
    return Int32(exactly: day).flatMap { Int(CalendarDay.text($0).prefix(4)) } ?? 0
  }

  /// Whether one of the fields, or one that tells whether and when it was held, is in conflict.
  func isContested(in fields: [String]) -> Bool {
    !openFields.isDisjoint(with: fields + ["status", "started_at", "planned_start_at", "voided"])
  }
}

/// Who held an activity, and what it is called.
struct Organisers {
  private var names: [RecordID: String] = [:]
  private var bodyOfBranch: [RecordID: RecordID] = [:]
  private var bodyOfTeam: [RecordID: RecordID] = [:]

  init(bodies: [RecordView], branches: [RecordView], teams: [RecordView]) {
    for view in bodies where view.table == "body" { names[view.id] = view.text("name") }
    for view in branches where view.table == "branch" { bodyOfBranch[view.id] = view.ref("body_id") }
    for view in teams where view.table == "volunteer_team" { bodyOfTeam[view.id] = view.ref("body_id") }
  }

  func body(of activity: HeldActivity) -> RecordID? {
    activity.body ?? activity.branch.flatMap { bodyOfBranch[$0] } ?? activity.team.flatMap { bodyOfTeam[$0] }
  }

  /// Nil where no body of that id was given, or it has no name.
  func name(of body: RecordID) -> String? { names[body] }
}

extension RecordView {
  fileprivate func text(_ field: String) -> String? {
    if case .text(let text)? = self[field]?.value, !text.isEmpty { text } else { nil }
  }

  fileprivate func instant(_ field: String) -> Int64? {
    if case .instant(let milliseconds)? = self[field]?.value { milliseconds } else { nil }
  }

  fileprivate func ref(_ field: String) -> RecordID? {
    if case .ref(let id)? = self[field]?.value { id } else { nil }
  }
}

extension Int64 {
  fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
