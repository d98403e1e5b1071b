/// Bodies 单位 and people 人员.
extension CourtSchema {
  static let people: [RecordKind] = [body, person, personMerge, post]

  static let body = RecordKind(
    50, "body", "单位", "the court, a tribunal or department, and every body it works with",
    [
      .codesAsOf,
      .code(8, "kind", "类型", "body_kind"),
      .text(10, "name", "名称"),
      .text(12, "short_name", "简称"),
      .text(14, "court_code", "法院代字"),
      .ref(16, "parent_id", "上级单位", "body"),
      .ref(18, "township_id", "乡镇（街道）", "township"),
      .ref(20, "village_id", "村（社区）", "village"),
      .text(22, "sync_scope", "同步范围"),
      .boolean(24, "has_device", "有终端"),
      .text(26, "address", "地址"),
      .text(28, "phone", "办公电话"),
      .ref(30, "contact_id", "联系人", "person"),
      .date(32, "founded_on", "成立日期"),
      .date(34, "dissolved_on", "撤销日期"),
      .text(36, "note", "备注"),
    ])

  static let person = RecordKind(
    51, "person", "人员", "a natural or legal person the court deals with, its own staff included",
    [
      .codesAsOf,
      .code(8, "kind", "类型", "person_kind"),
      .text(10, "name", "姓名（名称）"),
      .text(12, "former_name", "曾用名"),
      .code(14, "id_kind", "证件类型", "id_kind"),
      .text(16, "id_number", "证件号码", masked: true),
      .bytes(18, "id_number_hash", "证件号码密钥哈希"),
      .text(20, "phone", "电话", masked: true),
      .text(22, "address", "住址", masked: true),
      .ref(24, "village_id", "村（社区）", "village"),
      .ref(26, "body_id", "所在单位", "body"),
      .boolean(28, "is_party_member", "中共党员"),
      .text(30, "note", "备注"),
    ])

  static let personMerge = RecordKind(
    52, "person_merge", "人员合并", "a reviewer finds two person records to be one person; voiding this undoes it",
    [
      .ref(8, "kept_id", "保留的人员", "person"),
      .ref(10, "other_id", "并入的人员", "person"),
      .text(12, "reason", "理由"),
      .text(14, "decided_by", "审查人"),
      .date(16, "decided_on", "审查日期"),
    ])

  static let post = RecordKind(
    53, "post", "任职", "a person serves in a body or for a village from a day to a day: judge, clerk, mediator, liaison",
    [
      .codesAsOf,
      .ref(8, "person_id", "人员", "person"),
      .code(10, "role", "职务", "post_role"),
      .text(12, "title", "职务名称"),
      .ref(14, "body_id", "单位", "body"),
      .ref(16, "village_id", "村（社区）", "village"),
      .date(18, "from_on", "任职日期"),
      .date(20, "until_on", "离任日期"),
      .date(22, "trained_on", "最近培训日期"),
      .text(24, "note", "备注"),
    ])
}
