/// Party branches 党支部, volunteers 志愿服务 and what they do for the people.
extension CourtSchema {
  static let volunteering: [RecordKind] = [branch, branchMember, volunteerTeam, teamMember, serviceItem, doubleReport]

  static let branch = RecordKind(
    90, "branch", "党支部", "a party branch of the court and its brand 党建品牌",
    [
      .text(8, "name", "名称"),
      .ref(10, "parent_id", "上级党组织", "branch"),
      .ref(12, "body_id", "所在单位", "body"),
      .ref(14, "secretary_id", "书记", "person"),
      .integer(16, "group_count", "党小组数"),
      .text(18, "brand", "党建品牌"),
      .text(20, "brand_summary", "党建品牌说明"),
      .date(22, "founded_on", "成立日期"),
      .date(24, "dissolved_on", "撤销日期"),
      .text(26, "note", "备注"),
    ])

  static let branchMember = RecordKind(
    91, "branch_member", "支部党员", "one member of a branch, and the group they belong to",
    [
      .codesAsOf,
      .ref(8, "branch_id", "支部", "branch"),
      .ref(10, "person_id", "人员", "person"),
      .text(12, "name", "姓名"),
      .code(14, "role", "党内职务", "branch_role"),
      .text(16, "group_name", "党小组"),
      .date(18, "joined_on", "转入日期"),
      .date(20, "left_on", "转出日期"),
    ])

  static let volunteerTeam = RecordKind(
    92, "volunteer_team", "志愿服务队", "a volunteer team",
    [
      .text(8, "name", "名称"),
      .ref(10, "body_id", "所属单位", "body"),
      .ref(12, "leader_id", "队长", "person"),
      .date(14, "founded_on", "成立日期"),
      .text(16, "purpose", "服务内容"),
      .text(18, "note", "备注"),
    ])

  static let teamMember = RecordKind(
    93, "team_member", "志愿服务队员", "one volunteer of a team",
    [
      .ref(8, "team_id", "志愿服务队", "volunteer_team"),
      .ref(10, "person_id", "人员", "person"),
      .text(12, "name", "姓名"),
      .text(14, "skills", "特长"),
      .date(16, "joined_on", "加入日期"),
      .date(18, "left_on", "退出日期"),
    ])

  static let serviceItem = RecordKind(
    94, "service_item", "志愿服务清单（微实事）", "one small good deed of the service list: open, taken, done, who benefited",
    [
      .codesAsOf,
      .text(8, "title", "名称"),
      .text(10, "details", "内容"),
      .code(12, "status", "状态", "service_item_status"),
      .date(14, "asked_on", "提出日期"),
      .ref(16, "village_id", "村（社区）", "village"),
      .ref(18, "beneficiary_id", "受益人", "person"),
      .text(20, "beneficiary", "受益对象"),
      .ref(22, "team_id", "认领志愿服务队", "volunteer_team"),
      .ref(24, "person_id", "认领人", "person"),
      .date(26, "taken_on", "认领日期"),
      .date(28, "done_on", "完成日期"),
      .ref(30, "activity_id", "活动", "activity"),
      .real(32, "hours", "服务时长（小时）"),
      .text(34, "result", "完成情况"),
    ])

  static let doubleReport = RecordKind(
    95, "double_report", "双报到登记", "a branch or member reports to its community: skills, wished post, evaluation",
    [
      .codesAsOf,
      .code(8, "kind", "报到类型", "double_report"),
      .ref(10, "branch_id", "支部", "branch"),
      .ref(12, "person_id", "党员", "person"),
      .ref(14, "village_id", "报到社区（村）", "village"),
      .date(16, "registered_on", "报到日期"),
      .text(18, "skills", "特长"),
      .text(20, "wished_post", "意向服务岗位"),
      .text(22, "evaluation", "社区评议"),
      .date(24, "evaluated_on", "评议日期"),
    ])
}
