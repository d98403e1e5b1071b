extension OfficialList {
  /// `date,name,kind`: one record a day. A year the file does not have is unknown, not without holidays.
  func holidayRecords(_ bytes: [UInt8]) throws(CourtError) -> [ListRecord] {
    let table = try ListTable(bytes, file: fileName, columns: ["date", "name", "kind"])
    var known: Set<Day> = []
    var records: [ListRecord] = []
    for row in table.rows {
      let day = try row.requiredDay("date")
      guard known.insert(day).inserted else { throw row.fail(.duplicate(day.description)) }
      var record = ListRecord("calendar_day", listRecordID("calendar_day", day.description))
      record.set("falls_on", day)
      record.set("kind", try row.word("kind", of: "calendar_day_kind"))
      record.set("name", try row.required("name"))
      records.append(record)
    }
    return records
  }

  /// `date,name,kind,calendar,rule,our_festival`.
  func festivalRecords(_ bytes: [UInt8]) throws(CourtError) -> [ListRecord] {
    let columns = ["date", "name", "kind", "calendar", "rule", "our_festival"]
    let table = try ListTable(bytes, file: fileName, columns: columns)
    let ours = CodeLists.builtIn.entries(of: "our_festivals")
    var known: Set<[String]> = []
    var records: [ListRecord] = []
    for row in table.rows {
      let day = try row.requiredDay("date")
      let name = try row.required("name")
      guard known.insert([day.description, name]).inserted else { throw row.fail(.duplicate("\(day) \(name)")) }
      var record = ListRecord("festival_day", listRecordID("festival_day", day.description, name))
      record.set("falls_on", day)
      record.set("name", name)
      record.set("kind", try row.word("kind", of: "festival_kind"))
      record.set("calendar", try row.word("calendar", of: "calendar_system"))
      record.set("rule", row.text("rule"))
      record.set("is_our_festival", try row.flag("our_festival"))
      record.set("festival", ours.first { $0.chinese == name }?.code)
      records.append(record)
    }
    return records
  }
}
