import Foundation

/// Threads of the machine, where it has more than one processor: on a single one they would only take turns.
public struct SystemThreads: Scheduling {
  public init() {}

  public func begin(_ work: @escaping @Sendable () -> Void) -> Bool {
    guard ProcessInfo.processInfo.activeProcessorCount > 1 else { return false }
    let thread = Thread(block: work)
    thread.stackSize = 1 << 20
    thread.start()
    return true
  }
}
