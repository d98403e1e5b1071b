import Foundation
import Testing

@testable import ReplicaStore

@Suite("Work ahead on another thread ends as work in turn does")
struct SchedulingTests {
  private struct Failed: Error, Equatable { var at: Int }

  /// A thread whatever the machine has.
  private struct AlwaysThreads: Scheduling {
    func begin(_ work: @escaping @Sendable () -> Void) -> Bool {
      Thread.detachNewThread(work)
      return true
    }
  }

  private static let ways: [any Scheduling] = [InTurn(), AlwaysThreads()]

  /// What is used of 1,000 things when the maker fails at one and the user at another.
  private func use(_ way: any Scheduling, makerFails: Int, userFails: Int) throws -> (used: [Int], failed: Failed?) {
    var used: [Int] = []
    do {
      try way.ahead(room: 8) { give in
        for i in 0..<1000 {
          if i == makerFails { throw Failed(at: i) }
          try give(i, i % 3)
        }
      } use: { (i: Int) in
        if i == userFails { throw Failed(at: i) }
        used.append(i)
      }
      return (used, nil)
    } catch let failed as Failed {
      return (used, failed)
    }
  }

  @Test(
    "things are used in order, and of two failures the earlier one is thrown",
    arguments: [(-1, -1), (0, -1), (500, -1), (-1, 0), (-1, 999), (500, 499), (499, 500), (500, 501), (999, 3)])
  func failures(makerFails: Int, userFails: Int) throws {
    let first = [makerFails, userFails].filter { $0 >= 0 }.min()
    for way in SchedulingTests.ways {
      let (used, failed) = try use(way, makerFails: makerFails, userFails: userFails)
      #expect(used == Array(0..<(first ?? 1000)))
      #expect(failed == first.map { Failed(at: $0) })
    }
  }

  @Test("the maker waits when there is no room")
  func room() throws {
    let given = LockedCount()
    var most = 0
    var used = 0
    try AlwaysThreads().ahead(room: 10) { give in
      for i in 0..<2000 {
        try give(i, 1)
        given.add()
      }
    } use: { (_: Int) in
      used += 1
      most = max(most, given.value - used)
    }
    // What has been taken at once, and as much again.
    #expect(used == 2000 && most <= 24)
  }

  @Test("of two things done beside each other both end, and what the other throws comes first")
  func beside() throws {
    for way in SchedulingTests.ways {
      var (other, own) = (false, false)
      try way.beside {
        other = true
      } _: {
        own = true
      }
      #expect(other && own)
      #expect(throws: Failed(at: 1)) { try way.beside({ throw Failed(at: 1) }, { throw Failed(at: 2) }) }
      #expect(throws: Failed(at: 2)) { try way.beside({}, { throw Failed(at: 2) }) }
    }
  }

  @Test("what the maker held has been let go when its work has ended")
  func letGo() throws {
    for _ in 0..<200 {
      weak var seen: LockedCount?
      do {
        let held = LockedCount()
        seen = held
        try AlwaysThreads().ahead(room: 1) { give in
          held.add()
          try give(held.value, 1)
        } use: { (_: Int) in
        }
      }
      #expect(seen == nil)
    }
  }

  private final class LockedCount: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0
    var value: Int { lock.withLock { count } }
    func add() { lock.withLock { count += 1 } }
  }
}
