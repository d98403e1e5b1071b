import Merge
import ReplicaStore
import Testing
import Transport

@testable import CentralNode

@Suite("A centre whose clock is in doubt stores and serves, and signs nothing until an operator confirms")
struct DoubtTests {
  @Test(
    "ahead or behind: no receipts, no orders, everything stored and served", arguments: [300, -300, 8, -8] as [Int64])
  func storesAndServes(days: Int64) throws {
    let court = try SmallCourt()
    let (one, two) = (try court.device("one"), try court.device("two"))
    try one.put("before")
    try one.sync()
    let orders = try court.centre.replica.orders().count
    court.clock.set(daysAhead: days)
    #expect(try court.centre.daysInDoubt() == Int(abs(days)))

    let id = try one.put("in doubt")
    let report = try one.sync()
    #expect(report.sent == 1)
    #expect(try one.replica.status().unsent == 1, "no receipt was given")
    #expect(try two.sync().received == 2)
    #expect(try two.replica.record(table: "note", id: id, scope: nil) != nil)
    try court.centre.keepTime()
    #expect(try court.centre.replica.orders().count == orders)

    try court.centre.confirmClock()
    #expect(try court.centre.daysInDoubt() == nil)
    try one.sync()
    #expect(try one.replica.status().unsent == 0)
    #expect(try court.centre.replica.verify().changes == 2)
  }

  @Test("seven days are not yet doubt, and a centre that keeps its time never falls into it")
  func keepsTime() throws {
    let court = try SmallCourt()
    court.clock.advance(days: 7)
    #expect(try court.centre.daysInDoubt() == nil)
    for _ in 0..<30 {
      try court.centre.keepTime()
      court.clock.advance(days: 1)
    }
    #expect(try court.centre.daysInDoubt() == nil)
    #expect(try court.centre.replica.orders().count >= 30, "a time order a day")
  }

  @Test("what was stored in doubt is judged once the clock is confirmed: rights, and a wrong clock")
  func judgedLater() throws {
    let court = try SmallCourt()
    let (one, two) = (try court.device("one"), try court.device("two", rights: [.read, .append]))
    let id = try one.put("mine")
    try one.sync()
    court.clock.set(daysAhead: 20)
    // As far as it knows the record is new; the centre holds another's write of it, so this one corrects.
    try two.put("not mine", at: id)
    two.clock.set(daysAhead: 300)
    try two.put("a year ahead")
    try two.sync()
    #expect(try court.centre.replica.status().excluded.isEmpty)

    try court.centre.confirmClock()
    let orders = try court.centre.replica.orders().map(\.kind)
    #expect(orders.contains { if case .exclude(_, "rights") = $0 { true } else { false } })
    #expect(orders.contains { if case .restamp = $0 { true } else { false } })
    try two.sync()
    #expect(try two.replica.status().excluded.count == 1, "the author is told")
    #expect(try court.centre.replica.verify().changes == 3)
    let before = try court.centre.replica.orders().count
    try court.centre.confirmClock()
    #expect(try court.centre.replica.orders().count == before, "judged once")
  }

  @Test(
    "a clock set back by hours, or confirmed after doubt, is told with an order that lowers time",
    arguments: [false, true])
  func lowers(inDoubt: Bool) throws {
    let court = try SmallCourt()
    let one = try court.device("one")
    court.clock.set(daysAhead: inDoubt ? 400 : 2)
    if inDoubt { try court.centre.confirmClock() }
    try one.put("x")
    try one.sync()
    court.clock.set(daysAhead: inDoubt ? -400 : -2)
    if inDoubt { try court.centre.confirmClock() } else { try court.centre.keepTime() }
    let order = try #require(try court.centre.replica.orders().last)
    guard case .time(_, _, true) = order.kind else {
      Issue.record("\(order.kind)")
      return
    }
    // Carried by stick, it still counts.
    let stick = try court.centre.replica.offer(lackingFrom: one.replica.heads()).batch
    _ = try one.replica.receive(stick, route: .relayed)
    let off = try #require(try one.replica.status().clockOffMilliseconds)
    #expect(off.magnitude < 60_000)
    try court.centre.keepTime()
    #expect(try court.centre.replica.orders().last?.mark == order.mark, "once")
  }

  @Test("nobody is admitted and nothing is excluded by hand meanwhile")
  func refuses() throws {
    let court = try SmallCourt()
    let one = try court.device("one")
    try one.put("x")
    try one.sync()
    court.clock.set(daysAhead: -4000)
    #expect(throws: TransportError.self) { try court.device("two") }
    let head = try #require(try one.replica.heads().first)
    #expect(throws: CentreError.self) {
      try court.centre.exclude(Dot(head.key, 1), to: nil, reason: "test")
    }
    try court.centre.confirmClock()
    _ = try court.device("three")
  }
}
