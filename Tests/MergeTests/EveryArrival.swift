import Merge
import Testing

/// What may reach a replica.
enum Arrival: Sendable {
  case change(LedgerChange)
  case order(Order)
  case receipt(ContentHash)
  case time(UInt64)
}

extension Ledger {
  /// A ledger whose clock stands at one second after 1970.
  static func fresh() -> Ledger { Ledger(trustedTime: 1000, digestOf: StandIn.digest) }

  mutating func receive(_ arrival: Arrival) {
    switch arrival {
    case .change(let change): receive(change)
    case .order(let order): receive(order)
    case .receipt(let hash): receiveReceipt(of: hash)
    case .time(let milliseconds): trustedTime = milliseconds
    }
  }

  /// The hashes of what waits.
  var waits: Set<ContentHash> { Set(waiting.keys) }
}

/// Delivers in every order, with a rebuild after each arrival, and checks that all of them end alike.
///
/// - Returns: the end of the order given.
@discardableResult
func inEveryOrder(
  _ arrivals: [Arrival], sourceLocation: SourceLocation = #_sourceLocation
) -> Ledger {
  var expected = Ledger.fresh()
  for arrival in arrivals { expected.receive(arrival) }
  let picture = Picture(of: expected)
  func deliver(_ ledger: Ledger, _ left: [Int], _ path: [Int]) -> Bool {
    if left.isEmpty {
      #expect(
        Picture(of: ledger) == picture && ledger.waits == expected.waits && ledger.heads == expected.heads,
        "delivered as \(path)", sourceLocation: sourceLocation)
      return Picture(of: ledger) == picture
    }
    for next in left {
      var ledger = ledger
      ledger.receive(arrivals[next])
      let live = Picture(of: ledger)
      var rebuilt = ledger
      rebuilt.rebuild()
      #expect(
        Picture(of: rebuilt) == live && rebuilt.waiting == ledger.waiting && rebuilt.heads == ledger.heads,
        "rebuilt after \(path + [next])", sourceLocation: sourceLocation)
      guard Picture(of: rebuilt) == live, rebuilt.waiting == ledger.waiting,
        deliver(ledger, left.filter { $0 != next }, path + [next])
      else { return false }
    }
    return true
  }
  _ = deliver(.fresh(), Array(arrivals.indices), [])
  return expected
}
