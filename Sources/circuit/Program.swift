import ArgumentParser
import Merge

/// One call of the command line: parse, run, map to 0, 1 or 2.
///
/// ArgumentParser's own entry would leave with 64 for wrong usage and with 0 where no verb is named; the contract knows
/// 0 (done), 1 (what data or the world decides) and 2 (wrong usage), and nothing else.
struct Program {
  /// The bytes of each argument, without the program's name.
  let arguments: [[UInt8]]
  let environment: ProcessEnvironment
  /// Standard output: only the answer.
  let answer: Output
  /// Standard error: one line on 1, the usage on 2.
  let complaint: Output

  static let done: Int32 = 0
  static let refused: Int32 = 1
  static let wrongUsage: Int32 = 2

  /// Runs the call and returns its exit code; everything has been written when it returns.
  func run() -> Int32 {
    let words: [String]
    do {
      words = try RawArguments.text(of: arguments)
    } catch {
      return Speech.$tongue.withValue(environment.tongue) { refuse(error, asJSON: RawArguments.askForJSON(arguments)) }
    }
    let sealed = SealedArguments(words)
    guard let chosen = sealed.tongue else { return run(sealed, in: environment.tongue) }
    guard let tongue = Tongue(rawValue: chosen) else {
      return Speech.$tongue.withValue(environment.tongue) {
        complain(
          say("--lang 只认 zh 或 en，不认“\(chosen)”。", "--lang takes zh or en, not '\(chosen)'.")
            + "\n" + UsageWording.translated(RootCommand.helpMessage()))
        return Program.wrongUsage
      }
    }
    return run(sealed, in: tongue)
  }

  private func run(_ sealed: SealedArguments, in tongue: Tongue) -> Int32 {
    Speech.$tongue.withValue(tongue) {
      do {
        let command = try RootCommand.parseAsRoot(sealed.words)
        switch command {
        case let verb as any Verb: return perform(verb, in: tongue)
        case let group as any VerbGroup:
          complain(say("这里要写一个命令。", "A verb is missing here.") + "\n" + helpText(group))
          return Program.wrongUsage
        default:
          return parsedElsewhere(command)
        }
      } catch {
        return explainParsing(error, sealed)
      }
    }
  }

  private func perform(_ verb: any Verb, in tongue: Tongue) -> Int32 {
    let session = Session(tongue: tongue, asJSON: verb.common.json, environment: environment, answer: answer)
    do {
      try verb.perform(session)
      try answer.flush()
      return Program.done
    } catch {
      let error = answer.failure ?? error
      // Whoever read the answer has seen enough, as in `circuit log | head`.
      if error is OutputClosed { return Program.done }
      flushWhatStands()
      return refuse(error, asJSON: verb.common.json)
    }
  }

  /// `--help`, `--version` and the completion script come as commands or errors of ArgumentParser's own.
  private func parsedElsewhere(_ command: any ParsableCommand) -> Int32 {
    var command = command
    do {
      try command.run()
      return Program.done
    } catch {
      return explainParsing(error, nil)
    }
  }

  private func explainParsing(_ error: any Error, _ sealed: SealedArguments?) -> Int32 {
    guard RootCommand.exitCode(for: error) != .success else {
      return tell(UsageWording.translated(RootCommand.fullMessage(for: error)))
    }
    if let sealed, sealed.asksForHelp { return help(sealed) }
    if let word = sealed?.words.first, !word.hasPrefix("-"), !RootCommand.knows(verb: word) {
      complain(
        say("没有“\(word)”这个命令。", "There is no verb '\(word)'.") + "\n"
          + UsageWording.translated(RootCommand.helpMessage()))
      return Program.wrongUsage
    }
    complain(UsageWording.translated(SealedArguments.unsealed(RootCommand.fullMessage(for: error))))
    return Program.wrongUsage
  }

  /// `--help` is answered even where the rest of the call is wrong.
  private func help(_ sealed: SealedArguments) -> Int32 {
    do {
      return parsedElsewhere(try RootCommand.parseAsRoot(["help"] + sealed.words.prefix { !$0.hasPrefix("-") }))
    } catch {
      return explainParsing(error, nil)
    }
  }

  private func helpText(_ group: any VerbGroup) -> String {
    UsageWording.translated(RootCommand.helpMessage(for: type(of: group)))
  }

  /// Prints text that was asked for, as help is.
  private func tell(_ text: String) -> Int32 {
    do {
      try answer.write(text.last == "\n" ? text : text + "\n")
      try answer.flush()
      return Program.done
    } catch is OutputClosed {
      return Program.done
    } catch {
      return refuse(error, asJSON: false)
    }
  }

  private func refuse(_ error: any Error, asJSON: Bool) -> Int32 {
    complain(Failure(error).line(asJSON: asJSON))
    return Program.refused
  }

  /// What was answered before an error (the ids `apply` committed) stands and is shown.
  private func flushWhatStands() {
    do { try answer.flush() } catch { answer.discard() }
  }

  /// Standard error is the last resort: when it cannot be written the exit code still tells.
  private func complain(_ text: String) {
    do {
      try complaint.write(text + "\n")
      try complaint.flush()
    } catch { complaint.discard() }
  }
}
