import Court
import Merge

extension CourtYear {
  /// A third of the judgments and a tenth of the settlements over money are not performed.
  mutating func planEnforcement(_ course: CaseCourse, _ id: RecordID, _ filing: Filing, _ type: String) {
    guard let yuan = filing.yuan, filing.kind == .civil else { return }
    let percent = course.outcome == "judgment" ? 45 : course.outcome == "mediated" ? 16 : 0
    guard draws.isTrue(percent: percent), let day = laterThisYear(course.effective, days: 12...60) else { return }
    guard day >= course.effective else { return }
    agenda.apply(
      Application(
        caseID: id, basis: course.outcome == "judgment" ? "民事判决书" : "民事调解书", fen: yuan * 100,
        village: filing.village, parties: filing.parties),
      on: day)
  }

  mutating func writeEnforcement(_ application: Application, _ day: Day) throws {
    let bureau = staff.units[8]
    let id = ids.next(day)
    let noticed = calendar.adding(workdays: draws.within(1...7), to: day)
    let closed = calendar.workday(onOrAfter: day.adding(draws.within(20...175)))
    let outcome = draws.weighted([
      ("completed", 52), ("terminated_this_time", 30), ("settled", 8), ("terminated", 7), ("revoked", 3),
    ])
    let isClosed = closed <= lastKnown
    var record = Record("enforcement", id, codesAsOf: day)
    record.set("official_number", try numbers.next(year: year, court: plan.courtCode, type: "执"))
    record.set("numbered_at", Moment(day, minutes: 17 * 60))
    record.set("applied_on", day)
    record.set("filed_on", day)
    record.set("type_code", "执")
    record.set("case_id", application.caseID)
    record.set("basis", application.basis)
    record.set("body_id", bureau.body)
    record.set("officer_id", draws.pick(bureau.judges).id)
    record.set("claimed_fen", application.fen)
    record.set("noticed_on", known(noticed))
    record.set("stage", isClosed ? "closed" : noticed <= lastKnown ? "noticed" : "filed")
    if isClosed {
      record.set("outcome", outcome)
      record.set("closed_on", closed)
    }
    try book.add(record, to: bureau.scope)
    for (position, party) in application.parties.enumerated() {
      let copy = PartyName(id: ids.next(day), name: party.name)
      var record = Record("party", copy.id, codesAsOf: day)
      record.set("enforcement_id", id)
      record.set("name", copy.name)
      record.set("role", position == 0 ? "applicant" : "executed")
      record.set("position", position + 1)
      try book.add(record, to: bureau.scope)
    }
    guard isClosed, outcome == "completed" || outcome == "settled" else { return }
    var left = application.fen
    let payments = outcome == "settled" ? 1 : draws.within(1...2)
    for number in 1...payments {
      // The last payment of a completed enforcement brings the rest.
      let fen = outcome == "completed" && number == payments ? left : left / 2
      left -= fen
      var record = Record("enforcement_payment", ids.next(day), codesAsOf: day)
      record.set("enforcement_id", id)
      record.set("paid_on", number == payments ? closed : noticed)
      record.set("amount_fen", fen)
      record.set("kind", draws.weighted([("voluntary", 50), ("deducted", 40), ("auctioned", 10)]))
      try book.add(record, to: bureau.scope)
    }
  }
}
