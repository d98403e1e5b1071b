import Court
import Merge

extension CourtYear {
  /// A party of a dispute or case. What a clerk is not told is not there; numbers and phones are invented in forms that
  /// nobody holds.
  mutating func writeParty(
    _ party: PartyName, _ position: Int, dispute: RecordID?, caseID: RecordID?, roles: (String, String), _ day: Day,
    _ unit: Int
  ) throws {
    var record = Record("party", party.id, codesAsOf: day)
    record.set("dispute_id", dispute)
    record.set("case_id", caseID)
    record.set("name", party.name)
    record.set("role", position == 0 ? roles.0 : roles.1)
    record.set("position", position + 1)
    if let company = staff.companies.first(where: { $0.name == party.name }) { record.set("person_id", company.id) }
    try book.add(record, to: staff.units[unit].scope)
  }

  /// The parties of a dispute become those of its case: a person each, and their standing in the case.
  mutating func writeCaseParties(_ filing: Filing, _ id: RecordID, _ day: Day) throws {
    let scope = staff.units[filing.unit].scope
    let roles = filing.kind == .confirmation ? ("applicant", "applicant") : ("plaintiff", "defendant")
    for (position, party) in filing.parties.enumerated() {
      let isCompany = staff.companies.contains { $0.name == party.name }
      var person: RecordID?
      if !isCompany && filing.kind == .civil {
        let id = ids.next(day)
        var record = Record("person", id, codesAsOf: day)
        record.set("kind", "natural")
        record.set("name", party.name)
        if draws.isTrue(percent: 25) {
          record.set("id_kind", "resident_id")
          record.set("id_number", idNumber())
        }
        // No mobile number begins with 10.
        if draws.isTrue(percent: 25) { record.set("phone", "100" + digits(8)) }
        record.set("village_id", staff.villages[filing.village].id)
        try book.add(record, to: scope)
        person = id
      }
      if filing.dispute == nil {
        try writeParty(party, position, dispute: nil, caseID: id, roles: roles, day, filing.unit)
      }
      if filing.dispute != nil || person != nil {
        var record = Record("party", party.id)
        if filing.dispute != nil {
          record.set("case_id", id)
          record.set("role", position == 0 ? roles.0 : roles.1)
        }
        record.set("person_id", person)
        try book.add(record, to: scope)
      }
    }
  }

  /// Eighteen digits in the form of an id number 公民身份号码; no area begins with 00.
  private mutating func idNumber() -> String {
    let month = draws.within(101...112) % 100
    let day = draws.within(101...128) % 100
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "001103\(draws.within(1950...2003))\(two(month))\(two(day))" + digits(4)
  }

  private mutating func digits(_ count: Int) -> String {
    String((0..<count).map { _ in Character(String(draws.below(10))) })
  }
}
