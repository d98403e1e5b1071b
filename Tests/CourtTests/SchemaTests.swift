import Merge
import ReplicaStore
import Testing

@testable import Court

@Suite("The registry of record kinds")
struct SchemaTests {
  let schema = CourtSchema.current
  var fields: [(RecordKind, Field)] { CourtSchema.kinds.flatMap { kind in kind.fields.map { (kind, $0) } } }

  @Test("no table id, table name, column id or column name is given twice")
  func unique() {
    #expect(Set(CourtSchema.kinds.map(\.table.id)).count == CourtSchema.kinds.count)
    #expect(Set(CourtSchema.kinds.map(\.table.name)).count == CourtSchema.kinds.count)
    for table in schema.tables {
      #expect(Set(table.columns.map(\.id)).count == table.columns.count, "\(table.name)")
      #expect(Set(table.columns.map(\.name)).count == table.columns.count, "\(table.name)")
      #expect(Set(table.columns.map(\.zh)).count == table.columns.count, "\(table.name)")
    }
    #expect(Set(CourtSchema.kinds.map(\.table.zh)).count == CourtSchema.kinds.count)
  }

  @Test("names are lower-case words, own column ids start at 6, table ids at 1")
  func shapes() {
    func isWord(_ name: String) -> Bool {
      let bytes = Array(name.utf8)
      return (0x61...0x7A).contains(bytes.first ?? 0)
        && bytes.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }
    for kind in CourtSchema.kinds {
      #expect(isWord(kind.table.name))
      #expect((1...127).contains(kind.table.id))
      #expect(!kind.table.zh.isEmpty && !kind.purpose.isEmpty)
      for field in kind.fields {
        #expect(isWord(field.column.name), "\(kind.table.name)")
        #expect(field.column.id >= 6, "\(kind.table.name).\(field.column.name)")
        #expect(field.column.zh.unicodeScalars.contains { isHan($0) }, "\(kind.table.name).\(field.column.name)")
      }
    }
  }

  @Test(
    "what the domain page names has a table",
    arguments: [
      "dispute", "handover", "body", "mediation", "judicial_confirmation", "case", "party", "hearing", "tally",
      "case_number_block", "signed_record", "document", "document_template", "service", "enforcement", "person",
      "person_merge", "township", "village", "criteria_edition", "criterion", "assessment", "training", "attendance",
      "activity", "participant", "co_organiser", "activity_tag", "branch", "branch_member", "volunteer_team",
      "service_item", "double_report", "study_output", "facility", "facility_use", "publicity_item", "honour",
      "target", "frequency_rule", "evidence_item", "evidence_link", "attachment", "code_list", "code", "case_type",
      "time_limit", "calendar_day", "festival_day", "indicator", "statistic", "setting", "review_dismissal",
    ])
  func tableExists(name: String) {
    #expect(schema.table(named: name) != nil)
  }

  @Test("every table has a text field, and every type is used")
  func types() {
    for kind in CourtSchema.kinds { #expect(kind.fields.contains { $0.column.type == .text }, "\(kind.table.name)") }
    #expect(Set(fields.map { $0.1.column.type }) == Set(ColumnType.allCases))
  }

  @Test("outcome, ruling, stage, service and its days, amounts and parties stand on the review list")
  func legalMarks() {
    for (kind, field) in fields {
      let column = field.column
      let place = "\(kind.table.name).\(column.name)"
      if ["outcome", "ruling", "stage"].contains(column.name) || column.name.hasSuffix("_fen") {
        #expect(column.isLegal, "\(place)")
      }
      if ["served_on", "sent_on", "noticed_on"].contains(column.name) { #expect(column.isLegal, "\(place)") }
    }
    for name in ["person_id", "name", "role", "represents_id"] {
      #expect(schema.table(named: "party")?.column(named: name)?.isLegal == true, "party.\(name)")
    }
    for table in schema.tables { #expect(table.column(named: "voided")?.isLegal == true, "\(table.name)") }
    for (table, column) in [
      ("dispute", "outcome"), ("mediation", "terms"), ("case", "stage"), ("case", "outcome"), ("case", "ruling"),
      ("case", "amount_fen"), ("service", "served_on"), ("service", "party_id"), ("enforcement", "outcome"),
      ("handover", "parties"),
    ] {
      #expect(schema.table(named: table)?.column(named: column)?.isLegal == true, "\(table).\(column)")
    }
  }

  @Test("notes, summaries and topics take edits while others disagree")
  func notLegal() {
    for (kind, field) in fields where ["note", "summary", "topic", "title"].contains(field.column.name) {
      #expect(!field.column.isLegal, "\(kind.table.name).\(field.column.name)")
    }
  }

  @Test(
    "facts that are written once have the rule first",
    arguments: [
      ("dispute", "received_on"), ("handover", "offered_on"), ("case", "filed_on"), ("case", "official_number"),
      ("case", "provisional_number"), ("enforcement", "filed_on"), ("enforcement", "official_number"),
      ("signed_record", "body"), ("signed_record", "body_sha256"), ("signed_record", "attachments"),
      ("signed_record", "short_code"), ("attachment", "sha256"), ("case_number_block", "first_number"),
    ])
  func writtenOnce(table: String, column: String) {
    #expect(schema.table(named: table)?.column(named: column)?.rule == .first)
  }

  @Test("everything of a signed record but its note and list date is written once")
  func signedRecord() throws {
    let kind = try #require(CourtSchema.kind(named: "signed_record"))
    #expect(kind.fields.filter { $0.column.rule == .latest }.map(\.column.name) == ["codes_as_of_on", "note"])
  }

  @Test("outcome, ruling and stage can be edited: a new one drops what it sees")
  func edited() {
    for (kind, field) in fields where ["outcome", "ruling", "stage"].contains(field.column.name) {
      #expect(field.column.rule == .latest, "\(kind.table.name).\(field.column.name)")
    }
  }

  @Test("the centre's number and the tribunal's never share a cell")
  func numbers() throws {
    for name in ["case", "enforcement"] {
      let table = try #require(schema.table(named: name))
      let official = try #require(table.column(named: "official_number"))
      let provisional = try #require(table.column(named: "provisional_number"))
      #expect(official.id != provisional.id)
      #expect(official.isLegal && !provisional.isLegal)
    }
  }

  @Test("a name's ending tells the type: _id ref, _on day, _at moment, _fen amount in fen")
  func endings() {
    for (kind, field) in fields {
      let column = field.column
      let place = "\(kind.table.name).\(column.name)"
      #expect((column.type == .ref) == column.name.hasSuffix("_id"), "\(place)")
      #expect((column.type == .date) == column.name.hasSuffix("_on"), "\(place)")
      #expect((column.type == .instant) == column.name.hasSuffix("_at"), "\(place)")
      if column.name.hasSuffix("_fen") { #expect(column.type == .integer && column.zh.contains("分"), "\(place)") }
      if column.type == .boolean { #expect(["is_", "has_"].contains { column.name.hasPrefix($0) }, "\(place)") }
    }
  }

  @Test("a ref points into a table of the schema, or the table is named beside it")
  func refs() {
    for (kind, field) in fields where field.column.type == .ref {
      if let target = field.target {
        #expect(schema.table(named: target) != nil, "\(kind.table.name).\(field.column.name)")
      } else {
        let beside = field.column.name.dropLast("id".count) + "table"
        let column = kind.field(named: String(beside))?.column
        #expect(column?.type == .text, "\(kind.table.name).\(beside)")
        #expect(column?.rule == field.column.rule, "\(kind.table.name).\(beside)")
      }
    }
  }

  @Test("a code column has the words of its list, or its list is data alone")
  func codes() {
    let dataAlone = ["cause", "type_code", "tag"]
    for (kind, field) in fields {
      let column = field.column
      let place = "\(kind.table.name).\(column.name)"
      if column.type != .code {
        #expect(column.codes == nil && field.list == nil, "\(place)")
      } else if let list = field.list {
        #expect(column.codes == CodeLists.builtIn.words(of: list) && column.codes?.isEmpty == false, "\(place)")
      } else {
        #expect(column.codes == nil && dataAlone.contains(column.name), "\(place)")
      }
    }
  }

  @Test("a record with codes keeps the day of the editions it was written under, a cause its edition")
  func editions() {
    for kind in CourtSchema.kinds {
      let hasCodes = kind.fields.contains { $0.column.type == .code }
      #expect(hasCodes == kind.fields.contains { $0.column.id == 6 && $0.column.name == "codes_as_of_on" })
      #expect(kind.fields.allSatisfy { $0.column.id != 6 || $0.column.name == "codes_as_of_on" })
      if kind.field(named: "cause") != nil { #expect(kind.field(named: "cause_edition") != nil, "\(kind.table.name)") }
    }
  }

  @Test("id numbers, phones and homes of people are masked")
  func masked() {
    let masked = fields.filter { $0.1.isMasked }.map { "\($0.0.table.name).\($0.1.column.name)" }
    #expect(
      masked == [
        "handover.contact", "party.phone", "party.address", "service.address", "person.id_number", "person.phone",
        "person.address",
      ])
  }

  @Test("no name needs quotes in SQL but case")
  func keywords() {
    let reserved: Set = [
      "add", "all", "alter", "and", "as", "between", "case", "check", "collate", "commit", "constraint", "create",
      "default", "delete", "distinct", "drop", "else", "escape", "except", "exists", "foreign", "from", "group",
      "having", "in", "index", "insert", "intersect", "into", "is", "isnull", "join", "limit", "not", "notnull",
      "null", "on", "or", "order", "primary", "references", "returning", "select", "set", "table", "then", "to",
      "transaction", "union", "unique", "update", "using", "values", "when", "where",
    ]
    let names = CourtSchema.kinds.flatMap { [$0.table.name] + $0.fields.map(\.column.name) }
    #expect(Set(names).intersection(reserved) == ["case"])
  }

  @Test("the domain page has a line for every kind, as the registry has it")
  func domainPage() throws {
    let page = String(decoding: try Checkout.bytes("docs/domain.md"), as: UTF8.self)
    for kind in CourtSchema.kinds {
      #expect(page.contains("| `\(kind.table.name)` | \(kind.table.zh) | \(kind.purpose) |"), "\(kind.table.name)")
    }
  }
}
