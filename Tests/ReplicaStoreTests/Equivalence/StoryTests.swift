import ChangeFormat
import Merge
import Testing

@testable import ReplicaStore

/// Small stories of what is rare, each delivered in every order to a replica beside the pure merge.
@Suite("Whatever comes first, a replica ends where the pure merge ends")
struct StoryTests {
  private let id = Sample.id(1)

  private func write(_ text: String) -> [HandWriter.Write] {
    [HandWriter.Write(record: id, column: 6, value: .text(text))]
  }

  private func seen(_ change: WireChange) -> [(dot: Dot, hash: ContentHash)] { [(change.header.dot, change.hash)] }

  private func range(_ first: WireChange, to last: WireChange? = nil, open: Bool = false, log: LogID? = nil)
    -> HeaderRange
  {
    let last = last ?? first
    return HeaderRange(
      log: log ?? first.header.dot.log, from: first.header.dot.sequence, fromHash: first.hash,
      to: open ? nil : last.header.dot.sequence, toHash: open ? nil : last.hash)
  }

  private func fork(_ change: WireChange) -> OrderKind {
    .fork(log: change.header.dot.log, sequence: change.header.dot.sequence, hash: change.hash)
  }

  /// Delivers in every order, comparing after each arrival. Returns the text shown at the end.
  @discardableResult
  private func inEveryOrder(
    _ changes: [WireChange], _ kinds: [OrderKind], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Value? {
    var court = try SmallCourt()
    for kind in kinds { try court.issue(kind) }
    var ends: [ContentHash: Value?] = [:]
    func deliver(_ path: [Int]) throws {
      if path.count == changes.count + kinds.count {
        let machine = try Machine(1, in: court)
        var beside = Mirror(trustedTime: FakeClock.start)
        for step in path {
          if step < changes.count {
            _ = try machine.replica.receive(Batch([changes[step]]), route: .relayed)
            beside.receive(changes[step])
          } else {
            let order = court.orders[step - changes.count]
            _ = try machine.replica.receive(Batch(orders: [order]), route: .relayed)
            beside.receive(order.order)
          }
          let difference = try Comparison.difference(machine, beside)
          #expect(difference == nil, "after \(path), at \(step)", sourceLocation: sourceLocation)
        }
        #expect(try Comparison.wholeDifference(machine, beside) == nil, "\(path)", sourceLocation: sourceLocation)
        let shown = try machine.replica.record(table: "item", id: id, scope: nil)?["text"]?.value
        ends.updateValue(shown, forKey: try machine.replica.digests()[0].digest)
        return
      }
      for next in 0..<(changes.count + kinds.count) where !path.contains(next) { try deliver(path + [next]) }
    }
    try deliver([])
    #expect(ends.count == 1, "every order ends alike", sourceLocation: sourceLocation)
    return ends.first?.value ?? nil
  }

  @Test("contexts run through an excluded change: what follows it waits for what it had seen")
  func contextThroughExcluded() throws {
    var (a, b) = (try HandWriter(5), try HandWriter(6))
    let b1 = try b.write(write("theirs"))
    let a1 = try a.write(write("wrong"), sees: seen(b1))
    let a2 = try a.write(write("mine"))
    #expect(try inEveryOrder([a1, a2, b1], [.exclude(range(a1), reason: "x")]) == .text("mine"))
  }

  @Test("an excluded change that is not held blocks nothing, and nothing changes when it turns up")
  func excludedUnheld() throws {
    var (a, b) = (try HandWriter(5), try HandWriter(6))
    let a1 = try a.write(write("wrong"))
    let b1 = try b.write(write("mine"), sees: seen(a1))
    #expect(try inEveryOrder([b1], [.exclude(range(a1), reason: "x")]) == .text("mine"))
    #expect(try inEveryOrder([a1, b1], [.exclude(range(a1), reason: "x")]) == .text("mine"))
  }

  @Test("an exclusion reaches no further back than it says")
  func noPast() throws {
    var (a, b) = (try HandWriter(5), try HandWriter(6))
    let a1 = try a.write(write("first"))
    let a2 = try a.write(write("wrong"))
    let b1 = try b.write(write("mine"), sees: seen(a2))
    #expect(try inEveryOrder([a1, a2, b1], [.exclude(range(a2), reason: "x")]) == .text("mine"))
    #expect(try inEveryOrder([a2, b1], [.exclude(range(a2), reason: "x")]) == nil)
  }

  @Test("a range may be named by a branch that is not known here: it reaches the trunk it runs along")
  func namedByUnknownBranch() throws {
    var a = try HandWriter(5)
    let a1 = try a.write(write("common"))
    var copy = a
    let a2 = try a.write(write("trunk"))
    let twin = try copy.write(write("branch"), stamp: Stamp(milliseconds: FakeClock.start + 9))
    let kinds = [fork(twin), .exclude(range(a1, log: twin.hash.prefix), reason: "x")]
    #expect(try inEveryOrder([a1], kinds) == nil)
    #expect(try inEveryOrder([a1, a2, twin], kinds) == .text("branch"))
  }

  @Test("a range that ends on a branch covers what the branch shares and nothing of the other line")
  func rangeAlongABranch() throws {
    var a = try HandWriter(5)
    let a1 = try a.write(write("common"))
    var copy = a
    let a2 = try a.write(write("trunk"))
    let twin = try copy.write(write("branch"), stamp: Stamp(milliseconds: FakeClock.start + 9))
    #expect(
      try inEveryOrder([a1, a2, twin], [fork(twin), .exclude(range(a1, to: twin), reason: "x")]) == .text("trunk"))
  }

  @Test("a revocation that comes before the header it lets stand takes away nothing that stands, of either line")
  func revocation() throws {
    var a = try HandWriter(5)
    let a1 = try a.write(write("stands"))
    var copy = a
    let a2 = try a.write(write("thief"))
    let twin = try copy.write(write("owner"), stamp: Stamp(milliseconds: FakeClock.start + 9))
    let stands = [a1.header.dot.log: OrderKind.Standing(sequence: 2, hash: twin.hash)]
    let kinds = [fork(twin), OrderKind.revoke(device: a.keys.device, stands: stands)]
    #expect(try inEveryOrder([a1, a2, twin], kinds) == .text("owner"))
  }

  @Test("a past that nobody holds is taken as written, whatever of it turns up")
  func unheldPast() throws {
    var (a, b) = (try HandWriter(5), try HandWriter(6))
    let a1 = try a.write(write("kept"))
    let a2 = try a.write(write("burnt"))
    let a3 = try a.write(write("burnt too"))
    let b1 = try b.write(write("saw all"), sees: seen(a3))
    let order = OrderKind.exclude(
      HeaderRange(log: a.log, from: 2, fromHash: nil, to: nil, toHash: nil), reason: "lost")
    for found in [[], [a2], [a3], [a2, a3]] {
      #expect(try inEveryOrder([a1, b1] + found, [order]) == .text("saw all"))
    }
  }

  @Test("a log that forked at its first change: a context finds the branch by its digest")
  func forkAtTheFirstChange() throws {
    var (a, b) = (try HandWriter(5), try HandWriter(6))
    var copy = a
    let a1 = try a.write(write("trunk"))
    let twin = try copy.write(write("branch"), stamp: Stamp(milliseconds: FakeClock.start + 9))
    let b1 = try b.write(write("saw the branch"), sees: seen(twin), stamp: Stamp(milliseconds: FakeClock.start + 99))
    #expect(try inEveryOrder([a1, twin, b1], [fork(twin)]) == .text("saw the branch"))
  }

  @Test("a restamp changes the order of writes and nothing else")
  func restamp() throws {
    var (a, b) = (try HandWriter(5), try HandWriter(6))
    let a1 = try a.write(write("late clock"), stamp: Stamp(milliseconds: FakeClock.start + 9_000))
    let b1 = try b.write(write("right"), stamp: Stamp(milliseconds: FakeClock.start + 5_000))
    let at = Stamp(milliseconds: FakeClock.start + 1_000)
    #expect(try inEveryOrder([a1, b1], [.restamp(range(a1, open: true), at: at, reason: "clock")]) == .text("right"))
  }
}
