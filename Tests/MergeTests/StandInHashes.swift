import Merge

/// `Merge` hashes nothing itself: it is handed hashes and a digest over them. These stand in for SHA-256.
enum StandIn {
  /// What contexts end with: a 128-bit mix of the hashes in their order.
  @Sendable static func digest(_ hashes: [ContentHash]) -> Identifier {
    var high: UInt64 = 0x6A09_E667_F3BC_C908
    var low: UInt64 = 0xBB67_AE85_84CA_A73B
    for hash in hashes {
      let words = hash.wordsInByteOrder
      for word in [words.0, words.1, words.2, words.3] {
        high = SplitMix64.mix(high ^ word) &+ low
        low = SplitMix64.mix(low &+ word) ^ high
      }
    }
    return Identifier(high: high, low: low)
  }

  /// A hash whose bytes are these words, big-endian.
  static func hash(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) -> ContentHash {
    withUnsafeBytes(of: (a.bigEndian, b.bigEndian, c.bigEndian, d.bigEndian)) { ContentHash(at: $0.baseAddress!) }
  }

  static func hash(from random: inout SplitMix64) -> ContentHash {
    hash(random.next(), random.next(), random.next(), random.next())
  }
}
