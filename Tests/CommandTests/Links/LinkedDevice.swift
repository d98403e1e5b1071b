import BadLine
import Foundation
import Testing

/// A device that knows its centre by a line that a test can spoil.
struct LinkedDevice {
  let court: TestCourt
  let folder: ReplicaFolder
  let line: BadLine

  /// Enrols over the line while that is still whole.
  init(_ name: String, of court: TestCourt, scopes: [String] = [TestCourt.tribunal], over line: BadLine) async throws {
    self.court = court
    self.line = line
    folder = court.folder(name)
    let ticket = try await court.ticket(scopes, label: name)
    try await folder.ok("enrol", "--centre", line.url, "--ticket", ticket)
  }

  struct Synced {
    var sent: Int
    var received: Int
    /// Bytes of HTTP bodies, those of failed requests included.
    var bodies: Int
    var seconds: Double
  }

  /// A sync that must come to a good end.
  @discardableResult
  func sync(at location: SourceLocation = #_sourceLocation) async throws -> Synced {
    let begun = BadLine.now
    let report = try await folder.ok("sync", "--json", at: location).json()
    return Synced(
      sent: try #require(report["sent"].integer), received: try #require(report["received"].integer),
      bodies: try #require(report["bytes_up"].integer) + #require(report["bytes_down"].integer),
      seconds: BadLine.now - begun)
  }

  func isLevelWithCentre() async throws -> Bool {
    try await folder.json("digest") == (try await court.centre.json("digest"))
  }
}

/// Texts that no packing makes shorter than three quarters, always the same for a seed.
struct Noise {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func text(_ count: Int) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for _ in 0..<count {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      bytes.append(letters[Int(state % 64)])
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
