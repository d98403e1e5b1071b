import Foundation
import ReplicaStore

/// Writes what the centre has accepted into its tables, behind the store (design §5, §7): on a thread of its own, a
/// little at a time, devices first.
///
/// Both need the one writer. The worker takes it for ``turn`` at a time, and only when no device waits for it, or has
/// waited for so long that reports would fall behind. Safe to use from any thread: all state is guarded by `condition`.
package final class TableWorker: @unchecked Sendable {
  private let replica: Replica
  private let clock: any MachineClock
  private let onTrouble: @Sendable (any Error) -> Void
  private let condition = NSCondition()
  /// Devices that are being answered.
  private var accepting = 0
  private var hasWork = true
  private var isStopping = false
  private var hasEnded = true

  /// Milliseconds that the worker holds the writer.
  static let turn: UInt64 = 10
  /// How long devices keep it from its turn at most.
  static let patience: TimeInterval = 0.1
  /// After a failure, such as a full disk.
  static let rest: TimeInterval = 5

  /// - Parameters:
  ///   - clock: what its turns are measured by.
  ///   - onTrouble: told what keeps it from its work, such as a full disk: once, until the work goes on.
  package init(
    _ replica: Replica, clock: any MachineClock, onTrouble: @escaping @Sendable (any Error) -> Void
  ) {
    self.replica = replica
    self.clock = clock
    self.onTrouble = onTrouble
  }

  package func begin() {
    condition.withLock { hasEnded = false }
    let thread = Thread { [self] in work() }
    thread.name = "tables"
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Returns once the thread has ended. What is left to write is written after the next start.
  package func stop() {
    condition.lock()
    isStopping = true
    condition.broadcast()
    while !hasEnded { condition.wait() }
    condition.unlock()
  }

  /// Answers a device, before any turn of the worker's that has not begun.
  func accepting<T>(_ body: () throws -> T) rethrows -> T {
    condition.withLock { accepting += 1 }
    defer {
      condition.withLock {
        accepting -= 1
        hasWork = true
        condition.broadcast()
      }
    }
    return try body()
  }

  private func work() {
    var isTroubled = false
    while waitForTurn() {
      do {
        let end = clock.bootMilliseconds() + TableWorker.turn
        let isLeft = try replica.buildTables { clock.bootMilliseconds() >= end }
        if isLeft { condition.withLock { hasWork = true } }
        isTroubled = false
      } catch {
        if !isTroubled { onTrouble(error) }
        isTroubled = true
        pause()
      }
    }
    condition.withLock {
      hasEnded = true
      condition.broadcast()
    }
  }

  /// False: it is time to end.
  private func waitForTurn() -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while !hasWork && !isStopping { condition.wait() }
    let latest = Date(timeIntervalSinceNow: TableWorker.patience)
    while accepting > 0 && !isStopping && condition.wait(until: latest) {}
    hasWork = false
    return !isStopping
  }

  /// Ends with the next device's request at the latest, so that a clock that is set back does not make it endless.
  private func pause() {
    condition.lock()
    defer { condition.unlock() }
    hasWork = true
    if !isStopping { _ = condition.wait(until: Date(timeIntervalSinceNow: TableWorker.rest)) }
  }
}
