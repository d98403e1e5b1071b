import ReplicaStore
import Synchronization

/// What the time really is in a simulated world; every machine sees it through a clock of its own.
final class WorldTime: Sendable {
  /// 2026-01-05T01:00:00Z, a working Monday in a court of UTC+8.
  static let start: UInt64 = 1_767_574_800_000
  private let now = Mutex(WorldTime.start)

  var milliseconds: UInt64 { now.withLock { $0 } }

  func advance(by milliseconds: UInt64) { now.withLock { $0 += milliseconds } }
}

/// A machine's clocks: the system clock may be set wrong and may drift, the boot clock only rises and starts anew.
final class SimulatedClock: MachineClock {
  private struct Setting {
    /// Milliseconds that the system clock stands ahead.
    var offset: Int64 = 0
    /// Parts per million that it runs fast.
    var drift: Int64
    var bootedAt: UInt64
    var boots = 1
  }

  private let world: WorldTime
  private let name: String
  private let setting: Mutex<Setting>

  init(_ world: WorldTime, name: String, drift: Int64 = 0) {
    self.world = world
    self.name = name
    setting = Mutex(Setting(drift: drift, bootedAt: world.milliseconds))
  }

  func wallMilliseconds() -> UInt64 {
    let now = Int64(world.milliseconds)
    return setting.withLock { setting in
      let gone = (now - Int64(WorldTime.start)) / 1000 * setting.drift / 1000
      return UInt64(max(0, now + setting.offset + gone))
    }
  }

  func bootMilliseconds() -> UInt64 {
    let now = world.milliseconds
    return setting.withLock { now - $0.bootedAt }
  }

  func bootID() -> String { setting.withLock { "\(name)-boot-\($0.boots)" } }

  func pause(milliseconds: UInt64) { world.advance(by: milliseconds) }

  /// Starts the machine anew: the boot clock begins at 0 under another boot id.
  func reboot() {
    let now = world.milliseconds
    setting.withLock {
      $0.bootedAt = now
      $0.boots += 1
    }
  }

  /// Sets the system clock to stand this far ahead of the truth (milliseconds; negative: behind).
  func set(ahead: Int64) { setting.withLock { $0.offset = ahead } }

  /// Sets the system clock to a moment, whatever the time is.
  func set(to milliseconds: UInt64) {
    let now = world.milliseconds
    setting.withLock { $0.offset = Int64(milliseconds) - Int64(now) }
  }

  /// A clock is right when it was set right: drift alone stays within what design §3 forgives.
  var isRight: Bool { setting.withLock { $0.offset == 0 } }
}
