import Foundation

/// Runs many independent cases on the machine's cores, on threads of their own: the pool of the tests stays free.
enum BothCores {
  private static let width = max(2, ProcessInfo.processInfo.activeProcessorCount)

  /// Calls `body` with every number below `count`, each once, and returns what the calls found wrong, in order of
  /// number.
  ///
  /// The first few failures end the run: a broken rule would fail everywhere.
  static func failures<Failure: Sendable>(
    among count: Int, _ body: @escaping @Sendable (Int) -> Failure?
  ) async -> [Failure] {
    let run = Run<Failure>(left: width)
    return await withCheckedContinuation { continuation in
      for worker in 0..<width {
        let thread = Thread {
          var found: [Int: Failure] = [:]
          for number in stride(from: worker, to: count, by: width) where found.count < 3 {
            found[number] = body(number)
          }
          if let all = run.finish(found) { continuation.resume(returning: all) }
        }
        thread.stackSize = 8 << 20
        thread.start()
      }
    }
  }

  /// What the threads of one run have found; the last to finish hands it over.
  private final class Run<Failure: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var left: Int
    private var found: [Int: Failure] = [:]

    init(left: Int) { self.left = left }

    func finish(_ more: [Int: Failure]) -> [Failure]? {
      lock.withLock {
        left -= 1
        found.merge(more) { first, _ in first }
        return left > 0 ? nil : found.sorted { $0.key < $1.key }.map(\.value)
      }
    }
  }
}
