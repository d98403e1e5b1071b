import Merge
import Testing

@testable import ReplicaStore

@Suite("A void record takes no edit until `voided` is decided")
struct VoidTests {
  let id = Sample.id(1)

  private func made() throws -> Machine {
    let machine = try Machine(1)
    try machine.replica.write { try $0.set("item", id, "text", .text("甲")) }
    return machine
  }

  @Test("voiding keeps the record and its reason, and leaves the lists")
  func void() throws {
    let machine = try made()
    try machine.replica.write(actor: "李四") { try $0.void("item", id, reason: "重复录入") }
    let view = try #require(try machine.replica.record(table: "item", id: id, scope: nil))
    #expect(view.isVoid && view["void_reason"]?.value == .text("重复录入") && view["text"]?.value == .text("甲"))
    var listed = 0
    try machine.replica.records(table: "item", includeVoid: false, where: []) { _ in listed += 1 }
    #expect(listed == 0)
    try machine.replica.records(table: "item", includeVoid: true, where: []) { _ in listed += 1 }
    #expect(listed == 1)
  }

  @Test("an edit, a void and a decision are refused, and `voided` beside another field too; `voided` alone undoes it")
  func edits() throws {
    let machine = try made()
    try machine.replica.write { try $0.void("item", id, reason: "") }
    try machine.isRefused(2207) { try $0.set("item", id, "text", .text("乙")) }
    try machine.isRefused(2207) { try $0.void("item", id, reason: "again") }
    try machine.isRefused(2207, note: "why") { try $0.resolve("item", id, "filed", .value(.date(1))) }
    try machine.isRefused(2207) {
      try $0.set("item", id, "voided", .boolean(false))
      try $0.set("item", id, "text", .text("乙"))
    }
    try machine.replica.write { try $0.set("item", id, "voided", .boolean(false)) }
    try machine.replica.write { try $0.set("item", id, "text", .text("乙")) }
    #expect(try machine.replica.record(table: "item", id: id, scope: nil)?.isVoid == false)
  }

  @Test("a void in conflict takes only a decision")
  func conflict() throws {
    let (one, two) = (try made(), try Machine(2))
    try one.pass(to: two)
    try one.replica.write { try $0.void("item", id, reason: "重复") }
    two.clock.advance(10_000)
    try two.replica.write { try $0.set("item", id, "voided", .boolean(false)) }
    try one.pass(to: two)
    try two.pass(to: one)
    #expect(try one.replica.conflicts().map(\.field) == ["voided"])
    try one.isRefused(2203) { try $0.set("item", id, "voided", .boolean(true)) }
    // Shown is `false`, the later one: the record takes edits.
    try one.replica.write { try $0.set("item", id, "text", .text("丙")) }
    try one.replica.write { try $0.resolve("item", id, "voided", .value(.boolean(true))) }
    try one.isRefused(2207) { try $0.set("item", id, "text", .text("丁")) }
    #expect(try one.replica.conflicts().isEmpty)
  }

  @Test("what nobody wrote cannot be voided or decided")
  func unknown() throws {
    let machine = try made()
    try machine.isRefused(2108) { try $0.void("item", Sample.id(9), reason: "") }
    try machine.isRefused(2108, note: "why") { try $0.resolve("item", Sample.id(9), "filed", .value(.date(1))) }
  }

  @Test("a record is told by table and id: voiding one makes no demand on its namesake in another table")
  func namesake() throws {
    let machine = try made()
    try machine.replica.write {
      try $0.void("item", id, reason: "")
      try $0.set("note", id, "body", .text("同号"))
    }
    #expect(try machine.replica.record(table: "note", id: id, scope: nil)?["body"]?.value == .text("同号"))
  }
}
