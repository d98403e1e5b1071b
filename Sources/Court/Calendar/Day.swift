import ReplicaStore

/// A day 日 without a time; legal days are days in Asia/Shanghai. Written as `YYYY-MM-DD`.
public struct Day: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// What ``Value/date(_:)`` holds: days since 1970-01-01 in the proleptic Gregorian calendar.
  public let number: Int32

  public init(number: Int32) { self.number = number }

  /// Reads exactly `YYYY-MM-DD`; nil for anything else, a day that does not exist included.
  public init?(iso text: String) {
    guard let number = CalendarDay.days(of: text) else { return nil }
    self.number = number
  }

  public var description: String { CalendarDay.text(number) }

  public static func < (a: Day, b: Day) -> Bool { a.number < b.number }
}
