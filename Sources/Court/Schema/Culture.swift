/// Culture 文化建设: facilities, publicity, honours, and the evidence 测评材料 an assessor asks for.
extension CourtSchema {
  static let culture: [RecordKind] = [facility, facilityUse, publicityItem, honour, evidenceItem, evidenceLink]

  static let facility = RecordKind(
    100, "facility", "设施", "a corridor, board, room or circuit point: built, upgraded, in use",
    [
      .codesAsOf,
      .code(8, "kind", "类型", "facility_kind"),
      .text(10, "name", "名称"),
      .ref(12, "body_id", "管理单位", "body"),
      .ref(14, "village_id", "村（社区）", "village"),
      .text(16, "place", "位置"),
      .integer(18, "capacity", "容纳人数"),
      .date(20, "built_on", "建成日期"),
      .date(22, "upgraded_on", "提升改造日期"),
      .fen(24, "cost_fen", "投入（分）"),
      .boolean(26, "is_in_use", "在用"),
      .text(28, "summary", "说明"),
    ])

  static let facilityUse = RecordKind(
    101, "facility_use", "设施使用记录", "a facility was used, by whom and for what",
    [
      .ref(8, "facility_id", "设施", "facility"),
      .instant(10, "starts_at", "开始时间"),
      .instant(12, "ends_at", "结束时间"),
      .text(14, "purpose", "用途"),
      .ref(16, "body_id", "使用单位", "body"),
      .ref(18, "person_id", "负责人", "person"),
      .ref(20, "activity_id", "活动", "activity"),
      .text(22, "note", "备注"),
    ])

  static let publicityItem = RecordKind(
    102, "publicity_item", "宣传稿件", "an item on the website, Weibo, WeChat or in a newspaper, and what it tells of",
    [
      .codesAsOf,
      .text(8, "title", "标题"),
      .code(10, "channel", "渠道", "publicity_channel"),
      .text(12, "outlet", "媒体名称"),
      .code(14, "level", "级别", "level"),
      .text(16, "url", "链接"),
      .date(18, "published_on", "发布日期"),
      .ref(20, "author_id", "作者", "person"),
      .text(22, "author", "作者姓名"),
      .ref(24, "body_id", "供稿单位", "body"),
      .text(26, "of_table", "所属表"),
      .ref(28, "of_id", "所属记录", nil),
      .text(30, "summary", "摘要"),
    ])

  static let honour = RecordKind(
    103, "honour", "荣誉", "a title granted to the court, a department, tribunal, branch or person",
    [
      .codesAsOf,
      .text(8, "title", "荣誉称号"),
      .code(10, "level", "级别", "level"),
      .text(12, "granted_by", "授予机关"),
      .text(14, "of_table", "授予对象表"),
      .ref(16, "of_id", "授予对象", nil),
      .text(18, "granted_to", "授予对象名称"),
      .integer(20, "year", "年度"),
      .date(22, "granted_on", "授予日期"),
      .date(24, "valid_until_on", "有效期至"),
      .text(26, "document_number", "文件号"),
      .text(28, "note", "备注"),
    ])

  static let evidenceItem = RecordKind(
    104, "evidence_item", "测评材料", "what an assessor asks for, and how completely it is answered",
    [
      .codesAsOf,
      .ref(8, "criteria_edition_id", "创建标准", "criteria_edition"),
      .ref(10, "criterion_id", "标准条目", "criterion"),
      .text(12, "code", "材料编号"),
      .text(14, "title", "材料名称"),
      .text(16, "asked_for", "测评要求"),
      .integer(18, "year", "年度"),
      .code(20, "completeness", "完备程度", "completeness"),
      .text(22, "explanation", "说明报告"),
      .ref(24, "body_id", "责任单位", "body"),
      .ref(26, "person_id", "责任人", "person"),
      .date(28, "due_on", "提交期限"),
      .integer(30, "position", "顺序"),
      .text(32, "note", "备注"),
    ])

  static let evidenceLink = RecordKind(
    105, "evidence_link", "材料对应记录", "a record or attachment that answers an evidence item",
    [
      .ref(8, "evidence_item_id", "测评材料", "evidence_item"),
      .text(10, "of_table", "所属表"),
      .ref(12, "of_id", "对应记录", nil),
      .ref(14, "attachment_id", "附件", "attachment"),
      .text(16, "caption", "说明"),
      .integer(18, "position", "顺序"),
    ])
}
