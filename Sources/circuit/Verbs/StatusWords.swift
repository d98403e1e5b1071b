import Merge
import ReplicaStore

/// What waits, what was excluded, and what the centre ruled, in words for those who wrote it.
enum StatusWords {
  static func lines(of status: StatusView) -> [String] {
    let waiting = status.waiting.map { [say("  等待", "  waiting"), $0.dot.description, waits($0.reason)] }
    let excluded = status.excluded.map { held in
      let order = held.order.map { say("（第 \($0) 号令）", " (order \($0))") } ?? ""
      return [say("  排除", "  excluded"), held.dot.description, excludes(held.reason) + order]
    }
    let rulings = status.rulings.map { ruling in
      let end = ruling.last.map { $0 == ruling.dot.sequence ? "" : "-\($0)" } ?? "-"
      return [say("  裁定", "  ruling"), "\(ruling.dot)\(end)", says(ruling)]
    }
    return Plain.table(waiting + excluded + rulings)
  }

  private static func waits(_ reason: String) -> String {
    switch reason {
    case WaitReason.time.text: say("时间戳远在将来，等中心改定", "stamped far ahead; waits for the centre to set its time")
    case WaitReason.fork.text: say("同一位置写了两次，等中心裁定分支", "written twice at one place; waits for the centre's fork")
    case WaitReason.undecodable.text: say("内容读不出，等中心裁定", "its content cannot be read; waits for the centre's word")
    default: say("等 ", "waits for ") + Plain.oneLine(reason)
    }
  }

  /// The centre's own reason codes; an operator's code is told as it is.
  private static func excludes(_ reason: String) -> String {
    switch reason {
    case "rights":
      say("超出本设备权限；请有权限的人核对后重写", "outside the device's rights; someone who has them writes it anew")
    case "malformed":
      say("内容读不出；请升级软件后重写", "its content cannot be read; upgrade the software and write it anew")
    case "limit":
      say("超过大小限制；请拆小或改作附件后重写", "past a limit; write it anew in smaller parts or as an attachment")
    default: say("由中心排除：", "taken out by the central office: ") + Plain.oneLine(reason)
    }
  }

  private static func says(_ ruling: StatusView.Ruling) -> String {
    let order = say("（第 \(ruling.order) 号令）", " (order \(ruling.order))")
    switch ruling.effect {
    case .restamped(let at):
      let time = Instant.text(milliseconds: at)
      return say("写时时钟不对，先后按 \(time) 算", "the clock was wrong then; for their order these count from \(time)") + order
    case .branched(let branch):
      return say(
        "本机的数据有过两份同时在写；其中一份自此为分支 \(branch)，都在，请人核对",
        "two copies of this replica were written at once; one of them is branch \(branch) from here on; "
          + "both are kept, have them reviewed") + order
    }
  }

  /// A span of time as people say it: minutes up to two hours, hours up to two days, days up to two years.
  static func span(milliseconds: UInt64) -> String {
    let minutes = (milliseconds + 30_000) / 60_000
    if minutes < 120 { return say(" \(minutes) 分钟", "\(minutes) minutes") }
    let hours = (minutes + 30) / 60
    if hours < 48 { return say(" \(hours) 小时", "\(hours) hours") }
    let days = (hours + 12) / 24
    if days < 730 { return say(" \(days) 天", "\(days) days") }
    return say(" \(days / 365) 年", "\(days / 365) years")
  }
}
