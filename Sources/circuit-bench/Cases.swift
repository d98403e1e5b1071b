import ReplicaStore

/// The workload's table as the replica's schema has it.
enum Cases {
  static let columns: [Column] = [
    Column(6, "case_number", "案号", .text),
    Column(8, "cause", "案由", .text),
    Column(10, "stage", "阶段", .text),
    Column(12, "status", "状态", .text),
    Column(14, "village", "村", .text),
    Column(16, "applicant", "申请人", .text),
    Column(18, "respondent", "被申请人", .text),
    Column(20, "mediator", "调解员", .text),
    Column(22, "amount_fen", "金额（分）", .integer),
    Column(24, "opened_on", "立案日期", .date),
    Column(26, "summary", "摘要", .text),
  ]
  static let table = Table(1, "cases", "案件", columns)
  static let schema = Schema(version: 1, tables: [table])

  static let status = columns[3]
  static let summary = columns[10]

  /// The same with one more column, as a later edition of the software brings it.
  static let widerSchema = Schema(
    version: 2, tables: [Table(1, "cases", "案件", columns + [Column(28, "remark", "备注", .text)])])
}
