import Merge
import ReplicaStore
import Testing

@testable import Court

@Suite("The official lists")
struct OfficialListTests {
  @Test(
    "each file has the rows its description states",
    arguments: [
      ("causes.csv", 1055), ("causes_2020.csv", 473), ("case_types.csv", 222), ("case_number_rules.csv", 18),
      ("limits.csv", 61), ("holidays.csv", 143), ("festivals.csv", 363), ("indicators.csv", 32),
      ("programmes.csv", 115), ("divisions.csv", 210),
    ])
  func rowCounts(file: String, count: Int) throws {
    var reader = CSVReader(try Checkout.bytes("Fixtures/lists/\(file)"), file: file)
    var rows: [CSVRow] = []
    while let row = try reader.next() { rows.append(row) }
    #expect(rows.count == count + 1)
    #expect(Set(rows.map(\.fields.count)).count == 1)
  }

  @Test(
    "each row becomes a record",
    arguments: [
      (OfficialList.divisions, ["township": 10, "village": 199]),
      (.causes, ["code_list": 1, "code": 1055]),
      (.causes2020, ["code_list": 1, "code": 473]),
      (.caseTypes, ["case_type": 222]),
      (.limits, ["time_limit": 61]),
      (.holidays, ["calendar_day": 143]),
      (.festivals, ["festival_day": 363]),
      (.indicators, ["indicator": 32]),
      // Three rows of 115 are remarks on their list.
      (.programmes, ["code_list": 13, "code": 112]),
      (.criteria, ["criteria_edition": 8]),
      (.criteriaItems, ["criterion": 37]),
      (.frequencyRules, ["frequency_rule": 5]),
      (.settings, ["setting": 3]),
    ])
  func recordCounts(list: OfficialList, expected: [String: Int]) throws {
    let records = try Checkout.records(of: list)
    #expect(Dictionary(grouping: records, by: \.table).mapValues(\.count) == expected)
  }

  @Test(
    "every list loads into columns that the schema has, with values of their types",
    arguments: OfficialList.allCases)
  func fitsSchema(list: OfficialList) throws {
    for record in try Checkout.records(of: list) {
      let table = try #require(CourtSchema.current.table(named: record.table))
      #expect(Set(record.fields.map(\.0)).count == record.fields.count)
      for (name, value) in record.fields {
        let column = try #require(table.column(named: name), "\(record.table).\(name)")
        #expect(fits(value, column), "\(record.table).\(name) \(value)")
        #expect(column.rule == .latest, "loading twice must not meet a write-once cell: \(record.table).\(name)")
      }
    }
  }

  private func fits(_ value: Value, _ column: Column) -> Bool {
    switch (value, column.type) {
    case (.text(let text), .code): column.codes?.contains(text) ?? true
    case (.text, .text), (.integer, .integer), (.real, .real), (.boolean, .boolean), (.date, .date), (.ref, .ref): true
    default: false
    }
  }

  @Test("no id is given twice, but to the same word in two files")
  func uniqueIDs() throws {
    var names: [RecordID: [String]] = [:]
    for list in OfficialList.allCases {
      let ids = try Checkout.records(of: list).map(\.id)
      #expect(Set(ids).count == ids.count, "\(list)")
      for id in ids { names[id, default: []].append(list.rawValue) }
    }
    let shared = Set(names.values.filter { $0.count > 1 }.map { $0.sorted() })
    #expect(shared == [["codes", "programmes"]])
  }

  @Test("大王村 of 李集镇 is found by its code, with its township")
  func village() throws {
    let records = try Checkout.records(of: .divisions)
    let id = OfficialList.placeID("411103106214")
    let village = try #require(records.first { $0.id == id })
    #expect(village.table == "village")
    #expect(village["name"] == .text("大王村村民委员会"))
    #expect(village["short_name"] == .text("大王村"))
    #expect(village["kind"] == .text("village"))
    #expect(village["township_id"] == .ref(OfficialList.placeID("411103106")))
    let township = try #require(records.first { $0.id == OfficialList.placeID("411103106") })
    #expect(township.table == "township")
    #expect(township["name"] == .text("李集镇"))
    #expect(township["kind"] == .text("town"))
    #expect(township["district_code"] == .text("411103"))
  }

  @Test("a cause keeps its number in each edition, and the old one names the new")
  func causes() throws {
    let old = OfficialList.codeID(list: "cause", edition: "2020", code: "103")
    let new = OfficialList.codeID(list: "cause", edition: "2025", code: "108")
    let former = try #require(try Checkout.records(of: .causes2020).first { $0.id == old })
    let present = try #require(try Checkout.records(of: .causes).first { $0.id == new })
    #expect(former["name"] == .text("借款合同纠纷"))
    #expect(former["name"] == present["name"])
    #expect(former["successor"] == .text("108"))
    #expect(former["valid_until_on"] == Day(iso: "2025-12-31").map { .date($0.number) })
    #expect(present["valid_from_on"] == Day(iso: "2026-01-01").map { .date($0.number) })
    let fourth = OfficialList.codeID(list: "cause", edition: "2025", code: "108.3")
    let child = try #require(try Checkout.records(of: .causes).first { $0.id == fourth })
    #expect(child["parent"] == .text("108"))
    #expect(child["level"] == .integer(4))
  }

  @Test("the seven festivals of 我们的节日 carry their word in every year, and the court's own too")
  func festivals() throws {
    let records = try Checkout.records(of: .festivals)
    let ours = records.filter { $0["is_our_festival"] == .boolean(true) }
    #expect(ours.count == 7 * 11)
    #expect(ours.allSatisfy { $0["festival"] != nil })
    let national = records.filter { $0["festival"] == .text("national_day") }
    #expect(national.count == 11)
    #expect(national.allSatisfy { $0["is_our_festival"] == .boolean(false) })
  }

  @Test("three published variants of a litigation-free village load beside the default")
  func criteria() throws {
    let editions = try Checkout.records(of: .criteria).filter { $0["kind"] == .text("litigation_free_village") }
    let published = try Checkout.records(of: .programmes).filter { $0["list"] == .text("litigation_free_village") }
    let items = try Checkout.records(of: .criteriaItems)
    for edition in editions {
      #expect(items.contains { $0["criteria_edition_id"] == .ref(edition.id) })
    }
    let asPublished = editions.filter { edition in
      published.contains { $0["code"] == edition["code"] && $0["name"] == edition["summary"] }
    }
    #expect(asPublished.count == 5)
    let xixia = try #require(editions.first { $0["code"] == .text("xixia") })
    #expect(xixia["period_months"] == .integer(36))
    let owners = Set(try Checkout.records(of: .criteria).map(\.id))
    for item in items {
      guard case .ref(let owner)? = item["criteria_edition_id"] else { continue }
      #expect(owners.contains(owner))
    }
  }

  @Test("a later file of the same shape loads under its own edition, as other records")
  func otherEdition() throws {
    let day = try #require(Day(iso: "2030-01-01"))
    let edition = ListEdition(name: "2030", validFrom: day)
    let records = try OfficialList.causes.records(Checkout.bytes(of: .causes), edition: edition)
    #expect(records.allSatisfy { $0["edition"] == .text("2030") && $0["valid_from_on"] == .date(day.number) })
    #expect(Set(records.map(\.id)).isDisjoint(with: try Checkout.records(of: .causes).map(\.id)))
    let places = try OfficialList.divisions.records(Checkout.bytes(of: .divisions), edition: edition)
    #expect(places.map(\.id) == (try Checkout.records(of: .divisions)).map(\.id))
  }

  @Test(
    "a bad line is named, and what is wrong with it",
    arguments: [
      (OfficialList.divisions, "code,level,name\n", 1, LineFault.header(column: "parent")),
      (.divisions, "", 1, .header(column: "code")),
      (.holidays, "date,name,kind,kind\n", 1, .header(column: "kind")),
      (.divisions, "code,level,parent,name\n1,town,9\n", 2, .fieldCount(expected: 4, found: 3)),
      (.divisions, "code,level,parent,name\n1,district,9,a\n2,town,3,b\n", 3, .unknownParent("3")),
      (.divisions, "code,level,parent,name\n1,hamlet,9,a\n", 2, .badValue(column: "level", text: "hamlet")),
      (.divisions, "code,level,parent,name\n1,district,9,a\n1,town,1,b\n", 3, .duplicate("1")),
      (.holidays, "date,name,kind\n2026-02-29,x,holiday\n", 2, .badValue(column: "date", text: "2026-02-29")),
      (.holidays, "date,name,kind\n2026-01-01,x,feast\n", 2, .badValue(column: "kind", text: "feast")),
      (.holidays, "date,name,kind\n2026-01-01,,holiday\n", 2, .badValue(column: "name", text: "")),
      (
        .holidays, "date,name,kind\n2026-01-01,元旦,holiday\n\n", 3, .fieldCount(expected: 3, found: 1)
      ),
      (.causes, "code,level,parent,name\n1,+3,,a\n", 2, .badValue(column: "level", text: "+3")),
      (.causes, "code,level,parent,name\n1,3,P09,a\n", 2, .unknownParent("P09")),
      (
        .criteriaItems,
        "criteria,edition,code,name,kind,measure,comparison,threshold,period_months\n"
          + "d,1,f,a,threshold,filings,at_most,0x1p3,12\n", 2, .badValue(column: "threshold", text: "0x1p3")
      ),
    ])
  func badLines(list: OfficialList, text: String, line: Int, fault: LineFault) {
    #expect(throws: CourtError.badLine(file: list.fileName, line: line, fault: fault)) {
      try list.records(Array(text.utf8))
    }
  }

  @Test("a byte order mark and line ends of Windows change nothing")
  func windows() throws {
    let text = String(decoding: try Checkout.bytes(of: .holidays), as: UTF8.self)
    let windows = "\u{FEFF}" + text.split(separator: "\n").joined(separator: "\r\n") + "\r\n"
    let records = try OfficialList.holidays.records(Array(windows.utf8))
    let expected = try Checkout.records(of: .holidays)
    #expect(records.map(\.id) == expected.map(\.id))
    #expect(records.map { $0["name"] } == expected.map { $0["name"] })
  }
}
