import Court
import Merge

/// How a case goes, drawn whole before it is written.
struct CaseCourse {
  var procedure: String
  var outcome: String
  var hearings: [Day] = []
  var mediates = false
  var writtenNote = false
  var served: Day
  var judged: Day?
  var closed: Day
  var effective: Day
  var archived: Day
  var excluded: ClosedRange<Day>?
  var extendedMonths = 0
  /// The end of the limit before it was extended.
  var firstLimit: Day?
  /// The end of the time limit 审限, extensions and excluded days counted in.
  var limit: Day
}

extension CourtYear {
  /// A case no dispute came before; until 2024 most of these are mediations before filing 诉前调.
  mutating func fileDirectly(_ day: Day) throws {
    let place = draws.below(staff.villages.count)
    let cause = draws.weighted(lists.causes.causes)
    let yuan = cause.yuan.map { draws.within($0.lowerBound / 100...$0.upperBound / 100) * 100 }
    let parties = (0..<2).map { _ in PartyName(id: ids.next(day), name: Names.person(&draws)) }
    let isPreFiling = shares.preFiling.take(&draws)
    agenda.file(
      Filing(
        kind: isPreFiling ? .preFiling : .civil, unit: staff.villages[place].unit, village: place, cause: cause,
        yuan: yuan, parties: parties),
      on: day)
  }

  /// A case, its steps, parties, mediation, hearings, documents; what enforcement follows waits for its day.
  mutating func writeCase(_ filing: Filing, _ day: Day) throws {
    let id = ids.next(day)
    let unit = staff.units[filing.unit]
    let type = filing.kind == .civil ? "民初" : filing.kind == .confirmation ? "民特" : "诉前调"
    let judge = draws.pick(unit.judges)
    let clerk = draws.pick(unit.clerks)
    let course = filing.kind == .civil ? drawCourse(filing, day) : drawShortCourse(filing, day)
    let isClosed = course.closed <= lastKnown

    var record = Record("case", id, codesAsOf: day)
    record.set("official_number", try numbers.next(year: year, court: plan.courtCode, type: type))
    record.set("numbered_at", Moment(day, minutes: 17 * 60))
    record.set("received_on", day)
    record.set("filed_on", day)
    record.set("type_code", type)
    record.set("dispute_id", filing.dispute)
    record.set("cause", filing.kind == .confirmation ? lists.causes.confirmationCode : filing.cause.code)
    record.set("cause_edition", lists.causes.edition)
    record.set("procedure", course.procedure)
    record.set("body_id", unit.body)
    record.set("judge_id", judge.id)
    record.set("clerk_id", clerk.id)
    record.set("village_id", staff.villages[filing.village].id)
    record.set("amount_fen", filing.yuan.map { $0 * 100 })
    record.set("claims", filing.kind == .confirmation ? "请求确认调解协议有效" : Phrases.claims(filing.cause))
    record.set("has_mediation_consent", filing.kind == .civil ? course.mediates : nil)
    record.set("written_trial_note", course.writtenNote ? "事实清楚，书面审理" : nil)
    let stage = try writeSteps(course, id, filing, day)
    record.set("stage", stage)
    if isClosed {
      record.set("outcome", course.outcome)
      if course.outcome == "judgment" { record.set("ruling", Phrases.ruling(filing.cause, yuan: filing.yuan)) }
      record.set("closed_on", course.closed)
    }
    record.set("judged_on", known(course.judged))
    record.set("effective_on", isClosed ? known(course.effective) : nil)
    record.set("archived_on", isClosed ? known(course.archived) : nil)
    try book.add(record, to: unit.scope)

    try writeCaseParties(filing, id, day)
    try writeTimeLimits(course, id, unit, day)
    if course.mediates { try writeCaseMediation(course, id, filing, judge, day) }
    try writeHearings(course, id, filing, judge, clerk, day)
    if filing.kind == .confirmation { try writeConfirmation(course, id, filing, judge, day) }
    if isClosed {
      try writeClosingDocument(course, id, filing, clerk, day)
      planEnforcement(course, id, filing, type)
    }
  }

  // MARK: Draws

  private mutating func drawCourse(_ filing: Filing, _ day: Day) -> CaseCourse {
    let isSmall = (filing.yuan ?? .max) <= 40_000
    let procedure =
      isSmall && draws.isTrue(percent: 45)
      ? "small_claims" : draws.weighted([("summary", 84), ("ordinary", 9), ("ordinary_single", 7)])
    let months = procedure == "small_claims" ? 2 : procedure == "summary" ? 3 : 6
    let served = calendar.adding(workdays: draws.within(2...7), to: day)
    let isHeard = shares.heard.take(&draws)
    let outcome =
      isHeard
      ? draws.weighted([("judgment", 76), ("mediated", 16), ("withdrawn", 8)])
      : draws.weighted([
        ("mediated", 55), ("withdrawn", 34), ("deemed_withdrawn", 5), ("dismissed", 2), ("transferred", 1),
        ("judgment", 3),
      ])
    var course = CaseCourse(
      procedure: procedure, outcome: outcome, served: served, closed: served, effective: served, archived: served,
      limit: day.addingMonths(months))
    // Consent is asked of everyone; half give it. 15 days, in the summary procedures 7, and 30 more at most.
    course.mediates = outcome == "mediated" && !isHeard || draws.isTrue(percent: 25)
    if isHeard {
      let notice = procedure.hasPrefix("ordinary") ? 18...50 : 8...32
      var hearing = calendar.workday(onOrAfter: served.adding(draws.within(notice)))
      course.hearings = [hearing]
      if shares.secondHearings.take(&draws) {
        hearing = calendar.workday(onOrAfter: hearing.adding(draws.within(8...20)))
        course.hearings.append(hearing)
      }
      // What is settled or withdrawn at the hearing ends with it, without a judgment.
      course.closed = hearing
      if outcome == "judgment" { course.judged = calendar.workday(onOrAfter: hearing.adding(draws.within(0...18))) }
    } else if outcome == "judgment" {
      course.writtenNote = true
      course.judged = calendar.workday(onOrAfter: served.adding(draws.within(16...30)))
    } else if outcome == "dismissed" || outcome == "transferred" {
      course.judged = calendar.workday(onOrAfter: served.adding(draws.within(5...25)))
    }
    if let judged = course.judged {
      course.closed = calendar.adding(workdays: outcome == "judgment" ? draws.within(0...4) : 0, to: judged)
    } else if !isHeard {
      course.closed = calendar.workday(onOrAfter: served.adding(draws.within(1...(months == 6 ? 35 : 26))))
    }
    lengthen(&course, filing, day)
    finish(&course)
    return course
  }

  /// Appraisals are left out of the limit; a few cases are extended; a few end late.
  private mutating func lengthen(_ course: inout CaseCourse, _ filing: Filing, _ day: Day) {
    guard let judged = course.judged, course.outcome == "judgment", !course.hearings.isEmpty else { return }
    if filing.cause.matter == .injury && draws.isTrue(percent: 25) {
      // The appraisal comes first, and everything after it so much later.
      let days = draws.within(20...45)
      let from = calendar.workday(onOrAfter: course.served.adding(2))
      course.excluded = from...from.adding(days)
      course.limit = course.limit.adding(days + 1)
      course.hearings = course.hearings.map { calendar.workday(onOrAfter: $0.adding(days + 3)) }
      course.judged = calendar.workday(onOrAfter: judged.adding(days + 3))
      course.closed = calendar.workday(onOrAfter: course.closed.adding(days + 3))
    } else if draws.isTrue(percent: 6) {
      // The last quarter of the limit was not enough.
      course.firstLimit = course.limit
      course.extendedMonths = course.procedure.hasPrefix("ordinary") ? 6 : 1
      let late = calendar.workday(onOrAfter: course.limit.adding(draws.within(1...20)))
      course.limit = course.limit.addingMonths(course.extendedMonths)
      course.judged = late
      course.closed = calendar.adding(workdays: draws.within(0...2), to: late)
    } else if draws.isTrue(percent: 2) {
      let late = calendar.workday(onOrAfter: course.limit.adding(draws.within(1...15)))
      course.judged = late
      course.closed = late
    }
  }

  private mutating func drawShortCourse(_ filing: Filing, _ day: Day) -> CaseCourse {
    let isConfirmation = filing.kind == .confirmation
    let closed = calendar.adding(workdays: draws.within(isConfirmation ? 1...8 : 4...18), to: day)
    let outcome =
      isConfirmation
      ? draws.weighted([("ruling", 96), ("withdrawn", 4)]) : draws.weighted([("mediated", 62), ("terminated", 38)])
    var course = CaseCourse(
      procedure: isConfirmation ? "special" : "summary", outcome: outcome, served: day, closed: closed,
      effective: closed,
      archived: closed, limit: day.adding(30))
    if outcome == "ruling" { course.judged = closed }
    finish(&course)
    return course
  }

  private mutating func finish(_ course: inout CaseCourse) {
    // A judgment waits fifteen days for an appeal; the small claims procedure has none.
    let waits = course.outcome == "judgment" && course.procedure != "small_claims"
    course.effective = waits ? course.closed.adding(16) : course.closed
    course.archived = calendar.workday(onOrAfter: course.effective.adding(draws.within(15...80)))
  }

  // MARK: Steps

  /// The stages in their legal order, as far as they are known.
  ///
  /// - Returns: the stage the case stands in.
  private mutating func writeSteps(
    _ course: CaseCourse, _ id: RecordID, _ filing: Filing, _ day: Day
  ) throws -> String {
    var steps: [(String, Day)] = [("received", day), ("filed", day)]
    if course.mediates { steps.append(("mediating", min(calendar.adding(workdays: 1, to: day), course.served))) }
    if filing.kind == .civil && course.served <= course.closed { steps.append(("served", course.served)) }
    if let hearing = course.hearings.last {
      steps.append(("scheduled", course.served))
      steps.append(("heard", hearing))
    }
    if let judged = course.judged { steps.append(("judged", judged)) }
    steps.append(("closed", course.closed))
    if course.outcome == "judgment" { steps.append(("effective", course.effective)) }
    steps.append(("archived", course.archived))
    var stage = "received"
    for (name, happened) in steps where happened <= lastKnown {
      stage = name
      var record = Record("case_step", ids.next(day), codesAsOf: day)
      record.set("case_id", id)
      record.set("stage", name)
      record.set("happened_on", happened)
      try book.add(record, to: staff.units[filing.unit].scope)
    }
    return stage
  }
}
