/// Python's `random.Random(seed)`: the Mersenne Twister MT19937 and the ways Python draws from it, so that the rows of
/// the shared workload are the same here to the byte.
struct PythonRandom {
  private var state = [UInt32](repeating: 0, count: 624)
  private var place = 624

  /// Seeds as `random.Random(seed)` does for an integer of at most 32 bits.
  init(seed: UInt32) {
    state[0] = 19_650_218
    for i in 1..<624 { state[i] = 1_812_433_253 &* (state[i - 1] ^ state[i - 1] >> 30) &+ UInt32(i) }
    var i = 1
    for _ in 0..<624 {
      state[i] = (state[i] ^ (state[i - 1] ^ state[i - 1] >> 30) &* 1_664_525) &+ seed
      i += 1
      if i == 624 {
        state[0] = state[623]
        i = 1
      }
    }
    for _ in 0..<623 {
      state[i] = (state[i] ^ (state[i - 1] ^ state[i - 1] >> 30) &* 1_566_083_941) &- UInt32(i)
      i += 1
      if i == 624 {
        state[0] = state[623]
        i = 1
      }
    }
    state[0] = 0x8000_0000
  }

  private mutating func refill() {
    for i in 0..<624 {
      let y = state[i] & 0x8000_0000 | state[(i + 1) % 624] & 0x7FFF_FFFF
      state[i] = state[(i + 397) % 624] ^ y >> 1 ^ (y & 1 == 0 ? 0 : 0x9908_B0DF)
    }
    place = 0
  }

  private mutating func word() -> UInt32 {
    if place == 624 { refill() }
    var y = state[place]
    place += 1
    y ^= y >> 11
    y ^= y << 7 & 0x9D2C_5680
    y ^= y << 15 & 0xEFC6_0000
    return y ^ y >> 18
  }

  /// `getrandbits` of 1 to 32 bits.
  mutating func bits(_ count: Int) -> UInt32 { word() >> UInt32(32 - count) }

  /// `randrange(bound)`: draws again what is too great.
  mutating func below(_ bound: UInt32) -> UInt32 {
    let count = 32 - bound.leadingZeroBitCount
    var drawn = bits(count)
    while drawn >= bound { drawn = bits(count) }
    return drawn
  }

  /// `randbytes(count)`: little-endian words, the last one cut from the top.
  mutating func bytes(_ count: Int) -> [UInt8] {
    var out: [UInt8] = []
    var left = count
    while left > 0 {
      let part = min(4, left)
      var word = bits(part * 8)
      for _ in 0..<part {
        out.append(UInt8(truncatingIfNeeded: word))
        word >>= 8
      }
      left -= part
    }
    return out
  }
}
