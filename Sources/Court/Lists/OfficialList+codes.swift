import Merge

extension OfficialList {
  /// The record of a word of a code list in an edition.
  public static func codeID(list: String, edition: String, code: String) -> RecordID {
    listRecordID("code", list, edition, code)
  }

  /// The built-in code lists: a `code_list` record for each list with words, before its first word, and a `code` each.
  func codeRecords(_ bytes: [UInt8]) throws(CourtError) -> [ListRecord] {
    let lists = try CodeLists(csv: bytes, file: fileName)
    var counts: [[String]: Int64] = [:]
    var records: [ListRecord] = []
    for entry in lists.entries {
      let key = [entry.list, entry.edition.name]
      let position = counts[key, default: 0] + 1
      counts[key] = position
      if position == 1 { records.append(listRecord(entry.list, entry.edition, names: lists)) }
      var record = wordRecord(entry.list, entry.edition, code: entry.code, name: entry.chinese, position: position)
      record.set("name_en", entry.english)
      record.set("parent", entry.parent)
      records.append(record)
    }
    return records
  }

  /// `code,level,parent,name`: the causes as words of the list `cause`.
  func causeRecords(_ bytes: [UInt8], _ edition: ListEdition) throws(CourtError) -> [ListRecord] {
    let table = try ListTable(bytes, file: fileName, columns: ["code", "level", "parent", "name"])
    var known: Set<String> = []
    var records = [listRecord("cause", edition)]
    for (position, row) in table.rows.enumerated() {
      let code = try row.required("code")
      let parent = row.text("parent")
      guard known.insert(code).inserted else { throw row.fail(.duplicate(code)) }
      if let parent, !known.contains(parent) { throw row.fail(.unknownParent(parent)) }
      let name = try row.required("name")
      var record = wordRecord("cause", edition, code: code, name: name, position: Int64(position) + 1)
      record.set("parent", parent)
      record.set("level", try row.integer("level"))
      records.append(record)
    }
    return records
  }

  /// `code_2020,name,code_2025`: the third level of the former edition, with its number in the next one.
  func formerCauseRecords(_ bytes: [UInt8], _ edition: ListEdition) throws(CourtError) -> [ListRecord] {
    let table = try ListTable(bytes, file: fileName, columns: ["code_2020", "name", "code_2025"])
    let lastDay = Day(number: ListEdition.causes2025.validFrom.number - 1)
    var known: Set<String> = []
    var list = listRecord("cause", edition)
    list.set("valid_until_on", lastDay)
    var records = [list]
    for (position, row) in table.rows.enumerated() {
      let code = try row.required("code_2020")
      guard known.insert(code).inserted else { throw row.fail(.duplicate(code)) }
      let name = try row.required("name")
      var record = wordRecord("cause", edition, code: code, name: name, position: Int64(position) + 1)
      record.set("level", Int64(3))
      record.set("valid_until_on", lastDay)
      record.set("successor", row.text("code_2025"))
      records.append(record)
    }
    return records
  }

  /// `list,code,name_zh,name_en,note`: the words of the programmes. A row with the code `_note` is a remark on its
  /// list.
  func programmeRecords(_ bytes: [UInt8], _ edition: ListEdition) throws(CourtError) -> [ListRecord] {
    let table = try ListTable(bytes, file: fileName, columns: ["list", "code", "name_zh", "name_en", "note"])
    var remarks: [String: String] = [:]
    for row in table.rows where row.text("code") == "_note" { remarks[try row.required("list")] = row.text("note") }

    var counts: [String: Int64] = [:]
    var known: Set<[String]> = []
    var records: [ListRecord] = []
    for row in table.rows {
      let list = try row.required("list")
      let code = try row.required("code")
      guard known.insert([list, code]).inserted else { throw row.fail(.duplicate("\(list) \(code)")) }
      if code == "_note" { continue }
      let position = counts[list, default: 0] + 1
      counts[list] = position
      if position == 1 {
        var record = listRecord(list, edition)
        record.set("note", remarks[list])
        records.append(record)
      }
      let name = try row.required("name_zh")
      var record = wordRecord(list, edition, code: code, name: name, position: position)
      record.set("name_en", row.text("name_en"))
      record.set("note", row.text("note"))
      records.append(record)
    }
    return records
  }

  private func listRecord(_ list: String, _ edition: ListEdition, names: CodeLists = .builtIn) -> ListRecord {
    var record = ListRecord("code_list", listRecordID("code_list", list, edition.name))
    let name = names.name(ofList: list)
    record.set("list", list)
    record.set("name", name?.chinese)
    record.set("name_en", name?.english)
    record.set("edition", edition.name)
    record.set("valid_from_on", edition.validFrom)
    return record
  }

  private func wordRecord(
    _ list: String, _ edition: ListEdition, code: String, name: String, position: Int64
  ) -> ListRecord {
    var record = ListRecord("code", OfficialList.codeID(list: list, edition: edition.name, code: code))
    record.set("list", list)
    record.set("edition", edition.name)
    record.set("code", code)
    record.set("name", name)
    record.set("position", position)
    record.set("valid_from_on", edition.validFrom)
    return record
  }
}
