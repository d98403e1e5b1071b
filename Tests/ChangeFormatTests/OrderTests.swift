import Merge
import Testing

@testable import ChangeFormat

@Suite("An order says what its centre meant, once")
struct OrderTests {
  @Test("every kind comes back with its place, hash and signature")
  func roundTrip() throws {
    let samples = try Samples()
    let orders = try samples.orders()
    #expect(Set(orders.map(\.order.order.kind.name)).count == 8)
    for (name, order) in orders {
      let read = try SignedOrder(bytes: order.bytes, signature: order.signature)
      #expect(read == order, "\(name)")
      #expect(read.order.hash == Hashing.hash(order.bytes), "\(name)")
      #expect(read.isAuthentic(court: samples.court, key: samples.centre.publicKey), "\(name)")
      #expect(!read.isAuthentic(court: samples.court, key: samples.deviceA.publicKey), "\(name)")
      #expect(!read.isAuthentic(court: .zero, key: samples.centre.publicKey), "\(name)")
    }
  }

  @Test("scopes and positions named twice, in any order, are written once, in theirs; two spellings stay two")
  func namedTwice() throws {
    let samples = try Samples()
    let scopes = ["court", "e\u{301}", "李集法庭", "\u{E9}", "court", "李集法庭"]
    let grant = try samples.order(
      .grant(
        device: .zero, signingKey: [], agreementKey: [], label: "", scopes: scopes, rights: .all, from: 0, until: nil))
    guard case .grant(_, _, _, _, let read, _, _, _) = grant.order.kind else {
      Issue.record("no grant")
      return
    }
    let expected = ["court", "e\u{301}", "\u{E9}", "李集法庭"]
    #expect(read.map { Array($0.utf8) } == expected.map { Array($0.utf8) })
    let redact = try samples.order(
      .redact(log: .zero, sequence: 1, hash: .zero, positions: [7, 0, 7, .max, 0], payloadHash: .zero))
    guard case .redact(_, _, _, let positions, _) = redact.order.kind else {
      Issue.record("no redaction")
      return
    }
    #expect(positions == [0, 7, .max])
  }
}
