import CSQLite
import Foundation

/// One figure: Circuit's, plain SQLite's where plain SQLite can do the same, and their ratio.
struct Result {
  var id: String
  var unit: String
  var circuit: Double
  var plain: Double?
  /// Circuit's figure in every run.
  var runs: [Double]

  var ratio: Double? { plain.map { circuit / $0 } }
}

/// Collects the runs of every figure.
struct Report {
  private(set) var ids: [String] = []
  private var units: [String: String] = [:]
  private var circuit: [String: [Double]] = [:]
  private var plain: [String: [Double]] = [:]
  var memory: Double?

  mutating func add(_ id: String, _ unit: String, _ ours: Double, plain theirs: Double? = nil) {
    if units[id] == nil { ids.append(id) }
    units[id] = unit
    circuit[id, default: []].append(ours)
    if let theirs { plain[id, default: []].append(theirs) }
  }

  var results: [Result] {
    ids.map { id in
      let runs = circuit[id] ?? []
      return Result(
        id: id, unit: units[id] ?? "", circuit: median(runs), plain: plain[id].map(median), runs: runs)
    }
  }

  // MARK: Output

  func table(rows: Int) -> String {
    var lines = ["\(Machine.here.line)", "\(rows) rows, medians", ""]
    lines.append(line("", "unit", "circuit", "plain", "ratio", "first", "goal", "reached"))
    for result in results {
      let target = Target.of(result.id)
      let judged = target?.usesRatio ?? false ? result.ratio : result.circuit
      lines.append(
        line(
          result.id, result.unit, short(result.circuit), result.plain.map(short) ?? "–",
          result.ratio.map { String(format: "%.2f", $0) } ?? "–", target.map(\.firstText) ?? "–",
          target.map(\.goalText) ?? "–", target.flatMap { target in judged.map { target.verdict($0) } } ?? ""))
    }
    if let memory {
      let target = Target.of("memory")
      lines.append(
        line(
          "memory", "MiB", short(memory), "–", "–", target.map(\.firstText) ?? "", target.map(\.goalText) ?? "",
          target?.verdict(memory) ?? ""))
    }
    return lines.joined(separator: "\n")
  }

  private func line(_ cells: String...) -> String {
    let widths = [14, 14, 12, 12, 7, 9, 9, 8]
    return zip(cells, widths).map { cell, width in
      cell.count < width ? cell + String(repeating: " ", count: width - cell.count) : cell
    }.joined(separator: " ")
  }

  private func short(_ value: Double) -> String {
    value >= 1000
      ? String(format: "%.0f", value) : value >= 10 ? String(format: "%.1f", value) : String(format: "%.3f", value)
  }

  func json(rows: Int) -> String {
    func number(_ value: Double?) -> String { value.map { String(format: "%.6g", $0) } ?? "null" }
    let machine = Machine.here
    let results = results.map { result in
      """
      {"id":"\(result.id)","unit":"\(result.unit)","circuit":\(number(result.circuit)),"plain":\(number(result.plain)),\
      "ratio":\(number(result.ratio)),"runs":[\(result.runs.map { number($0) }.joined(separator: ","))]}
      """
    }
    return """
      {"machine":\(machine.json),"rows":\(rows),"results":[\(results.joined(separator: ","))],\
      "memory_mib_above_idle":\(number(memory))}
      """
  }
}

/// What a figure is measured against: the first mark and the goal of the shared workload.
struct Target {
  var first: Double
  var goal: Double
  var usesRatio: Bool
  /// Sizes and times: the less the better.
  var isCeiling = false

  var firstText: String { text(first) }
  var goalText: String { text(goal) }

  private func text(_ value: Double) -> String {
    let sign = isCeiling ? "<= " : ">= "
    if value >= 1_000_000 { return sign + "\(Int(value) / 1_000_000)M" }
    if value >= 10_000 { return sign + "\(Int(value) / 1000)k" }
    return sign + (value == value.rounded() ? "\(Int(value))" : "\(value)")
  }

  func verdict(_ value: Double) -> String {
    func meets(_ mark: Double) -> Bool { isCeiling ? value <= mark : value >= mark }
    return meets(goal) ? "goal" : meets(first) ? "first" : "NO"
  }

  static func of(_ id: String) -> Target? {
    switch id {
    case "W1": Target(first: 0.60, goal: 0.75, usesRatio: true)
    case "W1b": Target(first: 0.45, goal: 0.60, usesRatio: true)
    case "W2": Target(first: 0.75, goal: 0.90, usesRatio: true)
    case "W3": Target(first: 1_000_000, goal: 5_000_000, usesRatio: false)
    case "W3-size": Target(first: 50, goal: 40, usesRatio: false, isCeiling: true)
    case "W1b-size": Target(first: 110, goal: 110, usesRatio: false, isCeiling: true)
    case "W4": Target(first: 0.60, goal: 0.75, usesRatio: true)
    case "W4b": Target(first: 0.25, goal: 0.50, usesRatio: true)
    case "W5": Target(first: 300_000, goal: 500_000, usesRatio: false)
    case "W6-10k", "W6-100k", "W6-1M": Target(first: 0.3, goal: 0.05, usesRatio: false, isCeiling: true)
    case "W6-size-10k", "W6-size-100k", "W6-size-1M": Target(first: 250, goal: 160, usesRatio: false, isCeiling: true)
    case "W7": Target(first: 1_000_000, goal: 5_000_000, usesRatio: false)
    case "W8": Target(first: 0.40, goal: 0.55, usesRatio: true)
    case "W9": Target(first: 50, goal: 50, usesRatio: false, isCeiling: true)
    case "disk-W1": Target(first: 1.5, goal: 1.2, usesRatio: true, isCeiling: true)
    case "disk-W1b": Target(first: 2.0, goal: 1.5, usesRatio: true, isCeiling: true)
    case "memory": Target(first: 128, goal: 64, usesRatio: false, isCeiling: true)
    default: nil
    }
  }
}

/// The machine a report comes from.
struct Machine {
  var cpu: String
  var cores: Int
  var os: String
  var sqlite: String
  var commit: String

  static var here: Machine {
    Machine(
      cpu: field("/proc/cpuinfo", "model name", ":"), cores: ProcessInfo.processInfo.activeProcessorCount,
      os: field("/etc/os-release", "PRETTY_NAME", "="), sqlite: String(cString: sqlite3_libversion()),
      commit: head())
  }

  var line: String { "\(cpu), \(cores) cores, \(os), SQLite \(sqlite), commit \(commit)" }

  var json: String {
    """
    {"cpu":"\(cpu)","cores":\(cores),"os":"\(os)","sqlite":"\(sqlite)","commit":"\(commit)"}
    """
  }

  private static func field(_ path: String, _ name: String, _ separator: Character) -> String {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    for line in text.split(separator: "\n") where line.hasPrefix(name) {
      guard let at = line.firstIndex(of: separator) else { continue }
      return line[line.index(after: at)...].filter { $0 != "\"" && $0 != "\\" }.trimmingCharacters(in: .whitespaces)
    }
    return "unknown"
  }

  /// The commit of the checkout the program is run in.
  private static func head() -> String {
    func read(_ path: String) -> String? {
      (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    guard let head = read(".git/HEAD") else { return "unknown" }
    guard head.hasPrefix("ref: ") else { return String(head.prefix(12)) }
    return String((read(".git/" + head.dropFirst(5)) ?? "unknown").prefix(12))
  }
}
