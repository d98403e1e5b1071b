import Foundation

/// The greatest resident size of a process of its own that does W1 to W8, above what it had when it began.
enum Memory {
  /// Runs the probe in a child process. Nil where it cannot be started.
  static func probe(rows: Int) throws -> Double {
    let child = Process()
    child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    child.arguments = ["--memory-probe", "--rows", "\(rows)"]
    let pipe = Pipe()
    child.standardOutput = pipe
    try child.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    child.waitUntilExit()
    guard child.terminationStatus == 0,
      let mebibytes = Double(String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    else { throw WrongResult(description: "memory: the probe failed") }
    return mebibytes
  }

  /// What the child does: Circuit's side of W1 to W8, once, without plain SQLite.
  static func runProbe(rows: Int) throws -> Double {
    let idle = field("VmRSS")
    var report = Report()
    var parts: [(String, (Run) throws -> Void)] = []
    parts.append(
      (
        "W1-W4, W7, W8",
        { run in
          _ = try run.insertedInBulk()
          try run.w8(&report)
          let a = try run.insertedInBulk().tracked
          let b = try Tracked(run.scratch.place("receiver"))
          for _ in 0..<2 {
            try a.forEachBatch(with: run.compressor) { wire, _ in try b.receive(wire, with: run.compressor) }
          }
          try run.checkEqual(a, b, "memory")
          try b.replica.close()
          try run.w2(&report)
        }
      ))
    parts.append(("W1b, W4b", { run in try run.w4b(&report) }))
    parts.append(("W5", { run in try run.w5(&report) }))
    parts.append(("W6", { run in try run.w6(&report, sizes: [("", rows)], addingColumn: false) }))
    for (name, part) in parts {
      try part(try Run(rows: rows, isWithPlain: false))
      let line = "\(name): peak \(Int(field("VmHWM") - idle)) MiB above idle\n"
      FileHandle.standardError.write(Data(line.utf8))
    }
    return field("VmHWM") - idle
  }

  /// A size of this process in MiB.
  private static func field(_ name: String) -> Double {
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    for line in text.split(separator: "\n") where line.hasPrefix(name + ":") {
      return (Double(line.split(whereSeparator: { $0 == " " || $0 == "\t" })[1]) ?? 0) / 1024
    }
    return 0
  }
}
