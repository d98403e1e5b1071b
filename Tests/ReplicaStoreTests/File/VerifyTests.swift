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
