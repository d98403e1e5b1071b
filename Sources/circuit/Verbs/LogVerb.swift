import ArgumentParser
import Merge
import ReplicaStore

/// `log`: every change, in causal order.
struct LogVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "log", abstract: say("列出全部变更。", "Lists every change."))
  }

  @OptionGroup var replica: ReplicaOptions

  var common: CommonOptions { replica.common }

  func perform(_ session: Session) throws {
    try session.withReplica(replica.folder, .reading) { replica in
      try replica.log { change in
        if session.asJSON { try session.print(change.json) } else { try session.line(line(change)) }
      }
    }
  }

  private func line(_ change: ChangeView) -> String {
    let counted = say("写入 \(change.writes.count) 项", "wrote \(change.writes.count)")
    let why = change.reason.map { "（\(Plain.oneLine($0))）" } ?? ""
    return [
      Instant.text(milliseconds: (change.restamped ?? change.stamp).milliseconds), change.dot.description,
      Plain.oneLine(change.scope), change.state.word + why, change.actor.isEmpty ? "—" : Plain.oneLine(change.actor),
      counted, Plain.oneLine(change.note),
    ].filter { !$0.isEmpty }.joined(separator: "  ")
  }
}
