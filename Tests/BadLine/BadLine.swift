import Foundation
import Synchronization

/// A line between a client and a server on this machine, as bad as a test wants it: a TCP forwarder with latency, a rate,
/// and faults at chosen bytes. What it draws, it draws from a seed.
///
/// ```swift
/// let line = try BadLine(to: port, quality: .init(latency: 0.03...0.1, rate: 25_000))
/// line.plan = { $0 == 0 ? [Fault(.up, after: 5_000, .cut)] : [] }
/// ```
public final class BadLine: Sendable {
  public enum Direction: Sendable, CaseIterable { case up, down }

  /// How the line is while nothing goes wrong.
  public struct Quality: Sendable {
    /// Seconds from one end to the other, drawn for every piece.
    public var latency: ClosedRange<Double>
    /// Bytes a second each way, for all connections together; nil: as fast as it goes.
    public var rate: Double?

    public init(latency: ClosedRange<Double> = 0...0, rate: Double? = nil) {
      self.latency = latency
      self.rate = rate
    }
  }

  /// What goes wrong in one direction of one connection, once so many bytes have passed.
  public struct Fault: Sendable {
    public enum Kind: Sendable {
      /// Both directions end.
      case cut
      /// This direction ends for the receiver; the other goes on.
      case halfClose
      /// Nothing passes for so many seconds.
      case stall(Double)
      /// Bytes that nobody sent come in between.
      case garbage
      /// These bytes come instead of all others, and then the end.
      case says([UInt8])
    }

    public var direction: Direction
    public var after: Int
    public var kind: Kind

    public init(_ direction: Direction, after: Int, _ kind: Kind) {
      self.direction = direction
      self.after = after
      self.kind = kind
    }
  }

  public let port: Int
  let quality: Quality
  private let listener: Int32
  private let target: Int
  private let state: Mutex<State>

  private struct State {
    var plan: @Sendable (Int) -> [Fault] = { _ in [] }
    var random: UInt64
    var connections: [Connection] = []
    var count = 0
    var bytes: [Direction: Int] = [:]
    /// When the wire of a direction has carried all that was put on it.
    var free: [Direction: Double] = [:]
    var isClosed = false
  }

  /// Listens on a free port of the loopback interface and forwards to another one.
  public init(to target: Int, quality: Quality = Quality(), seed: UInt64 = 1) throws {
    self.target = target
    self.quality = quality
    state = Mutex(State(random: seed))
    // A line that is slow holds little: else the kernel takes whole messages and they seem to be over.
    let buffer = quality.rate.map { max(4096, min(Int($0 / 10), 1 << 20)) }
    listener = try Socket.listening(buffer: buffer)
    port = Socket.port(of: listener)
    Thread.detachNewThread { [self] in accept(buffer) }
  }

  public var url: String { "https://127.0.0.1:\(port)" }

  /// What goes wrong in each connection, by its number from 0, from now on.
  public var plan: @Sendable (Int) -> [Fault] {
    get { state.withLock { $0.plan } }
    set {
      state.withLock {
        $0.plan = newValue
        $0.count = 0
      }
    }
  }

  /// Connections since the plan was made.
  public var connections: Int { state.withLock { $0.count } }

  /// Bytes that came from the sender of a direction so far, TLS and all.
  public func bytes(_ direction: Direction) -> Int { state.withLock { $0.bytes[direction] ?? 0 } }
  public var bytes: Int { bytes(.up) + bytes(.down) }

  /// Cuts every connection that stands.
  public func cut() { for connection in state.withLock({ $0.connections }) { connection.cut() } }

  public func close() {
    state.withLock { $0.isClosed = true }
    shutdown(listener, Int32(SHUT_RDWR))
    cut()
  }

  private func accept(_ buffer: Int?) {
    while true {
      let near = Socket.accept(listener)
      guard near >= 0, !state.withLock({ $0.isClosed }) else { break }
      let far = Socket.connected(to: target, buffer: buffer)
      guard far >= 0 else {
        _ = Foundation.close(near)
        continue
      }
      let faults = state.withLock { state in
        defer { state.count += 1 }
        return state.plan(state.count)
      }
      let connection = Connection(line: self, near: near, far: far, faults: faults)
      state.withLock { $0.connections.append(connection) }
      connection.start()
    }
    _ = Foundation.close(listener)
  }

  func forget(_ connection: Connection) { state.withLock { $0.connections.removeAll { $0 === connection } } }

  /// Puts bytes on the wire: when they have left the sender, and when they are at the other end.
  func carry(_ count: Int, _ direction: Direction) -> (left: Double, there: Double) {
    let now = BadLine.now
    return state.withLock { state in
      state.bytes[direction, default: 0] += count
      let left = max(now, state.free[direction] ?? 0) + (quality.rate.map { Double(count) / $0 } ?? 0)
      state.free[direction] = left
      state.random = state.random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let share = Double(state.random >> 40) / Double(1 << 24)
      return (
        left, left + quality.latency.lowerBound + share * (quality.latency.upperBound - quality.latency.lowerBound)
      )
    }
  }

  /// Seconds on a clock that only rises.
  public static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }

  static func sleep(until moment: Double) {
    let left = moment - now
    if left > 0 { Thread.sleep(forTimeInterval: left) }
  }
}
