import Merge
import ReplicaStore
import Testing

@testable import CentralNode

@Suite("The centre's tables are written behind its store, and are right as far as they go")
struct TableWorkerTests {
  private func notes(_ replica: Replica) throws -> Int {
    var count = 0
    try replica.records(table: "note", includeVoid: true, where: []) { _ in count += 1 }
    return count
  }

  private func digests(_ replica: Replica) throws -> [String] { try replica.digests().map(\.digest.hex) }

  @Test("what is accepted is held, receipted and served before the tables have it; verify holds at every step")
  func behind() throws {
    let court = try SmallCourt(leavesTables: true)
    let centre = court.centre.replica
    let (one, two) = (try court.device("one"), try court.device("two"))
    let id = try one.put("原告到庭")
    for number in 1..<20 { try one.put("第\(number)条") }
    try one.sync()
    #expect(try notes(centre) == 0)
    #expect(try one.replica.status().unsent == 0)

    try two.sync()
    #expect(try notes(two.replica) == 20)
    // Both edit one field, apart.
    try one.put("原告未到庭", at: id)
    try two.put("原告迟到", at: id)
    try two.sync()
    try one.sync()
    try two.sync()

    var steps = 1
    while try centre.buildTables(limit: 3) {
      steps += 1
      #expect(try centre.verify().changes == 22)
    }
    #expect(steps == 8)
    #expect(try centre.verify().changes == 22)
    #expect(try notes(centre) == 20)
    #expect(try digests(centre) == digests(two.replica))
    #expect(try centre.conflicts().count == 1)
    let entries = try centre.history(table: "note", id: id, scope: nil, field: nil)
    #expect(entries.count == 3, "history walks through what was written behind")
  }

  @Test("an order over what the tables do not have yet, and over what they have")
  func excluded() throws {
    for built in 0...3 {
      let court = try SmallCourt(leavesTables: true)
      let centre = court.centre.replica
      let (one, two) = (try court.device("one"), try court.device("two"))
      let id = try one.put("甲")
      try one.sync()
      try two.sync()
      try two.put("乙", at: id)
      let wrong = try two.put("误录")
      let log = try #require(try two.replica.heads().first { $0.value.sequence == 2 }).key
      try two.sync()
      if built > 0 { _ = try centre.buildTables(limit: built) }
      _ = try court.centre.exclude(Dot(log, 1), to: 2, reason: "operator")
      try one.put("丙", at: id)
      try one.sync()
      try two.sync()
      repeat { #expect(try centre.verify().changes == 4) } while try centre.buildTables(limit: 1)
      #expect(try digests(centre) == digests(one.replica), "\(built) built")
      #expect(try digests(centre) == digests(two.replica), "\(built) built")
      #expect(try centre.record(table: "note", id: id, scope: nil)?["text"]?.value == .text("丙"))
      #expect(try centre.record(table: "note", id: wrong, scope: nil)?["text"]?.value ?? .null == .null)
    }
  }

  @Test("who may only append is judged by what others wrote before, though the tables do not have it yet")
  func rights() throws {
    let court = try SmallCourt(leavesTables: true)
    let (one, two) = (try court.device("one"), try court.device("two", rights: [.read, .append]))
    let id = try one.put("法院登记")
    try one.sync()
    // As far as it knows the record is new.
    try two.put("派出所登记", at: id)
    try two.put("派出所另记")
    try two.sync()
    try two.sync()
    #expect(try two.replica.status().excluded.map(\.reason) == ["rights"])
    _ = try court.centre.replica.buildTables()
    #expect(try digests(court.centre.replica) == digests(two.replica))
  }

  @Test("a reader that comes after a kill finds the tables whole")
  func reopened() throws {
    let court = try SmallCourt(leavesTables: true)
    let one = try court.device("one")
    for number in 0..<5 { try one.put("\(number)") }
    try one.sync()
    #expect(try notes(court.centre.replica) == 0)
    let reader = try Replica.open(
      folder: court.folder + "/centre", schema: SmallCourt.schema, access: .reading,
      surroundings: court.centre.replica.surroundings)
    #expect(try notes(reader) == 5)
    #expect(try digests(reader) == digests(one.replica))
    try reader.close()
    #expect(try court.centre.replica.buildTables() == false)
  }

  @Test("the worker writes all that comes, rests when nothing is left, and ends when it is told")
  func worker() throws {
    let court = try SmallCourt(leavesTables: true)
    let worker = try #require(court.centre.worker)
    worker.begin()
    let one = try court.device("one")
    for round in 1...3 {
      for number in 0..<10 { try one.put("\(round).\(number)") }
      try one.sync()
    }
    var looks = 0
    while try digests(court.centre.replica) != digests(one.replica), looks < 10_000 { looks += 1 }
    #expect(try digests(court.centre.replica) == digests(one.replica))
    worker.stop()
    try one.put("nobody writes this")
    try one.sync()
    #expect(try notes(court.centre.replica) == 30)
  }
}
