import Merge
import ReplicaStore

/// One row of the shared workload: a court case 案件 as a table of twelve columns.
struct Row: Sendable {
  var id: RecordID
  var caseNumber: String
  var cause: String
  var stage: String
  var status: String
  var village: String
  var applicant: String
  var respondent: String
  var mediator: String
  var amount: Int64
  var openedOn: String
  /// `openedOn` as days since 1970.
  var openedDays: Int32
  var summary: String

  /// In the order of ``Cases/columns``.
  var values: [Value] {
    [
      .text(caseNumber), .text(cause), .text(stage), .text(status), .text(village), .text(applicant),
      .text(respondent), .text(mediator), .integer(amount), .date(openedDays), .text(summary),
    ]
  }
}

/// The rows of the shared workload in order, made as they are asked for so that they cost no memory.
struct RowSource: IteratorProtocol, Sequence {
  private var random = PythonRandom(seed: 1)
  private var made = 0
  private let count: Int

  init(_ count: Int) { self.count = count }

  private static let text = "原告与被告因土地承包经营权流转合同发生纠纷,经村委会与人民法庭联合调解,双方自愿达成如下协议"

  mutating func next() -> Row? {
    guard made < count else { return nil }
    let i = made
    made += 1
    var id: UInt64 = 0
    let time = UInt64(1_767_225_600_000 + i * 1000)
    let tail = random.bytes(10)
    id = time << 16 | UInt64(tail[0]) << 8 | UInt64(tail[1])
    let low = tail[2...].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let cause = "土地承包经营权纠纷\(random.below(40))"
    let village = "李集镇\(random.below(60))村"
    let applicant = "申请人\(random.below(100_000))"
    let respondent = "被申请人\(random.below(100_000))"
    let mediator = "调解员\(random.below(200))"
    let amount = Int64(random.below(10_000_000))
    let month = 1 + random.below(9)
    let openedOn = "2026-0\(month)-1\(random.below(10))"
    return Row(
      id: RecordID(high: id, low: low), caseNumber: "（2026）豫1103民初\(i)号", cause: cause, stage: "诉前调解",
      status: "进行中", village: village, applicant: applicant, respondent: respondent, mediator: mediator,
      amount: amount, openedOn: openedOn, openedDays: CalendarDay.days(of: openedOn) ?? 0,
      summary: "\(RowSource.text)\(random.below(1_000_000_000))")
  }

  /// Rows in blocks, the last one shorter.
  static func forEachBlock(of rows: Int, size: Int, _ body: ([Row]) throws -> Void) rethrows {
    var source = RowSource(rows)
    var block: [Row] = []
    block.reserveCapacity(size)
    while let row = source.next() {
      block.append(row)
      if block.count == size {
        try body(block)
        block.removeAll(keepingCapacity: true)
      }
    }
    if !block.isEmpty { try body(block) }
  }

  /// The first and the thousandth row as `rows.py` prints them; false: the generator is not the shared one.
  static func matchesTheSharedWorkload() -> Bool {
    let golden = [
      0: """
      019b76daa800f5b165224a58b791f1d8|（2026）豫1103民初0号|土地承包经营权纠纷4|诉前调解|进行中|李集镇16村|申请人15455|\
      被申请人64937|调解员194|7541208|2026-08-16|\(text)846885253
      """,
      999: """
      019b76e9e65808cc7bff0ba0eb7d1608|（2026）豫1103民初999号|土地承包经营权纠纷9|诉前调解|进行中|李集镇31村|\
      申请人33418|被申请人60877|调解员143|5971379|2026-06-19|\(text)906574290
      """,
    ]
    for (i, row) in RowSource(1000).enumerated() {
      guard let expected = golden[i] else { continue }
      let found = [
        row.id.hex, row.caseNumber, row.cause, row.stage, row.status, row.village, row.applicant, row.respondent,
        row.mediator, String(row.amount), row.openedOn, row.summary,
      ].joined(separator: "|")
      if Array(found.utf8) != Array(expected.utf8) || CalendarDay.text(row.openedDays) != row.openedOn { return false }
    }
    return true
  }
}
