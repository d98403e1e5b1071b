import Court
import Merge

/// What happens in a case: mediation, excluded days, extensions, confirmation, documents and their service.
extension CourtYear {
  mutating func writeTimeLimits(_ course: CaseCourse, _ id: RecordID, _ unit: Unit, _ day: Day) throws {
    if let excluded = course.excluded, excluded.lowerBound <= lastKnown {
      var record = Record("excluded_period", ids.next(day), codesAsOf: day)
      record.set("case_id", id)
      record.set("kind", "appraisal")
      record.set("from_on", excluded.lowerBound)
      record.set("until_on", known(excluded.upperBound))
      record.set("approved_by_id", unit.judges[0].id)
      try book.add(record, to: unit.scope)
    }
    guard let end = course.firstLimit else { return }
    // Asked for 15 days before the end, decided 5 days before it.
    let applied = calendar.workday(onOrBefore: end.adding(-draws.within(15...18)))
    let decided = calendar.workday(onOrBefore: end.adding(-draws.within(5...8)))
    guard applied <= lastKnown else { return }
    var record = Record("extension", ids.next(day), codesAsOf: day)
    record.set("case_id", id)
    record.set("applied_on", applied)
    record.set("reason", "案情复杂")
    record.set("months", course.extendedMonths)
    if decided <= lastKnown {
      record.set("outcome", "approved")
      record.set("decided_on", decided)
      record.set("decided_by_id", staff.president.id)
      record.set("until_on", course.limit)
    }
    try book.add(record, to: unit.scope)
  }

  /// Mediation after filing: 15 days, in the summary procedures 7, and at most 30 more that the parties agree on.
  mutating func writeCaseMediation(
    _ course: CaseCourse, _ id: RecordID, _ filing: Filing, _ judge: Staff, _ day: Day
  ) throws {
    let begins = min(calendar.adding(workdays: 1, to: day), course.served)
    let due = begins.adding(course.procedure.hasPrefix("ordinary") ? 15 : 7)
    let settles = course.outcome == "mediated" && course.hearings.isEmpty
    let session = settles ? course.closed : min(calendar.workday(onOrBefore: due), course.closed)
    guard session <= lastKnown else { return }
    var record = Record("mediation", ids.next(day), codesAsOf: day)
    record.set("dispute_id", filing.dispute)
    record.set("case_id", id)
    record.set("kind", session <= due ? "entrusted" : "in_trial")
    record.set("body_id", staff.units[filing.unit].body)
    record.set("mediator_id", judge.id)
    record.set("has_consent", true)
    record.set("accepted_on", begins)
    record.set("due_on", due)
    record.set("extended_until_on", session > due ? due.adding(30) : nil)
    record.set("started_at", Moment(session, minutes: draws.pick([540, 600, 870, 930])))
    record.set("venue_kind", draws.weighted([("tribunal", 60), ("committee", 20), ("online", 20)]))
    record.set("outcome", settles ? "agreement" : "no_agreement")
    if settles {
      record.set("terms", Phrases.terms(filing.cause, yuan: filing.yuan))
      record.set("agreed_on", session)
      record.set("amount_fen", filing.yuan.map { $0 * 100 })
    }
    try book.add(record, to: staff.units[filing.unit].scope)
  }

  mutating func writeConfirmation(
    _ course: CaseCourse, _ id: RecordID, _ filing: Filing, _ judge: Staff, _ day: Day
  ) throws {
    var record = Record("judicial_confirmation", ids.next(day), codesAsOf: day)
    record.set("mediation_id", filing.mediation)
    record.set("dispute_id", filing.dispute)
    record.set("case_id", id)
    record.set("applied_on", day)
    record.set("is_joint_application", true)
    record.set("stage", course.closed <= lastKnown ? "decided" : "accepted")
    record.set("accepted_on", day)
    if course.closed <= lastKnown {
      record.set("outcome", course.outcome == "ruling" ? "confirmed" : "withdrawn")
      record.set("decided_on", course.closed)
      if course.outcome == "ruling" { record.set("ruling", "调解协议有效：" + (filing.terms ?? "")) }
    }
    record.set("judge_id", judge.id)
    try book.add(record, to: staff.units[filing.unit].scope)
  }

  /// The paper that ended the case, and its service on each party.
  mutating func writeClosingDocument(
    _ course: CaseCourse, _ id: RecordID, _ filing: Filing, _ clerk: Staff, _ day: Day
  ) throws {
    let (kind, title) =
      switch course.outcome {
      case "judgment": ("judgment", "民事判决书")
      case "mediated": ("mediation_paper", "民事调解书")
      case "ruling": ("confirmation_ruling", "民事裁定书（司法确认）")
      default: ("ruling", "民事裁定书")
      }
    let scope = staff.units[filing.unit].scope
    let document = ids.next(day)
    var record = Record("document", document, codesAsOf: day)
    record.set("kind", kind)
    record.set("title", title)
    record.set("case_id", id)
    record.set("made_on", course.judged ?? course.closed)
    record.set("made_by_id", clerk.id)
    try book.add(record, to: scope)
    guard course.outcome == "judgment" else { return }
    for party in filing.parties {
      try writeService(document, id, party, clerk, sent: course.judged ?? course.closed, by: course.closed, scope, day)
    }
  }

  mutating func writeService(
    _ document: RecordID, _ caseID: RecordID, _ party: PartyName, _ clerk: Staff, sent: Day, by latest: Day,
    _ scope: String, _ day: Day
  ) throws {
    var record = Record("service", ids.next(day), codesAsOf: day)
    record.set("document_id", document)
    record.set("case_id", caseID)
    record.set("party_id", party.id)
    record.set("recipient", party.name)
    record.set("method", draws.weighted([("direct", 45), ("electronic", 35), ("post", 15), ("left", 5)]))
    record.set("sent_on", sent)
    record.set("served_on", latest)
    record.set("outcome", "served")
    record.set("served_by_id", clerk.id)
    try book.add(record, to: scope)
  }
}
