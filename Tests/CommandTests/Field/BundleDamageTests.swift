import ChangeFormat
import Foundation
import Merge
import ReplicaStore
import Testing

@testable import Transport

@Suite("A damaged bundle is refused whole")
struct BundleDamageTests {
  /// About 64 KiB: 40 records of text that does not pack.
  private static func bundle(_ court: TestCourt, from device: ReplicaFolder, to path: String) async throws -> [UInt8] {
    let lines = (0..<40).map { number in
      "{\"table\":\"dispute\",\"set\":{\"summary\":\"\(String(decoding: noise(2_100, seed: UInt64(number)), as: UTF8.self))\"}}"
    }
    try await device.ok("apply", "-", input: lines.joined(separator: "\n\n"))
    try await device.ok("bundle", "export", path)
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(bytes.count > 60_000 && bytes.count < 75_000, "\(bytes.count)")
    _ = try Bundle(bytes: bytes)
    return bytes
  }

  @Test("every bit turned, every length: none verifies")
  func everywhere() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      let bytes = try await Self.bundle(court, from: device, to: "\(court.folder)/stick")
      try await court.stop()
      let halves = [0, 1]
      let taken = try await withThrowingTaskGroup(of: [String].self) { group in
        for half in halves {
          group.addTask {
            try await onThread {
              var taken: [String] = []
              var damaged = bytes
              for place in stride(from: half, to: bytes.count, by: 2) {
                for bit in 0..<8 {
                  damaged[place] = bytes[place] ^ 1 << bit
                  if (try? Bundle(bytes: damaged)) != nil { taken.append("byte \(place) bit \(bit)") }
                }
                damaged[place] = bytes[place]
                if (try? Bundle(bytes: Array(bytes[..<place]))) != nil { taken.append("cut to \(place)") }
              }
              return taken
            }
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(taken == [])
      for more in [[0], Array(bytes.suffix(64)), bytes, noise(1000)] {
        #expect(throws: FormatError.self) { try Bundle(bytes: bytes + more) }
      }
    }
  }

  @Test("the program refuses it with one line and takes nothing, on a device and at the centre")
  func byTheProgram() async throws {
    try await TestCourt.open { court in
      let (one, two) = (try await court.device("A"), try await court.device("B"))
      try await court.settle(one, two)
      try await court.stop()
      let bytes = try await Self.bundle(court, from: one, to: "\(court.folder)/stick")
      let stick = "\(court.folder)/toB"
      try await one.ok("bundle", "export", words: [stick, "--to", try await two.json("status")["device"].text])
      let others = try [UInt8](Data(contentsOf: URL(fileURLWithPath: stick)))
      for (folder, whole) in [(court.centre, bytes), (two, others)] {
        let before = try await folder.holding()
        let names = folder.names
        for place in [0, 15, 31, 64, 200, whole.count / 2, whole.count - 65, whole.count - 1] {
          var damaged = whole
          damaged[place] ^= 0x10
          for file in [damaged, Array(whole.prefix(place)), whole + Array(whole.prefix(place + 1))] {
            let path = try court.write(file, to: "damaged")
            try await folder.refused(3014, "bundle", "import", path)
          }
        }
        #expect(try await folder.holding() == before)
        #expect(folder.names == names)
        try await folder.ok("bundle", "import", try court.write(whole, to: "whole"))
        #expect(try await folder.ids().count == 40)
      }
    }
  }

  @Test("what would not fit on a stick is told by its parts' sizes, before it is made")
  func size() throws {
    let key = try SigningKey(seed: [UInt8](repeating: 7, count: 32))
    let court = try #require(Identifier(bytes: [UInt8](repeating: 1, count: 16)))
    #expect(Bundle.sizeLimit < 4 << 30)
    // One array many times: the sum is what counts.
    let part = [UInt8](repeating: 0, count: 1 << 20)
    let most = (Bundle.sizeLimit - 256) / (part.count + 5)
    #expect(throws: FormatError.self) {
      try Bundle(
        court: court, number: 1, recipient: .zero, held: [], order: .none,
        batches: Array(repeating: part, count: most + 1), key: key)
    }
    for (held, batches) in [(0, 0), (3, 2), (200, 130)] {
      let bundle = try Bundle(
        court: court, number: .max, recipient: .zero,
        held: (0..<held).map { _ in (LogID.zero, KnownHead(sequence: .max, hash: .zero)) },
        order: OrderMark(epoch: .max, number: .max), batches: Array(repeating: noise(1000), count: batches), key: key)
      #expect(bundle.bytes.count <= bundle.byteCount)
      #expect(try Bundle(bytes: bundle.bytes).batches == bundle.batches)
    }
  }
}
