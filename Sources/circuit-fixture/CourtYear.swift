import Court
import Merge

/// One court's year, told day by day: what comes up on a day is written that day, what it leads to later in the year
/// waits in ``agenda``. Never more than a day's records and the waiting filings are in memory.
struct CourtYear {
  let plan: Plan
  let year: Int
  /// What happened later is not known: such records stand open.
  let lastKnown: Day
  let lists: Lists
  let staff: Establishment
  var calendar: CourtCalendar { lists.calendar }
  let workdays: [Day]

  var book: Book
  var ids: RecordIDs
  var draws: Draws
  var agenda = Agenda()
  var shares: Shares
  var numbers = CaseNumbers()
  var bookings = Bookings()
  private(set) var disputesRegistered: [Int: Int] = [:]

  /// - Throws: ``Mistake``, `CourtError`.
  init(_ plan: Plan, year: Int, seed: UInt64, lists: Lists, sink: @escaping ([UInt8]) throws -> Void) throws {
    self.plan = plan
    self.year = year
    self.lists = lists
    staff = try Establishment(plan, lists, seed: seed)
    workdays = lists.calendar.workdays(of: year)
    guard let known = Day(max(year, 2025), 12, 31) else { throw Mistake("\(year) is no year") }
    lastKnown = known
    book = Book(sink: sink)
    ids = RecordIDs(seed, "year", plan.courtCode, String(year))
    draws = Draws(seed, "year", plan.courtCode, String(year))
    shares = Shares(plan, year: year)
  }

  /// Writes the whole year.
  ///
  /// - Throws: what the sink throws, ``Mistake``, `CourtError`.
  mutating func write() throws {
    let clerk = staff.units[12].clerks[0].name
    book.setActor(clerk, in: "court")
    for unit in staff.units { book.setActor(unit.clerks[0].name, in: unit.scope) }
    for record in staff.records { try book.add(record, to: "court") }
    try writePopulations()
    try book.endDay()

    let disputes = spread(plan.disputes)
    let direct = spread(plan.directFilings)
    var programme = ActivityProgramme(self)
    let activities = programme.activities()
    var place = 0
    for (position, day) in workdays.enumerated() {
      for _ in 0..<disputes[position] { try writeDispute(day) }
      for _ in 0..<direct[position] { try fileDirectly(day) }
      for filing in agenda.filings(on: day) { try writeCase(filing, day) }
      for application in agenda.enforcements(on: day) { try writeEnforcement(application, day) }
      // What was held on days off is written on the next working day.
      while place < activities.count, activities[place].day <= day {
        try writeActivity(activities[place], writtenOn: day)
        place += 1
      }
      if position == workdays.count - 1 { try writeYearEnd(day) }
      try book.endDay()
      bookings.forget(before: day)
    }
  }

  /// How many of a year's things come on each working day: more on Mondays, never evenly, together exactly `total`.
  private mutating func spread(_ total: Int) -> [Int] {
    let weights = workdays.map { ($0.weekday == 0 ? 14 : 10) + draws.below(8) }
    let sum = weights.reduce(0, +)
    var passed = 0
    return weights.map { weight in
      let before = total * passed / sum
      passed += weight
      return total * passed / sum - before
    }
  }

  // MARK: What the parts share

  var lastWorkday: Day { workdays[workdays.count - 1] }

  /// A day as far as it is known.
  func known(_ day: Day?) -> Day? { day.flatMap { $0 <= lastKnown ? $0 : nil } }

  /// A working day after `day`, and never after the last of the year; nil where none is left.
  mutating func laterThisYear(_ day: Day, days: ClosedRange<Int>) -> Day? {
    guard day < lastWorkday else { return nil }
    return min(calendar.workday(onOrAfter: day.adding(draws.within(days))), lastWorkday)
  }

  /// The number of a dispute in its unit's register 登记簿.
  mutating func registerNumber(_ unit: Int) -> String {
    disputesRegistered[unit, default: 0] += 1
    return "\(staff.units[unit].shortName)纠〔\(year)〕\(disputesRegistered[unit, default: 0])号"
  }

  private mutating func writePopulations() throws {
    guard let first = workdays.first else { return }
    for village in staff.villages {
      var record = Record("population_figure", ids.next(first))
      record.set("of_table", "village")
      record.set("of_id", village.id)
      record.set("year", year)
      record.set("population", village.population + draws.within(-20...20))
      record.set("floating_population", village.isCommunity ? draws.within(80...900) : draws.within(5...60))
      try book.add(record, to: "court")
    }
  }
}

/// The exact shares of a year.
struct Shares {
  var filed: Quota
  var mediated: Quota
  var confirmed: Quota
  /// Direct filings that are a mediation before filing 诉前调, until that type of case was given up.
  var preFiling: Quota
  var heard: Quota
  var circuit: Quota
  /// Hearings beyond the first of a case.
  var secondHearings: Quota

  init(_ plan: Plan, year: Int) {
    let preFiling = year < 2025 ? plan.directFilings * 7 / 10 : 0
    let civil = plan.filedDisputes + plan.directFilings - preFiling
    let second = plan.hearings * 8 / 100
    filed = Quota(plan.filedDisputes, of: plan.disputes)
    mediated = Quota(plan.mediatedDisputes, of: plan.disputes - plan.filedDisputes)
    // The last agreements of a year come too late to be confirmed in it.
    confirmed = Quota(plan.confirmations, of: plan.mediatedDisputes * 9 / 10)
    self.preFiling = Quota(preFiling, of: plan.directFilings)
    heard = Quota(plan.hearings - second, of: civil)
    secondHearings = Quota(second, of: plan.hearings - second)
    circuit = Quota(plan.circuitHearings, of: plan.hearings)
  }
}
