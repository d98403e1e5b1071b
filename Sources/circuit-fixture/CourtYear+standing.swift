import Court
import Merge

extension CourtYear {
  /// What is entered at the end of a year: training classes, the service list, studies, honours.
  mutating func writeYearEnd(_ day: Day) throws {
    for number in 1...12 { try writeTraining(number, day) }
    for _ in 0..<60 { try writeServiceItem(day) }
    for _ in 0..<40 { try writeStudyOutput(day) }
    let honours: [(String, String, String, RecordID, String)] = [
      ("河南省文明单位", "provincial", "body", staff.court, plan.courtName),
      ("全省法院司法警察先进集体", "provincial", "body", staff.units[14].body, staff.units[14].name),
      ("枫桥式人民法庭", "provincial", "body", staff.units[0].body, staff.units[0].name),
    ]
    let (title, level, table, id, name) = honours[year % honours.count]
    var record = Record("honour", ids.next(day), codesAsOf: day)
    record.set("title", title)
    record.set("level", level)
    record.set("of_table", table)
    record.set("of_id", id)
    record.set("granted_to", name)
    record.set("year", year)
    record.set("granted_on", day)
    try book.add(record, to: "court")
  }

  /// One class a month for village cadres or mediators, with who came from which village.
  private mutating func writeTraining(_ month: Int, _ day: Day) throws {
    guard let first = Day(year, month, 8) else { return }
    let held = calendar.workday(onOrAfter: first.adding(draws.within(0...12)))
    let unit = staff.units[draws.below(5)]
    let lecturer = draws.pick(unit.judges)
    let id = ids.next(day)
    var record = Record("training", id, codesAsOf: day)
    record.set("kind", draws.weighted([("village_cadres", 50), ("mediators", 35), ("law_reps", 15)]))
    record.set("title", "\(month)月法律培训班")
    record.set("topic", draws.pick(["人民调解法与调解技巧", "民法典婚姻家庭编", "土地承包纠纷处理", "无讼村创建"]))
    record.set("body_id", unit.body)
    record.set("starts_at", Moment(held, minutes: 9 * 60))
    record.set("ends_at", Moment(held, minutes: 11 * 60 + 30))
    record.set("lecturer_id", lecturer.id)
    record.set("lecturer", lecturer.name)
    record.set("hours", hours: 2.5)
    try book.add(record, to: "court")
    for village in draws.sample(staff.villages, 20) {
      var record = Record("attendance", ids.next(day), codesAsOf: day)
      record.set("training_id", id)
      record.set("person_id", village.cadre.id)
      record.set("name", village.cadre.name)
      record.set("village_id", village.id)
      record.set("role", "trainee")
      record.set("is_completed", draws.isTrue(percent: 95))
      try book.add(record, to: "court")
    }
  }

  private mutating func writeServiceItem(_ day: Day) throws {
    let asked = draws.pick(workdays)
    let status = draws.weighted([("done", 75), ("taken", 15), ("open", 10)])
    let team = draws.pick(staff.teams)
    var record = Record("service_item", ids.next(day), codesAsOf: day)
    record.set("title", draws.pick(["代写诉状", "修路灯", "助老就医陪护", "清理沟渠", "法律咨询上门", "捐赠图书"]))
    record.set("status", status)
    record.set("asked_on", asked)
    record.set("village_id", draws.pick(staff.villages).id)
    record.set("beneficiary", draws.pick(["独居老人", "留守儿童", "脱贫户", "全体村民"]))
    if status != "open" {
      record.set("team_id", team.id)
      record.set("taken_on", known(min(calendar.adding(workdays: 2, to: asked), lastWorkday)))
    }
    if status == "done" {
      record.set("done_on", min(calendar.adding(workdays: draws.within(3...25), to: asked), lastWorkday))
      record.set("hours", hours: draws.pick([1.0, 2.0, 3.5]))
    }
    try book.add(record, to: "court")
  }

  private mutating func writeStudyOutput(_ day: Day) throws {
    let author = draws.pick(draws.pick(staff.units).judges)
    var record = Record("study_output", ids.next(day), codesAsOf: day)
    record.set("kind", draws.weighted([("reflection", 50), ("lecture", 20), ("report", 15), ("research_article", 15)]))
    record.set("title", draws.pick(["新时代枫桥经验的基层实践", "巡回审判与基层治理", "民间借贷案件调研", "廉洁司法心得"]))
    record.set("person_id", author.id)
    record.set("finished_on", draws.pick(workdays))
    try book.add(record, to: "court")
  }
}
