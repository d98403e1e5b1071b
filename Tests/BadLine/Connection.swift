import Foundation
import Synchronization

/// One connection over a ``BadLine``: a pump each way, each with a thread that reads and one that writes.
final class Connection: Sendable {
  private let line: BadLine
  private let near: Int32
  private let far: Int32
  private let faults: [BadLine.Fault]
  private let isCut = Atomic(false)
  private let running = Atomic(4)

  init(line: BadLine, near: Int32, far: Int32, faults: [BadLine.Fault]) {
    self.line = line
    self.near = near
    self.far = far
    self.faults = faults
  }

  func start() {
    for direction in BadLine.Direction.allCases {
      let (from, to) = direction == .up ? (near, far) : (far, near)
      let pipe = Pipe()
      Thread.detachNewThread { [self] in
        read(from, into: pipe, direction)
        end()
      }
      Thread.detachNewThread { [self] in
        write(to, from: pipe)
        end()
      }
    }
  }

  func cut() {
    isCut.store(true, ordering: .relaxed)
    shutdown(near, Int32(SHUT_RDWR))
    shutdown(far, Int32(SHUT_RDWR))
  }

  /// The last of the four threads closes both ends.
  private func end() {
    guard running.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 else { return }
    close(near)
    close(far)
    line.forget(self)
  }

  private func read(_ descriptor: Int32, into pipe: Pipe, _ direction: BadLine.Direction) {
    var faults = faults.filter { $0.direction == direction }.sorted { $0.after < $1.after }
    var passed = 0
    var isOpen = true
    var piece = [UInt8](repeating: 0, count: line.quality.rate == nil ? 65_536 : 1024)
    defer { pipe.end() }
    while true {
      let count = Foundation.read(descriptor, &piece, piece.count)
      guard count > 0 else { return }
      var bytes = piece[0..<count]
      while let fault = faults.first, passed + bytes.count >= fault.after {
        let before = bytes.prefix(max(0, fault.after - passed))
        if isOpen { pass(before, pipe, direction) }
        passed += before.count
        bytes = bytes.dropFirst(before.count)
        faults.removeFirst()
        switch fault.kind {
        case .cut:
          // What passed before is still carried to the other end.
          pipe.put([], due: 0)
          return
        case .halfClose:
          isOpen = false
          pipe.end()
        case .stall(let seconds): Thread.sleep(forTimeInterval: seconds)
        case .garbage: pass((0..<97).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ passed) }[...], pipe, direction)
        }
      }
      passed += bytes.count
      if isOpen { pass(bytes, pipe, direction) }
    }
  }

  private func pass(_ bytes: ArraySlice<UInt8>, _ pipe: Pipe, _ direction: BadLine.Direction) {
    guard !bytes.isEmpty else { return }
    let (left, there) = line.carry(bytes.count, direction)
    pipe.put(Array(bytes), due: there)
    BadLine.sleep(until: left)
  }

  private func write(_ descriptor: Int32, from pipe: Pipe) {
    while let (bytes, due) = pipe.take() {
      BadLine.sleep(until: due)
      if isCut.load(ordering: .relaxed) { continue }
      if bytes.isEmpty { cut() }
      var start = 0
      while start < bytes.count {
        let count = bytes.withUnsafeBytes {
          send(descriptor, $0.baseAddress! + start, bytes.count - start, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { return pipe.drain() }
        start += count
      }
    }
    if !isCut.load(ordering: .relaxed) { shutdown(descriptor, Int32(SHUT_WR)) }
  }
}

/// What is on its way in one direction.
private final class Pipe: @unchecked Sendable {
  private let condition = NSCondition()
  private var pieces: [(bytes: [UInt8], due: Double)] = []
  private var held = 0
  private var isEnded = false
  private var isDraining = false
  private static let capacity = 4 << 20

  func put(_ bytes: [UInt8], due: Double) {
    condition.lock()
    while held > Pipe.capacity && !isDraining { condition.wait() }
    if !isDraining && !isEnded {
      pieces.append((bytes, max(due, pieces.last?.due ?? 0)))
      held += bytes.count
    }
    condition.broadcast()
    condition.unlock()
  }

  func take() -> (bytes: [UInt8], due: Double)? {
    condition.lock()
    defer { condition.unlock() }
    while pieces.isEmpty && !isEnded { condition.wait() }
    guard !pieces.isEmpty else { return nil }
    let piece = pieces.removeFirst()
    held -= piece.bytes.count
    condition.broadcast()
    return piece
  }

  /// Nothing more comes in.
  func end() {
    condition.lock()
    isEnded = true
    condition.broadcast()
    condition.unlock()
  }

  /// Nobody takes what comes any more; what is on its way still arrives.
  func drain() {
    condition.lock()
    isDraining = true
    condition.broadcast()
    condition.unlock()
  }
}
