import Merge
import Testing

/// The state is a function of what is held: each story here is delivered in every order, with a rebuild after each
/// step.
@Suite("Whatever comes first, the end is the same")
struct ArrivalTests {
  @Test("a change that saw an excluded header waits for what lies before it in its log")
  func exclusionCoversNoPast() {
    var a = Author(1)
    var b = Author(2)
    var scribe = OrderScribe()
    let a1 = a.write(.text("first"))
    let a2 = a.write(.text("wrong"))
    let b1 = b.write(.text("mine"), sees: [a2])
    let end = inEveryOrder([.change(a1), .change(a2), .change(b1), .order(scribe.exclude(a2))])
    #expect(end.cells[.plain]?.members.map(\.hash) == [b1.hash], "b1 saw a1 and drops it")

    var without = Ledger.fresh()
    var again = OrderScribe()
    for arrival in [.order(again.exclude(a2)), .change(b1)] as [Arrival] { without.receive(arrival) }
    #expect(without.waiting[b1.hash] == .past(a2.dot))
  }

  @Test("nor for what comes after it")
  func exclusionCoversNoFuture() {
    var a = Author(1)
    var b = Author(2)
    var scribe = OrderScribe()
    let a1 = a.write(.text("wrong"))
    let a2 = a.write(.text("well"))
    let b1 = b.write(.text("mine"), sees: [a2])
    let orders = [Arrival.order(scribe.exclude(a1))]
    #expect(inEveryOrder([.change(b1)] + orders).waiting == [b1.hash: .past(a2.dot)])
    #expect(inEveryOrder([.change(b1), .change(a1), .change(a2)] + orders).waiting.isEmpty)
  }

  @Test("an excluded change that is not held blocks nothing")
  func excludedUnheld() {
    var a = Author(1)
    var b = Author(2)
    var scribe = OrderScribe()
    let a1 = a.write(.text("wrong"))
    let b1 = b.write(.text("mine"), sees: [a1])
    let end = inEveryOrder([.order(scribe.exclude(a1)), .change(b1)])
    #expect(end.cells[.plain]?.members.map(\.hash) == [b1.hash])
    #expect(end.waiting.isEmpty)
  }

  @Test("contexts run through an excluded change: what follows it waits for what it had seen")
  func contextThroughExcluded() {
    var a = Author(1)
    var b = Author(2)
    var scribe = OrderScribe()
    let b1 = b.write(.text("theirs"))
    let a1 = a.write(.text("wrong"), sees: [b1])
    let a2 = a.write(.text("mine"))
    let end = inEveryOrder([.order(scribe.exclude(a1)), .change(a1), .change(a2), .change(b1)])
    #expect(end.cells[.plain]?.members.map(\.hash) == [a2.hash], "a2 saw b1 through a1")
  }

  @Test("a revocation that comes before the header it lets stand takes away nothing that stands")
  func revocationBeforeItsHeader() {
    var a = Author(1)
    var scribe = OrderScribe()
    let a1 = a.write(.text("stands"))
    let a2 = a.write(.text("stands too"))
    let a3 = a.write(.text("stolen"))
    let end = inEveryOrder([.order(scribe.revoke(a.device, standing: [a2])), .change(a1), .change(a2), .change(a3)])
    #expect(end.cells[.plain]?.members.map(\.hash) == [a2.hash])
    #expect(end.isExcluded(a3.hash) && !end.isExcluded(a1.hash))
  }

  @Test("a revocation names one line of a forked log; the other is excluded from the fork on")
  func revocationOfAFork() {
    var a = Author(1)
    var scribe = OrderScribe()
    let a1 = a.write(.text("common"))
    var copy = a
    let a2 = a.write(.text("thief"))
    let b2 = copy.write(.text("owner"), twist: 1)
    let orders = [scribe.fork(b2), scribe.revoke(a.device, standing: [b2])]
    let end = inEveryOrder([.change(a1), .change(a2), .change(b2)] + orders.map(Arrival.order))
    #expect(end.isExcluded(a2.hash) && !end.isExcluded(b2.hash) && !end.isExcluded(a1.hash))
    let without = inEveryOrder([.change(a1), .change(a2)] + orders.map(Arrival.order))
    #expect(without.isExcluded(a2.hash) && !without.isExcluded(a1.hash), "a2 is not the header that stands")
  }

  @Test("a range that ends on a branch covers what the branch shares and nothing of the other line")
  func rangeAlongABranch() {
    var a = Author(1)
    var scribe = OrderScribe()
    let a1 = a.write(.text("common"))
    var copy = a
    let a2 = a.write(.text("trunk"))
    let b2 = copy.write(.text("branch"), twist: 1)
    let orders = [scribe.fork(b2), scribe.exclude(a1, to: b2)]
    let end = inEveryOrder([.change(a1), .change(a2), .change(b2)] + orders.map(Arrival.order))
    #expect(end.isExcluded(a1.hash) && end.isExcluded(b2.hash) && !end.isExcluded(a2.hash))
  }

  @Test("an open range runs along the log it names; a later branch is a log of its own")
  func openRangeAndBranch() {
    var a = Author(1)
    var scribe = OrderScribe()
    let a1 = a.write(.text("common"))
    var copy = a
    let a2 = a.write(.text("trunk"))
    let b2 = copy.write(.text("branch"), twist: 1)
    let orders = [scribe.exclude(a1, open: true), scribe.fork(b2)]
    let end = inEveryOrder([.change(a1), .change(a2), .change(b2)] + orders.map(Arrival.order))
    #expect(end.isExcluded(a1.hash) && end.isExcluded(a2.hash) && !end.isExcluded(b2.hash))
  }

  @Test("an exclusion that names a header is never taken for its twin", arguments: [false, true])
  func exclusionOfATwin(isForkFirst: Bool) {
    var a = Author(1)
    var b = Author(2)
    var scribe = OrderScribe()
    var copy = a
    let a1 = a.write(.text("trunk"))
    let twin = copy.write(.text("branch"), twist: 1)
    let b1 = b.write(.text("saw the branch"), sees: [twin])
    let orders = isForkFirst ? [scribe.fork(twin), scribe.exclude(twin)] : [scribe.exclude(twin), scribe.fork(twin)]
    let end = inEveryOrder([.change(a1), .change(twin), .change(b1)] + orders.map(Arrival.order))
    #expect(Set(end.cells[.plain]?.members.map(\.hash) ?? []) == [a1.hash, b1.hash], "b1 did not see the trunk")
    let without = inEveryOrder([.change(b1)] + orders.map(Arrival.order))
    #expect(without.waiting == [b1.hash: .past(twin.dot)], "the fork says that the excluded header is not the trunk's")
  }

  @Test("where a fork must be told apart, an excluded header that is not held is waited for")
  func exclusionBesideAFork() {
    var a = Author(1)
    var b = Author(2)
    var c = Author(3)
    var scribe = OrderScribe()
    let a1 = a.write(.text("wrong"))
    var copy = c
    let c1 = c.write(.text("trunk"))
    let twin = copy.write(.text("branch"), twist: 1)
    let b1 = b.write(.text("saw the branch"), sees: [a1, twin])
    let orders = [scribe.fork(twin), scribe.exclude(a1)].map(Arrival.order)
    let without = inEveryOrder([.change(c1), .change(twin), .change(b1)] + orders)
    #expect(without.waiting == [b1.hash: .past(a1.dot)])
    let end = inEveryOrder([.change(a1), .change(c1), .change(twin), .change(b1)] + orders)
    #expect(Set(end.cells[.plain]?.members.map(\.hash) ?? []) == [b1.hash, c1.hash])
  }

  @Test("a log that forked at its first change: a context finds the branch by its digest")
  func forkAtTheFirstChange() {
    var a = Author(1)
    var b = Author(2)
    var scribe = OrderScribe()
    var copy = a
    let a1 = a.write(.text("trunk"))
    let twin = copy.write(.text("branch"), twist: 1)
    let twin2 = copy.write(.text("branch again"), twist: 1)
    let b1 = b.write(.text("saw the branch"), sees: [twin2])
    let end = inEveryOrder([
      .change(a1), .change(twin), .change(twin2), .change(b1), .order(scribe.fork(twin)),
    ])
    #expect(Set(end.cells[.plain]?.members.map(\.hash) ?? []) == [a1.hash, b1.hash])
    #expect(end.dot(of: twin.hash) == Dot(twin.hash.prefix, 1))
  }

  @Test("the first of two headers stays the log until a fork order, also through a rebuild")
  func firstTwinStays() {
    var a = Author(1)
    let a1 = a.write(.text("common"))
    var copy = a
    let a2 = a.write(.text("first"))
    let twin = copy.write(.text("second"), twist: 1)
    var ledger = Ledger.fresh()
    for change in [a2, a1, twin] { ledger.receive(change) }
    for _ in 0..<2 {
      #expect(ledger.cells[.plain]?.members.map(\.hash) == [a2.hash])
      #expect(ledger.waiting == [twin.hash: .fork])
      ledger.rebuild()
    }
  }

  @Test("a past that nobody holds is taken as written, whatever of it turns up")
  func unheldPast() {
    var a = Author(1)
    var b = Author(2)
    var scribe = OrderScribe()
    let a1 = a.write(.text("kept"))
    let a2 = a.write(.text("burnt"))
    let a3 = a.write(.text("burnt too"))
    let b1 = b.write(.text("saw all"), sees: [a3])
    let order = scribe.excludeUnheld(a.log, from: 2)
    let expected: Set<ContentHash> = [b1.hash]
    for found in [[], [a2], [a3], [a2, a3]] {
      let end = inEveryOrder([.change(a1), .change(b1), .order(order)] + found.map(Arrival.change))
      #expect(Set(end.cells[.plain]?.members.map(\.hash) ?? []) == expected)
      #expect(end.waiting.isEmpty)
    }
  }

  @Test("a log may start from the context of a change whose past nobody holds")
  func baseInAnUnheldPast() {
    var a = Author(1)
    var b = Author(2)
    var c = Author(3)
    var scribe = OrderScribe()
    let c1 = c.write(.text("seen before the loss"))
    let a1 = a.write(.text("kept"), in: .once, sees: [c1])
    _ = a.write(.text("burnt"))
    let a3 = a.write(.text("receipted"))
    let b1 = b.write([.init(cell: .plain, value: .text("b"), decides: false)], base: .change(a3.dot))
    let order = scribe.excludeUnheld(a.log, from: 2)
    for found in [[], [a3]] {
      let end = inEveryOrder([.change(c1), .change(a1), .change(b1), .order(order)] + found.map(Arrival.change))
      #expect(end.cells[.plain]?.members.map(\.hash) == [b1.hash])
    }
  }

  @Test("a branch that leaves a log after a past nobody holds has seen that log")
  func branchAfterALoss() {
    var a = Author(1)
    var scribe = OrderScribe()
    let a1 = a.write(.text("kept"))
    let a2 = a.write(.text("burnt"))
    let a3 = a.write(.text("common"))
    var copy = a
    let a4 = a.write(.text("trunk"))
    let twin = copy.write(.text("branch"), twist: 1)
    let orders = [scribe.excludeUnheld(a.log, from: 2), scribe.fork(twin)].map(Arrival.order)
    for found in [[], [a2]] {
      let end = inEveryOrder([.change(a1), .change(a3), .change(twin)] + orders + found.map(Arrival.change))
      #expect(end.cells[.plain]?.members.map(\.hash) == [twin.hash])
    }
    let end = inEveryOrder([.change(a3), .change(a4), .change(twin)] + orders)
    #expect(end.waiting == [twin.hash: .past(a1.dot)])
  }

  @Test("a branch is told by its whole chain: while nobody holds what it shares, it waits")
  func branchAfterAnUnheldPast() {
    var a = Author(1)
    var scribe = OrderScribe()
    let a1 = a.write(.text("burnt"))
    var copy = a
    let a2 = a.write(.text("trunk"))
    let twin = copy.write(.text("branch"), twist: 1)
    let orders = [scribe.excludeUnheld(a.log, from: 1), scribe.fork(twin)].map(Arrival.order)
    let end = inEveryOrder([.change(a2), .change(twin)] + orders)
    #expect(end.waiting == [twin.hash: .past(a1.dot)] && end.isExcluded(a2.hash))
  }

  @Test("a lost redaction stays done where it was done")
  func redactionIsNeverUndone() {
    var a = Author(1)
    let a1 = a.write(.text("secret"))
    var scribe = OrderScribe()
    var restored = scribe
    let redact = scribe.issue(
      .redact(log: a.log, sequence: 1, hash: a1.hash, positions: [0], payloadHash: .zero))
    let epoch = restored.openEpoch(2)
    let again = restored.issue(
      .redact(log: a.log, sequence: 1, hash: a1.hash, positions: [0], payloadHash: .zero))
    var ledger = Ledger.fresh()
    for arrival in [.change(a1), .order(redact), .order(epoch)] as [Arrival] {
      ledger.receive(arrival)
    }
    #expect(ledger.cells[.plain]?.members.map(\.value) == [.redacted])
    inEveryOrder([.change(a1), .order(redact), .order(epoch), .order(again)])
  }

  @Test("a cell written twice in one change has both writes in S, however it was derived")
  func cellWrittenTwice() {
    var a = Author(1)
    var scribe = OrderScribe()
    let write = LedgerChange.CellKeyedWrite(cell: .plain, value: .integer(1), decides: false)
    let a1 = a.write([write, write])
    let restamp = scribe.issue(
      .restamp(
        HeaderRange(log: a.log, from: 1, fromHash: a1.hash, to: nil, toHash: nil), at: Stamp(milliseconds: 5),
        reason: "clock"))
    let end = inEveryOrder([.change(a1), .order(restamp)])
    #expect(end.cells[.plain]?.members.count == 2)
  }
}
