import Merge
import Testing

@testable import ReplicaStore

/// What a local write must respect (design §3); what arrives is never refused.
@Suite("A local write keeps the rules of its columns")
struct RuleTests {
  let id = Sample.id(1)

  /// Two machines without a centre that have written a field apart and hear of each other.
  private func conflict(_ field: String, _ a: Value = .text("甲"), _ b: Value = .text("乙")) throws -> (Machine, Machine)
  {
    let (one, two) = (try Machine(1), try Machine(2))
    try one.replica.write { try $0.set("item", id, "kind", .text("a")) }
    try one.pass(to: two)
    two.clock.advance(1000)
    try one.replica.write { try $0.set("item", id, field, a) }
    try two.replica.write { try $0.set("item", id, field, b) }
    try one.pass(to: two)
    try two.pass(to: one)
    return (one, two)
  }

  private func dots(_ machine: Machine, _ field: String) throws -> [Dot] {
    try machine.replica.record(table: "item", id: id, scope: nil)?[field]?.dots ?? []
  }

  private func isMarked(_ machine: Machine, _ dot: Dot, _ field: String) throws -> Bool? {
    try machine.replica.history(table: "item", id: id, scope: nil, field: field).first { $0.dot == dot }?.decides
  }

  @Test("a field written once takes no second write, null included")
  func writtenOnce() throws {
    let machine = try Machine(1)
    try machine.replica.write { try $0.set("item", id, "filed", .null) }
    #expect(throws: ReplicaError.self) { try machine.replica.write { try $0.set("item", id, "filed", .date(1)) } }
    try machine.isRefused(2202) { try $0.set("item", id, "filed", .null) }
    try machine.replica.write { try $0.set("item", Sample.id(2), "filed", .date(1)) }
  }

  @Test("a second write to a filing date that arrives stands as an open conflict; the one that saw no other is shown")
  func twoFirsts() throws {
    let (one, two) = try conflict("filed", .date(10), .date(20))
    for machine in [one, two] {
      let found = try machine.replica.conflicts()
      #expect(found.map(\.field) == ["filed"])
      #expect(found.first?.others.count == 1)
    }
    #expect(try one.replica.conflicts() == two.replica.conflicts())
    #expect(try one.replica.conflicts().first?.shown.value == .date(10), "the earlier stamp")
    try one.isRefused(2202) { try $0.set("item", id, "filed", .date(30)) }
  }

  @Test("a legal field in conflict takes nothing but a decision; the decision sees all and closes it")
  func legalConflict() throws {
    let (one, two) = try conflict("outcome")
    try one.isRefused(2203) { try $0.set("item", id, "outcome", .text("丙")) }
    // Another field of the record is free.
    try one.replica.write { try $0.set("item", id, "text", .text("另")) }
    let decision = try one.replica.write { try $0.resolve("item", id, "outcome", .value(.text("丙"))) }
    #expect(try isMarked(one, decision.dot, "outcome") == true)
    try one.pass(to: two)
    for machine in [one, two] {
      #expect(try machine.replica.conflicts().isEmpty)
      #expect(try machine.replica.record(table: "item", id: id, scope: nil)?["outcome"]?.value == .text("丙"))
    }
  }

  @Test("a put on any other field in conflict carries the decision by itself, and closes it")
  func plainConflict() throws {
    let (one, two) = try conflict("text")
    let put = try one.replica.write { try $0.set("item", id, "text", .text("丙")) }
    #expect(try isMarked(one, put.dot, "text") == true)
    try one.pass(to: two)
    #expect(try two.replica.conflicts().isEmpty)
    let next = try two.replica.write { try $0.set("item", id, "text", .text("丁")) }
    #expect(try isMarked(two, next.dot, "text") == true, "what replaces a shown decision is one")
  }

  @Test("an undisturbed field is written plainly")
  func plain() throws {
    let machine = try Machine(1)
    try machine.replica.write { try $0.set("item", id, "text", .text("甲")) }
    let again = try machine.replica.write { try $0.set("item", id, "text", .text("甲")) }
    #expect(try isMarked(machine, again.dot, "text") == false)
    #expect(try dots(machine, "text") == [again.dot])
  }

  @Test("equal values written apart are no conflict, and both stay in S")
  func equalValues() throws {
    let (one, two) = try conflict("outcome", .text("同"), .text("同"))
    #expect(try one.replica.conflicts().isEmpty && two.replica.conflicts().isEmpty)
    #expect(try dots(one, "outcome").count == 2)
    try one.replica.write { try $0.set("item", id, "outcome", .text("新")) }
  }

  @Test("two spellings of one letter are two values")
  func spellings() throws {
    let (one, _) = try conflict("text", .text("\u{E9}"), .text("e\u{301}"))
    #expect(try one.replica.conflicts().count == 1)
  }

  @Test("resolve takes a value that stands, and no other")
  func take() throws {
    let (one, two) = try conflict("outcome")
    let all = try dots(one, "outcome")
    try one.isRefused(2206) { try $0.resolve("item", id, "outcome", .take(Dot(all[0].log, 99))) }
    let loser = try #require(try one.replica.conflicts().first?.others.first)
    try one.replica.write { try $0.resolve("item", id, "outcome", .take(loser.dot)) }
    try one.pass(to: two)
    #expect(try two.replica.record(table: "item", id: id, scope: nil)?["outcome"]?.value == loser.value)
  }

  @Test("resolve needs a conflict, or for a field written once a reason")
  func reason() throws {
    let machine = try Machine(1)
    try machine.replica.write {
      try $0.set("item", id, "text", .text("甲"))
      try $0.set("item", id, "filed", .date(1))
    }
    try machine.isRefused(2204) { try $0.resolve("item", id, "text", .value(.text("乙"))) }
    try machine.isRefused(2205) { try $0.resolve("item", id, "filed", .value(.date(2))) }
    let correction = try machine.replica.write(note: "录入错误") { try $0.resolve("item", id, "filed", .value(.date(2))) }
    let entry = try machine.replica.history(table: "item", id: id, scope: nil, field: "filed").last
    #expect(entry?.dot == correction.dot && entry?.note == "录入错误" && entry?.decides == true)
    #expect(try machine.replica.record(table: "item", id: id, scope: nil)?["filed"]?.value == .date(2))
    #expect(try machine.replica.conflicts().isEmpty)
  }

  @Test("decisions made apart conflict again; the greatest is shown everywhere")
  func twoDecisions() throws {
    let (one, two) = try conflict("outcome")
    try one.replica.write { try $0.resolve("item", id, "outcome", .value(.text("丙"))) }
    two.clock.advance(1000)
    try two.replica.write { try $0.resolve("item", id, "outcome", .value(.text("丁"))) }
    try one.pass(to: two)
    try two.pass(to: one)
    #expect(try one.replica.conflicts() == two.replica.conflicts())
    #expect(try one.replica.conflicts().first?.shown.value == .text("丁"))
  }
}

extension Machine {
  /// Expects a refusal with this error number, and that nothing at all has been written.
  func isRefused(
    _ number: Int, scope: String? = nil, note: String = "", actor: String = "",
    sourceLocation: SourceLocation = #_sourceLocation, _ fill: (inout Draft) throws -> Void
  ) throws {
    let before = try fingerprint()
    let error = #expect(throws: ReplicaError.self, sourceLocation: sourceLocation) {
      try replica.write(scope: scope, actor: actor, note: note, fill)
    }
    #expect(error?.number == number, "\(String(describing: error))", sourceLocation: sourceLocation)
    #expect(try fingerprint() == before, "nothing is written after a refusal", sourceLocation: sourceLocation)
  }
}
