import ArgumentParser
import ReplicaStore

/// `digest`: the state of each scope in 64 hex digits.
struct DigestVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "digest",
      abstract: say("打印每个范围的状态摘要。", "Prints the state digest of each scope."))
  }

  @OptionGroup var replica: ReplicaOptions

  var common: CommonOptions { replica.common }

  func perform(_ session: Session) throws {
    try session.withReplica(replica.folder, .reading) { replica in
      let digests = try replica.digests()
      if session.asJSON {
        let scopes = digests.map { JSON.Member(name: $0.scope, value: .string($0.digest.hex)) }
        try session.print(.object(["scopes": .object(scopes)]))
      } else {
        for line in Plain.table(digests.map { [Plain.oneLine($0.scope), $0.digest.hex] }) { try session.line(line) }
      }
    }
  }
}
