import Foundation
import GRDB

@testable import ReplicaStore

/// How many entries GRDB's own observation has told of, as it told.
final class Counts: @unchecked Sendable {
  private let condition = NSCondition()
  private var told: [Int] = []
  /// Its own: the global one has a thread a core, and other tests compute on them for minutes.
  private let queue = DispatchQueue(label: "counts")

  func observe(_ replica: Replica) -> AnyDatabaseCancellable {
    ValueObservation.tracking { try Int.fetchOne($0, sql: "SELECT count(*) FROM entry") ?? 0 }
      .start(in: replica.reader, scheduling: .async(onQueue: queue)) { _ in
      } onChange: { [self] count in
        condition.lock()
        told.append(count)
        condition.signal()
        condition.unlock()
      }
  }

  /// Seconds until this count has been told of; nil when it was not.
  func wait(for count: Int, seconds: Double) -> Double? {
    let began = Date()
    condition.lock()
    defer { condition.unlock() }
    while !told.contains(count) {
      if !condition.wait(until: began.addingTimeInterval(seconds)) { return nil }
    }
    return Date().timeIntervalSince(began)
  }
}
