import ReplicaStore

/// The small schema of simulated courtrooms: two tables with every type, both rules and legal columns.
enum CourtroomSchema {
  static let dispute = 1 as UInt32
  static let party = 2 as UInt32

  private static let disputeColumns = [
    Column(6, "title", "案由", .text),
    Column(8, "amount", "标的额", .integer, legal: true),
    Column(10, "rate", "利率", .real),
    Column(13, "filed", "立案日期", .date, legal: true),
    Column(15, "number", "案号", .text),
    Column(16, "outcome", "结果", .code, legal: true),
  ]
  private static let partyColumns = [
    Column(6, "name", "姓名", .text, legal: true),
    Column(8, "dispute", "所属纠纷", .ref),
    Column(10, "present", "到场", .boolean),
    Column(13, "served", "送达时间", .instant),
    Column(14, "signature", "签名", .bytes),
  ]

  /// What most replicas know.
  static let current = Schema(
    version: 1,
    tables: [
      Table(dispute, "dispute", "纠纷", disputeColumns), Table(party, "party", "当事人", partyColumns),
    ])

  /// Newer software: a further column of each rule, and a further table.
  static let newer = Schema(
    version: 2,
    tables: [
      Table(
        dispute, "dispute", "纠纷",
        disputeColumns + [Column(18, "remark", "备注", .text), Column(21, "mediator", "调解员", .text)]),
      Table(party, "party", "当事人", partyColumns),
      Table(3, "visit", "走访", [Column(6, "place", "地点", .text), Column(9, "day", "日期", .date)]),
    ])
}
