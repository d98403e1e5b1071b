import Foundation

/// Runs the benchmarks of the shared workload and reports them beside plain SQLite.
@main
struct Entry {
  static func main() {
    do {
      let options = try Options(Array(CommandLine.arguments.dropFirst()))
      guard RowSource.matchesTheSharedWorkload() else {
        fail("the generator does not make the rows of the shared workload", 1)
      }
      if options.isMemoryProbe {
        print(try Memory.runProbe(rows: options.rows))
      } else {
        let report = try run(options)
        print(options.isJSON ? report.json(rows: options.rows) : report.table(rows: options.rows))
      }
    } catch let misuse as Options.Misuse {
      fail(misuse.text + "\n\n" + Options.usage, 2)
    } catch {
      fail("\(error)", 1)
    }
  }

  static func run(_ options: Options) throws -> Report {
    var report = Report()
    for i in 0..<options.runs {
      note("run \(i + 1) of \(options.runs)")
      let run = try Run(rows: options.rows)
      if options.wants("W1") { try run.w1(&report) }
      if options.wants("W1b") { try run.w1b(&report) }
      if i == 0 && options.wants("W1b") { try run.w1bFull(&report) }
      if options.wants("disk") { try run.disk(&report) }
      if options.wants("W8") { try run.w8(&report) }
      if options.wants("W3") { try run.w3(&report) }
      if options.wants("W4") || options.wants("W7") { try run.w4(&report, again: options.wants("W7")) }
      if options.wants("W4b") { try run.w4b(&report) }
      if options.wants("W5") { try run.w5(&report) }
      if options.wants("W2") { try run.w2(&report) }
    }
    if options.wants("W6") || options.wants("W9") {
      note("growing to 1,000,000 rows")
      let sizes = options.wants("W6") ? Run.sizes : Run.sizes.suffix(1).map { $0 }
      try Run(rows: options.rows).w6(&report, sizes: sizes, addingColumn: options.wants("W9"))
    }
    if options.wants("memory") {
      note("memory, in a process of its own")
      report.memory = try Memory.probe(rows: options.rows)
    }
    return report
  }

  private static func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

  private static func fail(_ text: String, _ code: Int32) -> Never {
    note(text)
    exit(code)
  }
}
