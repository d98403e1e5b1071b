import Court
import ReplicaStore

/// A moment, milliseconds since 1970-01-01T00:00:00Z; made from a day and a clock in Asia/Shanghai.
struct Moment: Comparable {
  let milliseconds: Int64

  /// - Parameter minutes: since midnight.
  init(_ day: Day, minutes: Int) {
    milliseconds = Int64(day.number) * 86_400_000 + Int64(minutes - 8 * 60) * 60_000
  }

  static func < (a: Moment, b: Moment) -> Bool { a.milliseconds < b.milliseconds }
}

extension Day {
  func adding(_ days: Int) -> Day { Day(number: number + Int32(days)) }

  var year: Int { Int(description.prefix(4)) ?? 0 }

  /// 0 is Monday: 1970-01-01 was a Thursday.
  var weekday: Int { Int((number + 3) % 7) }

  /// The same day of a later month, or the last one of it where it is shorter.
  func addingMonths(_ months: Int) -> Day {
    let parts = description.split(separator: "-").compactMap { Int($0) }
    let month = parts[1] - 1 + months
    for day in stride(from: parts[2], through: 1, by: -1) {
      if let found = Day(parts[0] + month / 12, month % 12 + 1, day) { return found }
    }
    return self
  }

  init?(_ year: Int, _ month: Int, _ day: Int) {
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    self.init(iso: "\(year)-\(two(month))-\(two(day))")
  }
}
