import ArgumentParser
import Merge
import ReplicaStore

/// `status`: what this replica is, and what is still to be done.
struct StatusVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "status",
      abstract: say("看副本的情况：未送、等待、排除、冲突、时钟。", "Shows unsent, waiting, excluded, conflicts and clock."))
  }

  @OptionGroup var replica: ReplicaOptions

  var common: CommonOptions { replica.common }

  func perform(_ session: Session) throws {
    try session.withReplica(replica.folder, .reading) { replica in
      let status = try replica.status()
      if session.asJSON {
        try session.print(status.json)
      } else {
        for line in StatusPage(status).lines { try session.line(line) }
      }
    }
  }
}

/// The status for a person's eyes.
private struct StatusPage {
  let lines: [String]

  init(_ status: StatusView) {
    var rows: [[String]] = []
    if let device = status.device {
      rows.append([say("设备", "device"), "\(device.hex)  \(Plain.oneLine(status.label ?? ""))"])
    } else {
      rows.append([say("设备", "device"), say("中心", "the centre")])
    }
    rows.append([say("范围", "scopes"), Plain.oneLine(status.scopes.joined(separator: "  "))])
    rows.append([say("未送", "unsent"), String(status.unsent)])
    if status.device != nil {
      rows.append([
        say("上次联系", "last contact"),
        status.lastContact.map(Instant.text(milliseconds:)) ?? say("从未", "never"),
      ])
      rows.append([say("时钟", "clock"), StatusPage.clock(status.clockOffMilliseconds)])
    }
    rows.append([say("冲突", "conflicts"), String(status.conflicts)])
    rows.append([say("等待", "waiting"), String(status.waiting.count)])
    rows.append([say("排除", "excluded"), String(status.excluded.count)])
    lines = Plain.table(rows) + StatusWords.lines(of: status)
  }

  private static func clock(_ off: Int64?) -> String {
    guard let off else { return say("还不知道对不对", "not known yet") }
    guard off.magnitude > ClockLimits.tolerance else { return say("准", "right") }
    let span = StatusWords.span(milliseconds: off.magnitude)
    return off > 0
      ? say("比中心快\(span)；请校准本机时钟", "\(span) ahead of the centre; set this machine's clock")
      : say("比中心慢\(span)；请校准本机时钟", "\(span) behind the centre; set this machine's clock")
  }
}
