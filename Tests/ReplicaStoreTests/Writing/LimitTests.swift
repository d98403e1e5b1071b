import ChangeFormat
import Merge
import Testing

@testable import ReplicaStore

@Suite("Past a limit: a named error, and nothing written")
struct LimitTests {
  let id = Sample.id(1)

  @Test("a value of 256 KiB is kept whole, one byte more is refused", arguments: ["text", "scan"])
  func value(_ field: String) throws {
    func value(_ count: Int) -> Value {
      let bytes = [UInt8](repeating: 0x41, count: count)
      return field == "text" ? .text(String(decoding: bytes, as: UTF8.self)) : .bytes(bytes)
    }
    let machine = try Machine(1)
    try machine.isRefused(2111) { try $0.set("item", id, field, value(256 * 1024 + 1)) }
    try machine.replica.write { try $0.set("item", id, field, value(256 * 1024)) }
    #expect(try machine.replica.record(table: "item", id: id, scope: nil)?[field]?.value == value(256 * 1024))
  }

  @Test("header and clear payload of one change are at most 512 KiB")
  func change() throws {
    let machine = try Machine(1)
    func fill(_ draft: inout Draft, _ last: Int) throws {
      try draft.set("item", Sample.id(1), "scan", .bytes([UInt8](repeating: 1, count: 200 * 1024)))
      try draft.set("item", Sample.id(2), "scan", .bytes([UInt8](repeating: 2, count: 200 * 1024)))
      try draft.set("item", Sample.id(3), "scan", .bytes([UInt8](repeating: 3, count: last)))
    }
    try machine.isRefused(2111) { try fill(&$0, 113 * 1024) }
    try machine.replica.write { try fill(&$0, 111 * 1024) }
    #expect(try machine.replica.verify() == Verification(changes: 1, records: 3))
  }

  @Test("a note is at most 1 KiB and an actor 256 bytes, in transactions of many changes too")
  func words() throws {
    let machine = try Machine(1)
    let note = String(repeating: "n", count: 1025)
    let actor = String(repeating: "a", count: 257)
    try machine.isRefused(2111, note: note) { try $0.set("item", id, "text", .text("甲")) }
    try machine.isRefused(2111, actor: actor) { try $0.set("item", id, "text", .text("甲")) }
    for (actor, note) in [("", note), (actor, ""), ("", "a\0b")] {
      let before = try machine.fingerprint()
      #expect(throws: ReplicaError.self) {
        try machine.replica.writeTogether([
          Replica.Part(scope: nil, actor: actor, note: note) { try $0.set("item", id, "text", .text("甲")) }
        ])
      }
      #expect(try machine.fingerprint() == before)
    }
    try machine.replica.write(actor: String(actor.dropLast()), note: String(note.dropLast())) {
      try $0.set("item", id, "text", .text("甲"))
    }
    let entry = try machine.replica.history(table: "item", id: id, scope: nil, field: nil).first
    #expect(entry?.who.count == 256 && entry?.note.count == 1024)
  }

  @Test("a context of 1,024 logs is written, one of 1,025 is refused")
  func context() throws {
    let machine = try Machine(1)
    var changes: [WireChange] = []
    for number in 0..<1025 {
      var hand = try HandWriter(UInt64(1000 + number))
      changes.append(try hand.write(Sample.id(UInt64(number)), 6, .text("甲")))
    }
    _ = try machine.replica.receive(Batch(Array(changes.prefix(1024))))
    try machine.replica.write { try $0.set("item", id, "text", .text("乙")) }
    let other = try Machine(2)
    _ = try other.replica.receive(Batch(changes))
    try other.isRefused(2111) { try $0.set("item", id, "text", .text("乙")) }
  }

  @Test(
    "NaN, infinities, -0.0 and NUL are refused",
    arguments: [
      ("weight", Value.real(.nan)), ("weight", .real(.infinity)), ("weight", .real(-0.0)), ("text", .text("a\0b")),
      ("kind", .text("\0")), ("text", .redacted),
    ])
  func unwritable(_ field: String, _ value: Value) throws {
    let machine = try Machine(1)
    let error = #expect(throws: ReplicaError.self) {
      try machine.replica.write { try $0.set("item", id, field, value) }
    }
    #expect([2109, 2110].contains(error?.number ?? 0), "\(String(describing: error))")
    #expect(try machine.fingerprint().count == 1)
  }

  @Test(
    "a value of another type is refused, and a day outside the years 1 to 9999",
    arguments: [
      ("text", Value.integer(1)), ("size", .real(1)), ("weight", .integer(1)), ("kept", .integer(1)),
      ("due", .text("2026-01-01")), ("heard", .date(1)), ("owner", .bytes([UInt8](repeating: 0, count: 16))),
      ("due", .date(2_932_897)), ("due", .date(-719_163)), ("heard", .instant(.max)), ("heard", .instant(.min)),
    ])
  func types(_ field: String, _ value: Value) throws {
    try Machine(1).isRefused(2109) { try $0.set("item", id, field, value) }
  }

  @Test("unknown tables and fields are named, and an empty transaction is none")
  func names() throws {
    let machine = try Machine(1)
    try machine.isRefused(2101) { try $0.set("items", id, "text", .text("甲")) }
    try machine.isRefused(2102) { try $0.set("item", id, "texts", .text("甲")) }
    try machine.isRefused(2112) { _ in }
  }
}
