import ChangeFormat
import Foundation
import Merge
import Testing

@testable import CentralNode
@testable import ReplicaStore
@testable import Transport

/// Carries requests to the handler as a test wants it.
final class WatchedChannel: ExchangeChannel {
  private let handler: CentreHandler
  private(set) var bytesUp = 0
  private(set) var bytesDown = 0
  private(set) var paths: [String] = []
  /// Called before a request goes over; what it throws is what comes of the request.
  var before: (_ path: String, _ body: [UInt8]) throws(TransportError) -> Void = { _, _ throws(TransportError) in }
  /// What comes of an answer before it breaks off; nil: all of it.
  var cut: ([UInt8]) -> [UInt8]? = { _ in nil }
  private(set) var leftover: [UInt8] = []
  /// How many bytes of a body come over before it breaks off; nil: all of them.
  var cutUp: (_ path: String, _ body: [UInt8]) -> Int? = { _, _ in nil }
  /// A centre of older software: it knows no parts and no `circuit-size`.
  var isOld = false

  init(_ station: Station) { handler = station.handler }

  func post(_ path: String, fields: [(String, String)], body: [UInt8], limit: Int) throws(TransportError) -> [UInt8] {
    let come = cutUp(path, body)
    bytesUp += come ?? body.count
    paths.append(path)
    leftover = []
    try before(path, body)
    var named = Dictionary(fields.map { ($0.0.lowercased(), $0.1) }) { a, _ in a }
    if let come {
      handler.keep(method: "POST", path: path, fields: named, body: Array(body.prefix(come)))
      throw .interrupted(host: "centre", detail: "cut")
    }
    if isOld { named[ExchangeRequest.sizeField] = nil }
    let answer =
      isOld && path == PartRequest.path
      ? (400, CentreRefusal.malformed.body) : handler.answer(method: "POST", path: path, fields: named, body: body)
    if let rest = cut(answer.1) {
      leftover = rest
      bytesDown += rest.count
      throw .interrupted(host: "centre", detail: "cut")
    }
    bytesDown += answer.1.count
    guard answer.0 == 200 else {
      throw .refused(status: answer.0, text: String(decoding: answer.1, as: UTF8.self))
    }
    return answer.1
  }
}

extension Station {
  func exchange(_ channel: WatchedChannel, sizes: ClosedRange<Int> = 4096...4096, isPatient: Bool = true) throws
    -> SyncReport
  {
    try Exchange(replica: replica, channel: channel, sizes: sizes, isPatient: isPatient).run()
  }

  /// Text that cannot be packed much.
  func putNoise(_ count: Int, scope: String = SmallCourt.scope) throws {
    let bytes = replica.surroundings.randomness.bytes(count * 3 / 4)
    try put(String(Data(bytes).base64EncodedString().prefix(count)), scope: scope)
  }
}

@Suite("What is too long for the line travels in parts, and nothing unverified leaves staging")
struct PartTests {
  let court: SmallCourt
  let one: Station
  let two: Station

  init() throws {
    court = try SmallCourt()
    (one, two) = (try court.device("one"), try court.device("two"))
    try one.sync()
    try two.sync()
  }

  private func stagedRows(_ replica: Replica) throws -> Int {
    try replica.transaction { bench in
      let select = try bench.sql("SELECT count(*) FROM _staged")
      defer { select.reset() }
      return try select.step() ? Int(select.int(0)) : 0
    }
  }

  private func isLevel(_ station: Station) throws -> Bool {
    try court.centre.replica.heads(scope: SmallCourt.scope) == station.replica.heads(scope: SmallCourt.scope)
  }

  @Test("a change of many parts goes up and comes down, part by part")
  func bothWays() throws {
    try one.putNoise(100_000)
    let up = WatchedChannel(one)
    #expect(try one.exchange(up).sent == 1)
    #expect(up.paths.count { $0 == PartRequest.path } >= 75_000 / 4096)
    #expect(up.bytesUp < 90_000)
    let down = WatchedChannel(two)
    #expect(try two.exchange(down).received == 1)
    #expect(down.paths.count { $0 == PartRequest.path } >= 75_000 / 8192 - 1)
    #expect(down.bytesDown < 90_000)
    #expect(try isLevel(one) && isLevel(two))
    #expect(try stagedRows(one.replica) == 0 && stagedRows(two.replica) == 0)
    // The centre lets go of the answer when the device asks for something else.
    try one.sync()
    #expect(try stagedRows(court.centre.replica) <= 1)
  }

  @Test("every request and every answer lost once costs that part and nothing more")
  func losses() throws {
    try one.putNoise(100_000)
    var count = 0
    let channel = WatchedChannel(one)
    channel.before = { _, _ throws(TransportError) in
      count += 1
      if count % 2 == 1 { throw .interrupted(host: "centre", detail: "lost") }
    }
    #expect(try one.exchange(channel).sent == 1)
    // Every part was sent twice, since every first sending was lost: no part three times.
    #expect(channel.bytesUp < 2 * 90_000)
    #expect(try isLevel(one))
  }

  @Test("another process goes on where the first one ended, in both directions")
  func otherProcess() throws {
    try one.putNoise(100_000)
    for (station, isWhole) in [(one, { (report: SyncReport) in report.sent == 1 }), (two, { $0.received == 1 })] {
      var bytes = 0
      for end in [3, 4] {
        let channel = WatchedChannel(station)
        channel.before = { _, _ throws(TransportError) in
          if channel.paths.count > end { throw .interrupted(host: "centre", detail: "killed") }
        }
        #expect(throws: TransportError.self) { try station.exchange(channel, isPatient: false) }
        bytes += channel.bytesUp + channel.bytesDown
        #expect(try stagedRows(station.replica) > 0)
      }
      let last = WatchedChannel(station)
      let report = try station.exchange(last)
      #expect(isWhole(report))
      #expect(bytes + last.bytesUp + last.bytesDown < 80_000 + 2 * 4096 + 12_000)
      #expect(try isLevel(station))
      #expect(try stagedRows(station.replica) == 0)
    }
  }

  @Test("of an answer that is cut at any byte what has come is kept, and only the rest is asked for")
  func cutAnswers() throws {
    try one.putNoise(100_000)
    try one.sync()
    let channel = WatchedChannel(two)
    var count = 0
    channel.cut = { answer in
      count += 1
      return count % 2 == 1 && answer.count > 4096 ? Array(answer.prefix(answer.count * (count % 7) / 7)) : nil
    }
    #expect(try two.exchange(channel).received == 1)
    #expect(count > 10)
    // The answer, what stands around its parts, and the rounds before and after.
    #expect(channel.bytesDown < 80_000)
    #expect(try isLevel(two))
  }

  @Test("of a request that is cut at any byte what has come is kept, and only the rest is sent")
  func cutRequests() throws {
    try one.putNoise(100_000)
    let channel = WatchedChannel(one)
    var count = 0
    channel.cutUp = { [one] path, body in
      count += 1
      one.clock.advance(milliseconds: 1_100)
      return count % 2 == 1 && body.count > 1000 ? body.count * (count % 7) / 7 : nil
    }
    #expect(try one.exchange(channel, sizes: 12_288...12_288).sent == 1)
    #expect(count > 10)
    // The request, what stands around its parts, and the rounds before and after.
    #expect(channel.bytesUp < 80_000)
    #expect(try isLevel(one))
  }

  @Test("where nothing is kept of what was cut, parts become as small as the line wants them")
  func nothingKept() throws {
    try one.putNoise(100_000)
    let channel = WatchedChannel(one)
    // A line that carries 10,000 bytes at a time, and lets what is longer vanish after a second.
    channel.before = { [one] _, body throws(TransportError) in
      one.clock.advance(milliseconds: 1_100)
      if body.count > 10_000 { throw .interrupted(host: "centre", detail: "cut") }
    }
    #expect(try one.exchange(channel, sizes: 4096...65_536).sent == 1)
    #expect(try isLevel(one))
  }

  @Test("nothing is kept of what is no part, or that no device of the court has signed")
  func strangersParts() throws {
    let body = [UInt8](repeating: 1, count: 9000)
    let part = PartRequest(request: Hashing.hash(body), length: 9000, offset: 0, bytes: body)
    let keys = try #require(try one.replica.surroundings.keys.keys(of: one.device))
    func fields(_ path: String, _ signed: [UInt8]) throws -> [String: String] {
      Dictionary(
        uniqueKeysWithValues: try RequestSignature.fields(
          court: one.replica.court, asked: court.centre.replica.device, key: keys.signing, time: 0, method: "POST",
          path: path, body: signed))
    }
    func held() throws -> Int? { try court.centre.replica.transaction { try $0.staged(one.device.hex)?.held } }
    let before = try held()
    let cut = Array(part.encoded.dropLast(5000))
    let handler = one.handler
    handler.keep(method: "POST", path: PartRequest.path, fields: try fields(PartRequest.path, part.encoded), body: cut)
    handler.keep(
      method: "POST", path: ExchangeRequest.path, fields: try fields(ExchangeRequest.path, part.head), body: cut)
    handler.keep(method: "POST", path: PartRequest.path, fields: [:], body: cut)
    handler.keep(
      method: "POST", path: PartRequest.path, fields: try fields(PartRequest.path, part.head),
      body: Array(cut.prefix(60)))
    #expect(try held() == before)
    handler.keep(method: "POST", path: PartRequest.path, fields: try fields(PartRequest.path, part.head), body: cut)
    #expect(try held() == 4000)
    // The whole one comes after all; it is no request.
    let answer = handler.answer(
      method: "POST", path: PartRequest.path, fields: try fields(PartRequest.path, part.head), body: part.encoded)
    #expect(answer.status == 400)
  }

  @Test("bits that flip in staging are seen by the hash of the whole, and it is sent again")
  func bitFlips() throws {
    try one.putNoise(40_000)
    var isFlipped = false
    let channel = WatchedChannel(one)
    channel.before = { [court] _, _ throws(TransportError) in
      guard channel.paths.count == 5, !isFlipped else { return }
      isFlipped = true
      do {
        try court.centre.replica.transaction { bench in
          try bench.sql.execute("UPDATE _staged SET bytes = zeroblob(length(bytes)) WHERE start > 0")
        }
      } catch {
        Issue.record(error)
      }
    }
    #expect(try one.exchange(channel).sent == 1)
    #expect(isFlipped && channel.bytesUp > 50_000)
    #expect(try isLevel(one))
    _ = try court.centre.replica.verify()
  }

  @Test("bits that flip in the device's staging end the sync, and the next one begins anew")
  func bitFlipsHere() throws {
    try one.putNoise(40_000)
    try one.sync()
    let cut = WatchedChannel(two)
    cut.before = { _, _ throws(TransportError) in
      if cut.paths.count > 2 { throw .interrupted(host: "centre", detail: "killed") }
    }
    #expect(throws: TransportError.self) { try two.exchange(cut, isPatient: false) }
    try two.replica.transaction { try $0.sql.execute("UPDATE _staged SET bytes = zeroblob(length(bytes))") }
    #expect(throws: TransportError.nonsense(detail: "the parts of the answer do not fit together")) {
      try two.exchange(WatchedChannel(two))
    }
    #expect(try two.exchange(WatchedChannel(two)).received == 1)
    #expect(try isLevel(two))
  }

  @Test("of a device one message is staged; a newer one takes its place, and a week ends it")
  func oneStaging() throws {
    let place = one.device.hex
    func part(_ message: [UInt8], _ offset: Int, _ count: Int) throws -> PartAnswer? {
      let part = PartRequest(
        request: Hashing.hash(message), length: message.count, offset: offset,
        bytes: Array(message[offset..<offset + count]))
      return try PartAnswer(encoded: court.centre.exchange(part, from: one.device, size: 4096))
    }
    let (first, second) = ([UInt8](repeating: 1, count: 9000), [UInt8](repeating: 2, count: 9000))
    #expect(try part(first, 0, 3000) == .held(3000))
    #expect(try part(first, 0, 3000) == .held(3000))
    #expect(try part(first, 6000, 3000) == .held(3000))
    #expect(try part(first, 3000, 0) == .held(3000))
    // A part from the middle of what nobody holds.
    #expect(try part(second, 3000, 3000) == .held(0))
    #expect(try part(second, 0, 2000) == .held(2000))
    #expect(try part(first, 3000, 3000) == .held(0))
    court.clock.advance(days: 8)
    #expect(try part(second, 2000, 3000) == .held(0))
    #expect(try court.centre.replica.transaction { try $0.staged(place) } == nil)
    // What is whole and no request is refused, and took nothing.
    #expect(try part(first, 0, 8999) == .held(8999))
    #expect(throws: FormatError.self) { try part(first, 8999, 1) }
    #expect(throws: FormatError.self) {
      try PartRequest(encoded: PartRequest(request: .zero, length: 10, offset: 8, bytes: [1, 2, 3]).encoded)
    }
  }
}
