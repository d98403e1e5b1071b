import Court
import Merge

/// How a dispute ends.
private enum DisputeEnd: Equatable {
  case filed, mediated, withdrawn, referred, handedOver
}

extension CourtYear {
  /// A dispute of a day, with its handover, parties and mediations; its case waits for its day.
  mutating func writeDispute(_ day: Day) throws {
    let place = draws.below(staff.villages.count)
    let village = staff.villages[place]
    let unit = staff.units[village.unit]
    let cause = draws.weighted(lists.causes.causes)
    let yuan = cause.yuan.map { draws.within($0.lowerBound / 100...$0.upperBound / 100) * 100 }
    let id = ids.next(day)
    let parties = [
      PartyName(id: ids.next(day), name: partyName(cause, first: true)),
      PartyName(id: ids.next(day), name: partyName(cause, first: false)),
    ]

    let end = drawEnd(day)
    let source = drawSource(end, village)
    // A filing that qualifies is registered first; of the others that end in court, mediation failed before.
    let mediates = end == .mediated || (end == .filed && source.code != "filing_window" && draws.isTrue(percent: 80))
    var mediation = mediates ? drawMediation(day, village, agrees: end == .mediated) : nil
    // At the year's end nothing fits between; then it is filed at once.
    if end == .filed, let session = mediation, session.day >= lastWorkday { mediation = nil }
    let filingDay =
      end == .filed ? laterThisYear(mediation?.day ?? day, days: mediation == nil ? 0...6 : 2...25) ?? day : nil

    var record = Record("dispute", id, codesAsOf: day)
    record.set("register_number", registerNumber(village.unit))
    record.set("received_on", day)
    record.set("source", source.code)
    record.set("source_body_id", source.body)
    record.set("village_id", village.id)
    record.set("happened_on", day.adding(-draws.within(3...90)))
    record.set("cause", cause.code)
    record.set("cause_edition", lists.causes.edition)
    record.set("summary", Phrases.dispute(cause, village.name, &draws))
    record.set("amount_fen", yuan.map { $0 * 100 })
    record.set("risk", draws.weighted([("ordinary", 90), ("escalating", 7), ("criminal", 2), ("group", 1)]))
    record.set("is_proactive", source.code == "visit")
    record.set("body_id", unit.body)
    record.set("person_id", draws.pick(unit.judges).id)

    var confirmation: Day?
    switch end {
    case .mediated:
      confirmation = mediation.flatMap { confirmationDay($0.day) }
      close(&record, outcome: "mediated", known(mediation?.day), otherwise: "mediating")
    case .filed: close(&record, outcome: "filed", known(filingDay), otherwise: "mediating", stage: "filed")
    case .withdrawn: close(&record, outcome: "withdrawn", known(laterDay(day, 2...20)), otherwise: "received")
    case .referred: close(&record, outcome: "referred", known(laterDay(day, 0...5)), otherwise: "received")
    case .handedOver:
      close(&record, outcome: "handed_over", known(calendar.adding(workdays: 3, to: day)), otherwise: "handed_over")
    }
    try book.add(record, to: unit.scope)

    for (position, party) in parties.enumerated() {
      try writeParty(party, position, dispute: id, caseID: nil, roles: ("applicant", "respondent"), day, village.unit)
    }
    if let body = source.body, source.isHandover {
      try writeHandover(id, from: body, to: unit.body, parties, cause, place, day)
    } else if end == .handedOver {
      let township = staff.townships[village.township]
      // Now and then the police are asked first and decline.
      if draws.isTrue(percent: 12) {
        try writeHandover(id, from: unit.body, to: township.police, parties, cause, place, day, declined: "不属本单位职责范围")
      }
      try writeHandover(id, from: unit.body, to: township.judicialOffice, parties, cause, place, day)
    }
    var agreement: RecordID?
    if let mediation {
      agreement = try writeMediation(mediation, id, cause, yuan, place, day)
    }
    if let filingDay {
      agenda.file(
        Filing(
          kind: .civil, unit: village.unit, village: place, cause: cause, yuan: yuan, dispute: id, parties: parties),
        on: filingDay)
    }
    if let confirmation, let agreement {
      agenda.file(
        Filing(
          kind: .confirmation, unit: village.unit, village: place, cause: cause, yuan: yuan, dispute: id,
          parties: parties, mediation: agreement, agreedOn: mediation?.day, terms: Phrases.terms(cause, yuan: yuan)),
        on: confirmation)
    }
  }

  // MARK: Draws

  private mutating func drawEnd(_ day: Day) -> DisputeEnd {
    if shares.filed.take(&draws) { return .filed }
    if shares.mediated.take(&draws) { return .mediated }
    return draws.weighted([(.withdrawn, 40), (.referred, 30), (.handedOver, 30)])
  }

  private struct Source {
    var code: String
    var body: RecordID?
    var isHandover: Bool { body != nil && code != "visit" }
  }

  private mutating func drawSource(_ end: DisputeEnd, _ village: Locality) -> Source {
    if end == .filed && draws.isTrue(percent: 50) { return Source(code: "filing_window") }
    let code = draws.weighted([
      ("walk_in", 22), ("visit", 12), ("body_transfer", 10), ("village_report", 14), ("governance_centre", 12),
      ("police", 10), ("judicial_office", 12), ("petition", 3), ("hotline", 5),
    ])
    let township = staff.townships[village.township]
    // What the court hands on did not come from another body.
    if end == .handedOver { return Source(code: "walk_in") }
    return switch code {
    case "body_transfer": Source(code: code, body: township.government)
    case "village_report": Source(code: code, body: village.committee)
    case "governance_centre": Source(code: code, body: township.governanceCentre)
    case "police": Source(code: code, body: township.police)
    case "judicial_office": Source(code: code, body: township.judicialOffice)
    default: Source(code: code)
    }
  }

  private mutating func partyName(_ cause: Cause, first: Bool) -> String {
    let isCompany =
      switch cause.matter {
      case .money, .contract: first && draws.isTrue(percent: 35)
      case .labour: !first && draws.isTrue(percent: 50)
      default: false
      }
    return isCompany ? draws.pick(staff.companies).name : Names.person(&draws)
  }

  private mutating func laterDay(_ day: Day, _ days: ClosedRange<Int>) -> Day {
    calendar.workday(onOrAfter: day.adding(draws.within(days)))
  }

  /// The day of the application, within 30 days of the agreement and in this year; nil for those not confirmed.
  private mutating func confirmationDay(_ agreed: Day) -> Day? {
    let later = agreed <= lastWorkday ? min(laterDay(agreed, 0...14), lastWorkday) : nil
    return shares.confirmed.take(&draws, eligible: later != nil) ? later : nil
  }

  private func close(
    _ record: inout Record, outcome: String, _ day: Day?, otherwise stage: String, stage closed: String = "closed"
  ) {
    record.set("stage", day == nil ? stage : closed)
    guard let day else { return }
    record.set("outcome", outcome)
    record.set("closed_on", day)
  }

  // MARK: Handover

  /// One body offers, the other answers within three working days, now and then later.
  private mutating func writeHandover(
    _ dispute: RecordID, from: RecordID, to: RecordID, _ parties: [PartyName], _ cause: Cause, _ place: Int, _ day: Day,
    declined reason: String? = nil
  ) throws {
    let village = staff.villages[place]
    let answer = calendar.adding(workdays: draws.weighted([(0, 40), (1, 30), (2, 16), (3, 8), (5, 6)]), to: day)
    var record = Record("handover", ids.next(day), codesAsOf: day)
    record.set("dispute_id", dispute)
    record.set("from_body_id", from)
    record.set("to_body_id", to)
    record.set("offered_on", day)
    record.set("due_on", calendar.adding(workdays: 3, to: day))
    if let answer = known(answer) {
      record.set("outcome", reason == nil ? "accepted" : "declined")
      record.set("answered_on", answer)
      record.set("decline_reason", reason)
    }
    record.set("origin_scope", staff.units[village.unit].scope)
    record.set("parties", parties.map(\.name).joined(separator: "、"))
    record.set("village_id", village.id)
    record.set("cause", cause.code)
    record.set("cause_edition", lists.causes.edition)
    try book.add(record, to: staff.units[village.unit].scope)
  }
}
