import ReplicaStore
import Synchronization

/// The one source of chance of a simulation: SplitMix64 (Steele, Lea, Flood 2014), so that a seed replays a fleet.
struct SplitMix64: Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// 0 to `bound` - 1; 0 for a bound of 0.
  mutating func below(_ bound: Int) -> Int { bound <= 0 ? 0 : Int(next() % UInt64(bound)) }

  mutating func between(_ low: Int, _ high: Int) -> Int { low + below(high - low + 1) }

  /// True in `percent` of 100 cases.
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  mutating func pick<T>(_ among: [T]) -> T? { among.isEmpty ? nil : among[below(among.count)] }

  mutating func bytes(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count { withUnsafeBytes(of: next().littleEndian) { bytes.append(contentsOf: $0) } }
    return Array(bytes.prefix(count))
  }

  mutating func shuffled<T>(_ items: [T]) -> [T] {
    var items = items
    for i in items.indices.dropLast() { items.swapAt(i, i + below(items.count - i)) }
    return items
  }
}

/// The random bytes of one simulated machine.
final class SeededBytes: RandomSource {
  private let source: Mutex<SplitMix64>

  init(seed: UInt64) { source = Mutex(SplitMix64(seed: seed)) }

  func bytes(_ count: Int) -> [UInt8] { source.withLock { $0.bytes(count) } }
}
