import ChangeFormat
import Foundation
import Merge

@testable import ReplicaStore

/// A machine's clocks, set by hand.
final class FakeClock: MachineClock, @unchecked Sendable {
  /// 1 September 2026.
  static let start: UInt64 = 1_788_220_800_000

  private let lock = NSLock()
  private var wall: UInt64
  private var boot: UInt64 = 60_000
  private var boots = 1

  init(wall: UInt64 = FakeClock.start) { self.wall = wall }

  func wallMilliseconds() -> UInt64 { lock.withLock { wall } }
  func bootMilliseconds() -> UInt64 { lock.withLock { boot } }
  func bootID() -> String { lock.withLock { "boot-\(boots)" } }

  func advance(_ milliseconds: UInt64) {
    lock.withLock {
      wall += milliseconds
      boot += milliseconds
    }
  }

  /// Somebody sets the system clock; the time since boot runs on.
  func set(wall: UInt64) { lock.withLock { self.wall = wall } }

  func reboot() {
    lock.withLock {
      boots += 1
      boot = 5_000
    }
  }
}

/// Random bytes from a seed.
final class SeededRandom: RandomSource, @unchecked Sendable {
  private let lock = NSLock()
  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  func bytes(_ count: Int) -> [UInt8] { lock.withLock { random.bytes(count) } }
}

/// Keys and generations in memory.
final class MemoryKeys: KeyStore, @unchecked Sendable {
  let location = "memory"
  private let lock = NSLock()
  private var held: [DeviceID: DeviceKeys] = [:]
  private var marks: [Identifier: GenerationReading] = [:]
  private var isRecording = false
  private var marksMade: [GenerationMark] = []

  func keys(of device: DeviceID) throws(ReplicaError) -> DeviceKeys? { lock.withLock { held[device] } }
  func save(_ keys: DeviceKeys) throws(ReplicaError) { lock.withLock { held[keys.device] = keys } }
  func remove(_ device: DeviceID) { lock.withLock { held[device] = nil } }

  func generation(of device: DeviceID, incarnation: Identifier) -> GenerationReading {
    lock.withLock { marks[incarnation] ?? .missing }
  }

  func setGeneration(_ mark: GenerationMark, of device: DeviceID, isNew: Bool) throws(ReplicaError) {
    lock.withLock {
      marks[mark.incarnation] = .mark(mark)
      if isRecording { marksMade.append(mark) }
    }
  }

  /// From now on every mark is remembered in its order.
  func record() { lock.withLock { isRecording = true } }
  var recorded: [GenerationMark] { lock.withLock { marksMade } }

  /// Puts anything where the generation should be.
  func put(_ reading: GenerationReading, incarnation: Identifier) { lock.withLock { marks[incarnation] = reading } }

  /// The keys of a machine whose whole disk was copied.
  func copy() -> MemoryKeys {
    let copy = MemoryKeys()
    lock.withLock {
      copy.held = held
      copy.marks = marks
    }
    return copy
  }
}
