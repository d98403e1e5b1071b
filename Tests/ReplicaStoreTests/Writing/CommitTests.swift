import ChangeFormat
import Merge
import Testing

@testable import ReplicaStore

@Suite("One transaction is one change")
struct CommitTests {
  let id = Sample.id(1)

  @Test("every type comes back as it was written, from the table, the history and the log")
  func everyType() throws {
    let machine = try Machine(1)
    let values: [(String, Value)] = [
      ("text", .text("争议\u{E9}\n")), ("size", .integer(.min)), ("weight", .real(2.5e-300)), ("kept", .boolean(true)),
      ("scan", .bytes([0, 255, 0])), ("due", .date(-719_162)), ("heard", .instant(253_402_300_799_999)),
      ("kind", .text("b")), ("owner", .ref(Sample.id(7))), ("outcome", .text("")), ("filed", .null),
    ]
    let made = try machine.replica.write(actor: "张三", note: "试") {
      for (field, value) in values { try $0.set("item", id, field, value) }
    }
    #expect(made.records == [id])
    let view = try #require(try machine.replica.record(table: "item", id: id, scope: nil))
    for (field, value) in values {
      #expect(view[field]?.value == value, "\(field)")
      #expect(view[field]?.dots == [made.dot])
    }
    #expect(view["number"]?.dots.isEmpty == true)
    let history = try machine.replica.history(table: "item", id: id, scope: nil, field: nil)
    for (field, value) in values {
      let entry = try #require(history.first { $0.field == field })
      #expect(entry.value == value && entry.who == "张三" && entry.note == "试" && entry.when == FakeClock.start)
    }
    var changes: [ChangeView] = []
    try machine.replica.log { changes.append($0) }
    #expect(changes.count == 1 && changes[0].actor == "张三" && changes[0].note == "试")
    #expect(changes[0].writes.count == values.count && changes[0].device == machine.keys.device)
  }

  @Test("a later set of a cell in one transaction replaces the earlier one; ids come in order of first mention")
  func replaced() throws {
    let machine = try Machine(1)
    let made = try machine.replica.write {
      try $0.set("item", Sample.id(3), "text", .text("三"))
      try $0.set("item", Sample.id(1), "text", .text("一"))
      try $0.set("note", Sample.id(2), "body", .text("二"))
      try $0.set("item", Sample.id(3), "size", .integer(3))
      try $0.set("item", Sample.id(3), "text", .text("叁"))
      try $0.set("item", Sample.id(2), "text", .text("二"))
    }
    #expect(made.records == [3, 1, 2].map(Sample.id))
    #expect(try machine.replica.record(table: "item", id: Sample.id(3), scope: nil)?["text"]?.value == .text("叁"))
    #expect(try machine.replica.record(table: "item", id: Sample.id(1), scope: nil)?["text"]?.value == .text("一"))
    #expect(try machine.replica.verify() == Verification(changes: 1, records: 4))
  }

  @Test("what the caller's closure throws is passed on, and nothing is written")
  func thrown() throws {
    struct Mine: Error {}
    let machine = try Machine(1)
    #expect(throws: Mine.self) {
      try machine.replica.write { draft in
        try draft.set("item", id, "text", .text("甲"))
        throw Mine()
      }
    }
    #expect(try machine.replica.log(count: ()) == 0)
  }

  @Test("a thousand records in one change, in any order, are the same change as in order")
  func thousand() throws {
    var random = SplitMix64(seed: 3)
    let numbers = Array(0..<1000).map(UInt64.init)
    let machine = try Machine(1)
    try machine.replica.write {
      for n in numbers.shuffled(using: &random) {
        try $0.set("item", Sample.id(n), "size", .integer(Int64(n)))
        if n % 3 == 0 { try $0.set("item", Sample.id(n), "text", .text("\(n)")) }
      }
    }
    var seen = 0
    try machine.replica.records(table: "item", includeVoid: true, where: []) { view in
      #expect(view.id == Sample.id(UInt64(seen)))
      #expect(view["size"]?.value == .integer(Int64(seen)))
      #expect((view["text"]?.value == .text("\(seen)")) == (seen % 3 == 0))
      seen += 1
    }
    #expect(seen == 1000)
    #expect(try machine.replica.verify() == Verification(changes: 1, records: 1000))
  }

  @Test("several changes in one SQLite transaction are all there, or none")
  func together() throws {
    let machine = try Machine(1)
    func part(_ number: UInt64, _ value: Value) -> Replica.Part {
      Replica.Part(scope: nil, actor: "", note: "") { try $0.set("item", Sample.id(number), "filed", value) }
    }
    _ = try machine.replica.writeTogether([part(1, .date(1)), part(2, .date(2))])
    let before = try machine.fingerprint()
    #expect(throws: ReplicaError.self) { try machine.replica.writeTogether([part(3, .date(3)), part(1, .date(9))]) }
    #expect(try machine.fingerprint() == before)
    // The log goes on where it was.
    let made = try machine.replica.write { try $0.set("item", Sample.id(4), "size", .integer(1)) }
    #expect(made.dot.sequence == 3)
    #expect(try machine.replica.verify() == Verification(changes: 3, records: 3))
  }

  @Test("stamps rise within a log, whatever the wall clock does")
  func stamps() throws {
    let machine = try Machine(1)
    for step in 0..<4 {
      if step == 2 { machine.clock.set(wall: 1000) }
      try machine.replica.write { try $0.set("item", id, "size", .integer(Int64(step))) }
    }
    var stamps: [Stamp] = []
    try machine.replica.log { stamps.append($0.stamp) }
    #expect(stamps == stamps.sorted() && Set(stamps).count == 4)
    #expect(stamps[0].milliseconds == FakeClock.start && stamps[3].milliseconds == FakeClock.start)
  }
}

extension Replica {
  /// How many changes the log tells of.
  func log(count: Void) throws -> Int {
    var count = 0
    try log { _ in count += 1 }
    return count
  }
}
