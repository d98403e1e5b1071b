import Merge
import Testing

/// What design §3 says, worked out by others from the design page alone (`Fixtures/vectors/README.md`).
@Suite("The worked-out cases of the design")
struct MergeVectorsTests {
  @Test("every case ends as written, delivered forwards, backwards and shuffled", arguments: [false, true])
  func cases(redactsFirst: Bool) throws {
    let cases = try MergeCase.all()
    #expect(cases.count >= 317)
    for (index, source) in cases.enumerated() {
      let story = try MergeStory(source, redactsFirst: redactsFirst)
      let forwards = story.changes.map(Arrival.change) + story.orders.map(Arrival.order)
      var random = SplitMix64(seed: UInt64(index))
      var deliveries = [forwards, Array(forwards.reversed())]
      for _ in 0..<8 { deliveries.append(forwards.shuffled(using: &random)) }
      deliveries.append((forwards + forwards).shuffled(using: &random))
      for arrivals in deliveries {
        var ledger = Ledger.fresh()
        for arrival in arrivals { ledger.receive(arrival) }
        #expect(Picture(of: ledger) == story.expected, "\(source.name)")
        #expect(ledger.waiting.isEmpty, "\(source.name)")
        ledger.rebuild()
        #expect(Picture(of: ledger) == story.expected, "\(source.name), rebuilt")
      }
    }
  }
}
