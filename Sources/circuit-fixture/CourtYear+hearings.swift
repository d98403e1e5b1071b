import ChangeFormat
import Court
import Merge

extension CourtYear {
  /// The hearings of a case: notice, panel, the hearing itself, its audience and signed record.
  mutating func writeHearings(
    _ course: CaseCourse, _ id: RecordID, _ filing: Filing, _ judge: Staff, _ clerk: Staff, _ day: Day
  ) throws {
    guard let first = course.hearings.first else { return }
    let unit = staff.units[filing.unit]
    if course.served <= lastKnown { try writeNotice(course, id, filing, clerk, day) }
    if course.procedure == "ordinary" { try writePanel(id, unit, judge, first, day) }
    for (position, date) in course.hearings.enumerated() {
      let isLast = position == course.hearings.count - 1
      let outcome =
        !isLast
        ? "adjourned"
        : course.outcome == "mediated"
          ? "settled" : course.outcome == "judgment" && course.judged == date ? "judged" : "held"
      try writeHearing(id, filing, judge, clerk, date, outcome, next: isLast ? nil : course.hearings[position + 1], day)
    }
  }

  /// The notice of hearing 开庭通知书, served on each party.
  private mutating func writeNotice(
    _ course: CaseCourse, _ id: RecordID, _ filing: Filing, _ clerk: Staff, _ day: Day
  ) throws {
    let scope = staff.units[filing.unit].scope
    let notice = ids.next(day)
    var record = Record("document", notice, codesAsOf: day)
    record.set("kind", "hearing_notice")
    record.set("title", "开庭通知书")
    record.set("case_id", id)
    record.set("made_on", course.served)
    record.set("made_by_id", clerk.id)
    try book.add(record, to: scope)
    for party in filing.parties {
      try writeService(notice, id, party, clerk, sent: course.served, by: course.served, scope, day)
    }
  }

  private mutating func writePanel(_ id: RecordID, _ unit: Unit, _ judge: Staff, _ from: Day, _ day: Day) throws {
    let mediators = staff.townships.flatMap(\.mediators)
    let members = [(judge, "presiding")] + draws.sample(mediators, 2).map { ($0, "assessor") }
    for (person, role) in members {
      var record = Record("panel_member", ids.next(day), codesAsOf: day)
      record.set("case_id", id)
      record.set("person_id", person.id)
      record.set("name", person.name)
      record.set("role", role)
      record.set("from_on", day)
      try book.add(record, to: unit.scope)
    }
  }

  private mutating func writeHearing(
    _ caseID: RecordID, _ filing: Filing, _ judge: Staff, _ clerk: Staff, _ date: Day, _ outcome: String, next: Day?,
    _ day: Day
  ) throws {
    let unit = staff.units[filing.unit]
    let village = staff.villages[filing.village]
    let isCircuit = shares.circuit.take(&draws)
    let room = isCircuit || unit.courtrooms.isEmpty ? nil : draws.pick(unit.courtrooms)
    // A full day of the judge's is rare: then the hearing is in the evening, beside any other.
    let minutes = bookings.book(date, judge: judge.id, room: room, from: draws.below(4)) ?? 18 * 60
    let id = ids.next(day)
    var record = Record("hearing", id, codesAsOf: day)
    record.set("case_id", caseID)
    record.set("kind", "trial")
    record.set("is_circuit", isCircuit)
    record.set("starts_at", Moment(date, minutes: minutes))
    record.set("venue_kind", isCircuit ? drawVenue(village) : unit.isTribunal ? "tribunal" : "court")
    record.set("facility_id", room)
    if isCircuit {
      record.set("place", village.name)
      record.set("village_id", village.id)
    }
    record.set("body_id", unit.body)
    record.set("judge_id", judge.id)
    record.set("clerk_id", clerk.id)
    record.set("is_public", filing.cause.matter != .family)
    let isHeld = date <= lastKnown
    if isHeld {
      record.set("ends_at", Moment(date, minutes: minutes + draws.pick([45, 60, 75, 80])))
      record.set("outcome", outcome)
      record.set("adjourned_to_at", next.map { Moment($0, minutes: 9 * 60) })
    }
    let teaches = isCircuit && draws.isTrue(percent: 70)
    record.set("has_teaching", isCircuit ? teaches : nil)
    if teaches { record.set("teaching_topic", Phrases.teaching(filing.cause)) }
    try book.add(record, to: unit.scope)
    guard isHeld else { return }
    if isCircuit { try writeAudience(id, unit, clerk, Moment(date, minutes: minutes), day) }
    try writeSignedRecord(id, filing, unit, Moment(date, minutes: minutes + 60), day)
  }

  private mutating func drawVenue(_ village: Locality) -> String {
    village.isCommunity
      ? draws.weighted([("community", 60), ("committee", 25), ("workshop", 10), ("school", 5)])
      : draws.weighted([("committee", 40), ("yard", 28), ("field", 20), ("hospital", 6), ("school", 6)])
  }

  /// Two clerks count, or one.
  private mutating func writeAudience(
    _ hearing: RecordID, _ unit: Unit, _ clerk: Staff, _ at: Moment, _ day: Day
  ) throws {
    let second = draws.isTrue(percent: 40) ? draws.pick(unit.others) : nil
    for (person, range) in [(clerk, 12...70), (second, 4...25)] {
      guard let person else { continue }
      var record = Record("tally", ids.next(day), codesAsOf: day)
      record.set("of_table", "hearing")
      record.set("of_id", hearing)
      record.set("kind", "audience")
      record.set("count", draws.within(range))
      record.set("counted_by_id", person.id)
      record.set("counted_by", person.name)
      record.set("counted_at", at)
      try book.add(record, to: unit.scope)
    }
  }

  private mutating func writeSignedRecord(
    _ hearing: RecordID, _ filing: Filing, _ unit: Unit, _ at: Moment, _ day: Day
  ) throws {
    let names = filing.parties.map(\.name).joined(separator: "、")
    let body = "\(filing.cause.name)一案开庭。到庭：\(names)。\(Phrases.claims(filing.cause))。双方陈述、质证、辩论完毕。"
    var record = Record("signed_record", ids.next(day), codesAsOf: day)
    record.set("kind", "hearing_record")
    record.set("title", "庭审笔录")
    record.set("body", body)
    record.set("body_sha256", bytes: Hashing.hash(Array(body.utf8)).bytes)
    record.set("signers", names)
    record.set("signed_at", at)
    record.set("page_count", draws.within(2...6))
    record.set("of_table", "hearing")
    record.set("of_id", hearing)
    try book.add(record, to: unit.scope)
  }
}
