/// Cases 案件: filing, parties, stages, time limits, enforcement.
extension CourtSchema {
  static let cases: [RecordKind] = [
    `case`, party, caseStep, panelMember, excludedPeriod, extensionOfTime, caseNumberBlock, enforcement,
    enforcementPayment,
  ]

  static let `case` = RecordKind(
    20, "case", "案件", "a case the court filed: number, cause, procedure, judge, stage, outcome, dates",
    [
      .codesAsOf,
      // Written by the centre alone.
      .text(7, "official_number", "案号", legal: true),
      .instant(9, "numbered_at", "编号时间"),
      // Written by the tribunal, unique by log.
      .text(11, "provisional_number", "临时编号"),
      .ref(13, "number_block_id", "案号段", "case_number_block"),
      .date(15, "received_on", "收到诉状日期"),
      .date(17, "filed_on", "立案日期", legal: true),
      .code(8, "type_code", "类型代字", nil),
      .ref(10, "dispute_id", "纠纷", "dispute"),
      .code(12, "cause", "案由", nil),
      .text(14, "cause_edition", "案由版本"),
      .code(16, "procedure", "审理程序", "procedure"),
      .date(18, "procedure_changed_on", "转换程序日期"),
      .ref(20, "body_id", "承办法庭（部门）", "body"),
      .ref(22, "judge_id", "承办法官", "person"),
      .ref(24, "clerk_id", "书记员", "person"),
      .ref(26, "village_id", "村（社区）", "village"),
      .fen(28, "amount_fen", "标的额（分）"),
      .fen(30, "fee_fen", "案件受理费（分）"),
      .text(32, "claims", "诉讼请求"),
      .text(34, "summary", "案情摘要"),
      .boolean(36, "has_mediation_consent", "同意先行调解"),
      .code(38, "stage", "阶段", "case_stage", legal: true),
      .text(40, "written_trial_note", "书面审理说明"),
      .code(42, "outcome", "结案方式", "case_outcome", legal: true),
      .text(44, "ruling", "裁判主文", legal: true),
      .date(46, "judged_on", "裁判日期", legal: true),
      .date(48, "closed_on", "结案日期", legal: true),
      .date(50, "effective_on", "生效日期", legal: true),
      .date(52, "archived_on", "归档日期"),
      .text(54, "note", "备注"),
    ])

  static let party = RecordKind(
    21, "party", "当事人", "one party, or the agent of one, in a dispute, case or enforcement",
    [
      .codesAsOf,
      .ref(8, "case_id", "案件", "case"),
      .ref(10, "dispute_id", "纠纷", "dispute"),
      .ref(12, "enforcement_id", "执行", "enforcement"),
      .ref(14, "person_id", "人员", "person", legal: true),
      .text(16, "name", "姓名（名称）", legal: true),
      .code(18, "role", "诉讼地位", "party_role", legal: true),
      .ref(20, "represents_id", "代理的当事人", "party", legal: true),
      .text(22, "phone", "电话", masked: true),
      .text(24, "address", "送达地址", masked: true),
      .date(26, "joined_on", "参加日期"),
      .integer(28, "position", "顺序"),
      .text(30, "note", "备注"),
    ])

  static let caseStep = RecordKind(
    22, "case_step", "案件节点", "a case entered a stage on a day, and the fact that let it",
    [
      .codesAsOf,
      .ref(8, "case_id", "案件", "case"),
      .code(10, "stage", "阶段", "case_stage", legal: true),
      .date(12, "happened_on", "发生日期"),
      .text(14, "ground", "依据"),
      .ref(16, "document_id", "文书", "document"),
      .ref(18, "person_id", "经办人", "person"),
      .text(20, "note", "备注"),
    ])

  static let panelMember = RecordKind(
    23, "panel_member", "审判组织成员", "a judge, people's assessor, assistant or clerk who sits in a case",
    [
      .codesAsOf,
      .ref(8, "case_id", "案件", "case"),
      .ref(10, "person_id", "人员", "person"),
      .text(12, "name", "姓名"),
      .code(14, "role", "身份", "panel_role"),
      .date(16, "from_on", "起始日期"),
      .date(18, "until_on", "截止日期"),
      .text(20, "note", "备注"),
    ])

  static let excludedPeriod = RecordKind(
    24, "excluded_period", "扣除审限期间", "days that do not count towards a case's time limit",
    [
      .codesAsOf,
      .ref(8, "case_id", "案件", "case"),
      .code(10, "kind", "事由", "excluded_kind"),
      .date(12, "from_on", "起始日期"),
      .date(14, "until_on", "截止日期"),
      .text(16, "reason", "说明"),
      .ref(18, "approved_by_id", "审批人", "person"),
    ])

  static let extensionOfTime = RecordKind(
    25, "extension", "延长审限", "an extension of a time limit, asked for and decided",
    [
      .codesAsOf,
      .ref(8, "case_id", "案件", "case"),
      .date(7, "applied_on", "申请日期"),
      .text(10, "reason", "理由"),
      .integer(12, "months", "延长月数"),
      .integer(14, "days", "延长天数"),
      .code(16, "outcome", "审批结果", "extension_outcome", legal: true),
      .date(18, "decided_on", "审批日期"),
      .ref(20, "decided_by_id", "审批人", "person"),
      .date(22, "until_on", "延长至"),
    ])

  static let caseNumberBlock = RecordKind(
    26, "case_number_block", "案号段", "official numbers the centre leased to one log, as a court's option",
    [
      .codesAsOf,
      .bytes(7, "leased_log", "租用日志"),
      .text(9, "court_code", "法院代字"),
      .code(11, "type_code", "类型代字", nil),
      .integer(13, "year", "年度"),
      .integer(15, "first_number", "起始编号"),
      .integer(17, "last_number", "截止编号"),
      .instant(19, "leased_at", "租用时间"),
      .ref(8, "body_id", "使用法庭", "body"),
      .code(10, "status", "状态", "block_status"),
      .date(12, "closed_on", "收回日期"),
      .text(14, "closing_reason", "收回理由"),
    ])

  static let enforcement = RecordKind(
    27, "enforcement", "执行", "enforcement of a judgment, mediation paper or confirmed agreement",
    [
      .codesAsOf,
      // Written by the centre alone.
      .text(7, "official_number", "案号", legal: true),
      .instant(9, "numbered_at", "编号时间"),
      .text(11, "provisional_number", "临时编号"),
      .date(15, "applied_on", "申请日期"),
      .date(17, "filed_on", "立案日期", legal: true),
      .code(8, "type_code", "类型代字", nil),
      .ref(10, "case_id", "原案件", "case"),
      .ref(12, "confirmation_id", "司法确认", "judicial_confirmation"),
      .text(14, "basis", "执行依据"),
      .ref(16, "body_id", "执行部门", "body"),
      .ref(18, "officer_id", "执行员", "person"),
      .fen(20, "claimed_fen", "申请执行标的（分）"),
      .date(22, "noticed_on", "发出执行通知日期", legal: true),
      .text(24, "measures", "执行措施"),
      .code(26, "stage", "阶段", "enforcement_stage", legal: true),
      .code(28, "outcome", "结案方式", "enforcement_outcome", legal: true),
      .text(30, "ruling", "裁定内容", legal: true),
      .date(32, "closed_on", "结案日期", legal: true),
      .text(34, "note", "备注"),
    ])

  static let enforcementPayment = RecordKind(
    28, "enforcement_payment", "执行到位款", "one sum that came in; what an enforcement brought is the sum of these",
    [
      .codesAsOf,
      .ref(8, "enforcement_id", "执行", "enforcement"),
      .date(10, "paid_on", "到位日期"),
      .fen(12, "amount_fen", "金额（分）"),
      .code(14, "kind", "方式", "payment_kind"),
      .text(16, "payer", "付款人"),
      .text(18, "note", "备注"),
    ])
}
