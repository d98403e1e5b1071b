/// How many bytes travel in one message, found by measuring (design §5: 8 KiB to 1 MiB).
///
/// It grows while messages are quick and shrinks when they are slow. What a cut costs is in proportion: a message is at
/// most an eighth of what came over between two cuts, before the first one of what has come over so far, unless the line
/// is so quick that a message is hardly ever on its way when it is cut. Cut in its middle it costs a sixteenth.
struct Pace: Sendable {
  /// Bytes of a message, least and most.
  static let limits = 8 * 1024...1024 * 1024
  static let start = 32 * 1024
  /// Milliseconds in which a message is on its way so shortly that its size does not matter.
  static let brisk: UInt64 = 500
  /// Milliseconds under which the next message may be twice as large.
  static let quick: UInt64 = 4_000
  /// Milliseconds over which the next message is smaller…
  static let slow: UInt64 = 12_000
  /// …by so much that it takes this long.
  static let fitting: UInt64 = 6_000

  /// The share of what comes over between two cuts that a message may be.
  static let share = 8

  private(set) var size: Int
  private let limits: ClosedRange<Int>
  /// Bytes that came over since the last cut.
  private var moved = 0
  private var hasBroken = false
  private var ceiling: Int

  init(limits: ClosedRange<Int> = Pace.limits) {
    self.limits = limits
    size = min(max(Pace.start, limits.lowerBound), limits.upperBound)
    ceiling = limits.upperBound
  }

  /// A longer message travels in parts.
  var greatestWhole: Int { size + size / 2 }

  /// A message and its answer came over, of so many bytes together.
  mutating func arrived(bytes: Int, milliseconds: UInt64) {
    moved += bytes
    if hasBroken { ceiling = max(ceiling, moved / Pace.share) }
    if milliseconds > Pace.slow {
      shrink(milliseconds)
    } else if milliseconds < Pace.quick, bytes >= size / 2 {
      let isBrisk = !hasBroken && milliseconds < Pace.brisk
      size = min(2 * size, isBrisk ? .max : max(size, Pace.start, moved / Pace.share))
    }
    clamp()
  }

  /// A message was cut after so long.
  mutating func broke(milliseconds: UInt64) {
    hasBroken = true
    ceiling = moved / Pace.share
    moved = 0
    if milliseconds > Pace.slow { shrink(milliseconds) } else { size /= 2 }
    clamp()
  }

  /// A part of an answer was cut, and so many bytes of it are kept.
  mutating func kept(bytes: Int) { moved += bytes }

  private mutating func shrink(_ milliseconds: UInt64) {
    size = Int(UInt64(size) * Pace.fitting / milliseconds)
  }

  private mutating func clamp() {
    size = max(limits.lowerBound, min(size, ceiling, limits.upperBound))
  }
}
