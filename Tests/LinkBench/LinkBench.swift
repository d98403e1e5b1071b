import BadLine
import Foundation
import Synchronization

/// Measures the exchange over bad lines: `link-bench [--only ID,…]`. The measurements wait more than they work and run
/// side by side; each has a court, a centre and a line of its own.
@main
struct LinkBench {
  static let all: [Measurement] = [
    Measurement(
      id: "L1", rate: 20_000, latency: 0.3...1, cutEvery: nil, direction: .up, backlog: .changes(1000)),
    Measurement(
      id: "L2", rate: 20_000, latency: 0.3...1, cutEvery: 60, direction: .up, backlog: .changes(1000)),
    Measurement(
      id: "L3", rate: 20_000, latency: 0.3...1, cutEvery: 60, direction: .down, backlog: .changes(1000)),
    Measurement(
      id: "L4", rate: 20_000, latency: 0.3...1, cutEvery: 60, direction: .up, backlog: .one(330_000)),
    Measurement(
      id: "L5", rate: 200_000, latency: 0.3...1, cutEvery: 20, direction: .up, backlog: .changes(1000)),
    Measurement(
      id: "L6", rate: 200_000, latency: 0.3...1, cutEvery: 20, direction: .down, backlog: .changes(1000)),
    Measurement(
      id: "L7", rate: 2_000_000, latency: 0.03...0.1, cutEvery: 5, direction: .up, backlog: .changes(3000)),
    Measurement(
      id: "L8", rate: 2_000_000, latency: 0.03...0.1, cutEvery: 5, direction: .down, backlog: .changes(3000)),
  ]

  static func main() {
    signal(SIGPIPE, SIG_IGN)
    let words = CommandLine.arguments.dropFirst()
    let wanted = words.first == "--only" ? Set((words.last ?? "").split(separator: ",").map(String.init)) : nil
    let chosen = all.filter { wanted?.contains($0.id) ?? true }
    let failed = Atomic(0)
    print("| | line | payload | ideal | took | ratio | beyond the payload | longest wait | connections |")
    print("|---|---|---|---|---|---|---|---|---|")
    let group = DispatchGroup()
    for measurement in chosen {
      group.enter()
      Thread.detachNewThread {
        defer { group.leave() }
        do {
          let outcome = try measurement.run()
          print(row(measurement, outcome))
          if !outcome.isLevel || outcome.took > 2.2 * outcome.ideal + 2 { failed.add(1, ordering: .relaxed) }
        } catch {
          print("| \(measurement.id) | \(error) |")
          failed.add(1, ordering: .relaxed)
        }
        fflush(nil)
      }
    }
    group.wait()
    exit(failed.load(ordering: .relaxed) == 0 ? 0 : 1)
  }

  private static func row(_ measurement: Measurement, _ outcome: Measurement.Outcome) -> String {
    func fixed(_ value: Double, _ places: Int) -> String { String(format: "%.\(places)f", value) }
    let latency =
      "\(Int(measurement.latency.lowerBound * 1000))–\(Int(measurement.latency.upperBound * 1000)) ms"
    let cuts = measurement.cutEvery.map { ", cut every \(Int($0)) s" } ?? ""
    let line = "\(Int(measurement.rate / 1000)) kbit/s, \(latency)\(cuts), \(measurement.direction)"
    return "| \(measurement.id) | \(line) | \(outcome.payload) | \(fixed(outcome.ideal, 1)) s "
      + "| \(fixed(outcome.took, 1)) s | \(fixed(outcome.took / outcome.ideal, 2)) "
      + "| \(fixed(outcome.beyond * 100, 1)) % | \(fixed(outcome.gap, 1)) s | \(outcome.connections) "
      + (outcome.isLevel ? "|" : "| NOT LEVEL |")
  }
}
