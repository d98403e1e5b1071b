import Merge

extension OfficialList {
  /// `code,level,parent,name`: townships and villages. The district's own row becomes no record: it is the parent code
  /// of its townships.
  ///
  /// A place is one record through all editions: its id is made of the national code alone.
  func divisionRecords(_ bytes: [UInt8], _ edition: ListEdition) throws(CourtError) -> [ListRecord] {
    let table = try ListTable(bytes, file: fileName, columns: ["code", "level", "parent", "name"])
    var known: Set<String> = []
    var records: [ListRecord] = []
    for row in table.rows {
      let code = try row.required("code")
      let level = try row.required("level")
      let parent = try row.required("parent")
      let name = try row.required("name")
      guard known.insert(code).inserted else { throw row.fail(.duplicate(code)) }
      if level == "district" { continue }

      let isTownship = CodeLists.builtIn.entry(level, in: "township_kind") != nil
      guard isTownship || CodeLists.builtIn.entry(level, in: "village_kind") != nil else {
        throw row.fail(.badValue(column: "level", text: level))
      }
      guard known.contains(parent) else { throw row.fail(.unknownParent(parent)) }

      var record = ListRecord(isTownship ? "township" : "village", OfficialList.placeID(code))
      record.set("code", code)
      record.set("name", name)
      record.set("kind", level)
      if isTownship {
        record.set("district_code", parent)
      } else {
        record.set("short_name", shortName(ofVillage: name))
        record.set("township_id", OfficialList.placeID(parent))
      }
      record.set("list_edition", edition.name)
      records.append(record)
    }
    return records
  }

  /// The record of a township or village by its national code.
  public static func placeID(_ code: String) -> RecordID { listRecordID("division", code) }
}

/// 大王村 for 大王村村民委员会, 太行山路社区 for 太行山路社区居民委员会: the list names the committee, people name the place.
private func shortName(ofVillage name: String) -> String {
  for ending in ["村民委员会", "居民委员会"] where name.hasSuffix(ending) && name.count > ending.count {
    return String(name.dropLast(ending.count))
  }
  return name
}
