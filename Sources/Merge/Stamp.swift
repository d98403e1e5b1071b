/// A hybrid logical clock reading: 48 bits of milliseconds since 1970 (UTC) and a 16-bit counter (design §2).
///
/// Kulkarni et al., "Logical Physical Clocks", 2014. Ordered as one 64-bit number.
public struct Stamp: Hashable, Comparable, Sendable {
  public var rawValue: UInt64

  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// - Parameters:
  ///   - milliseconds: since 1970; values past 48 bits are cut to the greatest that fits.
  ///   - counter: tells apart what has the same milliseconds.
  public init(milliseconds: UInt64, counter: UInt16 = 0) {
    rawValue = min(milliseconds, Stamp.greatestMilliseconds) << 16 | UInt64(counter)
  }

  public static let greatestMilliseconds: UInt64 = (1 << 48) - 1
  public static let zero = Stamp(rawValue: 0)

  public var milliseconds: UInt64 { rawValue >> 16 }
  public var counter: UInt16 { UInt16(truncatingIfNeeded: rawValue) }

  /// The next greater stamp; the greatest stays itself.
  public var next: Stamp { Stamp(rawValue: rawValue == .max ? .max : rawValue + 1) }

  public static func < (a: Stamp, b: Stamp) -> Bool { a.rawValue < b.rawValue }
}

/// The clock of one writer: hands out stamps that rise whatever the wall clock does.
public struct HybridLogicalClock: Sendable {
  public private(set) var last: Stamp

  public init(last: Stamp = .zero) { self.last = last }

  /// A stamp greater than every one handed out or received, at the wall clock's time or after it.
  public mutating func tick(wallMilliseconds: UInt64) -> Stamp {
    last = max(last.next, Stamp(milliseconds: wallMilliseconds))
    return last
  }

  /// A received stamp lifts the clock, at most to trusted time + 5 minutes (design §2).
  public mutating func receive(_ stamp: Stamp, trustedMilliseconds: UInt64) {
    let ceiling = Stamp(milliseconds: max(trustedMilliseconds, trustedMilliseconds &+ ClockLimits.tolerance))
    last = max(last, min(stamp, ceiling))
  }
}

/// The spans by which design §3 judges clocks, in milliseconds.
public enum ClockLimits {
  /// 5 minutes: what a clock may be off before it is called wrong or followed.
  public static let tolerance: UInt64 = 5 * 60 * 1000
  /// 24 hours: a stamp further ahead of trusted time waits.
  public static let ahead: UInt64 = 24 * 60 * 60 * 1000
  /// 7 days: a centre whose clock stands further from its last signature judges nothing.
  public static let centreDoubt: UInt64 = 7 * 24 * 60 * 60 * 1000
}
