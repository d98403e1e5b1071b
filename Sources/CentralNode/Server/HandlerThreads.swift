import Foundation

/// A fixed number of threads that run a blocking handler, behind a bounded queue.
///
/// A handler waits for locks and disks; on Swift's cooperative pool, which has one thread a core, two of them would
/// stop the whole server. Safe to use from any thread: all state is guarded by `condition`.
final class HandlerThreads: @unchecked Sendable {
  private let condition = NSCondition()
  /// How many requests may be without an answer: one a thread, and those that wait for one.
  private let capacity: Int
  private let handler: any NodeHandler
  private var queue: [(number: Int, request: NodeRequest, isWhole: Bool)] = []
  private var unanswered: [Int: CheckedContinuation<NodeReply?, Never>] = [:]
  private var nextNumber = 0
  private var isStopping = false

  /// Starts the threads.
  ///
  /// - Parameter queueLimit: how many requests may wait for a thread.
  init(count: Int, queueLimit: Int, handler: any NodeHandler) {
    self.capacity = max(count, 1) + queueLimit
    self.handler = handler
    for number in 1...max(count, 1) {
      let thread = Thread { [self] in work() }
      thread.name = "handler-\(number)"
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  /// The handler's reply, or nil when the queue is full or the threads are stopping. A request that is not whole is
  /// only shown to the handler, and the reply is empty.
  func reply(to request: NodeRequest, isWhole: Bool = true) async -> NodeReply? {
    await withCheckedContinuation { continuation in
      condition.lock()
      guard !isStopping, unanswered.count < capacity else {
        condition.unlock()
        return continuation.resume(returning: nil)
      }
      queue.append((nextNumber, request, isWhole))
      unanswered[nextNumber] = continuation
      nextNumber += 1
      condition.signal()
      condition.unlock()
    }
  }

  /// Takes no more requests and gives those without an answer none; the threads end with what they are at.
  func stop() {
    condition.lock()
    isStopping = true
    queue.removeAll()
    let abandoned = unanswered.values
    unanswered = [:]
    condition.broadcast()
    condition.unlock()
    for continuation in abandoned { continuation.resume(returning: nil) }
  }

  private func work() {
    while let (number, request, isWhole) = next() {
      if !isWhole { handler.arriving(request) }
      let reply = isWhole ? handler.handle(request) : NodeReply(status: 200, body: [])
      condition.lock()
      let continuation = unanswered.removeValue(forKey: number)
      condition.unlock()
      continuation?.resume(returning: reply)
    }
  }

  private func next() -> (number: Int, request: NodeRequest, isWhole: Bool)? {
    condition.lock()
    defer { condition.unlock() }
    while queue.isEmpty && !isStopping { condition.wait() }
    return queue.isEmpty ? nil : queue.removeFirst()
  }
}
