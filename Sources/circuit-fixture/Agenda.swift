import Court
import Merge

/// A case that will be filed.
struct Filing {
  enum Kind { case civil, confirmation, preFiling }

  var kind: Kind
  var unit: Int
  var village: Int
  var cause: Cause
  var yuan: Int?
  /// The dispute it comes from, with its parties already written.
  var dispute: RecordID?
  var parties: [PartyName]
  /// For a confirmation.
  var mediation: RecordID?
  var agreedOn: Day?
  var terms: String?
}

/// A party 当事人 as later records refer to it.
struct PartyName {
  let id: RecordID
  let name: String
}

/// An enforcement 执行 that will be applied for.
struct Application {
  let caseID: RecordID
  let basis: String
  let fen: Int
  let village: Int
  let parties: [PartyName]
}

/// What waits for its day. Holds what is still to come and nothing that was.
struct Agenda {
  private var filings: [Day: [Filing]] = [:]
  private var applications: [Day: [Application]] = [:]

  mutating func file(_ filing: Filing, on day: Day) { filings[day, default: []].append(filing) }
  mutating func apply(_ application: Application, on day: Day) { applications[day, default: []].append(application) }

  /// Those of a day in the order they were put down; they wait no longer.
  mutating func filings(on day: Day) -> [Filing] { filings.removeValue(forKey: day) ?? [] }
  mutating func enforcements(on day: Day) -> [Application] { applications.removeValue(forKey: day) ?? [] }
}

/// Official case numbers 案号: one sequence a type code, in order of receipt.
struct CaseNumbers {
  private var last: [String: Int] = [:]

  /// - Throws: `CourtError` for a court code or type code that no case number has.
  mutating func next(year: Int, court: String, type: String) throws -> String {
    last[type, default: 0] += 1
    let series = try CaseNumber.Series(year: year, courtCode: court, typeCode: type)
    return try CaseNumber(series: series, number: last[type, default: 0]).description
  }
}

/// Which judges and rooms are taken when, so that none is booked twice.
struct Bookings {
  private var taken: [Day: Set<RecordID>] = [:]
  private static let slots = [9 * 60, 10 * 60 + 30, 14 * 60 + 30, 16 * 60]

  /// The first free time of judge and room on a day, in minutes; nil where the day is full.
  mutating func book(_ day: Day, judge: RecordID, room: RecordID?, from slot: Int) -> Int? {
    for step in 0..<Bookings.slots.count {
      let slot = (slot + step) % Bookings.slots.count
      let keys = [judge, room].compactMap { $0 }.map { RecordID(high: $0.high, low: $0.low ^ UInt64(slot + 1) << 48) }
      if keys.allSatisfy({ taken[day]?.contains($0) != true }) {
        taken[day, default: []].formUnion(keys)
        return Bookings.slots[slot]
      }
    }
    return nil
  }

  mutating func forget(before day: Day) {
    for past in taken.keys where past < day { taken[past] = nil }
  }
}
