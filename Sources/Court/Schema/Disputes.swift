/// Disputes 纠纷: from the first visit to judicial confirmation.
extension CourtSchema {
  static let disputes: [RecordKind] = [dispute, handover, mediation, mediationAttendee, judicialConfirmation, link]

  static let dispute = RecordKind(
    1, "dispute", "纠纷", "a dispute that reached the court or was found on a visit, before or without a case",
    [
      .codesAsOf,
      .text(7, "register_number", "登记编号"),
      .date(9, "received_on", "收到日期"),
      .code(8, "source", "来源", "dispute_source"),
      .ref(10, "source_body_id", "来源单位", "body"),
      .ref(12, "village_id", "村（社区）", "village"),
      .text(14, "place", "发生地点"),
      .date(16, "happened_on", "发生日期"),
      .code(18, "cause", "案由", nil),
      .text(20, "cause_edition", "案由版本"),
      .text(22, "summary", "纠纷概要"),
      .text(24, "demands", "当事人诉求"),
      .fen(26, "amount_fen", "争议金额（分）"),
      .code(28, "risk", "风险", "dispute_risk"),
      .boolean(30, "is_proactive", "主动上门化解"),
      .ref(32, "body_id", "承办单位", "body"),
      .ref(34, "person_id", "承办人", "person"),
      .code(36, "stage", "阶段", "dispute_stage", legal: true),
      .code(38, "outcome", "结果", "dispute_outcome", legal: true),
      .date(40, "closed_on", "办结日期", legal: true),
      .text(42, "note", "备注"),
    ])

  static let handover = RecordKind(
    2, "handover", "纠纷移交",
    "one body offers a dispute to another, who accepts or declines; holds all the receiver needs",
    [
      .codesAsOf,
      .ref(8, "dispute_id", "纠纷", "dispute"),
      .ref(10, "from_body_id", "移交单位", "body"),
      .ref(12, "to_body_id", "接收单位", "body"),
      .date(7, "offered_on", "移交日期"),
      .date(14, "due_on", "答复期限"),
      .code(16, "outcome", "答复", "handover_outcome", legal: true),
      .date(18, "answered_on", "答复日期"),
      .ref(20, "answered_by_id", "答复人", "person"),
      .text(22, "decline_reason", "不予接受的理由"),
      .text(24, "origin_scope", "移交方范围"),
      .text(26, "summary", "纠纷概要"),
      .text(28, "parties", "当事人", legal: true),
      .text(30, "contact", "联系电话", masked: true),
      .ref(32, "village_id", "村（社区）", "village"),
      .code(34, "cause", "案由", nil),
      .text(36, "cause_edition", "案由版本"),
      .text(38, "note", "备注"),
    ])

  static let mediation = RecordKind(
    3, "mediation", "调解", "a mediation session before, after or instead of filing, alone or joint, with its terms",
    [
      .codesAsOf,
      .ref(8, "dispute_id", "纠纷", "dispute"),
      .ref(10, "case_id", "案件", "case"),
      .code(12, "kind", "调解类型", "mediation_kind"),
      .ref(14, "body_id", "主持单位", "body"),
      .ref(16, "mediator_id", "主持人", "person"),
      .boolean(18, "has_consent", "当事人同意调解"),
      .date(7, "accepted_on", "接收材料日期"),
      .date(20, "due_on", "调解期限"),
      .date(22, "extended_until_on", "延长至"),
      .instant(24, "started_at", "开始时间"),
      .instant(26, "ended_at", "结束时间"),
      .code(28, "venue_kind", "地点类型", "circuit_venue"),
      .text(30, "place", "地点"),
      .ref(32, "village_id", "村（社区）", "village"),
      .text(34, "record", "调解笔录"),
      .code(36, "outcome", "结果", "mediation_outcome", legal: true),
      .text(38, "terms", "协议内容", legal: true),
      .fen(40, "amount_fen", "协议金额（分）"),
      .date(42, "agreed_on", "协议日期", legal: true),
      .instant(44, "adjourned_to_at", "改期至"),
      .date(46, "performed_on", "履行日期"),
      .text(48, "note", "备注"),
    ])

  static let mediationAttendee = RecordKind(
    4, "mediation_attendee", "调解参加人",
    "a body or person present at a mediation; two of tribunal, judicial office and police make it joint",
    [
      .codesAsOf,
      .ref(8, "mediation_id", "调解", "mediation"),
      .ref(10, "body_id", "单位", "body"),
      .ref(12, "person_id", "人员", "person"),
      .text(14, "name", "姓名"),
      .code(16, "role", "身份", "mediation_role"),
      .text(18, "note", "备注"),
    ])

  static let judicialConfirmation = RecordKind(
    5, "judicial_confirmation", "司法确认",
    "the court confirms a mediation agreement, asked for within 30 days of it",
    [
      .codesAsOf,
      .ref(8, "mediation_id", "调解", "mediation"),
      .ref(10, "dispute_id", "纠纷", "dispute"),
      .ref(12, "case_id", "案件", "case"),
      .date(7, "applied_on", "申请日期"),
      .boolean(14, "is_joint_application", "双方共同申请"),
      .code(16, "stage", "阶段", "confirmation_stage", legal: true),
      .date(18, "accepted_on", "受理日期"),
      .code(20, "outcome", "结果", "confirmation_outcome", legal: true),
      .date(22, "decided_on", "裁定日期", legal: true),
      .text(24, "ruling", "裁定内容", legal: true),
      .ref(26, "judge_id", "法官", "person"),
      .text(28, "refusal_reason", "不予确认的理由"),
      .text(30, "note", "备注"),
    ])

  static let link = RecordKind(
    6, "link", "关联", "ties two records that no field of theirs ties: merged cases, appeals, the same matter",
    [
      .codesAsOf,
      .code(8, "kind", "关联类型", "link_kind"),
      .text(10, "from_table", "起点表"),
      .ref(12, "from_id", "起点", nil),
      .text(14, "to_table", "终点表"),
      .ref(16, "to_id", "终点", nil),
      .date(18, "linked_on", "关联日期"),
      .text(20, "note", "备注"),
    ])
}
