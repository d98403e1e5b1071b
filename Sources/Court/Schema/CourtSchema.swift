import ReplicaStore

/// The registry of everything a court records: numeric ids of tables and columns, names in both tongues, types, merge
/// rules and `legal` marks. It is the only place that gives ids.
///
/// **To add a column**, append a line to the kind's literal with an id that the table has never had: the next even id
/// for a field that is edited (`latest`), the next odd one for a fact written once (`first`). Then raise ``version``,
/// run the court's tests, and mention the field in `docs/domain.md` if it is a new idea. Older replicas keep the new
/// column's writes unread and pass them on; no record is rewritten.
///
/// **To add a table**, take an id that is free in the theme's range (below) and append the kind to that theme's list.
///
/// **Never** reuse or renumber an id, change a column's type, or let an id change parity: the parity is the merge rule
/// and stands in every change ever signed. A field nobody uses any more stays, with `（停用）` in its Chinese name.
///
/// | ids | theme |
/// |---|---|
/// | 1-19 | disputes and mediation 纠纷与调解 |
/// | 20-39 | cases and enforcement 案件与执行 |
/// | 40-49 | hearings, records, documents 庭审、笔录、文书 |
/// | 50-59 | bodies and people 单位与人员 |
/// | 60-79 | villages, criteria, training 村、标准、培训 |
/// | 80-89 | activities and targets 活动与任务 |
/// | 90-99 | branches and volunteers 支部与志愿服务 |
/// | 100-109 | culture and standing 文化建设与荣誉 |
/// | 110-127 | reference and review 基础数据与审查 |
///
/// `legal: true` marks outcome, ruling, stage, dates of service, amounts and parties; `voided` has it in every table.
/// Of the same weight, and marked too: the day of an agreement, judgment or closing, the terms agreed, and the
/// write-once facts of a case (filing date, official number, text and hash of a signed record).
///
/// Each record knows when it was written (the stamp) and received (the receipt) without a field; the fields hold when
/// it *happened*, as people say.
public enum CourtSchema {
  /// Rises with every addition of a table or column.
  public static let version = 1

  /// Every kind of record, in order of table id.
  public static let kinds: [RecordKind] = [
    disputes, cases, hearings, people, villages, activities, volunteering, culture, reference,
  ].flatMap { $0 }

  /// The schema a court's replica opens with.
  public static let current = Schema(version: version, tables: kinds.map(\.table))

  public static func kind(named name: String) -> RecordKind? { kinds.first { $0.table.name == name } }
}
