import Court
import Merge

/// Ids in the layout of UUIDv7 (RFC 9562): the time is nine in the morning of the day the record was written, and a
/// counter stands where chance would, as the RFC allows. So a seed gives the same ids, none twice, and a packed file
/// stays small.
struct RecordIDs {
  /// 30 bits that tell seed, court and year apart.
  private let series: UInt64
  private var counter: UInt64 = 0

  init(_ seed: UInt64, _ parts: String...) {
    var draws = Draws(seed, "ids", parts.joined(separator: "/"))
    series = draws.next() >> 34
  }

  mutating func next(_ day: Day) -> RecordID {
    counter += 1
    let milliseconds = UInt64(Moment(day, minutes: 9 * 60).milliseconds)
    return RecordID(high: milliseconds << 16 | 0x7000, low: 0b10 << 62 | series << 32 | counter)
  }
}
