/// How many bytes travel in one message, found by measuring (design §5: 8 KiB to 1 MiB).
///
/// It grows while messages are quick and shrinks when they are slow. Of a part that is cut both sides keep what has come,
/// so a cut says nothing of the size, unless nothing was kept.
struct Pace: Sendable {
  /// Bytes of a message, least and most.
  static let limits = 8 * 1024...1024 * 1024
  static let start = 32 * 1024
  /// Milliseconds in which a message is on its way so shortly that it need not travel in parts, of which more is kept.
  static let brisk: UInt64 = 500
  /// Milliseconds under which the next message may be twice as large, in half the time four times: then it is not slow.
  static let quick: UInt64 = 6_000
  /// Milliseconds over which the next message is smaller…
  static let slow: UInt64 = 12_000
  /// …by so much that it takes this long.
  static let fitting: UInt64 = 6_000

  private(set) var size: Int
  private let limits: ClosedRange<Int>
  private var isBrisk = false

  init(limits: ClosedRange<Int> = Pace.limits) {
    self.limits = limits
    size = min(max(Pace.start, limits.lowerBound), limits.upperBound)
  }

  /// The last part may be so long, so that no small rest follows.
  var greatestPart: Int { size + size / 2 }

  /// A longer message travels in parts: whole it goes only where a cut costs little.
  var greatestWhole: Int { isBrisk ? greatestPart : limits.lowerBound }

  /// About how many bytes an answer may have: of one that takes its time so few that it comes in parts.
  var answerSize: Int { isBrisk ? size : min(size, ExchangeRequest.wholeFrom - 1) }

  /// A message and its answer came over, of so many bytes together.
  mutating func arrived(bytes: Int, milliseconds: UInt64) {
    // A short message says nothing of how long one of the size takes, unless it takes long itself.
    isBrisk = milliseconds < Pace.brisk && (isBrisk || bytes >= size / 2)
    if milliseconds > Pace.slow {
      shrink(milliseconds)
    } else if milliseconds < Pace.quick, bytes >= size / 2 {
      size *= milliseconds < Pace.quick / 2 ? 4 : 2
    }
    clamp()
  }

  /// A message was cut after so long, and nothing of it was kept.
  mutating func broke(milliseconds: UInt64) {
    isBrisk = false
    if milliseconds > Pace.slow { shrink(milliseconds) } else { size /= 2 }
    clamp()
  }

  /// A message was cut of which what has come is kept.
  mutating func isCut() { isBrisk = false }

  private mutating func shrink(_ milliseconds: UInt64) {
    size = Int(UInt64(size) * Pace.fitting / milliseconds)
  }

  private mutating func clamp() {
    size = max(limits.lowerBound, min(size, limits.upperBound))
  }
}
