import ArgumentParser
import Merge

/// What a verb works with.
struct Session {
  let tongue: Tongue
  /// `--json`.
  let asJSON: Bool
  let environment: ProcessEnvironment
  let answer: Output

  /// One JSON document, or one line of JSONL.
  func print(_ json: JSON) throws {
    try answer.write {
      json.write(to: &$0)
      $0.append(0x0A)
    }
  }

  func line(_ text: String) throws { try answer.line(text) }
}

/// A command that does something.
///
/// `perform` in place of ArgumentParser's `run()`: it is given its surroundings instead of reaching for them.
protocol Verb: ParsableCommand {
  var common: CommonOptions { get }
  /// - Throws: an `ExplainedError`; what is thrown ends the call with exit code 1.
  func perform(_ session: Session) throws
}

/// A command that only groups others; alone it is wrong usage.
protocol VerbGroup: ParsableCommand {}
