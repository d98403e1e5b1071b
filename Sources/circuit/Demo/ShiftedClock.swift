import Foundation

/// A system clock that stands wrong for one process: Debian's `faketime` runs it.
struct ShiftedClock {
  private static let program = "/usr/bin/faketime"

  /// `YYYY-MM-DD HH:MM:SS` in UTC, at which the clock begins.
  private let moment: String

  /// Nil where `faketime` is not installed.
  init?(startingAt moment: String) {
    guard FileManager.default.isExecutableFile(atPath: ShiftedClock.program) else { return nil }
    self.moment = moment
  }

  /// Puts the clock before a process that has not begun.
  func shift(_ process: Process) {
    let words = process.arguments ?? []
    process.arguments = ["-f", "@\(moment)"] + [process.executableURL?.path ?? ""] + words
    process.executableURL = URL(fileURLWithPath: ShiftedClock.program)
    // The time since boot stays true, as it does on a laptop whose battery-backed clock has gone wrong.
    process.environment = (process.environment ?? [:]).merging(
      ["FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": "UTC"]) { $1 }
  }
}
