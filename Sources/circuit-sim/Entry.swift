import Foundation
import Simulator
import Synchronization

/// Plays simulated fleets by seed: `circuit-sim --seed N [--trace]` or `circuit-sim --seeds FROM-TO`.
@main
struct Entry {
  static func main() {
    do {
      Seeds.prepareProcess()
      let options = try Options(Array(CommandLine.arguments.dropFirst()))
      exit(options.trace || options.seeds.count == 1 ? one(options) : many(options))
    } catch {
      write(error.text + "\n" + Options.usage, to: .standardError)
      exit(2)
    }
  }

  private static func one(_ options: Options) -> Int32 {
    var status: Int32 = 0
    for seed in options.seeds {
      let outcome = Seeds.play(seed, keepsLines: options.trace)
      for line in outcome.lines { write(line, to: .standardOutput) }
      write(
        "seed \(seed) \(outcome.traceHash.hex) \(outcome.violation.map { "FAILED \($0)" } ?? "ok")", to: .standardOutput
      )
      if outcome.violation != nil { status = 1 }
    }
    return status
  }

  private static func many(_ options: Options) -> Int32 {
    let total = Mutex((played: 0, counts: SeedCounts()))
    let start = Date()
    let failures = Seeds.play(options.seeds, threads: options.threads, stopsAfter: options.stopsAfter) { outcome in
      total.withLock {
        $0.played += 1
        $0.counts = $0.counts + outcome.counts
      }
    }
    let (played, counts) = total.withLock { $0 }
    for failure in failures {
      write("\(failure.command)   # \(failure.violation.map(\.description) ?? "")", to: .standardOutput)
    }
    write(
      """
      \(played) seeds in \(Int(Date().timeIntervalSince(start))) s: \(counts.writes) writes, \(counts.syncs) syncs, \
      \(counts.orders) orders, \(counts.forks) forks, \(counts.redactions) redactions, \(counts.epochs) epochs, \
      \(counts.burntPasts) burnt pasts, \(counts.diskFaults) disk faults, \(counts.noticedFaults) noticed; \(failures.count) failed
      """, to: .standardOutput)
    return failures.isEmpty ? 0 : 1
  }

  private static func write(_ line: String, to file: FileHandle) { file.write(Data((line + "\n").utf8)) }
}
