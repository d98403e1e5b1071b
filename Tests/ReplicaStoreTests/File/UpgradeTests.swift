import ChangeFormat
import Foundation
import Merge
import Testing

@testable import ReplicaStore

@Suite("What newer software writes is kept, counted, passed on, and shown after the upgrade")
struct UpgradeTests {
  /// The sample's first edition: one table, three columns less.
  static let old = Schema(
    version: 1,
    tables: [
      Table(1, "item", "物品", Sample.item.columns.filter { ![2, 4, 8, 24, 25].contains($0.id) })
    ])
  static let new = Schema(version: 2, tables: [Sample.item, Sample.note])

  /// A machine of the new edition that writes fields and a table the old one does not know; another writes beside it.
  private func newer() throws -> Machine {
    let (machine, other) = (try Machine(2, schema: UpgradeTests.new), try Machine(3, schema: UpgradeTests.new))
    try machine.replica.write(actor: "新") {
      try $0.set("item", Sample.id(1), "text", .text("甲"))
      try $0.set("item", Sample.id(1), "size", .integer(7))
      try $0.set("item", Sample.id(1), "filed", .date(10))
      try $0.set("note", Sample.id(2), "body", .text("便"))
    }
    try machine.replica.write { try $0.set("item", Sample.id(3), "size", .integer(9)) }
    try machine.pass(to: other)
    try machine.replica.write {
      try $0.set("item", Sample.id(1), "outcome", .text("一"))
      try $0.set("note", Sample.id(2), "body", .text("纸"))
    }
    try other.replica.write {
      try $0.set("item", Sample.id(1), "outcome", .text("二"))
      try $0.set("note", Sample.id(2), "body", .text("条"))
    }
    try other.pass(to: machine)
    return machine
  }

  private func received(from machine: Machine) throws -> FileMachine {
    let older = try FileMachine(1, schema: UpgradeTests.old) {
      try $0.write { try $0.set("item", Sample.id(1), "text", .text("旧")) }
    }
    try older.use(schema: UpgradeTests.old) { replica in
      _ = try replica.receive(try machine.replica.offer(lackingFrom: replica.heads()).batch)
      _ = try machine.replica.receive(try replica.offer(lackingFrom: machine.replica.heads()).batch)
    }
    return older
  }

  @Test("unknown cells are counted in the digest, told as numbers, and passed on whole")
  func kept() throws {
    let machine = try newer()
    let older = try received(from: machine)
    let third = try Machine(4, schema: UpgradeTests.new)
    try older.use(schema: UpgradeTests.old) { replica in
      #expect(try replica.digests().map(\.digest) == machine.replica.digests().map(\.digest))
      _ = try replica.verify()
      var names: Set<String> = []
      try replica.dump { for field in $0.fields { names.insert("\($0.table).\(field.name)") } }
      #expect(names.isSuperset(of: ["item.#8", "item.#25", "item.#24", "#2.#6"]))
      #expect(try replica.conflicts().contains { $0.table == "item" && $0.field == "#24" })
      #expect(try replica.conflicts().contains { $0.table == "#2" && $0.field == "#6" })
      _ = try third.replica.receive(try replica.offer(lackingFrom: [:]).batch)
    }
    #expect(try third.replica.digests().map(\.digest) == machine.replica.digests().map(\.digest))
    #expect(try third.replica.record(table: "item", id: Sample.id(3), scope: nil)?["size"]?.value == .integer(9))
  }

  @Test(
    "after the upgrade they stand where they belong, with their conflicts; nothing is sent",
    arguments: [Replica.Access.reading, .writing])
  func shown(_ first: Replica.Access) throws {
    let machine = try newer()
    let older = try received(from: machine)
    try older.use(first, schema: UpgradeTests.new) { replica in
      var expected: [RecordView] = []
      var found: [RecordView] = []
      try machine.replica.dump { expected.append($0) }
      try replica.dump { found.append($0) }
      #expect(found == expected)
      #expect(try replica.conflicts() == machine.replica.conflicts())
      #expect(try replica.digests().map(\.digest) == machine.replica.digests().map(\.digest))
      #expect(try replica.heads() == machine.replica.heads())
      #expect(try replica.verify() == machine.replica.verify())
      for (table, id) in [("item", Sample.id(1)), ("note", Sample.id(2))] {
        let histories = try [replica, machine.replica].map {
          try $0.history(table: table, id: id, scope: nil, field: nil)
        }
        #expect(histories[0] == histories[1])
      }
    }
    // And the record is written like any other.
    try older.use(schema: UpgradeTests.new) { replica in
      try replica.write { try $0.resolve("item", Sample.id(1), "outcome", .value(.text("三"))) }
      try replica.write { try $0.set("note", Sample.id(2), "body", .text("新")) }
      #expect(try Set(replica.conflicts().map(\.field)) == ["text"])
      _ = try replica.verify()
    }
  }

  @Test("an order that comes after the upgrade finds all that a record of a new table was written by")
  func orderAfterwards() throws {
    var court = try SmallCourt()
    var hand = try HandWriter(5)
    let writes = (1...3).map { HandWriter.Write(table: 2, record: Sample.id(2), column: 6, value: .text("第\($0)次")) }
    let changes = try writes.map { try hand.write([$0]) }
    var machines: [Replica] = []
    for (number, schema) in [(1, UpgradeTests.old), (2, UpgradeTests.new)] {
      let machine = try Machine(UInt64(number), in: court, schema: schema)
      _ = try machine.replica.receive(Batch(changes))
      let database = try #require(machine.replica.writer)
      machines.append(
        try Replica.reopen(
          database, schema: UpgradeTests.new,
          surroundings: Surroundings(clock: machine.clock, randomness: SeededRandom(seed: 1), keys: machine.store)))
    }
    for last in [2, 1] {
      let order = try court.issue(
        .exclude(
          HeaderRange(
            log: hand.log, from: UInt64(last + 1), fromHash: changes[last].hash, to: UInt64(last + 1),
            toHash: changes[last].hash), reason: "rights"))
      for replica in machines {
        _ = try replica.receive(.init(orders: [order]))
        let view = try replica.record(table: "note", id: Sample.id(2), scope: nil)
        #expect(view?["body"]?.value == .text("第\(last)次"))
        _ = try replica.verify()
      }
      #expect(try machines[0].digests().map(\.digest) == machines[1].digests().map(\.digest))
    }
  }

  @Test("adding a column to a table of many records rewrites none of them")
  func rewritesNothing() throws {
    let machine = try FileMachine(1, schema: UpgradeTests.old) { replica in
      for part in 0..<10 {
        try replica.write { draft in
          for n in 0..<1000 { try draft.set("item", Sample.id(UInt64(part * 1000 + n)), "text", .text("第\(n)件")) }
        }
      }
    }
    machine.checkpoint()
    let size = machine.bytes.count
    let heads = try machine.use(.reading, schema: UpgradeTests.old) { try $0.heads() }
    let replica = try machine.open(schema: UpgradeTests.new)
    let written = fileSize(machine.path + "-wal")
    #expect(size > 800_000 && written < 100_000, "\(written) of \(size) bytes")
    #expect(try replica.heads() == heads)
    try replica.write { try $0.set("item", Sample.id(5), "size", .integer(5)) }
    #expect(try replica.verify().records == 10_000)
    try replica.close()
  }

  @Test("a file that a newer edition has upgraded is refused by the older one")
  func downgrade() throws {
    let machine = try FileMachine(1, schema: UpgradeTests.new)
    for access in [Replica.Access.reading, .writing] {
      let error = #expect(throws: ReplicaError.self) { try machine.open(access, schema: UpgradeTests.old) }
      #expect(error?.number == 2004)
    }
  }
}

@Suite("A value that the schema cannot hold stays in S and is shown as empty")
struct MisfitTests {
  static let misfits: [(UInt32, Value)] = [
    (6, .integer(1)), (8, .text("7")), (10, .integer(1)), (12, .text("true")), (14, .text("x")),
    (16, .text("2026-01-01")),
    (16, .date(.max)), (18, .instant(.min)), (20, .bytes([1])), (22, .text("x")), (24, .redacted), (2, .text("ja")),
  ]

  @Test("of any type, anywhere", arguments: misfits)
  func misfit(_ column: UInt32, _ value: Value) throws {
    let machine = try Machine(1)
    var hand = try HandWriter(5)
    let change = try hand.write([
      HandWriter.Write(record: Sample.id(1), column: column, value: value),
      HandWriter.Write(record: Sample.id(1), column: 27, value: .text("案号")),
    ])
    _ = try machine.replica.receive(Batch([change]))
    let name = try #require(Sample.item.column(column)?.name)
    let view = try #require(try machine.replica.record(table: "item", id: Sample.id(1), scope: nil))
    #expect(view[name]?.value == (value == .redacted ? .redacted : .null))
    #expect(view[name]?.dots == [change.header.dot])
    #expect(view["number"]?.value == .text("案号"), "the rest of its change stands")
    var mirror = Mirror(trustedTime: FakeClock.start)
    mirror.receive(change)
    #expect(try machine.replica.digests()[0].digest == mirror.digest("court"))
    _ = try machine.replica.verify()
    let other = try Machine(2)
    try machine.pass(to: other)
    #expect(try other.replica.digests().map(\.digest) == machine.replica.digests().map(\.digest))
  }

  @Test("it may be replaced, and decided like any other value")
  func replaced() throws {
    let machine = try Machine(1)
    var hand = try HandWriter(5)
    let misfit = try hand.write(Sample.id(1), 24, .integer(1))
    _ = try machine.replica.receive(Batch([misfit]))
    try machine.replica.write { try $0.set("item", Sample.id(1), "outcome", .text("甲")) }
    #expect(try machine.replica.record(table: "item", id: Sample.id(1), scope: nil)?["outcome"]?.value == .text("甲"))
    _ = try machine.replica.receive(Batch([try hand.write(Sample.id(1), 24, .integer(2))]))
    #expect(try machine.replica.conflicts().count == 1)
    try machine.replica.write { try $0.resolve("item", Sample.id(1), "outcome", .value(.text("乙"))) }
    #expect(try machine.replica.conflicts().isEmpty)
    _ = try machine.replica.verify()
  }
}
