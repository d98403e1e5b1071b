import ArgumentParser
import Merge
import ReplicaStore

/// `orders`: what the centre has ordered and still stands.
struct OrdersVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "orders", abstract: say("列出中心的命令。", "Lists the centre's orders."))
  }

  @OptionGroup var replica: ReplicaOptions

  var common: CommonOptions { replica.common }

  func perform(_ session: Session) throws {
    try session.withReplica(replica.folder, .reading) { replica in
      for order in try replica.orders() {
        if session.asJSON { try session.print(order.json) } else { try session.line(line(order)) }
      }
    }
  }

  private func line(_ order: Order) -> String {
    "\(order.mark.number)  \(Instant.text(milliseconds: order.time))  \(order.kind.word)  \(order.kind.summary)"
  }
}

extension OrderKind {
  fileprivate var word: String {
    switch self {
    case .grant: say("准入", "grant")
    case .revoke: say("撤销", "revoke")
    case .exclude: say("排除", "exclude")
    case .restamp: say("改时", "restamp")
    case .fork: say("分叉", "fork")
    case .redact: say("删值", "redact")
    case .time: say("报时", "time")
    case .epoch: say("新纪元", "epoch")
    }
  }

  fileprivate var summary: String {
    switch self {
    case .grant(let device, _, _, let label, let scopes, let rights, _, _):
      "\(device.hex) \(Plain.oneLine(label)) \(Plain.oneLine(scopes.joined(separator: ","))) "
        + rights.words.joined(separator: ",")
    case .revoke(let device, _): device.hex
    case .exclude(let range, let reason): "\(range.words) \(Plain.oneLine(reason))"
    case .restamp(let range, let at, let reason):
      "\(range.words) → \(Instant.text(milliseconds: at.milliseconds)) \(Plain.oneLine(reason))"
    case .fork(let log, let sequence, let hash): "\(log.hex):\(sequence) → \(hash.prefix.hex)"
    case .redact(let log, let sequence, _, let positions, _):
      "\(log.hex):\(sequence) " + positions.map(String.init).joined(separator: ",")
    case .time(let treeSize, _, let lowers):
      say("已存 \(treeSize) 项", "\(treeSize) heads") + (lowers ? say("，时间往回调", ", lowers time") : "")
    case .epoch(let stands): say("第 \(stands) 号以前有效", "orders up to \(stands) stand")
    }
  }
}

extension HeaderRange {
  fileprivate var words: String { "\(log.hex):\(from)–\(to.map(String.init) ?? "")" }
}
