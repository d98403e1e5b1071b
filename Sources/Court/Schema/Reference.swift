/// Reference data 基础数据 that a court edits without a new release, statistics 统计, and what reviewers dismissed.
extension CourtSchema {
  static let reference: [RecordKind] = [
    codeList, code, caseType, timeLimit, calendarDay, festivalDay, indicator, statistic, setting, reviewDismissal,
  ]

  static let codeList = RecordKind(
    110, "code_list", "代码表", "an edition of a code list: its name, the day from which it holds, where it comes from",
    [
      .text(8, "list", "代码表"),
      .text(10, "name", "中文名称"),
      .text(12, "name_en", "英文名称"),
      .text(14, "edition", "版本"),
      .date(16, "valid_from_on", "施行日期"),
      .date(18, "valid_until_on", "停用日期"),
      .text(20, "source", "来源"),
      .text(22, "note", "备注"),
    ])

  static let code = RecordKind(
    111, "code", "代码", "one word of an edition of a code list, causes 案由 included",
    [
      .text(8, "list", "代码表"),
      .text(10, "edition", "版本"),
      .text(12, "code", "代码"),
      .text(14, "name", "中文名称"),
      .text(16, "name_en", "英文名称"),
      .text(18, "parent", "上级代码"),
      .integer(20, "level", "级次"),
      .integer(22, "position", "顺序"),
      .date(24, "valid_from_on", "施行日期"),
      .date(26, "valid_until_on", "停用日期"),
      .text(28, "successor", "下一版本的代码"),
      .text(30, "note", "备注"),
    ])

  static let caseType = RecordKind(
    112, "case_type", "案件类型", "a line of the standard table of case types and their type codes 代字",
    [
      .codesAsOf,
      .code(8, "type_code", "类型代字", nil),
      .text(10, "name", "名称"),
      .text(12, "category", "大类"),
      .text(14, "class_no", "类号"),
      .boolean(16, "is_heading", "分类标题"),
      .boolean(18, "is_basic_court", "基层法院适用"),
      .text(20, "status", "效力"),
      .text(22, "edition", "版本"),
      .date(24, "valid_from_on", "施行日期"),
      .text(26, "note", "备注"),
    ])

  static let timeLimit = RecordKind(
    113, "time_limit", "期限", "a legal time limit, or one the court sets itself, with its article",
    [
      .codesAsOf,
      .text(8, "name", "期限代码"),
      .text(10, "procedure", "事项"),
      .integer(12, "amount", "数值"),
      .code(14, "unit", "单位", "limit_unit"),
      .text(16, "law", "法律文件"),
      .text(18, "article", "条"),
      .text(20, "extension_rule", "延长规定"),
      .text(22, "starts_from", "起算"),
      .code(24, "basis", "依据来源", "source_basis"),
      .text(26, "edition", "版本"),
      .date(28, "valid_from_on", "施行日期"),
      .text(30, "note", "备注"),
    ])

  static let calendarDay = RecordKind(
    114, "calendar_day", "放假安排", "a public holiday, or a weekend day that is worked",
    [
      .codesAsOf,
      .date(8, "falls_on", "日期"),
      .code(10, "kind", "类型", "calendar_day_kind"),
      .text(12, "name", "节假日"),
    ])

  static let festivalDay = RecordKind(
    115, "festival_day", "节日", "the day a festival falls on; the seven of 我们的节日 are marked",
    [
      .codesAsOf,
      .date(8, "falls_on", "日期"),
      .text(10, "name", "名称"),
      .code(12, "kind", "类型", "festival_kind"),
      .code(14, "calendar", "历法", "calendar_system"),
      .text(16, "rule", "推算规则"),
      .boolean(18, "is_our_festival", "我们的节日"),
      .code(20, "festival", "节日代码", "our_festivals"),
    ])

  static let indicator = RecordKind(
    116, "indicator", "指标定义", "a dated definition of a figure, with its rule of attribution",
    [
      .codesAsOf,
      .text(8, "name", "指标代码"),
      .text(10, "title", "名称"),
      .text(12, "formula", "算法"),
      .code(14, "direction", "方向", "direction"),
      .text(16, "reference_value", "参考值"),
      .text(18, "status", "状态"),
      .text(20, "attribution", "归属规则"),
      .text(22, "edition", "版本"),
      .date(24, "valid_from_on", "施行日期"),
      .date(26, "valid_until_on", "停用日期"),
      .text(28, "note", "备注"),
    ])

  static let statistic = RecordKind(
    117, "statistic", "统计数", "a figure the centre computed, as of when, and which replicas are missing from it",
    [
      .text(8, "indicator", "指标代码"),
      .text(10, "edition", "指标版本"),
      .text(12, "of_table", "对象表"),
      .ref(14, "of_id", "对象", nil),
      .text(16, "of_name", "对象名称"),
      .date(18, "from_on", "统计期起"),
      .date(20, "until_on", "统计期止"),
      .real(22, "numerator", "分子"),
      .real(24, "denominator", "分母"),
      .real(26, "value", "数值"),
      .instant(28, "computed_at", "计算时间"),
      .text(30, "missing", "缺少的副本"),
    ])

  static let setting = RecordKind(
    118, "setting", "本院设定", "one thing that is the court's to set, from a day on",
    [
      .text(8, "name", "设定项"),
      .text(10, "value", "值"),
      .text(12, "unit", "单位"),
      .date(14, "valid_from_on", "施行日期"),
      .text(16, "reason", "理由"),
    ])

  static let reviewDismissal = RecordKind(
    119, "review_dismissal", "审查项撤除", "a reviewer dismissed a review item; it comes back when its dots change",
    [
      .text(8, "item_kind", "审查项类型"),
      .text(10, "of_table", "所属表"),
      .ref(12, "of_id", "所属记录", nil),
      .text(14, "of_scope", "所属范围"),
      .text(16, "dots", "所依据的写入"),
      .text(18, "reason", "理由"),
      .text(20, "dismissed_by", "审查人"),
    ])
}
