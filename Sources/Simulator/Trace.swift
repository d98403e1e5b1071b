import ChangeFormat
import Merge

/// Everything that happened in a simulation, in order, as one hash: the same seed gives the same hash.
struct Trace {
  private var stream = StreamHash()
  private(set) var count = 0
  /// Nil unless the lines are wanted.
  private(set) var lines: [String]?

  init(keepsLines: Bool) { lines = keepsLines ? [] : nil }

  mutating func note(_ line: String) {
    stream.update(Array(line.utf8) + [0x0A])
    count += 1
    lines?.append(line)
  }

  var hash: ContentHash { stream.finish() }
}

extension Dot {
  /// Enough of the log's id to tell logs apart.
  var short: String { "\(log.hex.prefix(6)):\(sequence)" }
}
