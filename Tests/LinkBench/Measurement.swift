import BadLine
import ChangeFormat
import Foundation
import ReplicaStore
import Synchronization
import Transport

/// One line and what goes over it.
struct Measurement: Sendable {
  enum Backlog: Sendable {
    /// Changes of about 1,000 bytes on the wire.
    case changes(Int)
    /// One change of so many bytes on the wire.
    case one(Int)
  }

  var id: String
  /// Bits a second.
  var rate: Double
  /// Seconds each way.
  var latency: ClosedRange<Double>
  /// Seconds between two cuts of everything; nil: none.
  var cutEvery: Double?
  var direction: BadLine.Direction
  var backlog: Backlog

  struct Outcome: Sendable {
    var payload: Int
    var ideal: Double
    var took: Double
    /// Share of the payload that went over the wire in its direction beyond it.
    var beyond: Double
    /// Seconds between two moments at which something more was acknowledged, at most.
    var gap: Double
    var connections: Int
    var isLevel: Bool
  }

  func run() throws -> Outcome {
    let court = try BenchCourt()
    defer { try? court.close() }
    let line = try BadLine(to: court.port, quality: .init(latency: latency, rate: rate / 8), seed: 20)
    defer { line.close() }
    let quick = try BadLine(to: court.port)
    defer { quick.close() }
    try court.enrol("near", over: direction == .up ? line.url : quick.url)
    try court.enrol("far", over: line.url)
    let (writer, measured) = direction == .up ? ("near", "near") : ("near", "far")
    try court.run(["apply", "-C", "\(court.folder)/\(writer)", "-"], input: lines)
    let payload = try payload(of: court, writer)
    if direction == .down { try court.run(["sync", "-C", "\(court.folder)/near"]) }

    let replica = try court.open(measured)
    line.plan = { _ in [] }
    let isOver = Atomic(false)
    if let cutEvery {
      Thread.detachNewThread {
        while true {
          Thread.sleep(forTimeInterval: cutEvery)
          if isOver.load(ordering: .relaxed) { return }
          line.cut()
        }
      }
    }
    let before = line.bytes(direction)
    let begun = BadLine.now
    var last = begun
    var gap = 0.0
    _ = try Exchange(replica: replica).run { _ in
      gap = max(gap, BadLine.now - last)
      last = BadLine.now
    }
    let took = BadLine.now - begun
    isOver.store(true, ordering: .relaxed)
    try replica.close()
    let moved = line.bytes(direction) - before
    return Outcome(
      payload: payload, ideal: Double(payload) / (rate / 8), took: took,
      beyond: Double(moved - payload) / Double(payload), gap: gap, connections: line.connections,
      isLevel: try court.digest(measured) == (try court.digest("centre")))
  }

  /// What must go over, encoded as one sequence of batches.
  private func payload(of court: BenchCourt, _ name: String) throws -> Int {
    let replica = try court.open(name)
    let compressor = Compressor()
    var batch = try replica.offer(lackingFrom: [:], budget: .max / 2).batch
    batch.orders = []
    let count = batch.encoded(with: compressor).count
    try replica.close()
    return count
  }

  /// The backlog for `apply`: texts that cannot be packed to less than three quarters.
  private var lines: String {
    var state: UInt64 = 0x2545_F491_4F6C_DD1D
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    func text(_ count: Int) -> String {
      var bytes: [UInt8] = []
      for _ in 0..<count {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        bytes.append(letters[Int(state % 64)])
      }
      return String(decoding: bytes, as: UTF8.self)
    }
    switch backlog {
    case .changes(let count):
      return (0..<count).map { _ in "{\"table\":\"dispute\",\"set\":{\"summary\":\"\(text(1190))\"}}\n\n" }.joined()
    case .one(let count):
      let half = text(count * 2 / 3)
      return "{\"table\":\"dispute\",\"set\":{\"summary\":\"\(half)\",\"demands\":\"\(text(count * 2 / 3))\"}}\n\n"
    }
  }
}
