import ChangeFormat
import Merge
import ReplicaStore
import Testing

@testable import CentralNode

@Suite("What a stick brought without what comes before it is kept for later, and is nobody's error")
struct CutOffTests {
  @Test("its carrier goes on exchanging, and sends it once the centre has what comes before")
  func carried() throws {
    let court = try SmallCourt()
    let (author, carrier) = (try court.device("author"), try court.device("carrier"))
    try author.put("left behind")
    let rest = try author.replica.offer(lackingFrom: [:]).batch
    try author.put("on the stick")
    var stick = try author.replica.offer(lackingFrom: [:]).batch
    var first: ContentHash?
    try author.replica.log { if $0.dot.sequence == 1 { first = $0.hash } }
    stick.runs[0].changes.removeFirst()
    stick.runs[0].first = 2
    stick.runs[0].previous = try #require(first)
    stick.runs[0].heads.removeAll { $0.sequence < 2 }
    _ = try carrier.replica.receive(stick, route: .relayed)
    #expect(try carrier.replica.status().waiting.count == 1)
    try carrier.put("its own")
    #expect(try carrier.sync().sent == 1)
    #expect(try carrier.replica.status().unsent == 1, "nobody has said that it holds it")

    // What was left behind turns up on another stick.
    #expect(try court.centre.receive(rest).accepted == 1)
    try carrier.sync()
    #expect(try carrier.replica.status().unsent == 0)
    #expect(try carrier.replica.status().waiting.isEmpty)
    #expect(try court.centre.replica.verify().changes == 3)
  }
}
