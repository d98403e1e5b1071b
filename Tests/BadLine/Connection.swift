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

  /// Nothing passes any more, in neither direction, also of what is on its way. The near end is reset: one that was only
  /// closed would go on taking what is sent.
  ///
  /// - Parameter isGentle: the near end is only closed, so that what it was sent last is not lost.
  func cut(isGentle: Bool = false) {
    isCut.store(true, ordering: .relaxed)
    if !isGentle { Socket.resetWhenClosed(near) }
    shutdown(near, Int32(isGentle ? SHUT_RDWR : SHUT_RD))
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
      guard count > 0, !isCut.load(ordering: .relaxed) else { return }
      var bytes = piece[0..<count]
      while let fault = faults.first, passed + bytes.count >= fault.after {
        let before = bytes.prefix(max(0, fault.after - passed))
        if isOpen, !pass(before, pipe, direction) { return }
        passed += before.count
        bytes = bytes.dropFirst(before.count)
        faults.removeFirst()
        switch fault.kind {
        case .cut:
          // What passed before is still carried to the other end.
          pipe.put([], due: 0)
          return
        case .says(let words):
          _ = pass(words[...], pipe, direction)
          pipe.put([], due: 0)
          return
        case .halfClose:
          isOpen = false
          pipe.end()
        case .stall(let seconds): Thread.sleep(forTimeInterval: seconds)
        case .garbage: _ = pass((0..<97).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ passed) }[...], pipe, direction)
        }
      }
      passed += bytes.count
      if isOpen, !pass(bytes, pipe, direction) { return }
    }
  }

  /// Puts bytes on the line; false: there is nobody any more at its end.
  private func pass(_ bytes: ArraySlice<UInt8>, _ pipe: Pipe, _ direction: BadLine.Direction) -> Bool {
    guard !bytes.isEmpty else { return true }
    let (left, there) = line.carry(bytes.count, direction)
    guard pipe.put(Array(bytes), due: there) else { return false }
    BadLine.sleep(until: left)
    return true
  }

  private func write(_ descriptor: Int32, from pipe: Pipe) {
    while let (bytes, due) = pipe.take() {
      while !isCut.load(ordering: .relaxed), BadLine.now < due { BadLine.sleep(until: min(due, BadLine.now + 0.05)) }
      if isCut.load(ordering: .relaxed) { continue }
      if bytes.isEmpty { cut(isGentle: descriptor == near) }
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

  /// - Returns: whether there is somebody who takes it.
  @discardableResult
  func put(_ bytes: [UInt8], due: Double) -> Bool {
    condition.lock()
    while held > Pipe.capacity && !isDraining { condition.wait() }
    if !isDraining && !isEnded {
      pieces.append((bytes, max(due, pieces.last?.due ?? 0)))
      held += bytes.count
    }
    let isTaken = !isDraining
    condition.broadcast()
    condition.unlock()
    return isTaken
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

  /// Nobody takes what comes any more.
  func drain() {
    condition.lock()
    isDraining = true
    condition.broadcast()
    condition.unlock()
  }
}
