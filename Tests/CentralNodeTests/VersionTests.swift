import ChangeFormat
import Foundation
import Merge
import Testing

@testable import CentralNode
@testable import ReplicaStore
@testable import Transport

@Suite("Software of different age exchanges, or says plainly that it cannot")
struct VersionTests {
  let court: SmallCourt
  let one: Station
  let two: Station

  init() throws {
    court = try SmallCourt()
    (one, two) = (try court.device("one"), try court.device("two"))
  }

  /// A signed request with any body, as the device's own software would send it.
  private func ask(_ body: [UInt8], path: String = ExchangeRequest.path, size: Int? = nil) throws -> (Int, [UInt8]) {
    let keys = try #require(try one.replica.surroundings.keys.keys(of: one.device))
    var fields = try RequestSignature.fields(
      court: one.replica.court, asked: court.centre.replica.device, key: keys.signing, time: 0, method: "POST",
      path: path, body: body)
    if let size { fields.append((ExchangeRequest.sizeField, String(size))) }
    let answer = one.handler.answer(
      method: "POST", path: path, fields: Dictionary(uniqueKeysWithValues: fields), body: body)
    return (answer.status, answer.body)
  }

  private var empty: ExchangeRequest {
    ExchangeRequest(
      order: .none, orderHash: .zero, newestReceipt: 0, wantsAllReceipts: false,
      scopes: [
        ExchangeRequest.Scope(name: SmallCourt.scope, cursor: .start, heads: HeadsSummary(count: 0, hash: .zero))
      ],
      shown: [], batch: [])
  }

  @Test("a request or part of a newer version is answered CIR-4004")
  func newerRequest() throws {
    #expect(try ask(empty.bytes).0 == 200)
    for version in [2, 255] as [UInt8] {
      #expect(try ask([version] + empty.bytes.dropFirst()) == (400, Array("CIR-4004".utf8)))
      let part = PartRequest(request: .zero, length: 1, offset: 0, bytes: [1]).encoded
      #expect(try ask([version] + part.dropFirst(), path: PartRequest.path) == (400, Array("CIR-4004".utf8)))
    }
    #expect(try ask([0] + empty.bytes.dropFirst()).0 == 400)
    for tongue in [Tongue.zh, .en] {
      #expect(CentreRefusal.malformed.message(tongue).contains(tongue == .zh ? "升级" : "upgrade"))
    }
  }

  @Test("a device whose software knows no parts gets its answer whole, however long it is")
  func olderDevice() throws {
    try two.putNoise(100_000)
    try two.sync()
    let (status, body) = try ask(empty.bytes)
    let reply = try ExchangeReply(bytes: body)
    #expect(status == 200 && body.count > 70_000 && reply.scopes.count == 1)
    let (_, packed) = try ask(empty.bytes, size: 4096)
    guard case .part(let answer, let length, 0, let bytes) = try PartAnswer(encoded: packed) else {
      Issue.record("no part")
      return
    }
    #expect(answer != .zero && length > 70_000 && bytes.count == 4096)
  }

  @Test("a centre whose software knows no parts takes and gives everything whole")
  func olderCentre() throws {
    for station in [one, two] { try station.putNoise(60_000) }
    for station in [one, two, one] {
      let channel = WatchedChannel(station)
      channel.isOld = true
      _ = try station.exchange(channel)
    }
    let heads = try court.centre.replica.heads(scope: SmallCourt.scope)
    #expect(try heads.count == 2 && one.replica.heads(scope: SmallCourt.scope) == heads)
    #expect(try two.replica.heads(scope: SmallCourt.scope) == heads)
  }

  @Test("a size past what is possible counts as the nearest that is")
  func sizes() throws {
    try two.putNoise(100_000)
    try two.sync()
    for (size, expected) in [(-5, 1024), (0, 1024), (1, 1024), (2000, 2000)] {
      guard case .part(_, _, _, let bytes) = try PartAnswer(encoded: try ask(empty.bytes, size: size).1) else {
        Issue.record("no part at \(size)")
        return
      }
      #expect(bytes.count == expected)
    }
    #expect(try PartAnswer(encoded: try ask(empty.bytes, size: .max).1) == nil)
  }
}

@Suite("Receiving never stops for a refused sending")
struct RefusedSendingTests {
  let court: SmallCourt
  let one: Station
  let two: Station

  init() throws {
    court = try SmallCourt()
    (one, two) = (try court.device("one"), try court.device("two"))
    try one.sync()
    try two.sync()
  }

  @Test("a centre that takes no sending at all still gives", arguments: [CentreRefusal.malformed, .trouble])
  func whole(refusal: CentreRefusal) throws {
    try one.put("kept here")
    try two.put("for all")
    try two.sync()
    let channel = WatchedChannel(one)
    channel.before = { _, body throws(TransportError) in
      if let request = try? ExchangeRequest(bytes: body), !request.batch.isEmpty {
        throw .refused(status: refusal.status, text: "CIR-\(refusal.rawValue)")
      }
    }
    let error = #expect(throws: TransportError.self) { try one.exchange(channel) }
    #expect(error?.number == refusal.rawValue)
    #expect(try one.replica.heads(scope: SmallCourt.scope).count == 2)
    #expect(try one.replica.status().unsent == 1)
    #expect(try one.sync().sent == 1)
  }

  @Test("a run that is refused holds up neither what comes nor the other logs")
  func run() throws {
    // More than one message of it, so that it would stand before everything else.
    for _ in 0..<20 { try one.putNoise(2000) }
    try one.put("in another log", scope: "court")
    try one.put("tampered with")
    try two.put("for all")
    try two.sync()
    try one.replica.signHeads()
    try one.replica.transaction { bench in
      try bench.sql.execute(
        """
        UPDATE _head SET signature = zeroblob(64) WHERE id >> 40 = (SELECT number FROM _log WHERE scope =
          (SELECT number FROM _scope WHERE name = '\(SmallCourt.scope)') AND device = x'\(one.device.hex)')
        """)
    }
    let error = #expect(throws: TransportError.self) { try one.exchange(WatchedChannel(one)) }
    guard case .refusedRun(_, 1, 2304) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try one.replica.heads(scope: SmallCourt.scope).count == 2)
    #expect(try court.centre.replica.heads(scope: "court").count == 1)
    #expect(try one.replica.status().unsent == 21)
  }
}

@Suite("Small scopes are whole first")
struct SmallScopesTests {
  @Test("in what is offered and in what is served")
  func order() throws {
    let court = try SmallCourt()
    let (one, two) = (try court.device("one"), try court.device("two"))
    try one.sync()
    try two.sync()
    for _ in 0..<60 { try one.putNoise(1000) }
    try one.put("for all", scope: "court")
    /// Lets so many requests over and no more.
    func exchange(_ station: Station, requests: Int) {
      let channel = WatchedChannel(station)
      channel.before = { _, _ throws(TransportError) in
        if channel.paths.count > requests { throw .interrupted(host: "centre", detail: "cut") }
      }
      #expect(throws: TransportError.self) { try station.exchange(channel, isPatient: false) }
    }
    // The first request asks what the centre has signed for.
    exchange(one, requests: 2)
    #expect(try court.centre.replica.heads(scope: "court").count == 1)
    let held = try court.centre.replica.heads(scope: SmallCourt.scope).values.map(\.sequence).max() ?? 0
    #expect(held < 30)
    try one.sync()
    exchange(two, requests: 1)
    #expect(try two.replica.heads(scope: "court").count == 1)
    let read = try two.replica.heads(scope: SmallCourt.scope).values.map(\.sequence).max() ?? 0
    #expect(read < 30)
    try two.sync()
    #expect(try two.replica.heads(scope: SmallCourt.scope) == one.replica.heads(scope: SmallCourt.scope))
  }
}
