extension OfficialList {
  /// `key,procedure,amount,unit,law,article,extension,starts_from,note,basis`.
  func limitRecords(_ bytes: [UInt8], _ edition: ListEdition) throws(CourtError) -> [ListRecord] {
    let columns = [
      "key", "procedure", "amount", "unit", "law", "article", "extension", "starts_from", "note", "basis",
    ]
    let table = try ListTable(bytes, file: fileName, columns: columns)
    var known: Set<String> = []
    var records: [ListRecord] = []
    for row in table.rows {
      let key = try row.required("key")
      guard known.insert(key).inserted else { throw row.fail(.duplicate(key)) }
      var record = ListRecord("time_limit", listRecordID("time_limit", edition.name, key))
      record.set("name", key)
      record.set("procedure", try row.required("procedure"))
      record.set("amount", try row.integer("amount"))
      record.set("unit", try row.word(named: "unit", of: "limit_unit"))
      record.set("law", row.text("law"))
      record.set("article", row.text("article"))
      record.set("extension_rule", row.text("extension"))
      record.set("starts_from", row.text("starts_from"))
      record.set("basis", try row.word("basis", of: "source_basis"))
      record.set("edition", edition.name)
      record.set("valid_from_on", edition.validFrom)
      record.set("note", row.text("note"))
      records.append(record)
    }
    return records
  }

  /// `code,name,category,class_no,basic_court,status,note`. Several lines share a type code; the class number tells
  /// them apart, and the few lines outside the standard table have none.
  func caseTypeRecords(_ bytes: [UInt8], _ edition: ListEdition) throws(CourtError) -> [ListRecord] {
    let columns = ["code", "name", "category", "class_no", "basic_court", "status", "note"]
    let table = try ListTable(bytes, file: fileName, columns: columns)
    var known: Set<String> = []
    var records: [ListRecord] = []
    for row in table.rows {
      let classNumber = row.text("class_no")
      let key = if let classNumber { classNumber } else { try row.required("code") }
      guard known.insert(key).inserted else { throw row.fail(.duplicate(key)) }
      let status = row.text("status")
      var record = ListRecord("case_type", listRecordID("case_type", edition.name, key))
      record.set("type_code", row.text("code"))
      record.set("name", try row.required("name"))
      record.set("category", row.text("category"))
      record.set("class_no", classNumber)
      record.set("is_heading", status == "heading")
      record.set("is_basic_court", try row.flag("basic_court"))
      record.set("status", status)
      record.set("edition", edition.name)
      record.set("valid_from_on", edition.validFrom)
      record.set("note", row.text("note"))
      records.append(record)
    }
    return records
  }

  /// `key,name,formula,direction,reference,status,note`.
  func indicatorRecords(_ bytes: [UInt8], _ edition: ListEdition) throws(CourtError) -> [ListRecord] {
    let columns = ["key", "name", "formula", "direction", "reference", "status", "note"]
    let table = try ListTable(bytes, file: fileName, columns: columns)
    var known: Set<String> = []
    var records: [ListRecord] = []
    for row in table.rows {
      let key = try row.required("key")
      guard known.insert(key).inserted else { throw row.fail(.duplicate(key)) }
      var record = ListRecord("indicator", listRecordID("indicator", edition.name, key))
      record.set("name", key)
      record.set("title", try row.required("name"))
      record.set("formula", row.text("formula"))
      if row.text("direction") != nil { record.set("direction", try row.word("direction", of: "direction")) }
      record.set("reference_value", row.text("reference"))
      record.set("status", row.text("status"))
      record.set("edition", edition.name)
      record.set("valid_from_on", edition.validFrom)
      record.set("note", row.text("note"))
      records.append(record)
    }
    return records
  }
}
