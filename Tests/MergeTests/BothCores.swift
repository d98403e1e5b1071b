import Foundation
import Testing

/// Runs many independent cases on the machine's cores.
enum BothCores {
  static var width: Int { max(2, ProcessInfo.processInfo.activeProcessorCount) }

  /// Calls `body` with every number below `count`, each once, and returns what the calls found wrong, in order of number.
  ///
  /// The first few failures end the run: a broken rule would fail everywhere.
  static func failures<Failure: Sendable>(
    among count: Int, _ body: @escaping @Sendable (Int) -> Failure?
  ) async -> [Failure] {
    let width = width
    return await withTaskGroup(of: [(Int, Failure)].self) { group in
      for worker in 0..<width {
        group.addTask {
          var found: [(Int, Failure)] = []
          for number in stride(from: worker, to: count, by: width) where found.count < 3 {
            if let failure = body(number) { found.append((number, failure)) }
          }
          return found
        }
      }
      var all: [(Int, Failure)] = []
      for await found in group { all += found }
      return all.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }
}
