import Crypto
import Foundation
import Merge
import Testing

@testable import ChangeFormat

@Suite("The golden vectors hold: other programs rely on these bytes")
struct GoldenVectorTests {
  private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/vectors/format.jsonl")

  @Test("every structure is written byte for byte as in the file")
  func recomputed() throws {
    let lines = try Vector.all().map(\.line)
    if ProcessInfo.processInfo.environment["CIRCUIT_RECORD_VECTORS"] != nil {
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: GoldenVectorTests.file)
    }
    let held = String(decoding: try Data(contentsOf: GoldenVectorTests.file), as: UTF8.self)
      .split(separator: "\n").map(String.init)
    #expect(held.count == lines.count)
    for (expected, found) in zip(held, lines) where !expected.utf8.elementsEqual(found.utf8) {
      Issue.record("the file has\n\(expected)\nbut written now is\n\(found)")
    }
  }

  @Test("every structure is read back as what it says")
  func readBack() throws {
    var count = 0
    for vector in try Vector.all() {
      guard let read = vector.read else { continue }
      #expect(try read(vector.bytes).rendered == vector.fields.rendered, "\(vector.title)")
      count += 1
    }
    #expect(count > 50)
  }

  @Test("every signature in the file stands over the bytes beside it")
  func signatures() throws {
    var count = 0
    for vector in try Vector.all() {
      let more = Dictionary(uniqueKeysWithValues: vector.more.map { ($0, $1.rendered.utf8.filter { $0 != 0x22 }) })
      guard let signature = more["signature"].flatMap(bytesOfHex) else { continue }
      let signed = try #require(more["signed"].flatMap(bytesOfHex))
      let key = try Curve25519.Signing.PublicKey(rawRepresentation: #require(more["key"].flatMap(bytesOfHex)))
      #expect(key.isValidSignature(signature, for: signed), "\(vector.title)")
      #expect(signed.suffix(vector.bytes.count) == vector.bytes[...], "\(vector.title)")
      count += 1
    }
    #expect(count == 16)
  }

  @Test("what no writer writes is refused by every reader")
  func refused() throws {
    for vector in try Vector.refused(Samples()) {
      guard case .object(let fields) = vector.fields, case .text(let kind) = fields[0].1, !vector.bytes.isEmpty else {
        Issue.record("\(vector.name) is no vector")
        continue
      }
      let error = #expect(throws: FormatError.self, "\(kind), \(vector.name)") {
        switch kind {
        case "varint":
          var reader = ByteReader(vector.bytes)
          _ = try reader.varint("varint")
        case "payload": _ = try Payload(bytes: vector.bytes)
        case "header": _ = try Header(bytes: vector.bytes)
        case "genesis": _ = try Genesis(bytes: vector.bytes)
        case "order": _ = try SignedOrder(bytes: vector.bytes, signature: [UInt8](repeating: 0, count: 64))
        case "receipt": _ = try Receipt(bytes: vector.bytes)
        default: _ = try Batch(clear: vector.bytes)
        }
      }
      // Refused for what its name says, and not because a hand slipped when it was written down.
      switch error {
      case .malformed, .unknownVersion: break
      default: Issue.record("\(kind), \(vector.name): \(String(describing: error))")
      }
    }
  }
}
