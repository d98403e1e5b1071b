import Merge

/// One of the court's people.
struct Staff {
  let id: RecordID
  let name: String
  let role: String
}

/// A tribunal 人民法庭 or department 内设部门 of the court, with those who work there.
struct Unit {
  let body: RecordID
  let name: String
  let isTribunal: Bool
  var judges: [Staff] = []
  var clerks: [Staff] = []
  var others: [Staff] = []
  var courtrooms: [RecordID] = []

  var scope: String { (isTribunal ? "tribunal/" : "department/") + name }
  /// 孟庙 of 孟庙人民法庭.
  var shortName: String { isTribunal ? String(name.dropLast(4)) : name }
  var staff: [Staff] { judges + clerks + others }
}

/// The bodies of a township that the court works with.
struct TownshipBodies {
  let judicialOffice: RecordID
  let police: RecordID
  let government: RecordID
  let governanceCentre: RecordID
  let mediators: [Staff]
}

/// A village 村 or community 社区 as disputes come from it.
struct Locality {
  let id: RecordID
  let name: String
  let township: Int
  let committee: RecordID
  let cadre: Staff
  /// Place in ``Establishment/units``.
  let unit: Int
  let isCommunity: Bool
  let population: Int
}

/// A branch 党支部 with its members.
struct Branch {
  let id: RecordID
  let name: String
  let body: RecordID
  let unit: Int
  let groups: Int
  let members: [Staff]
}

/// A volunteer team 志愿服务队.
struct Team {
  let id: RecordID
  let name: String
  let unit: Int
}
