import Merge
import ReplicaStore

/// What is said of an error: one line on standard error, whatever the error held.
struct Failure {
  private let error: any ExplainedError

  init(_ error: any Error) {
    self.error = error as? any ExplainedError ?? CommandError.unexpected("\(error)")
  }

  /// `CIR-NNNN: sentence`, or with `--json` `{"error","message"}`; never more than one line.
  func line(asJSON: Bool) -> String {
    let message = Failure.oneLine(error.message(Speech.tongue))
    let code = "CIR-\(error.number)"
    let details = Details(of: error)
    guard asJSON else {
      let sentence = "\(code): \(message)"
      return details.map { "\(sentence) \(JSON.object($0.members).text)" } ?? sentence
    }
    let head: [JSON.Member] = [
      JSON.Member(name: "error", value: .string(code)), JSON.Member(name: "message", value: .string(message)),
    ]
    return JSON.object(head + (details?.members ?? [])).text
  }

  /// Quoted words of a person's may hold anything.
  private static func oneLine(_ message: String) -> String {
    Plain.cut(Plain.oneLine(message), to: 2000)
  }
}

/// What belongs to an error beside its sentence.
private struct Details {
  var members: [JSON.Member]

  /// A field that changed since it was shown: every value it has now, and the one offered (design §3).
  init?(of error: any ExplainedError) {
    let inner = (error as? LineError)?.error ?? error
    guard case .changedSince(_, _, let field, let held, let offered)? = inner as? ReplicaError else { return nil }
    members = [
      JSON.Member(name: "field", value: .string(field)),
      JSON.Member(name: "values", value: .array(held.map(\.json))),
      JSON.Member(name: "offered", value: offered.json),
    ]
  }
}
