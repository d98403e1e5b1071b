import Foundation
import Merge
import Testing

@testable import ReplicaStore

/// Several processes on one replica (design §4).
@Suite("Processes take turns on one replica, and nothing that was printed is ever lost", .serialized)
struct ProcessTests {
  /// Milliseconds; a writer gives up after ``FileTurn/patience``.
  static let longestTurn = 3000

  @Test("two writers with 10,000 transactions and a reader: none lost, none starved", .timeLimit(.minutes(10)))
  func twoWriters() throws {
    let place = try WorkerFolder()
    let reader = try place.start("read")
    let writers = try [place.start("write", 5000), place.start("write", 5000)]
    // Each is read to its end: a full pipe would hold a writer up inside its turn's wake.
    let group = DispatchGroup()
    for writer in writers {
      group.enter()
      Thread.detachNewThread {
        writer.finish()
        group.leave()
      }
    }
    group.wait()
    reader.finish()
    for process in writers + [reader] {
      let done = try #require(process.done, "\(process.lines.last ?? "nothing printed")")
      #expect(done.longest < ProcessTests.longestTurn, "the longest turn took \(done.longest) ms")
    }
    let ids = Set(writers.flatMap(\.ids))
    #expect(ids.count == 10_000)
    let replica = try place.open(.writing)
    var held: Set<RecordID> = []
    try replica.records(table: "entry", includeVoid: true, where: []) { held.insert($0.id) }
    #expect(held == ids)
    #expect(try replica.verify() == Verification(changes: 10_000, records: 10_000))
    #expect(try replica.heads().values.map(\.sequence) == [10_000], "one device in one life writes one log")
    #expect((reader.done?.count ?? 0) > 10)
    try replica.close()
  }

  @Test("kill -9 in the middle of committing: every printed id is there, and the log goes on", .timeLimit(.minutes(5)))
  func killed() throws {
    let place = try WorkerFolder()
    var random = SplitMix64(seed: 9)
    var printed: Set<RecordID> = []
    for round in 0..<12 {
      let writer = try place.start("write", 0)
      writer.waitForLines(1 + random.below(60))
      usleep(UInt32(random.below(4000)))
      writer.kill()
      #expect(!writer.lines.contains { $0.hasPrefix("error") }, "\(writer.lines.last ?? "")")
      printed.formUnion(writer.ids)
      let replica = try place.open(round % 2 == 0 ? .reading : .writing)
      var held: Set<RecordID> = []
      try replica.records(table: "entry", includeVoid: true, where: []) { held.insert($0.id) }
      #expect(held.isSuperset(of: printed), "round \(round)")
      // At most the one change whose id was not printed any more.
      #expect(held.count <= printed.count + round + 1)
      #expect(try replica.verify().changes == held.count)
      #expect(try replica.heads().count == 1, "an unclean shutdown starts no new log")
      try replica.close()
    }
    #expect(printed.count > 100)
  }

  @Test("what another process writes is observed within a second")
  func observed() throws {
    let place = try WorkerFolder()
    let replica = try place.open(.writing)
    let watch = replica.watchExternalWrites()
    let counts = Counts()
    let token = counts.observe(replica)
    #expect(counts.wait(for: 0, seconds: 10) != nil)
    let writer = try place.start("write", 1)
    writer.finish()
    let waited = counts.wait(for: 1, seconds: 10)
    #expect(waited.map { $0 < 1.5 } == true, "\(waited.map { "\($0) s" } ?? "not at all")")
    watch.stop()
    token.cancel()
    try replica.close()
  }
}
