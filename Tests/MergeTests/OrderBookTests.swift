import Merge
import Testing

@Suite("The order book")
struct OrderBookTests {
  private static let time = OrderKind.time(treeSize: 0, treeHead: .zero, lowers: false)

  /// The numbers of what stands after these orders.
  private func book(_ orders: [Order]) -> OrderBook {
    var book = OrderBook()
    for order in orders { _ = book.add(order) }
    return book
  }

  @Test("orders take effect in number order without gaps, whatever comes first")
  func gaps() {
    var scribe = OrderScribe()
    let orders = (0..<4).map { _ in scribe.issue(Self.time) }
    var book = OrderBook()
    #expect(book.add(orders[2]).effective.isEmpty && book.add(orders[1]).effective.isEmpty)
    #expect(book.early.map(\.mark.number) == [3, 2] && book.standing.isEmpty)
    #expect(book.add(orders[0]).effective == Array(orders[0...2]))
    #expect(book.add(orders[3]).effective == [orders[3]])
    #expect(book.standing == orders && book.early.isEmpty && book.lost.isEmpty)
    #expect(book.newest == OrderMark(epoch: 1, number: 4))
  }

  @Test("an order that comes again changes nothing, standing, early or lost")
  func duplicates() {
    var scribe = OrderScribe()
    let first = scribe.issue(Self.time)
    var restored = scribe
    let second = scribe.issue(Self.time)
    let epoch = restored.openEpoch(2)
    var book = book([first, second, epoch])
    for order in [first, second, epoch] {
      let effect = book.add(order)
      #expect(effect.effective.isEmpty && !effect.dropped)
    }
    #expect(book.standing == [first, epoch] && book.lost == [second])
  }

  @Test("an order that does not follow on what stands has no effect")
  func otherChain() {
    var scribe = OrderScribe()
    let first = scribe.issue(Self.time)
    var stranger = scribe.issue(Self.time)
    stranger.previous = StandIn.hash(1, 2, 3, 4)
    #expect(book([first, stranger]).standing == [first])
    var second = stranger
    second.previous = first.hash
    second.mark.epoch = 9
    #expect(book([first, second]).standing == [first], "a new epoch begins with an epoch order")
    second.kind = .epoch(stands: 0)
    #expect(book([first, second]).standing == [first], "and that one follows on the order it stands on")
    second.kind = .epoch(stands: 1)
    #expect(book([first, second]).standing == [first, second])
  }

  @Test("a new epoch drops what it does not stand on, in whatever order they come")
  func epoch() {
    var scribe = OrderScribe()
    let kept = [scribe.issue(Self.time), scribe.issue(Self.time)]
    var restored = scribe
    let lost = [scribe.issue(Self.time), scribe.issue(Self.time)]
    let new = [restored.openEpoch(2), restored.issue(Self.time)]
    var random = SplitMix64(seed: 7)
    for _ in 0..<100 {
      let book = book((kept + lost + new).shuffled(using: &random))
      #expect(book.standing == kept + new)
      #expect(Set(book.lost) == Set(lost) && book.early.isEmpty)
    }
    var book = book(kept + lost)
    let effect = book.add(new[0])
    #expect(effect.dropped && effect.effective == [new[0]])
  }

  @Test("a centre restored twice, the second time to before the first: the newest epoch counts everywhere")
  func twoEpochs() {
    var scribe = OrderScribe()
    let kept = [scribe.issue(Self.time)]
    var first = scribe
    let old = [scribe.issue(Self.time), scribe.issue(Self.time)]
    var second = scribe
    let middle = [first.openEpoch(2), first.issue(Self.time), first.issue(Self.time), first.issue(Self.time)]
    let newest = [second.openEpoch(3)]
    var random = SplitMix64(seed: 8)
    for _ in 0..<200 {
      let book = book((kept + old + middle + newest).shuffled(using: &random))
      #expect(book.standing == kept + old + newest)
      #expect(Set(book.lost) == Set(middle) && book.early.isEmpty)
    }
  }

  @Test("of two orders with one mark all replicas take the same, until a new epoch tells")
  func twoOrdersWithOneMark() {
    var scribe = OrderScribe()
    let first = scribe.issue(Self.time)
    var other = scribe
    other.time = 1
    let a = scribe.issue(Self.time)
    let b = other.issue(Self.time)
    #expect(book([first, a, b]).standing == book([b, a, first]).standing)
    let lesser = a.hash < b.hash ? b : a
    var restored = a.hash < b.hash ? other : scribe
    let epoch = restored.openEpoch(2)
    #expect(book([first, a, b, epoch]).standing == [first, lesser, epoch])
    #expect(book([epoch, b, a, first]).standing == [first, lesser, epoch])
  }

  @Test("a header that names a lost order counts, for waiting, as naming the epoch order")
  func knows() {
    var scribe = OrderScribe()
    let kept = scribe.issue(Self.time)
    var restored = scribe
    let lost = scribe.issue(Self.time)
    let epoch = restored.openEpoch(2)
    var book = book([kept])
    #expect(book.knows(.none) && book.knows(kept.mark))
    #expect(!book.knows(lost.mark) && !book.knows(epoch.mark))
    _ = book.add(epoch)
    #expect(book.knows(lost.mark) && book.knows(epoch.mark))
    #expect(!book.knows(OrderMark(epoch: 2, number: 3)) && !book.knows(OrderMark(epoch: 3, number: 1)))
  }

  @Test("and for clocks and periods as naming the last one that stands")
  func named() {
    var scribe = OrderScribe()
    let kept = [scribe.issue(Self.time), scribe.issue(Self.time)]
    var restored = scribe
    let lost = scribe.issue(Self.time)
    let epoch = restored.openEpoch(2)
    let book = book(kept + [lost, epoch])
    #expect(book.order(named: kept[0].mark) == kept[0])
    #expect(book.order(named: lost.mark) == kept[1])
    #expect(book.order(named: epoch.mark) == epoch)
    #expect(book.order(named: .none) == nil && OrderBook().order(named: lost.mark) == nil)
  }

  @Test("hashes are known by number where the order stands")
  func hashes() {
    var scribe = OrderScribe()
    let orders = [scribe.issue(Self.time), scribe.issue(Self.time)]
    let book = book(orders)
    #expect(book.hash(ofNumber: 0) == .zero && book.hash(ofNumber: 2) == orders[1].hash)
    #expect(book.hash(ofNumber: 3) == nil && book.hash(ofNumber: .max) == nil)
  }

  @Test("what a lost order said of headers is unsaid")
  func lostMeaning() {
    var a = Author(1)
    let a1 = a.write(.null)
    var scribe = OrderScribe()
    let kept = scribe.issue(Self.time)
    var restored = scribe
    let lost = [
      scribe.fork(a1), scribe.exclude(a1), scribe.excludeUnheld(a.log, from: 1),
      scribe.issue(.redact(log: a.log, sequence: 1, hash: a1.hash, positions: [0], payloadHash: .zero)),
    ]
    var book = book([kept] + lost)
    #expect(!book.touchesNoHeader && book.isBranchStart(a1.hash) && book.redactions(of: a1.hash).count == 1)
    #expect(book.excludesUnheldPast(a1.dot) && book.unheldPastStart(of: a.log) == 1)
    _ = book.add(restored.openEpoch(2))
    #expect(book.touchesNoHeader && !book.isBranchStart(a1.hash) && book.redactions(of: a1.hash).isEmpty)
    #expect(!book.excludesUnheldPast(a1.dot) && book.branchStarts.isEmpty)
  }

  @Test("of several orders that exclude a header the lowest number is told; of several restamps the last counts")
  func severalOrders() {
    var a = Author(1)
    let a1 = a.write(.null)
    let a2 = a.write(.null)
    var scribe = OrderScribe()
    func restamp(_ milliseconds: UInt64) -> OrderKind {
      .restamp(
        HeaderRange(log: a.log, from: 1, fromHash: a1.hash, to: nil, toHash: nil),
        at: Stamp(milliseconds: milliseconds),
        reason: "clock")
    }
    var ledger = Ledger.fresh()
    for change in [a1, a2] { ledger.receive(change) }
    for order in [
      scribe.issue(restamp(9)), scribe.exclude(a2), scribe.exclude(a1, open: true), scribe.issue(restamp(4)),
    ] { ledger.receive(order) }
    #expect(ledger.book.exclusion(of: a2.dot, device: nil, in: ledger) == 2)
    #expect(ledger.book.exclusion(of: a1.dot, device: nil, in: ledger) == 3)
    #expect(ledger.book.restamp(of: a2.dot, in: ledger) == Stamp(milliseconds: 4))
  }
}
