/// Townships 乡镇, villages 村, the criteria 标准 they are measured by, and training 培训.
extension CourtSchema {
  static let villages: [RecordKind] = [
    township, village, populationFigure, criteriaEdition, criterion, assessment, assessmentItem, training, attendance,
  ]

  static let township = RecordKind(
    60, "township", "乡镇（街道）", "a town or subdistrict of the national list",
    [
      .codesAsOf,
      .text(8, "code", "区划代码"),
      .text(10, "name", "名称"),
      .code(12, "kind", "类型", "township_kind"),
      .text(14, "district_code", "县区代码"),
      .integer(16, "population", "常住人口"),
      .text(18, "list_edition", "区划版本"),
      .text(20, "note", "备注"),
    ])

  static let village = RecordKind(
    61, "village", "村（社区）", "a village or community of the national list, with what its rates need",
    [
      .codesAsOf,
      .text(8, "code", "区划代码"),
      .text(10, "name", "名称"),
      .text(12, "short_name", "简称"),
      .code(14, "kind", "类型", "village_kind"),
      .ref(16, "township_id", "乡镇（街道）", "township"),
      .ref(18, "body_id", "管辖法庭", "body"),
      .integer(20, "population", "常住人口"),
      .integer(22, "floating_population", "登记在册流动人口"),
      .date(24, "counted_on", "人口统计日期"),
      .real(26, "latitude", "纬度（度，WGS 84）"),
      .real(28, "longitude", "经度（度，WGS 84）"),
      .text(30, "list_edition", "区划版本"),
      .text(32, "note", "备注"),
    ])

  static let populationFigure = RecordKind(
    62, "population_figure", "人口数", "the population of a place in one year, for the rates of that year",
    [
      .text(8, "of_table", "所属表"),
      .ref(10, "of_id", "乡镇或村", nil),
      .integer(12, "year", "年度"),
      .integer(14, "population", "常住人口"),
      .integer(16, "floating_population", "登记在册流动人口"),
      .text(18, "source", "来源"),
    ])

  static let criteriaEdition = RecordKind(
    63, "criteria_edition", "创建标准", "an edition of what makes a 无讼村, a Fengqiao-model tribunal, a civilised unit",
    [
      .codesAsOf,
      .code(8, "kind", "标准类型", "criteria_kind"),
      .text(10, "code", "标准代码"),
      .text(12, "name", "名称"),
      .text(14, "edition", "版本"),
      .date(16, "valid_from_on", "施行日期"),
      .date(18, "valid_until_on", "停用日期"),
      .integer(20, "period_months", "考察期（月）"),
      .text(22, "naming_body", "命名机关"),
      .integer(24, "review_months", "复核周期（月）"),
      .text(26, "summary", "说明"),
      .text(28, "source", "来源"),
    ])

  static let criterion = RecordKind(
    64, "criterion", "标准条目", "one item of an edition: a measured threshold, a mechanism, or a veto",
    [
      .codesAsOf,
      .ref(8, "criteria_edition_id", "创建标准", "criteria_edition"),
      .text(10, "code", "条目代码"),
      .text(12, "name", "名称"),
      .code(14, "kind", "条目类型", "criterion_kind"),
      .code(16, "measure", "口径", "criterion_measure"),
      .code(18, "comparison", "比较方式", "comparison"),
      .real(20, "threshold", "标准值"),
      .integer(22, "period_months", "考察期（月）"),
      .real(24, "points", "分值"),
      .integer(26, "position", "顺序"),
      .text(28, "note", "备注"),
    ])

  static let assessment = RecordKind(
    65, "assessment", "评定", "a village, tribunal or unit held against an edition of criteria, and what came of it",
    [
      .codesAsOf,
      .ref(8, "criteria_edition_id", "创建标准", "criteria_edition"),
      .text(10, "of_table", "对象表"),
      .ref(12, "of_id", "对象", nil),
      .date(14, "from_on", "考察期起"),
      .date(16, "until_on", "考察期止"),
      .code(18, "outcome", "结果", "assessment_outcome", legal: true),
      .date(20, "decided_on", "评定日期"),
      .text(22, "named_by", "命名机关"),
      .date(24, "review_on", "复核日期"),
      .text(26, "blocked_by", "未达标事项"),
      .text(28, "note", "备注"),
    ])

  static let assessmentItem = RecordKind(
    66, "assessment_item", "评定条目", "one criterion of an assessment: the value found, and whether it is met",
    [
      .ref(8, "assessment_id", "评定", "assessment"),
      .ref(10, "criterion_id", "标准条目", "criterion"),
      .real(12, "value", "实际值"),
      .boolean(14, "is_met", "是否达标"),
      .text(16, "grounds", "依据"),
      .ref(18, "checked_by_id", "核查人", "person"),
    ])

  static let training = RecordKind(
    67, "training", "培训班", "a training class for village cadres, mediators and others",
    [
      .codesAsOf,
      .code(8, "kind", "培训对象", "training_kind"),
      .text(10, "title", "名称"),
      .text(12, "topic", "内容"),
      .ref(14, "body_id", "主办单位", "body"),
      .text(16, "place", "地点"),
      .ref(18, "village_id", "村（社区）", "village"),
      .instant(20, "starts_at", "开始时间"),
      .instant(22, "ends_at", "结束时间"),
      .ref(24, "lecturer_id", "授课人", "person"),
      .text(26, "lecturer", "授课人姓名"),
      .real(28, "hours", "学时"),
      .text(30, "summary", "总结"),
    ])

  static let attendance = RecordKind(
    68, "attendance", "参训", "one person at a training class, and the village they came from",
    [
      .codesAsOf,
      .ref(8, "training_id", "培训班", "training"),
      .ref(10, "person_id", "人员", "person"),
      .text(12, "name", "姓名"),
      .ref(14, "village_id", "所在村（社区）", "village"),
      .code(16, "role", "身份", "attendance_role"),
      .boolean(18, "is_completed", "完成培训"),
      .text(20, "note", "备注"),
    ])
}
