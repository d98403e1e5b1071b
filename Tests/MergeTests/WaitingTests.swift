import Merge
import Testing

/// Waiting is the only thing a replica decides for itself, and it says for what.
@Suite("What a change waits for")
struct WaitingTests {
  private static let day: UInt64 = 24 * 60 * 60 * 1000

  @Test("its past: the missing dot is named")
  func past() {
    var a = Author(1)
    var b = Author(2)
    let a1 = a.write(.null)
    let a2 = a.write(.null)
    let b1 = b.write(.null, sees: [a2])
    var ledger = Ledger.fresh()
    ledger.receive(b1)
    ledger.receive(a2)
    #expect(ledger.waiting == [b1.hash: .past(a2.dot), a2.hash: .past(a1.dot)])
    #expect(ledger.dot(of: b1.hash) == nil && ledger.cells.isEmpty && ledger.heads.isEmpty)
    ledger.receive(a1)
    #expect(ledger.waiting.isEmpty && ledger.heads == VersionVector([a.log: 2, b.log: 1]))
    #expect(ledger.sees(b1.dot, a1.dot) && !ledger.sees(a1.dot, b1.dot))
  }

  @Test("an order it was written under")
  func order() {
    var scribe = OrderScribe()
    let order = scribe.issue(.time(treeSize: 0, treeHead: .zero, lowers: false))
    var a = Author(1)
    a.order = order.mark
    let a1 = a.write(.null)
    var ledger = Ledger.fresh()
    ledger.receive(a1)
    #expect(ledger.waiting == [a1.hash: .order(order.mark)])
    ledger.receive(order)
    #expect(ledger.waiting.isEmpty)
  }

  @Test("a second header for a held dot waits for its fork, and what follows it for its past")
  func fork() {
    var a = Author(1)
    var copy = a
    let a1 = a.write(.text("first"))
    let twin = copy.write(.text("second"), twist: 1)
    let after = copy.write(.text("third"), twist: 1)
    var scribe = OrderScribe()
    var ledger = Ledger.fresh()
    for change in [a1, twin, after] { ledger.receive(change) }
    #expect(ledger.waiting == [twin.hash: .fork, after.hash: .past(twin.dot)])
    ledger.receive(scribe.fork(twin))
    #expect(ledger.waiting.isEmpty)
    #expect(ledger.dot(of: after.hash) == Dot(twin.hash.prefix, 2) && ledger.dot(of: a1.hash) == a1.dot)
    #expect(ledger.signedLog(of: twin.hash.prefix) == a.log)
  }

  @Test("a payload that does not decode waits until it is excluded; what follows it goes on")
  func undecodable() {
    var a = Author(1)
    let a1 = a.write(nil)
    let a2 = a.write(.text("well formed"))
    var scribe = OrderScribe()
    var ledger = Ledger.fresh()
    for change in [a1, a2] { ledger.receive(change) }
    #expect(ledger.waiting == [a1.hash: .undecodable, a2.hash: .past(a1.dot)])
    ledger.receive(scribe.exclude(a1))
    #expect(ledger.waiting.isEmpty && ledger.isExcluded(a1.hash))
    #expect(ledger.shown(.plain)?.hash == a2.hash)
  }

  @Test("a stamp more than a day ahead of trusted time waits for time, a receipt or an order", arguments: 0..<4)
  func time(way: Int) {
    var a = Author(1)
    let a1 = a.write(.null, at: 1000 + Self.day)
    let a2 = a.write(.null, at: 1001 + Self.day)
    var scribe = OrderScribe()
    var ledger = Ledger.fresh()
    for change in [a1, a2] { ledger.receive(change) }
    #expect(ledger.waiting == [a2.hash: .time], "one at exactly a day is applied")
    switch way {
    case 0: ledger.trustedTime = 1001
    case 1: ledger.receiveReceipt(of: a2.hash)
    case 2:
      ledger.receive(
        scribe.issue(
          .restamp(
            HeaderRange(log: a.log, from: 2, fromHash: a2.hash, to: nil, toHash: nil), at: Stamp(milliseconds: 7),
            reason: "clock")))
      #expect(ledger.shown(.plain)?.stamp == Stamp(milliseconds: 7))
    default:
      ledger.receive(scribe.exclude(a2))
      #expect(ledger.isExcluded(a2.hash))
    }
    #expect(ledger.waiting.isEmpty)
  }

  @Test("what trusted time has let through stays, though it is lowered and all is made anew")
  func loweredTime() {
    var a = Author(1)
    let a1 = a.write(.null, at: 1000 + 2 * Self.day)
    let a2 = a.write(.null, at: 1000 + 2 * Self.day)
    var ledger = Ledger.fresh()
    ledger.trustedTime = 1000 + Self.day
    ledger.receive(a1)
    ledger.trustedTime = 1000
    ledger.receive(a2)
    for _ in 0..<2 {
      #expect(ledger.waiting == [a2.hash: .time] && ledger.cells[.plain]?.members.map(\.hash) == [a1.hash])
      ledger.rebuild()
    }
  }

  @Test("a stamp at the end of time does not overflow")
  func endOfTime() {
    var a = Author(1)
    let a1 = a.write(.null, at: .max)
    var ledger = Ledger.fresh()
    ledger.receive(a1)
    #expect(ledger.waiting == [a1.hash: .time])
    ledger.trustedTime = .max
    #expect(ledger.waiting.isEmpty)
  }

  @Test("a context covers what was applied, or excluded and held, and never what waits")
  func heads() {
    var a = Author(1)
    var b = Author(2)
    let b1 = b.write(.null)
    let a1 = a.write(.null)
    let a2 = a.write(.null, sees: [b1])
    let a3 = a.write(.null)
    var scribe = OrderScribe()
    var ledger = Ledger.fresh()
    for change in [a1, a2, a3] { ledger.receive(change) }
    ledger.receive(scribe.exclude(a3))
    #expect(ledger.heads == VersionVector([a.log: 1]), "a3 is excluded, and a2 before it waits")
    ledger.receive(b1)
    #expect(ledger.heads == VersionVector([a.log: 3, b.log: 1]))
  }

  @Test("a branch is no part of a context while what it shares waits")
  func headsOfABranch() {
    var a = Author(1)
    var b = Author(2)
    let b1 = b.write(.null)
    let a1 = a.write(.null, sees: [b1])
    let a2 = a.write(.null, twist: 1)
    var scribe = OrderScribe()
    var ledger = Ledger.fresh()
    for change in [a1, a2] { ledger.receive(change) }
    for order in [scribe.fork(a2), scribe.exclude(a2)] { ledger.receive(order) }
    #expect(ledger.isExcluded(a2.hash) && ledger.waiting == [a1.hash: .past(b1.dot)])
    #expect(ledger.heads.isEmpty && !ledger.isAccounted(Dot(a2.hash.prefix, 2)))
    ledger.receive(b1)
    #expect(ledger.heads == VersionVector([a.log: 1, a2.hash.prefix: 2, b.log: 1]))
  }

  @Test("a digest that fits no held line waits for the line it means")
  func otherLine() {
    var a = Author(1)
    var b = Author(2)
    var copy = a
    let a1 = a.write(.text("trunk"))
    let twin = copy.write(.text("branch"), twist: 1)
    let b1 = b.write(.text("saw the branch"), sees: [twin])
    var ledger = Ledger.fresh()
    for change in [a1, b1] { ledger.receive(change) }
    #expect(ledger.waiting == [b1.hash: .past(a1.dot)])
  }
}
