import Merge
import Testing

@testable import ReplicaStore

@Suite("An edit that began from something else is refused with both values shown")
struct SeenTests {
  let id = Sample.id(1)

  @Test("an edit that began from what S holds is saved")
  func same() throws {
    let machine = try Machine(1)
    try machine.replica.write {
      try $0.expect("item", id, "text", seen: [])
      try $0.set("item", id, "text", .text("甲"))
    }
    let first = try #require(try machine.replica.record(table: "item", id: id, scope: nil)?["text"]?.dots)
    try machine.replica.write {
      try $0.expect("item", id, "text", seen: first)
      try $0.expect("item", id, "size", seen: [])
      try $0.set("item", id, "text", .text("乙"))
    }
    #expect(try machine.replica.record(table: "item", id: id, scope: nil)?["text"]?.value == .text("乙"))
  }

  @Test("the refusal names every value of S with its author, and the one offered")
  func changed() throws {
    let (one, two) = (try Machine(1), try Machine(2))
    try one.replica.write(actor: "甲某") { try $0.set("item", id, "text", .text("甲")) }
    try two.replica.write(actor: "乙某") { try $0.set("item", id, "text", .text("乙")) }
    let first = try #require(try one.replica.record(table: "item", id: id, scope: nil)?["text"]?.dots)
    try two.pass(to: one)
    let before = try one.fingerprint()
    let error = #expect(throws: ReplicaError.self) {
      try one.replica.write {
        try $0.expect("item", id, "text", seen: first)
        try $0.set("item", id, "text", .text("丙"))
      }
    }
    guard case .changedSince("item", id, "text", let held, let offered) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(offered == .text("丙"))
    #expect(Set(held.map(\.who)) == ["甲某", "乙某"])
    #expect(held.map(\.value).contains(.text("甲")) && held.map(\.value).contains(.text("乙")))
    #expect(held.map(\.dot) == held.map(\.dot).sorted() && held.count == 2)
    #expect(try one.fingerprint() == before)
  }

  @Test("shown empty is something to have seen; so is a record that is not there")
  func empty() throws {
    let machine = try Machine(1)
    try machine.isRefused(2201) {
      try $0.expect("item", id, "text", seen: [Dot(.zero, 1)])
      try $0.set("item", id, "text", .text("甲"))
    }
    try machine.replica.write { try $0.set("item", id, "text", .text("甲")) }
    try machine.isRefused(2201) {
      try $0.expect("item", id, "text", seen: [])
      try $0.set("item", id, "text", .text("乙"))
    }
  }

  @Test("a field that is only looked at is held to what it was as well")
  func onlyLookedAt() throws {
    let machine = try Machine(1)
    try machine.replica.write { try $0.set("item", id, "size", .integer(1)) }
    try machine.isRefused(2201) {
      try $0.expect("item", id, "size", seen: [])
      try $0.set("item", id, "text", .text("甲"))
    }
    try machine.isRefused(2201) {
      try $0.expect("item", id, "size", seen: [])
      try $0.set("item", Sample.id(2), "text", .text("甲"))
    }
  }
}
