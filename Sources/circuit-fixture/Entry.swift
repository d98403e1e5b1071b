import Court
import Foundation
import Merge

/// Makes the court years of the fixtures: `circuit-fixture years --seed 1 --year 2025 --out 2025.jsonl`.
@main
struct Entry {
  static func main() {
    do {
      let options = try Options(Array(CommandLine.arguments.dropFirst()))
      switch options.command {
      case .years: try years(options)
      case .devices: try devices(options)
      }
    } catch let mistake as Mistake {
      complain("\(mistake)\n\n\(Options.usage)")
      exit(2)
    } catch let error as any ExplainedError {
      complain(error.message(.en))
      exit(1)
    } catch {
      complain("\(error)")
      exit(1)
    }
  }

  private static func years(_ options: Options) throws {
    let lists = try Lists(folder: options.lists, year: options.year)
    let courts = options.scale.courts
    if let number = options.court {
      try year(courts[number - 1], options, lists, options.out)
    } else if courts.count == 1 {
      try year(courts[0], options, lists, options.out)
    } else if let folder = options.out {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for plan in courts { try year(plan, options, lists, "\(folder)/\(plan.courtCode)-\(options.year).jsonl") }
    }
  }

  private static func year(_ plan: Plan, _ options: Options, _ lists: Lists, _ path: String?) throws {
    let output = try path.map { try Output(path: $0) } ?? Output()
    var year = try CourtYear(plan, year: options.year, seed: options.seed, lists: lists) { try output.write($0) }
    try year.write()
    let hash = try output.finish()
    guard options.summary else { return }
    let counts = year.book.records.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    complain(
      """
      \(plan.courtName) \(options.year): \(output.bytes) bytes, sha256 \(hash.hex)
      transactions \(year.book.transactions), lines \(year.book.records.values.reduce(0, +))
      \(counts.joined(separator: ", "))
      """)
  }

  private static func devices(_ options: Options) throws {
    let output = try options.out.map { try Output(path: $0) } ?? Output()
    let lists = try Lists(folder: options.lists, year: options.year)
    try output.write(Array(Devices.csv(try Establishment(Plan(), lists, seed: options.seed)).utf8))
    _ = try output.finish()
  }

  private static func complain(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
