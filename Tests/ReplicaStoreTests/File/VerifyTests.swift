import ChangeFormat
import Merge
import Testing

@testable import ReplicaStore

@Suite("Verify rebuilds the tables from the log, names the first difference, and mends nothing")
struct VerifyTests {
  private func made() throws -> FileMachine {
    try FileMachine { replica in
      for n in 0..<5 {
        try replica.write(actor: "张三") {
          try $0.set("item", Sample.id(UInt64(n)), "text", .text("第\(n)件"))
          try $0.set("item", Sample.id(UInt64(n)), "size", .integer(Int64(n)))
        }
      }
    }
  }

  @Test("an untouched replica is what its log says")
  func whole() throws {
    let machine = try made()
    #expect(try machine.use(.reading) { try $0.verify() } == Verification(changes: 5, records: 5))
  }

  @Test(
    "whatever is changed behind the replica's back is told",
    arguments: [
      "UPDATE item SET size = 77 WHERE size = 3",
      "UPDATE item SET text = NULL WHERE size = 3",
      "UPDATE item SET _clock = (SELECT _clock FROM item WHERE size = 2) WHERE size = 3",
      "DELETE FROM item WHERE size = 3",
      "INSERT INTO item (id, size, _scope, _clock) SELECT x'0190000000007000800000000000ffff', 9, _scope, _clock FROM item WHERE size = 1",
      "UPDATE _change SET payload = (SELECT payload FROM _change ORDER BY id LIMIT 1) WHERE id = (SELECT max(id) FROM _change)",
      "UPDATE _change SET hash = (SELECT hash FROM _change ORDER BY id LIMIT 1) WHERE id = (SELECT max(id) FROM _change)",
      "UPDATE _change SET head = x'0000000000000001' WHERE id = (SELECT max(id) FROM _change)",
      "DELETE FROM _change WHERE id = (SELECT max(id) - 2 FROM _change)",
      "DELETE FROM _change WHERE id = (SELECT max(id) FROM _change)",
      "DELETE FROM _vector",
      "UPDATE _head SET signature = zeroblob(64)",
      "UPDATE _log SET genesis = zeroblob(10)",
      "UPDATE _log SET number = -number",
      "INSERT INTO item (id, size, _scope, _clock) SELECT x'0190000000007000800000000000ffff', 9, 77, _clock FROM item WHERE size = 1",
      "INSERT INTO _open (scope, tbl, record, col, log, sequence) VALUES (77, 1, x'00', 6, 1, 1)",
      "INSERT INTO _open (scope, tbl, record, col, log, sequence) SELECT _scope, 1, id, 6, 1, 1 FROM item WHERE size = 3",
      "INSERT INTO _open (scope, tbl, record, col, log, sequence) SELECT _scope, 1, x'00', 6, 1, 1 FROM item WHERE size = 3",
      "INSERT INTO _open (scope, tbl, record, col, log, sequence) SELECT _scope, 9, id, 6, 7, 1 FROM item WHERE size = 3",
      "INSERT INTO _vector (id, entries) SELECT max(id) + 1, x'' FROM _change",
      "INSERT INTO _head (id, signature) SELECT max(id) + 1, zeroblob(64) FROM _change",
      "INSERT INTO _kept (id, previous) SELECT max(id) + 1, zeroblob(32) FROM _change",
      "INSERT INTO _excluded (id) SELECT max(id) + 1 FROM _change",
      "ALTER TABLE _staged RENAME COLUMN length TO lengti",
      "DROP TABLE _staged",
    ])
  func tampered(_ statement: String) throws {
    let machine = try made()
    machine.sql(statement)
    machine.checkpoint()
    let before = machine.bytes
    if statement == "DELETE FROM _vector" {
      // A single log sees nobody: there is nothing to delete, and nothing to tell.
      #expect(try machine.use(.reading) { try $0.verify() }.changes == 5)
    } else {
      #expect(throws: ReplicaError.self) { try machine.use(.reading) { try $0.verify() } }
    }
    #expect(machine.bytes == before)
  }

  @Test(
    "orders and receipts that are not what the centre signed are told",
    arguments: [
      "UPDATE _order SET signature = zeroblob(64)",
      "UPDATE _order SET bytes = (SELECT bytes FROM _order ORDER BY number LIMIT 1)",
      "UPDATE _receipt SET held = held + 1",
      "UPDATE _receipt SET hash = zeroblob(32)",
      "UPDATE _receipt SET signature = zeroblob(64)",
      "UPDATE _waiting SET sequence = sequence + 1",
    ])
  func tamperedStatements(_ statement: String) throws {
    var court = try SmallCourt()
    for number in 1...2 { try court.admit(try Machine.keys(UInt64(number))) }
    let machine = try Machine(1, in: court)
    var hand = try HandWriter(5)
    let changes = try (1...2).map { try hand.write(Sample.id(1), 6, .text("第\($0)次")) }
    var batch = Batch(orders: court.orders)
    batch.receipts = [
      try SignedReceipt(
        Receipt(
          mark: court.orders[1].order.mark, number: 1, time: court.time,
          entries: [Receipt.Entry(log: hand.log, held: 1, hash: changes[0].hash, applied: 1)]),
        court: court.court, key: court.key)
    ]
    _ = try machine.replica.receive(batch)
    _ = try machine.replica.receive(Batch([changes[1]]))
    #expect(try machine.replica.verify().changes == 1)
    try machine.replica.writer?.write { try $0.execute(sql: statement) }
    #expect(throws: ReplicaError.self) { try machine.replica.verify() }
  }

  @Test("what other logs saw is checked too")
  func vectors() throws {
    let (one, two) = (try Machine(1), try Machine(2))
    try one.replica.write { try $0.set("item", Sample.id(1), "text", .text("甲")) }
    try one.pass(to: two)
    try two.replica.write { try $0.set("item", Sample.id(1), "text", .text("乙")) }
    #expect(try two.replica.verify() == Verification(changes: 2, records: 1))
    try two.replica.writer?.write { try $0.execute(sql: "UPDATE _vector SET entries = x''") }
    #expect(throws: ReplicaError.self) { try two.replica.verify() }
  }
}
