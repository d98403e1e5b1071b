import Foundation
import GRDB
import Merge
import ReplicaStore
import Testing

@testable import CentralNode

@Suite("Accepting does not wait for what is read or rebuilt at the centre")
struct LatencyTests {
  @Test("devices exchange while the centre rebuilds all its tables from the log")
  func whileRebuilding() throws {
    let court = try SmallCourt()
    let (one, two) = (try court.device("one"), try court.device("two"))
    try LatencyTests.fill(one, 30_000)
    try one.sync()
    try two.sync()

    let rebuild = Rebuild(court.centre.replica)
    rebuild.begin()
    var exchanges = 0
    while rebuild.isUnderWay {
      try two.put("meanwhile")
      let report = try two.sync()
      // What ended after the rebuild says nothing.
      if rebuild.isUnderWay && report.sent == 1 { exchanges += 1 }
    }
    let verified = try rebuild.outcome()
    #expect(verified.changes >= 30_000)
    #expect(exchanges >= 3, "\(exchanges) exchanges while the centre rebuilt for \(rebuild.milliseconds) ms")
    #expect(try court.centre.replica.heads(scope: SmallCourt.scope) == two.replica.heads(scope: SmallCourt.scope))
  }

  @Test("devices exchange while the centre writes the tables of 30,000 changes that have come")
  func whileBuilding() throws {
    let court = try SmallCourt(leavesTables: true)
    let (one, two) = (try court.device("one"), try court.device("two"))
    try LatencyTests.fill(one, 30_000)
    try one.sync()
    try two.sync()
    func left() throws -> Int {
      try court.centre.replica.reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM _unbuilt") ?? 0 }
    }
    #expect(try left() == 30_000)

    let worker = try #require(court.centre.worker)
    worker.begin()
    var waits: [Int] = []
    var sent = 0
    while try left() > 0 {
      try two.put("meanwhile")
      let start = Date()
      sent += try two.sync().sent
      waits.append(Int(Date().timeIntervalSince(start) * 1000))
    }
    worker.stop()
    #expect(sent >= 5 && sent == waits.count, "\(sent) changes in exchanges of \(waits) ms")
    #expect(try court.centre.replica.verify().changes == 30_000 + sent)
  }

  private static func fill(_ station: Station, _ count: Int) throws {
    let parts = (0..<count).map { number in
      Replica.Part(scope: SmallCourt.scope, actor: "", note: "") {
        try $0.set("note", station.replica.newRecordID(), "text", .text("第\(number)条"))
      }
    }
    _ = try station.replica.writeTogether(parts)
  }
}

/// `verify` on a thread of its own: it replays the whole log into new tables and compares.
private final class Rebuild: @unchecked Sendable {
  private let replica: Replica
  private let condition = NSCondition()
  private var result: Result<Verification, any Error>?
  private var began = Date()
  private(set) var milliseconds = 0

  init(_ replica: Replica) { self.replica = replica }

  func begin() {
    began = Date()
    Thread.detachNewThread { [self] in
      let result = Result { try replica.verify() as Verification }
      condition.lock()
      milliseconds = Int(Date().timeIntervalSince(began) * 1000)
      self.result = result
      condition.broadcast()
      condition.unlock()
    }
  }

  var isUnderWay: Bool { condition.withLock { result == nil } }

  func outcome() throws -> Verification {
    condition.lock()
    defer { condition.unlock() }
    while result == nil { condition.wait() }
    guard let result else { throw CancellationError() }
    return try result.get()
  }
}
