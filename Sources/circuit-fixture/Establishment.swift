import Court
import Merge

/// What stands all years alike: places, bodies, people, branches, teams. The same seed and court give the same records
/// in every year, so that years can be loaded alone or one after another.
struct Establishment {
  private(set) var units: [Unit] = []
  private(set) var townships: [TownshipBodies] = []
  private(set) var villages: [Locality] = []
  private(set) var branches: [Branch] = []
  private(set) var teams: [Team] = []
  private(set) var companies: [Staff] = []
  private(set) var court: RecordID
  private(set) var president: Staff
  /// In the order they are written, all in the scope `court`.
  private(set) var records: [Record] = []

  private var ids: RecordIDs
  private var draws: Draws
  private let day: Day
  private let plan: Plan

  /// Who judges what: the tribunals by the towns they serve, the departments by the subdistricts.
  private static let tribunals: [(name: String, towns: [String])] = [
    ("孟庙人民法庭", ["孟庙镇"]), ("商桥人民法庭", ["商桥镇"]), ("裴城人民法庭", ["裴城镇", "新店镇"]), ("李集人民法庭", ["李集镇"]),
    ("龙城人民法庭", ["龙城镇", "黑龙潭镇"]),
  ]
  private static let departments = [
    "民事审判第一庭", "民事审判第二庭", "立案庭", "执行局", "刑事审判庭", "行政审判庭", "审判管理办公室", "综合办公室", "政治部", "司法警察大队",
  ]

  init(_ plan: Plan, _ lists: Lists, seed: UInt64) throws {
    // The Friday before the first year of the fixture.
    guard let day = Day(iso: "2022-12-30") else { throw Mistake("2022-12-30 is no day") }
    self.day = day
    self.plan = plan
    ids = RecordIDs(seed, "establishment", plan.courtCode)
    draws = Draws(seed, "establishment", plan.courtCode)
    court = ids.next(day)
    president = Staff(id: ids.next(day), name: Names.person(&draws), role: "president")
    makeCourt()
    makeUnits()
    makePlaces(lists)
    makeParty()
    makeRooms()
    for name in Names.companies { companies.append(makePerson(name, "legal_person", role: "company")) }
  }

  // MARK: The court

  private mutating func makeCourt() {
    let plan = plan
    makeBody(court, "court", plan.courtName) { $0.set("court_code", plan.courtCode) }
    makeStaffRecord(president, court)
    for _ in 0..<3 { makeStaff("vice_president", court) }
  }

  private mutating func makeUnits() {
    for (name, _) in Establishment.tribunals { makeUnit(name, isTribunal: true) }
    for name in Establishment.departments { makeUnit(name, isTribunal: false) }
  }

  private mutating func makeUnit(_ name: String, isTribunal: Bool) {
    let court = court
    var unit = Unit(body: ids.next(day), name: name, isTribunal: isTribunal)
    makeBody(unit.body, isTribunal ? "tribunal" : "department", name) {
      $0.set("parent_id", court)
      $0.set("sync_scope", unit.scope)
      $0.set("has_device", true)
    }
    let hearsCases = isTribunal || name.hasPrefix("民事")
    unit.judges = [makeStaff(isTribunal ? "tribunal_head" : "department_head", unit.body)]
    let judges = hearsCases ? 3 : (name == "执行局" ? 4 : 1)
    for _ in 1..<max(2, judges * plan.staff) {
      unit.judges.append(makeStaff(name == "执行局" ? "enforcement_officer" : "judge", unit.body))
    }
    for _ in 0..<(hearsCases ? 3 : 2) * plan.staff { unit.clerks.append(makeStaff("clerk", unit.body)) }
    for _ in 0..<2 { unit.others.append(makeStaff(name == "司法警察大队" ? "bailiff" : "assistant", unit.body)) }
    units.append(unit)
  }

  // MARK: Places

  private mutating func makePlaces(_ lists: Lists) {
    let isReal = plan.index == 0
    for (position, township) in lists.townships.enumerated() {
      let id = isReal ? OfficialList.placeID(township.code) : ids.next(day)
      var record = Record("township", id, codesAsOf: day)
      record.set("code", isReal ? township.code : nil)
      record.set("name", township.name)
      record.set("kind", township.isTown ? "town" : "subdistrict")
      records.append(record)
      townships.append(makeTownshipBodies(township.name, id))
      for village in lists.villages where village.township == position {
        makeVillage(village, township.name, id, isReal)
      }
    }
  }

  private mutating func makeTownshipBodies(_ name: String, _ township: RecordID) -> TownshipBodies {
    let stem = String(name.dropLast(name.hasSuffix("街道") ? 2 : 1))
    let names = [
      ("judicial_office", stem + "司法所"), ("police_station", stem + "派出所"),
      ("township_government", name + (name.hasSuffix("街道") ? "办事处" : "人民政府")), ("governance_centre", name + "综治中心"),
      ("mediation_committee", name + "人民调解委员会"),
    ]
    let bodies = names.map { kind, name in
      let id = ids.next(day)
      makeBody(id, kind, name) {
        $0.set("township_id", township)
        $0.set("has_device", false)
      }
      return id
    }
    let mediators = (0..<4).map { _ in makeStaff("mediator", bodies[4], trained: draws.isTrue(percent: 80)) }
    return TownshipBodies(
      judicialOffice: bodies[0], police: bodies[1], government: bodies[2], governanceCentre: bodies[3],
      mediators: mediators)
  }

  private mutating func makeVillage(_ village: Lists.Village, _ town: String, _ township: RecordID, _ isReal: Bool) {
    let unit =
      Establishment.tribunals.firstIndex { $0.towns.contains(town) }
      ?? Establishment.tribunals.count + (village.code.hasPrefix("411103001") ? 0 : 1)
    let id = isReal ? OfficialList.placeID(village.code) : ids.next(day)
    let population = draws.within(village.isCommunity ? 3_000...9_800 : 900...3_600)
    var record = Record("village", id, codesAsOf: day)
    record.set("code", isReal ? village.code : nil)
    record.set("name", village.name)
    record.set("short_name", village.shortName)
    record.set("kind", village.isCommunity ? "community" : "village")
    record.set("township_id", township)
    record.set("body_id", units[unit].body)
    record.set("population", population)
    record.set("counted_on", Day(2020, 11, 1))
    records.append(record)
    let committee = ids.next(day)
    makeBody(committee, "village_committee", village.name) { $0.set("village_id", id) }
    let cadre = makeStaff("village_cadre", committee, village: id, trained: draws.isTrue(percent: 60))
    makePost(draws.pick(units[unit].judges), "village_judge", units[unit].body, village: id)
    villages.append(
      Locality(
        id: id, name: village.shortName, township: townships.count - 1, committee: committee, cadre: cadre, unit: unit,
        isCommunity: village.isCommunity, population: population))
  }

  // MARK: Party and volunteers

  private mutating func makeParty() {
    let committee = ids.next(day)
    var record = Record("branch", committee)
    record.set("name", "机关党委")
    record.set("body_id", court)
    record.set("secretary_id", president.id)
    records.append(record)
    let brands = ["枫桥为民", "法润乡村", "田间法庭", "阳光立案", "执行先锋"]
    for position in [0, 1, 2, 3, 4, 5, 6, 8, 12, 14] {
      let unit = units[position]
      let members = Array(unit.staff.prefix(12))
      let branch = Branch(
        id: ids.next(day), name: unit.shortName + "党支部", body: unit.body, unit: position, groups: 2, members: members)
      var record = Record("branch", branch.id)
      record.set("name", branch.name)
      record.set("parent_id", committee)
      record.set("body_id", unit.body)
      record.set("secretary_id", members[0].id)
      record.set("group_count", branch.groups)
      record.set("brand", draws.pick(brands))
      records.append(record)
      for (place, member) in members.enumerated() {
        var record = Record("branch_member", ids.next(day), codesAsOf: day)
        record.set("branch_id", branch.id)
        record.set("person_id", member.id)
        record.set("name", member.name)
        record.set("role", place == 0 ? "secretary" : place < 3 ? "committee_member" : "member")
        record.set("group_name", place % 2 == 0 ? "第一党小组" : "第二党小组")
        records.append(record)
      }
      branches.append(branch)
    }
    for position in [0, 2, 5, 8, 13] {
      let team = Team(id: ids.next(day), name: units[position].shortName + "志愿服务队", unit: position)
      var record = Record("volunteer_team", team.id)
      record.set("name", team.name)
      record.set("body_id", units[position].body)
      record.set("leader_id", units[position].judges[0].id)
      records.append(record)
      for member in units[position].staff.prefix(10) {
        var record = Record("team_member", ids.next(day))
        record.set("team_id", team.id)
        record.set("person_id", member.id)
        record.set("name", member.name)
        records.append(record)
      }
      teams.append(team)
    }
  }

  private mutating func makeRooms() {
    for position in units.indices where !units[position].judges.isEmpty {
      let unit = units[position]
      guard unit.isTribunal || unit.name.hasPrefix("民事") else { continue }
      for number in 1...2 * plan.staff {
        units[position].courtrooms.append(makeFacility("courtroom", "\(unit.shortName)第\(number)审判庭", unit.body))
      }
    }
    for (kind, name) in [
      ("culture_corridor", "文化长廊"), ("integrity_corridor", "廉政走廊"), ("members_room", "党员活动室"), ("library", "图书室"),
      ("honour_room", "荣誉室"), ("video_room", "视频会议室"),
    ] { makeFacility(kind, name, court) }
    for village in draws.sample(villages, 20) {
      makeFacility("circuit_point", village.name + "巡回审判点", units[village.unit].body, village: village.id)
    }
  }

  // MARK: One record

  @discardableResult
  private mutating func makeFacility(
    _ kind: String, _ name: String, _ body: RecordID, village: RecordID? = nil
  ) -> RecordID {
    let id = ids.next(day)
    var record = Record("facility", id, codesAsOf: day)
    record.set("kind", kind)
    record.set("name", name)
    record.set("body_id", body)
    record.set("village_id", village)
    record.set("is_in_use", true)
    records.append(record)
    return id
  }

  private mutating func makeBody(_ id: RecordID, _ kind: String, _ name: String, _ fill: (inout Record) -> Void) {
    var record = Record("body", id, codesAsOf: day)
    record.set("kind", kind)
    record.set("name", name)
    fill(&record)
    records.append(record)
  }

  private mutating func makePerson(_ name: String, _ kind: String, role: String) -> Staff {
    let person = Staff(id: ids.next(day), name: name, role: role)
    var record = Record("person", person.id, codesAsOf: day)
    record.set("kind", kind)
    record.set("name", name)
    records.append(record)
    return person
  }

  @discardableResult
  private mutating func makeStaff(
    _ role: String, _ body: RecordID, village: RecordID? = nil, trained: Bool = false
  ) -> Staff {
    let person = Staff(id: ids.next(day), name: Names.person(&draws), role: role)
    makeStaffRecord(person, body, village: village, trained: trained)
    return person
  }

  private mutating func makeStaffRecord(
    _ person: Staff, _ body: RecordID, village: RecordID? = nil, trained: Bool = false
  ) {
    var record = Record("person", person.id, codesAsOf: day)
    record.set("kind", "natural")
    record.set("name", person.name)
    record.set("body_id", body)
    record.set("village_id", village)
    records.append(record)
    makePost(person, person.role, body, village: village, trained: trained)
  }

  private mutating func makePost(
    _ person: Staff, _ role: String, _ body: RecordID, village: RecordID? = nil, trained: Bool = false
  ) {
    var record = Record("post", ids.next(day), codesAsOf: day)
    record.set("person_id", person.id)
    record.set("role", role)
    record.set("body_id", body)
    record.set("village_id", village)
    record.set("from_on", Day(2021, 7, 1))
    record.set("trained_on", trained ? Day(2022, 9, 15) : nil)
    records.append(record)
  }
}
