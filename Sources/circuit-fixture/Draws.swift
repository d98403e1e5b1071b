/// SplitMix64 (Steele, Lea and Flood 2014): the only source of chance, so that a seed gives the same bytes everywhere.
struct Draws {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  /// A stream of its own for each part, so that a change in one part leaves the others as they were.
  init(_ seed: UInt64, _ parts: String...) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for part in parts {
      for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      hash = (hash ^ 0xFF) &* 0x100_0000_01B3
    }
    state = seed &* 0x9E37_79B9_7F4A_7C15 ^ hash
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// 0 up to, not including, `bound`.
  mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "nothing to draw from")
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

  mutating func isTrue(percent: Int) -> Bool { below(100) < percent }

  mutating func pick<T>(_ items: [T]) -> T { items[below(items.count)] }

  /// One of the items, as often as its weight says.
  mutating func weighted<T>(_ items: [(T, Int)]) -> T {
    var place = below(items.reduce(0) { $0 + $1.1 })
    for (item, weight) in items {
      if place < weight { return item }
      place -= weight
    }
    return items[items.count - 1].0
  }

  /// `count` different items in the order of the array.
  mutating func sample<T>(_ items: [T], _ count: Int) -> [T] {
    var quota = Quota(min(count, items.count), of: items.count)
    return items.filter { _ in quota.take(&self) }
  }
}

/// Says yes to an exact number of a known number of candidates, each as likely as any other.
struct Quota {
  private(set) var needed: Int
  private(set) var left: Int

  init(_ needed: Int, of total: Int) {
    self.needed = needed
    left = total
  }

  /// Whether the next candidate is one. A candidate that may not be one passes by without being counted as asked, so
  /// that those who follow are taken the more often.
  mutating func take(_ draws: inout Draws, eligible: Bool = true) -> Bool {
    guard left > 0 else { return false }
    defer { left -= 1 }
    guard eligible, needed > 0, draws.below(left) < needed else { return false }
    needed -= 1
    return true
  }
}
