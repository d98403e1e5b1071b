import Court
import Merge

/// One activity as it was planned and held.
struct PlannedActivity {
  enum Group { case organisational, festival, volunteer, other }

  var group: Group
  var day: Day
  var kind: String
  var programme: String
  var title: String
  var unit: Int
  var branch: Int?
  var team: Int?
  var festival: String?
  var lawSetting: String?
  var village: Int?
  var status = "held"
  var minutes: Int
}

/// The activities 活动 of a year: organisational life of every branch, the festivals, the volunteers, and the rest to the
/// exact total.
struct ActivityProgramme {
  private let year: CourtYear
  private var draws: Draws
  private var planned: [PlannedActivity] = []

  init(_ year: CourtYear) {
    self.year = year
    draws = year.draws
    // A stream of its own: more activities leave the cases as they are.
    draws = Draws(draws.next(), "activities")
  }

  /// In order of their day.
  mutating func activities() -> [PlannedActivity] {
    planned = []
    planOrganisationalLife()
    planFestivals()
    planVolunteers()
    planOthers()
    // Stable: of one day, in the order they were planned.
    return planned.enumerated().sorted { ($0.element.day, $0.offset) < ($1.element.day, $1.offset) }.map(\.element)
  }

  // MARK: Organisational life 组织生活

  private mutating func planOrganisationalLife() {
    for (position, branch) in year.staff.branches.enumerated() {
      for month in 1...12 {
        meet("committee", "支委会", position, month)
        meet("theme_day", "主题党日", position, month)
        for group in 1...branch.groups { meet("group", "第\(group == 1 ? "一" : "二")党小组会", position, month) }
        if month % 3 == 2 { meet("general_meeting", "支部党员大会", position, month) }
        if month % 3 == 0 { meet("lecture", "党课", position, month) }
      }
    }
  }

  /// Three in a hundred do not take place: what the compliance report has to find.
  private mutating func meet(_ kind: String, _ name: String, _ branch: Int, _ month: Int) {
    guard !draws.isTrue(percent: 3) else { return }
    let days = year.workdays.filter { monthOf($0) == month }
    let item = year.staff.branches[branch]
    planned.append(
      PlannedActivity(
        group: .organisational, day: draws.pick(days), kind: kind, programme: "organisational_life",
        title: "\(item.name)\(month)月\(name)", unit: item.unit, branch: branch, minutes: draws.pick([510, 900, 960])))
  }

  // MARK: Festivals 我们的节日

  /// As many of the year's festivals as the plan has, each once, on or before its day.
  private mutating func planFestivals() {
    let festivals = year.calendar.ourFestivals(of: year.year)
    for (code, day) in draws.sample(festivals, year.plan.festivalEvents) {
      let name = CodeLists.builtIn.entry(code, in: "our_festivals")?.chinese ?? code
      let held = max(year.calendar.workday(onOrBefore: day.adding(-1)), year.workdays[0])
      let places = ["司法警察大队", "政治部", "综合办公室", "孟庙人民法庭", "李集人民法庭"]
      let host = draws.pick(places)
      planned.append(
        PlannedActivity(
          group: .festival, day: held, kind: "our_festivals", programme: "civilised_leadership",
          title: "“我们的节日·\(name)”主题活动", unit: year.staff.units.firstIndex { $0.name == host } ?? 0,
          festival: code, minutes: 9 * 60))
    }
  }

  // MARK: Volunteers 志愿服务

  /// Three quarters are of the kind 志愿服务 itself, the rest of the programme's other kinds; spread over ten bodies, each
  /// of which holds one at least.
  private mutating func planVolunteers() {
    let bodies = [0, 1, 3, 4, 5, 7, 8, 12, 13, 14]
    let total = year.plan.volunteerEvents
    let own = total * 3 / 4 + 1
    let works = ["社区环境清洁", "文明交通劝导", "敬老助老", "关爱留守儿童", "无偿献血", "法律咨询", "创文巡查", "植树护绿"]
    let kinds = [
      ("law_into", "法律进乡村", "village"), ("anti_fraud", "反诈宣传进社区", "community"), ("law_into", "法律进学校", "school"),
      ("old_members", "走访慰问老党员", nil), ("law_to_countryside", "送法下乡", "village"), ("street_cleaning", "分包路段清洁", nil),
      ("law_into", "法律进企业", "company"),
    ]
    for position in 0..<total {
      let unit = position < bodies.count ? bodies[position] : draws.pick(bodies)
      let (kind, title, setting) =
        position < own ? ("volunteer_service", draws.pick(works) + "志愿服务", nil) : kinds[(position - own) % kinds.count]
      planned.append(
        PlannedActivity(
          group: .volunteer, day: draws.pick(year.workdays), kind: kind, programme: "volunteering",
          title: "\(year.staff.units[unit].shortName)\(title)", unit: unit,
          team: year.staff.teams.firstIndex { $0.unit == unit }, lawSetting: setting,
          village: draws.isTrue(percent: 70) ? draws.below(year.staff.villages.count) : nil,
          minutes: draws.pick([510, 540, 900])))
    }
  }

  // MARK: The rest

  private mutating func planOthers() {
    let kinds = CodeLists.builtIn.entries(of: "activity_kind").filter {
      ["study", "civilised_leadership", "culture", "justice"].contains($0.parent ?? "") && $0.code != "our_festivals"
    }
    let settings: [String?] = ["agency", "village", "community", "school", "company", "unit", "network", nil, nil, nil]
    let count = max(0, year.plan.activities - planned.count)
    var cancelled = Quota(min(6, count), of: count)
    for _ in 0..<count {
      let kind = draws.pick(kinds)
      let unit = draws.below(year.staff.units.count)
      let isOutside = kind.parent == "justice" || ["law_forum", "moral_lecture"].contains(kind.code)
      var item = PlannedActivity(
        group: .other, day: draws.pick(year.workdays), kind: kind.code, programme: kind.parent ?? "",
        title: year.staff.units[unit].shortName + kind.chinese, unit: unit,
        lawSetting: isOutside ? draws.pick(settings) : nil,
        village: isOutside ? draws.below(year.staff.villages.count) : nil, minutes: draws.pick([540, 570, 870, 900]))
      if cancelled.take(&draws) { item.status = draws.pick(["cancelled", "postponed"]) }
      planned.append(item)
    }
  }

  private func monthOf(_ day: Day) -> Int { Int(day.description.dropFirst(5).prefix(2)) ?? 0 }
}
