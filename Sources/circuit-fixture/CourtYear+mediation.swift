import Court
import Merge

/// A mediation 调解 before a case, as it was drawn.
struct MediationDraw {
  var day: Day
  var minutes: Int
  var agrees: Bool
  var kind: String
  /// A first session that was put off.
  var firstSession: Day?
}

extension CourtYear {
  /// Within the 30 days a mediation before filing has, mostly.
  mutating func drawMediation(_ received: Day, _ village: Locality, agrees: Bool) -> MediationDraw {
    let kind = draws.weighted([
      ("people", 30), ("joint", 26), ("pre_filing", 22), ("judicial_office", 14), ("police", 8),
    ])
    let day = calendar.workday(
      onOrAfter: received.adding(draws.weighted([(2, 20), (5, 25), (9, 20), (15, 20), (24, 15)])))
    let first = draws.isTrue(percent: 15) ? calendar.workday(onOrAfter: received.adding(1)) : nil
    return MediationDraw(
      day: day, minutes: draws.pick([540, 570, 600, 870, 900, 960]), agrees: agrees, kind: kind,
      firstSession: first.flatMap { $0 < day ? $0 : nil })
  }

  /// Writes the sessions as far as they are known.
  ///
  /// - Returns: the session that brought the agreement or its failure; nil where it is still to come.
  mutating func writeMediation(
    _ mediation: MediationDraw, _ dispute: RecordID, _ cause: Cause, _ yuan: Int?, _ place: Int, _ received: Day
  ) throws -> RecordID? {
    if let first = known(mediation.firstSession) {
      var record = mediationRecord(mediation, first, dispute, place, received)
      record.set("outcome", "adjourned")
      record.set("adjourned_to_at", Moment(mediation.day, minutes: mediation.minutes))
      try book.add(record, to: staff.units[staff.villages[place].unit].scope)
    }
    guard known(mediation.day) != nil else { return nil }
    var record = mediationRecord(mediation, mediation.day, dispute, place, received)
    record.set("outcome", mediation.agrees ? "agreement" : "no_agreement")
    if mediation.agrees {
      record.set("terms", Phrases.terms(cause, yuan: yuan))
      record.set("amount_fen", yuan.map { $0 * 100 })
      record.set("agreed_on", mediation.day)
      if draws.isTrue(percent: 60) { record.set("performed_on", known(mediation.day.adding(draws.within(0...20)))) }
    }
    try book.add(record, to: staff.units[staff.villages[place].unit].scope)
    try writeAttendees(record.id, mediation, place, received)
    return record.id
  }

  private mutating func mediationRecord(
    _ mediation: MediationDraw, _ day: Day, _ dispute: RecordID, _ place: Int, _ received: Day
  ) -> Record {
    let village = staff.villages[place]
    let township = staff.townships[village.township]
    let unit = staff.units[village.unit]
    var record = Record("mediation", ids.next(received), codesAsOf: received)
    record.set("dispute_id", dispute)
    record.set("kind", mediation.kind)
    let isCourts = mediation.kind == "joint" || mediation.kind == "pre_filing"
    record.set("body_id", isCourts ? unit.body : mediation.kind == "police" ? township.police : township.judicialOffice)
    record.set("mediator_id", isCourts ? draws.pick(unit.judges).id : draws.pick(township.mediators).id)
    record.set("has_consent", true)
    record.set("accepted_on", received)
    record.set("due_on", received.adding(30))
    record.set("started_at", Moment(day, minutes: mediation.minutes))
    record.set("ended_at", Moment(day, minutes: mediation.minutes + draws.pick([40, 60, 90])))
    let venue = draws.weighted([("tribunal", 50), ("committee", 30), ("yard", 12), ("field", 8)])
    record.set("venue_kind", village.isCommunity && venue == "field" ? "community" : venue)
    record.set("village_id", village.id)
    return record
  }

  /// Two or three bodies at a joint mediation, else the one mediator with the village cadre now and then.
  private mutating func writeAttendees(
    _ mediation: RecordID, _ draw: MediationDraw, _ place: Int, _ day: Day
  ) throws {
    let village = staff.villages[place]
    let township = staff.townships[village.township]
    let unit = staff.units[village.unit]
    var attendees: [(RecordID?, Staff?, String)] = []
    if draw.kind == "joint" {
      attendees.append((unit.body, unit.judges[0], "judge"))
      attendees.append((township.judicialOffice, nil, "judicial_officer"))
      if draws.isTrue(percent: 60) { attendees.append((township.police, nil, "police_officer")) }
    } else {
      attendees.append((nil, draws.pick(township.mediators), "mediator"))
    }
    if draws.isTrue(percent: 30) { attendees.append((village.committee, village.cadre, "village_cadre")) }
    for (body, person, role) in attendees {
      var record = Record("mediation_attendee", ids.next(day), codesAsOf: day)
      record.set("mediation_id", mediation)
      record.set("body_id", body)
      record.set("person_id", person?.id)
      record.set("name", person?.name)
      record.set("role", role)
      try book.add(record, to: unit.scope)
    }
  }
}
