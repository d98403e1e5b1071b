import Merge

extension OfficialList {
  /// `code,kind,edition,valid_from,name,period_months,naming_body,review_months,summary,source`: a
  /// litigation-free village 无讼村 as each court defines it, and the criteria of tribunals and units, in editions.
  func criteriaRecords(_ bytes: [UInt8]) throws(CourtError) -> [ListRecord] {
    let columns = [
      "code", "kind", "edition", "valid_from", "name", "period_months", "naming_body", "review_months", "summary",
      "source",
    ]
    let table = try ListTable(bytes, file: fileName, columns: columns)
    var known: Set<RecordID> = []
    var records: [ListRecord] = []
    for row in table.rows {
      let code = try row.required("code")
      let edition = try row.required("edition")
      let id = OfficialList.criteriaID(code: code, edition: edition)
      guard known.insert(id).inserted else { throw row.fail(.duplicate("\(code) \(edition)")) }
      var record = ListRecord("criteria_edition", id)
      record.set("kind", try row.word("kind", of: "criteria_kind"))
      record.set("code", code)
      record.set("name", try row.required("name"))
      record.set("edition", edition)
      record.set("valid_from_on", try row.requiredDay("valid_from"))
      record.set("period_months", try row.integer("period_months"))
      record.set("naming_body", row.text("naming_body"))
      record.set("review_months", try row.integer("review_months"))
      record.set("summary", row.text("summary"))
      record.set("source", row.text("source"))
      records.append(record)
    }
    return records
  }

  /// `criteria,edition,code,name,kind,measure,comparison,threshold,period_months`.
  func criteriaItemRecords(_ bytes: [UInt8]) throws(CourtError) -> [ListRecord] {
    let columns = [
      "criteria", "edition", "code", "name", "kind", "measure", "comparison", "threshold", "period_months",
    ]
    let table = try ListTable(bytes, file: fileName, columns: columns)
    var counts: [RecordID: Int64] = [:]
    var known: Set<[String]> = []
    var records: [ListRecord] = []
    for row in table.rows {
      let criteria = try row.required("criteria")
      let edition = try row.required("edition")
      let code = try row.required("code")
      guard known.insert([criteria, edition, code]).inserted else { throw row.fail(.duplicate("\(criteria) \(code)")) }
      let owner = OfficialList.criteriaID(code: criteria, edition: edition)
      counts[owner, default: 0] += 1
      var record = ListRecord("criterion", listRecordID("criterion", criteria, edition, code))
      record.set("criteria_edition_id", owner)
      record.set("code", code)
      record.set("name", try row.required("name"))
      record.set("kind", try row.word("kind", of: "criterion_kind"))
      record.set("measure", try row.word("measure", of: "criterion_measure"))
      record.set("comparison", try row.word("comparison", of: "comparison"))
      record.set("threshold", try row.real("threshold"))
      record.set("period_months", try row.integer("period_months"))
      record.set("position", counts[owner])
      records.append(record)
    }
    return records
  }

  /// The record of an edition of criteria.
  public static func criteriaID(code: String, edition: String) -> RecordID {
    listRecordID("criteria_edition", code, edition)
  }

  /// `kind,times,period_months,valid_from,ground`.
  func frequencyRecords(_ bytes: [UInt8]) throws(CourtError) -> [ListRecord] {
    let columns = ["kind", "times", "period_months", "valid_from", "ground"]
    let table = try ListTable(bytes, file: fileName, columns: columns)
    var known: Set<RecordID> = []
    var records: [ListRecord] = []
    for row in table.rows {
      let kind = try row.word("kind", of: "activity_kind")
      let day = try row.requiredDay("valid_from")
      let id = listRecordID("frequency_rule", kind, day.description)
      guard known.insert(id).inserted else { throw row.fail(.duplicate(kind)) }
      var record = ListRecord("frequency_rule", id)
      record.set("kind", kind)
      record.set("times", try row.integer("times"))
      record.set("period_months", try row.integer("period_months"))
      record.set("valid_from_on", day)
      record.set("ground", row.text("ground"))
      records.append(record)
    }
    return records
  }

  /// `name,value,unit,valid_from,reason`.
  func settingRecords(_ bytes: [UInt8]) throws(CourtError) -> [ListRecord] {
    let table = try ListTable(bytes, file: fileName, columns: ["name", "value", "unit", "valid_from", "reason"])
    var known: Set<RecordID> = []
    var records: [ListRecord] = []
    for row in table.rows {
      let name = try row.required("name")
      let day = try row.requiredDay("valid_from")
      let id = listRecordID("setting", name, day.description)
      guard known.insert(id).inserted else { throw row.fail(.duplicate(name)) }
      var record = ListRecord("setting", id)
      record.set("name", name)
      record.set("value", try row.required("value"))
      record.set("unit", row.text("unit"))
      record.set("valid_from_on", day)
      record.set("reason", row.text("reason"))
      records.append(record)
    }
    return records
  }
}
