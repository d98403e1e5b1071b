import Court

/// Working days 工作日 and festivals by the official lists. A year the list of holidays does not have is unknown.
struct CourtCalendar {
  private var holidays: Set<Day> = []
  private var workedWeekends: Set<Day> = []
  private var festivals: [Int: [(code: String, day: Day)]] = [:]
  let years: Set<Int>

  /// - Parameters:
  ///   - holidays: `holidays.csv`.
  ///   - festivals: `festivals.csv`.
  init(holidays: [ListRecord], festivals: [ListRecord]) {
    var years: Set<Int> = []
    for record in holidays {
      guard case .date(let number)? = record["falls_on"] else { continue }
      let day = Day(number: number)
      years.insert(day.year)
      if record["kind"] == .text("workday") { workedWeekends.insert(day) } else { self.holidays.insert(day) }
    }
    self.years = years
    for record in festivals {
      guard case .date(let number)? = record["falls_on"], case .text(let code)? = record["festival"] else { continue }
      let day = Day(number: number)
      self.festivals[day.year, default: []].append((code, day))
    }
  }

  func isWorkday(_ day: Day) -> Bool {
    workedWeekends.contains(day) || (day.weekday < 5 && !holidays.contains(day))
  }

  func workdays(of year: Int) -> [Day] {
    guard let first = Day(year, 1, 1), let last = Day(year, 12, 31) else { return [] }
    return (first.number...last.number).map { Day(number: $0) }.filter { isWorkday($0) }
  }

  /// The day itself where it is worked, else the next one that is.
  func workday(onOrAfter day: Day) -> Day {
    var day = day
    while !isWorkday(day) { day = day.adding(1) }
    return day
  }

  /// The day itself where it is worked, else the last one that was.
  func workday(onOrBefore day: Day) -> Day {
    var day = day
    while !isWorkday(day) { day = day.adding(-1) }
    return day
  }

  /// So many working days later.
  func adding(workdays count: Int, to day: Day) -> Day {
    var day = day
    for _ in 0..<count { day = workday(onOrAfter: day.adding(1)) }
    return day
  }

  /// The days of 我们的节日 in the year, by code of the list `our_festivals`.
  func ourFestivals(of year: Int) -> [(code: String, day: Day)] { festivals[year] ?? [] }
}
