import ChangeFormat
import Court
import Foundation
import Merge
import ReplicaStore
import Testing

@testable import Transport

@Suite("What is no sound batch changes nothing at the centre, and its sender is told by a code")
struct BadBatchTests {
  /// What a post brought back.
  enum Told: Equatable {
    /// Accepted changes, and the error codes of refused runs.
    case answered(accepted: Int, refusals: [Int])
    case refused(status: Int, text: String)
  }

  /// A device's own way to its centre, with the device's keys: what it sends is up to the test.
  final class Sender: @unchecked Sendable {
    private let court: Identifier
    private let key: SigningKey
    private let centre: DeviceID
    private let connection: HTTPSConnection

    init(_ device: ReplicaFolder) throws {
      let replica = try Replica.open(
        folder: device.path, schema: CourtSchema.current, access: .reading,
        surroundings: .system(keyFolder: device.court.keys))
      defer { try? replica.close() }
      court = replica.court
      key = try #require(try replica.surroundings.keys.keys(of: replica.device)).signing
      centre = try #require(replica.centreKey).device
      connection = HTTPSConnection(base: replica.centreURL, authority: replica.authority)
    }

    /// Posts a body that the device signs.
    func post(_ body: [UInt8], path: String = ExchangeRequest.path) async throws -> Told {
      try await onThread { [self] in
        let fields = try RequestSignature.fields(
          court: court, asked: centre, key: key, time: 0, method: "POST", path: path, body: body)
        do {
          let reply = try ExchangeReply(
            bytes: connection.post(path, headers: fields, body: body, limit: 1 << 24).body)
          return .answered(accepted: Int(reply.accepted), refusals: reply.refusals.map(\.error))
        } catch TransportError.refused(let status, let text) {
          return .refused(status: status, text: text)
        }
      }
    }

    /// An exchange that offers these bytes as its batch.
    func offer(_ batch: [UInt8]) async throws -> Told {
      try await post(
        ExchangeRequest(
          order: .none, orderHash: .zero, newestReceipt: 0, wantsAllReceipts: false, scopes: [], shown: [],
          batch: batch
        ).bytes)
    }
  }

  static let malformed = Told.refused(status: 400, text: "CIR-4004")

  @Test("garbage, cut, changed, swollen and oversized bodies; a run with a gap; a wrong hash; another court's")
  func batches() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      var ids: [String] = []
      for number in 0..<5 { ids.append(try await device.put("dispute", "summary=\(number)")) }
      let stick = "\(court.folder)/stick"
      try await device.ok("bundle", "export", stick)
      let bundle = try Bundle(bytes: [UInt8](Data(contentsOf: URL(fileURLWithPath: stick))))
      let encoded = try #require(bundle.batches.last { !$0.isEmpty })
      let batch = try Batch(encoded: encoded, with: Compressor())
      try #require(batch.changeCount == 5)
      let sender = try Sender(device)
      let before = try await court.centre.holding()

      for body in [[], [0], Array("<html>".utf8), noise(5000), [UInt8](repeating: 0xFF, count: 3000)] {
        #expect(try await sender.post(body) == Self.malformed)
        if !body.isEmpty { #expect(try await sender.offer(body) == Self.malformed) }
      }
      for count in stride(from: 1, to: encoded.count, by: 7) {
        #expect(try await sender.offer(Array(encoded.prefix(count))) == Self.malformed, "cut to \(count)")
      }
      #expect(try await sender.offer(encoded + [0]) == Self.malformed)
      #expect(try await sender.offer(encoded + encoded) == Self.malformed)
      #expect(try await sender.post([], path: "/v1/other") == Self.malformed)
      #expect(try await sender.post([UInt8](repeating: 1, count: 17 << 20)) == .refused(status: 413, text: ""))
      // What unfolds past every limit is refused unread.
      let swollen = Compressor().compress([UInt8](repeating: 0, count: 64 << 20))
      #expect(try await sender.offer(swollen) == Self.malformed)

      // A byte changed anywhere: refused, or a run refused, or something that is not part of any change.
      var sound = 0
      for place in stride(from: 0, to: encoded.count, by: 11) {
        var changed = encoded
        changed[place] ^= 1 << (place % 8)
        switch try await sender.offer(changed) {
        case Self.malformed: break
        case .answered(0, let refusals) where refusals.allSatisfy { $0 / 1000 == 1 || $0 / 1000 == 2 }: break
        case let told:
          sound += 1
          Issue.record("byte \(place): \(told)")
        }
      }
      #expect(sound == 0)

      var gap = batch
      gap.runs[0].changes.remove(at: 2)
      #expect(try await sender.offer(gap.encoded(with: Compressor())) == Self.malformed)
      var late = batch
      late.runs[0].first = 3
      late.runs[0].heads = late.runs[0].heads.map { ($0.sequence + 2, $0.signature) }
      #expect(try await sender.offer(late.encoded(with: Compressor())) == .answered(accepted: 0, refusals: [2308]))
      var unsigned = batch
      unsigned.runs[0].heads[0].signature[5] ^= 1
      #expect(try await sender.offer(unsigned.encoded(with: Compressor())) == .answered(accepted: 0, refusals: [2304]))

      #expect(try await court.centre.holding() == before)
      #expect(try await device.json("status")["unsent"].integer == 5)
      try await court.agree([device], hold: ids)
    }
  }

  @Test("a request that another key, another device or nobody signed")
  func signatures() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      let id = try await device.put("dispute", "summary=一")
      let replica = try Replica.open(
        folder: device.path, schema: CourtSchema.current, access: .reading,
        surroundings: .system(keyFolder: court.keys))
      defer { try? replica.close() }
      let before = try await court.centre.holding()
      let connection = HTTPSConnection(base: replica.centreURL, authority: replica.authority)
      let stranger = try SigningKey(seed: Array(noise(32)))
      let centre = try #require(replica.centreKey).device
      let body = ExchangeRequest(
        order: .none, orderHash: .zero, newestReceipt: 0, wantsAllReceipts: false, scopes: [], shown: [], batch: []
      ).bytes
      var fields = try RequestSignature.fields(
        court: replica.court, asked: centre, key: stranger, time: 0, method: "POST", path: ExchangeRequest.path,
        body: body)
      func refusal(_ fields: [(String, String)]) throws -> String {
        do {
          _ = try connection.post(ExchangeRequest.path, headers: fields, body: body, limit: 1 << 20)
          return "taken"
        } catch TransportError.refused(_, let text) {
          return text
        }
      }
      #expect(try refusal(fields) == "CIR-4001")
      fields[0].1 = replica.device.hex
      #expect(try refusal(fields) == "CIR-4003")
      fields[2].1 = "zz"
      #expect(try refusal(fields) == "CIR-4004")
      #expect(try refusal([]) == "CIR-4004")
      #expect(try await court.centre.holding() == before)
      try await court.agree([device], hold: [id])
    }
  }
}
