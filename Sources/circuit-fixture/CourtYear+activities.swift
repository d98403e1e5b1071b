import Court
import Merge

extension CourtYear {
  /// An activity with who took part, how many came, and what was published of it; all in the scope of the whole court.
  mutating func writeActivity(_ item: PlannedActivity, writtenOn day: Day) throws {
    let id = ids.next(day)
    let unit = staff.units[item.unit]
    let start = Moment(item.day, minutes: item.minutes)
    let hours = draws.pick([1.0, 1.5, 2.0, 2.5])
    let end = Moment(item.day, minutes: item.minutes + Int(hours * 60))
    let isHeld = item.status == "held"
    var record = Record("activity", id, codesAsOf: day)
    record.set("kind", item.kind)
    record.set("programme", item.programme)
    record.set("title", item.title)
    record.set("body_id", unit.body)
    record.set("branch_id", item.branch.map { staff.branches[$0].id })
    record.set("team_id", item.team.map { staff.teams[$0].id })
    record.set("place", item.village.map { staff.villages[$0].name } ?? (item.branch == nil ? "本院" : "党员活动室"))
    record.set("village_id", item.village.map { staff.villages[$0].id })
    record.set("planned_start_at", start)
    record.set("planned_end_at", end)
    if isHeld {
      record.set("started_at", start)
      record.set("ended_at", end)
    }
    record.set("status", item.status)
    record.set("festival", item.festival)
    record.set("law_setting", item.lawSetting)
    if item.kind == "lecture" || item.kind == "president_lecture" {
      record.set("speaker_id", staff.president.id)
      record.set("speaker", staff.president.name)
    }
    try book.add(record, to: "court")
    guard isHeld else { return }
    try writeParticipants(item, id, hours, day)
    try writeActivityCounts(item, id, end, day)
    try writeCompanions(item, id, day)
  }

  private mutating func writeParticipants(
    _ item: PlannedActivity, _ id: RecordID, _ hours: Double, _ day: Day
  ) throws {
    let unit = staff.units[item.unit]
    let people: [Staff]
    switch item.group {
    case .organisational where item.kind == "theme_day":
      people = draws.sample(staff.branches[item.branch ?? 0].members, draws.within(4...8))
    case .organisational: people = []
    case .festival: people = draws.sample(staff.units.flatMap { $0.staff.prefix(3) }, 14)
    case .volunteer: people = draws.sample(unit.staff, draws.within(4...8))
    case .other: people = draws.sample(unit.staff, 3)
    }
    for person in people {
      var record = Record("participant", ids.next(day), codesAsOf: day)
      record.set("activity_id", id)
      record.set("person_id", person.id)
      record.set("name", person.name)
      record.set("body_id", unit.body)
      record.set("branch_id", item.branch.map { staff.branches[$0].id })
      record.set("role", item.group == .volunteer ? "volunteer" : "participant")
      if item.group == .volunteer { record.set("hours", hours: hours) }
      try book.add(record, to: "court")
    }
  }

  private mutating func writeActivityCounts(
    _ item: PlannedActivity, _ id: RecordID, _ at: Moment, _ day: Day
  ) throws {
    let unit = staff.units[item.unit]
    let range =
      switch item.group {
      case .organisational: item.kind == "group" ? 3...6 : item.kind == "committee" ? 3...5 : 6...12
      case .festival: 40...160
      case .volunteer: 5...12
      case .other: 12...80
      }
    var counts = [(item.group == .volunteer ? "volunteers" : "attendees", range)]
    if item.lawSetting != nil { counts += [("leaflets", 40...300), ("consultations", 3...30)] }
    for (kind, range) in counts {
      var record = Record("tally", ids.next(day), codesAsOf: day)
      record.set("of_table", "activity")
      record.set("of_id", id)
      record.set("kind", kind)
      record.set("count", draws.within(range))
      record.set("counted_by_id", unit.clerks[0].id)
      record.set("counted_by", unit.clerks[0].name)
      record.set("counted_at", at)
      try book.add(record, to: "court")
    }
  }

  /// Co-organisers, tags and publicity of what is held outside the branches.
  private mutating func writeCompanions(_ item: PlannedActivity, _ id: RecordID, _ day: Day) throws {
    guard item.group != .organisational else { return }
    if let village = item.village {
      var record = Record("co_organiser", ids.next(day))
      record.set("of_table", "activity")
      record.set("of_id", id)
      record.set(
        "body_id",
        draws.isTrue(percent: 50)
          ? staff.villages[village].committee : staff.townships[staff.villages[village].township].judicialOffice)
      try book.add(record, to: "court")
    }
    var tags: [(String, String)] = []
    switch item.group {
    case .volunteer: tags.append(("four_leads", "volunteer"))
    case .festival: tags.append(("four_leads", "values"))
    default: tags.append(("four_leads", draws.pick(["ideals", "values", "morals"])))
    }
    if item.kind == "anti_fraud" { tags.append(("anti_fraud", draws.pick(["telecom", "fundraising", "elderly"]))) }
    for (list, tag) in tags {
      var record = Record("activity_tag", ids.next(day), codesAsOf: day)
      record.set("activity_id", id)
      record.set("tag_list", list)
      record.set("tag", tag)
      try book.add(record, to: "court")
    }
    guard item.group == .festival || draws.isTrue(percent: 45) else { return }
    var record = Record("publicity_item", ids.next(day), codesAsOf: day)
    record.set("title", item.title)
    record.set("channel", draws.weighted([("wechat", 60), ("website", 20), ("weibo", 10), ("newspaper", 10)]))
    record.set("published_on", day)
    record.set("body_id", staff.units[item.unit].body)
    record.set("of_table", "activity")
    record.set("of_id", id)
    try book.add(record, to: "court")
  }
}
