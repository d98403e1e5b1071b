import Merge
import Testing

@Suite("Stamps and the hybrid logical clock")
struct StampTests {
  @Test("a stamp is 48 bits of milliseconds and a counter, ordered as one number")
  func parts() {
    let stamp = Stamp(milliseconds: 1_788_220_800_000, counter: 7)
    #expect(stamp.milliseconds == 1_788_220_800_000 && stamp.counter == 7)
    #expect(stamp.rawValue == 1_788_220_800_000 << 16 | 7)
    #expect(Stamp(milliseconds: 2) > Stamp(milliseconds: 1, counter: .max))
    #expect(Stamp(milliseconds: 1, counter: 1) > Stamp(milliseconds: 1))
  }

  @Test("milliseconds past 48 bits become the greatest that fits")
  func cut() {
    #expect(Stamp(milliseconds: .max).milliseconds == Stamp.greatestMilliseconds)
    #expect(Stamp(milliseconds: 1 << 48, counter: 3) == Stamp(milliseconds: Stamp.greatestMilliseconds, counter: 3))
  }

  @Test("a full counter runs over into the next millisecond")
  func overflow() {
    #expect(Stamp(milliseconds: 5, counter: .max).next == Stamp(milliseconds: 6))
    var clock = HybridLogicalClock(last: Stamp(milliseconds: 5, counter: .max))
    #expect(clock.tick(wallMilliseconds: 5) == Stamp(milliseconds: 6))
    #expect(clock.tick(wallMilliseconds: 5) == Stamp(milliseconds: 6, counter: 1))
  }

  @Test("the greatest stamp has no next")
  func end() {
    #expect(Stamp(rawValue: .max).next == Stamp(rawValue: .max))
  }

  @Test("stamps rise whatever the wall clock does")
  func rising() {
    var random = SplitMix64(seed: 1)
    var clock = HybridLogicalClock()
    var last = Stamp.zero
    for _ in 0..<100_000 {
      let wall = random.pick([0, 1, 86_400_000, 1_788_220_800_000, 253_370_764_800_000, random.next() >> 20])
      if random.chance(30) {
        clock.receive(Stamp(rawValue: random.next()), trustedMilliseconds: 1_788_220_800_000)
        #expect(clock.last >= last)
      }
      let stamp = clock.tick(wallMilliseconds: wall)
      #expect(stamp > last && stamp.milliseconds >= min(wall, Stamp.greatestMilliseconds))
      last = stamp
    }
  }

  @Test("a clock that stands still counts")
  func standing() {
    var clock = HybridLogicalClock()
    let stamps = (0..<3).map { _ in clock.tick(wallMilliseconds: 9) }
    #expect(stamps == [Stamp(milliseconds: 9), Stamp(milliseconds: 9, counter: 1), Stamp(milliseconds: 9, counter: 2)])
  }

  @Test("a received stamp lifts the clock, at most to trusted time and five minutes")
  func received() {
    let trusted: UInt64 = 1_788_220_800_000
    var clock = HybridLogicalClock()
    clock.receive(Stamp(milliseconds: trusted + 299_999, counter: 4), trustedMilliseconds: trusted)
    #expect(clock.last == Stamp(milliseconds: trusted + 299_999, counter: 4))
    #expect(clock.tick(wallMilliseconds: 0) == Stamp(milliseconds: trusted + 299_999, counter: 5))

    clock.receive(Stamp(milliseconds: 253_370_764_800_000), trustedMilliseconds: trusted)
    #expect(clock.last == Stamp(milliseconds: trusted + 300_000))
  }

  @Test("a received stamp never sets the clock back")
  func receivedEarlier() {
    var clock = HybridLogicalClock(last: Stamp(milliseconds: 900_000))
    clock.receive(Stamp(milliseconds: 5), trustedMilliseconds: 900_000)
    clock.receive(Stamp(milliseconds: 950_000), trustedMilliseconds: 0)
    #expect(clock.last == Stamp(milliseconds: 900_000))
  }

  @Test("trusted time at the end of time does not overflow")
  func trustedEnd() {
    var clock = HybridLogicalClock(last: Stamp(milliseconds: 7))
    clock.receive(Stamp(rawValue: .max), trustedMilliseconds: .max)
    #expect(clock.last >= Stamp(milliseconds: 7))
  }
}
