import Merge
import Testing

@testable import ReplicaStore

@Suite("A record belongs to one scope for life")
struct ScopeTests {
  let id = Sample.id(1)

  private func admitted(_ scopes: [String], rights: Rights = .all) throws -> (SmallCourt, Machine) {
    var court = try SmallCourt()
    try court.admit(try Machine.keys(1), scopes: scopes, rights: rights)
    let machine = try Machine(1, in: court)
    _ = try machine.replica.receive(.init(orders: court.orders))
    return (court, machine)
  }

  private func scope(of machine: Machine) throws -> [String] {
    try machine.replica.scopesHolding(table: "item", id: id)
  }

  @Test("a new record goes to the device's only scope besides court")
  func home() throws {
    let (_, machine) = try admitted([Sample.tribunal])
    try machine.replica.write { try $0.set("item", id, "text", .text("甲")) }
    #expect(try scope(of: machine) == [Sample.tribunal])
    try machine.replica.write(scope: "court") { try $0.set("item", Sample.id(2), "text", .text("甲")) }
    #expect(try machine.replica.ownScopes() == ["court", Sample.tribunal])
  }

  @Test("with two scopes a new record needs one named; one that is held goes where it is")
  func two() throws {
    let (_, machine) = try admitted([Sample.tribunal, "department/民"])
    try machine.isRefused(2104) { try $0.set("item", id, "text", .text("甲")) }
    try machine.replica.write(scope: "department/民") { try $0.set("item", id, "text", .text("甲")) }
    try machine.replica.write { try $0.set("item", id, "text", .text("乙")) }
    #expect(try scope(of: machine) == ["department/民"])
    try machine.isRefused(2106, scope: Sample.tribunal) { try $0.set("item", id, "text", .text("丙")) }
  }

  @Test("a scope that the device does not share is refused")
  func unknown() throws {
    let (_, machine) = try admitted([Sample.tribunal])
    try machine.isRefused(2103, scope: "department/民") { try $0.set("item", id, "text", .text("甲")) }
  }

  @Test("one transaction writes in one scope")
  func mixed() throws {
    let (_, machine) = try admitted([Sample.tribunal])
    try machine.replica.write(scope: "court") { try $0.set("item", id, "text", .text("甲")) }
    try machine.replica.write { try $0.set("item", Sample.id(2), "text", .text("甲")) }
    try machine.isRefused(2107) {
      try $0.set("item", id, "text", .text("乙"))
      try $0.set("item", Sample.id(2), "text", .text("乙"))
    }
    try machine.isRefused(2107) {
      try $0.set("item", id, "text", .text("乙"))
      try $0.set("item", Sample.id(3), "text", .text("new"))
    }
  }

  @Test("the same id that arrives in two scopes is two records; a write must say which")
  func twoScopes() throws {
    var court = try SmallCourt()
    for number in 1...2 { try court.admit(try Machine.keys(UInt64(number))) }
    let (one, two) = (try Machine(1, in: court), try Machine(2, in: court))
    for machine in [one, two] { _ = try machine.replica.receive(.init(orders: court.orders)) }
    try one.replica.write(scope: "court") { try $0.set("item", id, "text", .text("甲")) }
    try two.replica.write(scope: Sample.tribunal) { try $0.set("item", id, "text", .text("乙")) }
    try two.pass(to: one)
    #expect(try scope(of: one) == ["court", Sample.tribunal])
    try one.isRefused(2105) { try $0.set("item", id, "text", .text("丙")) }
    #expect(throws: ReplicaError.self) { try one.replica.record(table: "item", id: id, scope: nil) }
    try one.replica.write(scope: "court") { try $0.set("item", id, "text", .text("丙")) }
    #expect(try one.replica.record(table: "item", id: id, scope: "court")?["text"]?.value == .text("丙"))
    #expect(try one.replica.record(table: "item", id: id, scope: Sample.tribunal)?["text"]?.value == .text("乙"))
  }

  @Test("what the device's own grant does not allow is refused locally")
  func rights() throws {
    let (_, reader) = try admitted([Sample.tribunal], rights: [.read])
    try reader.isRefused(2208) { try $0.set("item", id, "text", .text("甲")) }
    let (_, writer) = try admitted([Sample.tribunal], rights: [.read, .append])
    try writer.replica.write { try $0.set("item", id, "text", .text("甲")) }
    try writer.replica.write { try $0.set("item", id, "text", .text("my own")) }
    try writer.isRefused(2208) { try $0.void("item", id, reason: "") }
    try writer.isRefused(2208) { try $0.set("item", Sample.id(2), "voided", .boolean(true)) }
  }

  @Test("without the right to correct, a device writes no record that another has written")
  func correct() throws {
    var court = try SmallCourt()
    try court.admit(try Machine.keys(1), rights: [.read, .append])
    try court.admit(try Machine.keys(2))
    let (one, two) = (try Machine(1, in: court), try Machine(2, in: court))
    for machine in [one, two] { _ = try machine.replica.receive(.init(orders: court.orders)) }
    try two.replica.write { try $0.set("item", id, "text", .text("甲")) }
    try two.pass(to: one)
    try one.isRefused(2208) { try $0.set("item", id, "size", .integer(1)) }
  }

  @Test("a revoked device is told so, and writes nothing")
  func revoked() throws {
    var (court, machine) = try admitted([Sample.tribunal])
    try machine.replica.write { try $0.set("item", id, "text", .text("甲")) }
    try court.issue(.revoke(device: machine.keys.device, stands: [:]))
    _ = try machine.replica.receive(.init(orders: court.orders))
    try machine.isRefused(2210) { try $0.set("item", id, "text", .text("乙")) }
    try machine.isRefused(2210, scope: Sample.tribunal) { try $0.set("item", id, "text", .text("乙")) }
  }

  @Test("the centre's replica is written by nobody")
  func centre() throws {
    let centre = try Machine(7, in: try SmallCourt(), isCentre: true)
    try centre.isRefused(2209, scope: "court") { try $0.set("item", id, "text", .text("甲")) }
  }
}
