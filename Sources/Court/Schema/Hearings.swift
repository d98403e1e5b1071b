/// Hearings 庭审, counts, signed records 笔录, documents 文书 and what hangs on them.
extension CourtSchema {
  static let hearings: [RecordKind] = [
    hearing, tally, signedRecord, document, documentTemplate, service, attachment,
  ]

  static let hearing = RecordKind(
    40, "hearing", "庭审（巡回审判）", "a hearing in a courtroom or on circuit, with its place, judge and teaching",
    [
      .codesAsOf,
      .ref(8, "case_id", "案件", "case"),
      .code(10, "kind", "类型", "hearing_kind"),
      .boolean(12, "is_circuit", "巡回审判"),
      .instant(14, "starts_at", "开始时间"),
      .instant(16, "ends_at", "结束时间"),
      .code(18, "venue_kind", "地点类型", "circuit_venue"),
      .text(20, "place", "地点"),
      .ref(22, "facility_id", "审判庭（场所）", "facility"),
      .ref(24, "village_id", "村（社区）", "village"),
      .ref(26, "body_id", "法庭（部门）", "body"),
      .ref(28, "judge_id", "法官", "person"),
      .ref(30, "clerk_id", "书记员", "person"),
      .boolean(32, "is_public", "公开审理"),
      .text(34, "record", "庭审笔录（草稿）"),
      .code(36, "outcome", "结果", "hearing_outcome", legal: true),
      .instant(38, "adjourned_to_at", "延期至"),
      .boolean(40, "has_teaching", "以案说法"),
      .text(42, "teaching_topic", "以案说法主题"),
      .text(44, "note", "备注"),
    ])

  static let tally = RecordKind(
    41, "tally", "计数", "a count by one person: of what, by whom, how many; the sum over the records is shown",
    [
      .codesAsOf,
      .text(8, "of_table", "所属表"),
      .ref(10, "of_id", "所属记录", nil),
      .code(12, "kind", "计数对象", "tally_kind"),
      .integer(14, "count", "数量"),
      .ref(16, "counted_by_id", "计数人", "person"),
      .text(18, "counted_by", "计数人姓名"),
      .instant(20, "counted_at", "计数时间"),
      .text(22, "note", "备注"),
    ])

  static let signedRecord = RecordKind(
    42, "signed_record", "签署笔录",
    "what was signed, write-once: text, attachments, hash; a correction is a new record that names the old",
    [
      .codesAsOf,
      .code(7, "kind", "类型", "record_kind"),
      .text(9, "title", "标题"),
      .text(11, "body", "正文", legal: true),
      .bytes(13, "body_sha256", "正文哈希（SHA-256）", legal: true),
      .text(15, "attachments", "附件哈希清单"),
      .text(17, "short_code", "纸质件短码"),
      .text(19, "signers", "签署人"),
      .instant(21, "signed_at", "签署时间"),
      .text(23, "place", "签署地点"),
      .integer(25, "page_count", "页数"),
      .text(27, "of_table", "所属表"),
      .ref(29, "of_id", "所属记录", nil),
      .ref(31, "draft_id", "草稿", "document"),
      .ref(33, "template_id", "模板", "document_template"),
      .ref(35, "corrects_id", "更正的笔录", "signed_record"),
      .text(37, "correction_reason", "更正理由"),
      .text(8, "note", "备注"),
    ])

  static let document = RecordKind(
    43, "document", "文书", "a document made from a template, or a draft; what is signed is copied into a signed record",
    [
      .codesAsOf,
      .code(8, "kind", "类型", "document_kind"),
      .text(10, "title", "标题"),
      .text(12, "body", "正文"),
      .text(7, "document_number", "文书编号"),
      .text(9, "short_code", "纸质件短码"),
      .ref(14, "template_id", "模板", "document_template"),
      .ref(16, "case_id", "案件", "case"),
      .ref(18, "dispute_id", "纠纷", "dispute"),
      .text(20, "of_table", "所属表"),
      .ref(22, "of_id", "所属记录", nil),
      .date(24, "made_on", "制作日期"),
      .ref(26, "made_by_id", "制作人", "person"),
      .text(28, "note", "备注"),
    ])

  static let documentTemplate = RecordKind(
    44, "document_template", "文书模板", "the text of a document with its blanks, in editions",
    [
      .codesAsOf,
      .code(8, "kind", "类型", "document_kind"),
      .text(10, "name", "名称"),
      .text(12, "body", "模板正文"),
      .text(14, "edition", "版本"),
      .date(16, "valid_from_on", "施行日期"),
      .date(18, "valid_until_on", "停用日期"),
      .text(20, "note", "备注"),
    ])

  static let service = RecordKind(
    45, "service", "送达", "a document was served on a party, or could not be: the proof of service 送达回证",
    [
      .codesAsOf,
      .ref(8, "document_id", "文书", "document"),
      .ref(10, "case_id", "案件", "case"),
      .ref(12, "party_id", "受送达人", "party", legal: true),
      .text(14, "recipient", "签收人"),
      .code(16, "method", "送达方式", "service_method"),
      .date(18, "sent_on", "发出日期", legal: true),
      .date(20, "served_on", "送达日期", legal: true),
      .code(22, "outcome", "结果", "service_outcome", legal: true),
      .ref(24, "served_by_id", "送达人", "person"),
      .text(26, "address", "送达地址", masked: true),
      .text(28, "witness", "见证人"),
      .text(30, "note", "备注"),
    ])

  static let attachment = RecordKind(
    46, "attachment", "附件", "a photo, scan or recording kept beside the replica: its hash, size and what it belongs to",
    [
      .codesAsOf,
      .text(8, "of_table", "所属表"),
      .ref(10, "of_id", "所属记录", nil),
      .code(12, "kind", "类型", "attachment_kind"),
      .text(14, "title", "标题"),
      .bytes(7, "sha256", "哈希（SHA-256）"),
      .integer(9, "size_bytes", "大小（字节）"),
      .text(11, "media_type", "媒体类型"),
      .text(16, "file_name", "文件名"),
      .text(18, "sheet_code", "所扫描纸质件的短码"),
      .instant(20, "taken_at", "拍摄时间"),
      .ref(22, "taken_by_id", "拍摄人", "person"),
      .integer(24, "position", "顺序"),
      .text(26, "note", "备注"),
    ])
}
