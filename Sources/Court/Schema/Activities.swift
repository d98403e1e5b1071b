/// Activities 活动 of all programmes, who took part, and the targets 任务 they count for.
extension CourtSchema {
  static let activities: [RecordKind] = [
    activity, participant, coOrganiser, activityTag, target, targetContribution, frequencyRule, studyOutput,
  ]

  static let activity = RecordKind(
    80, "activity", "活动", "one activity of any programme: plan and actual, place, village, topic, summary",
    [
      .codesAsOf,
      .code(8, "kind", "活动类型", "activity_kind"),
      .code(10, "programme", "活动项目", "programme"),
      .text(12, "title", "名称"),
      .text(14, "topic", "主题"),
      .ref(16, "body_id", "主办单位", "body"),
      .ref(18, "branch_id", "主办支部", "branch"),
      .ref(20, "team_id", "志愿服务队", "volunteer_team"),
      .text(22, "place", "地点"),
      .ref(24, "village_id", "村（社区）", "village"),
      .ref(26, "facility_id", "使用设施", "facility"),
      .instant(28, "planned_start_at", "计划开始时间"),
      .instant(30, "planned_end_at", "计划结束时间"),
      .instant(32, "started_at", "实际开始时间"),
      .instant(34, "ended_at", "实际结束时间"),
      .text(36, "plan", "活动方案"),
      .text(38, "actual", "开展情况"),
      .code(40, "status", "状态", "activity_status"),
      .code(42, "festival", "节日", "our_festivals"),
      .code(44, "law_setting", "法律七进场所", "law_into_seven"),
      .ref(46, "speaker_id", "主讲人", "person"),
      .text(48, "speaker", "主讲人姓名"),
      .ref(50, "case_id", "以案说法所用案件", "case"),
      .ref(52, "hearing_id", "巡回审判", "hearing"),
      .fen(54, "cost_fen", "支出（分）"),
      .text(56, "summary", "总结"),
      .text(58, "note", "备注"),
    ])

  static let participant = RecordKind(
    81, "participant", "参加人", "one person at an activity, with volunteer hours; leaving is voiding the record",
    [
      .codesAsOf,
      .ref(8, "activity_id", "活动", "activity"),
      .ref(10, "person_id", "人员", "person"),
      .text(12, "name", "姓名"),
      .ref(14, "body_id", "单位", "body"),
      .ref(16, "branch_id", "支部", "branch"),
      .code(18, "role", "身份", "participant_role"),
      .real(20, "hours", "志愿服务时长（小时）"),
      .text(22, "note", "备注"),
    ])

  static let coOrganiser = RecordKind(
    82, "co_organiser", "协办单位", "one body that helps to hold an activity or a training class",
    [
      .text(8, "of_table", "所属表"),
      .ref(10, "of_id", "所属记录", nil),
      .ref(12, "body_id", "单位", "body"),
      .text(14, "name", "单位名称"),
      .text(16, "part", "承担事项"),
    ])

  static let activityTag = RecordKind(
    83, "activity_tag", "活动标签",
    "one tag of an activity: of the four leads 四个带头, an anti-fraud topic, a document studied",
    [
      .codesAsOf,
      .ref(8, "activity_id", "活动", "activity"),
      .code(10, "tag_list", "标签类别", "tag_list"),
      // A word of the list that `tag_list` names.
      .code(12, "tag", "标签", nil),
      .text(14, "note", "备注"),
    ])

  static let target = RecordKind(
    84, "target", "任务", "a target or task with a day and a number to reach, such as one of the civilised unit",
    [
      .codesAsOf,
      .text(8, "title", "名称"),
      .code(10, "kind", "任务类型", "target_kind"),
      .code(12, "programme", "活动项目", "programme"),
      .ref(14, "parent_id", "上级任务", "target"),
      .ref(16, "body_id", "责任单位", "body"),
      .ref(18, "branch_id", "责任支部", "branch"),
      .ref(20, "person_id", "责任人", "person"),
      .integer(22, "year", "年度"),
      .date(24, "due_on", "完成期限"),
      .integer(26, "required", "应完成数"),
      .text(28, "unit", "单位"),
      .date(30, "done_on", "完成日期"),
      .text(32, "summary", "完成情况"),
    ])

  static let targetContribution = RecordKind(
    85, "target_contribution", "任务完成记录", "an activity or other record counts for a target",
    [
      .ref(8, "target_id", "任务", "target"),
      .text(10, "of_table", "所属表"),
      .ref(12, "of_id", "所属记录", nil),
      .integer(14, "count", "计入数"),
      .text(16, "note", "备注"),
    ])

  static let frequencyRule = RecordKind(
    86, "frequency_rule", "频次要求", "how often a kind of activity is due, for compliance; a court's to set",
    [
      .codesAsOf,
      .code(8, "kind", "活动类型", "activity_kind"),
      .ref(10, "branch_id", "适用支部（空为全部）", "branch"),
      .integer(12, "times", "次数"),
      .integer(14, "period_months", "每几个月"),
      .date(16, "valid_from_on", "施行日期"),
      .date(18, "valid_until_on", "停用日期"),
      .text(20, "ground", "依据"),
    ])

  static let studyOutput = RecordKind(
    87, "study_output", "学习成果", "a lecture, report, reflection or research article by a leader or member",
    [
      .codesAsOf,
      .code(8, "kind", "类型", "output_kind"),
      .text(10, "title", "题目"),
      .ref(12, "person_id", "作者", "person"),
      .ref(14, "activity_id", "活动", "activity"),
      .date(16, "finished_on", "完成日期"),
      .text(18, "published_in", "发表处"),
      .text(20, "summary", "摘要"),
    ])
}
