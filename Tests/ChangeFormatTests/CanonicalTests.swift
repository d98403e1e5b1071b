import Merge
import Testing

@testable import ChangeFormat

/// A structure's bytes read and written again; throws where they are refused.
struct Codec: Sendable, CustomTestStringConvertible {
  let name: String
  let recode: @Sendable ([UInt8]) throws -> [UInt8]
  var testDescription: String { name }

  static let genesis = Codec(name: "genesis") { try Genesis(bytes: $0).bytes }
  static let header = Codec(name: "header") { try Header(bytes: $0).bytes }
  static let payload = Codec(name: "payload") { try Payload(bytes: $0).bytes }
  static let order = Codec(name: "order") { bytes in
    let order = try SignedOrder(bytes: bytes, signature: [UInt8](repeating: 0, count: 64)).order
    return OrderEncoding.encode(mark: order.mark, previous: order.previous, time: order.time, kind: order.kind)
  }
  static let receipt = Codec(name: "receipt") { try Receipt(bytes: $0).bytes }
  static let batch = Codec(name: "batch") { try Batch(clear: $0).clearBytes }
}

@Suite("Bytes that are accepted are the bytes that would be written again")
struct CanonicalTests {
  /// Encodings to damage, of every structure.
  static func encodings() throws -> [(Codec, [UInt8])] {
    let samples = try Samples()
    var all: [(Codec, [UInt8])] = [(.genesis, samples.genesisA.bytes), (.genesis, samples.genesisB.bytes)]
    all += (samples.logA.headers + samples.logB.headers).map { (.header, $0.bytes) }
    all += samples.payloads.map { (.payload, $0.payload.bytes) }
    all.append((.payload, samples.payloads[3].payload.redacted(positions: [0, 3, 9]).bytes))
    all += try samples.orders().map { (.order, $0.order.bytes) }
    all.append((.receipt, samples.receipt.bytes))
    all.append((.batch, try samples.batch().clearBytes))
    return all
  }

  /// How many damaged encodings were refused and how many were another valid encoding; fails on any other.
  private func damage(
    _ codec: Codec, _ mutations: some Sequence<[UInt8]>, of original: [UInt8]
  ) -> (refused: Int, valid: Int) {
    var (refused, valid) = (0, 0)
    for mutated in mutations where mutated != original {
      do {
        let again = try codec.recode(mutated)
        valid += 1
        if again != mutated {
          Issue.record("\(codec.name) accepted \(hexOfBytes(mutated)) and wrote \(hexOfBytes(again))")
        }
      } catch {
        #expect(error is FormatError)
        refused += 1
      }
    }
    return (refused, valid)
  }

  @Test("untouched encodings are accepted and come back")
  func untouched() throws {
    for (codec, bytes) in try CanonicalTests.encodings() { #expect(try codec.recode(bytes) == bytes, "\(codec.name)") }
  }

  @Test("every single flipped bit")
  func bitFlips() throws {
    for (codec, bytes) in try CanonicalTests.encodings() {
      let flips = (0..<bytes.count * 8).lazy.map { bit in
        var mutated = bytes
        mutated[bit / 8] ^= 1 << UInt8(bit % 8)
        return mutated
      }
      let (refused, valid) = damage(codec, flips, of: bytes)
      #expect(refused > 0 && refused + valid == bytes.count * 8, "\(codec.name)")
    }
  }

  @Test("every truncation is refused, and every byte too many")
  func truncations() throws {
    for (codec, bytes) in try CanonicalTests.encodings() {
      for count in 0..<bytes.count {
        #expect(throws: FormatError.self, "\(codec.name) to \(count)") { try codec.recode(Array(bytes.prefix(count))) }
      }
      for extra in [0, 1, 0x80, 0xFF] as [UInt8] {
        #expect(throws: FormatError.self, "\(codec.name)") { try codec.recode(bytes + [extra]) }
      }
    }
  }

  @Test("every byte replaced by the bytes that mean something elsewhere")
  func replacements() throws {
    for (codec, bytes) in try CanonicalTests.encodings() {
      let edges: [UInt8] = [0, 1, 2, 3, 5, 9, 10, 11, 0x20, 0x40, 0x7F, 0x80, 0x81, 0xFE, 0xFF]
      let replaced = (0..<bytes.count).lazy.flatMap { place in
        edges.lazy.map { edge in
          var mutated = bytes
          mutated[place] = edge
          return mutated
        }
      }
      #expect(damage(codec, replaced, of: bytes).refused > 0, "\(codec.name)")
    }
  }

  @Test("bytes put in, taken out, copied and shuffled at random", arguments: 0..<8 as Range<UInt64>)
  func random(seed: UInt64) throws {
    for (codec, bytes) in try CanonicalTests.encodings() {
      var random = SeededRandom(seed)
      let mutations = (0..<2000).map { _ in
        var mutated = bytes
        for _ in 0...random.below(3) where !mutated.isEmpty {
          let place = random.below(mutated.count)
          switch random.below(5) {
          case 0: mutated.insert(UInt8(truncatingIfNeeded: random.next() >> UInt64(random.below(7))), at: place)
          case 1: mutated.remove(at: place)
          case 2: mutated[place] = UInt8(truncatingIfNeeded: random.next())
          case 3: mutated.swapAt(place, random.below(mutated.count))
          default:
            let end = min(mutated.count, place + 1 + random.below(20))
            mutated.insert(contentsOf: mutated[place..<end], at: random.below(mutated.count))
          }
        }
        return mutated
      }
      #expect(damage(codec, mutations, of: bytes).refused > 0, "\(codec.name), seed \(seed)")
    }
  }

  @Test("random bodies, one bit flipped in each", arguments: 0..<8 as Range<UInt64>)
  func randomBodies(block: UInt64) throws {
    for seed in block * 40..<block * 40 + 40 {
      var random = SeededRandom(seed ^ 0xB0D1)
      let bytes = Payload(salt: .zero, actor: "", note: "", body: random.body()).bytes
      let flips = (18 * 8..<bytes.count * 8).lazy.filter { _ in random.oneIn(4) }.map { bit in
        var mutated = bytes
        mutated[bit / 8] ^= 1 << UInt8(bit % 8)
        return mutated
      }
      _ = damage(.payload, flips, of: bytes)
    }
  }
}
