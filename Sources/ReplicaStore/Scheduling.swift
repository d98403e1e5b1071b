import Foundation

/// Other threads, for work that can be done beside the caller's.
public protocol Scheduling: Sendable {
  /// Begins the work on a thread of its own. False: there is none, and nothing has been begun.
  func begin(_ work: @escaping @Sendable () -> Void) -> Bool
}

/// Everything in turn on the caller's thread: for what is replayed from a seed.
public struct InTurn: Scheduling {
  public init() {}
  public func begin(_ work: @escaping @Sendable () -> Void) -> Bool { false }
}

extension Scheduling {
  /// Makes things ahead of their use, on another thread where there is one.
  ///
  /// The outcome does not depend on threads: things are used in the order in which they are made, and of all that fails
  /// the first in that order is thrown.
  ///
  /// - Parameters:
  ///   - room: how much may be made and not taken yet; the maker waits at that.
  ///   - make: gives each thing with its size. It must touch nothing that `use` touches.
  ///   - use: on the caller's thread.
  func ahead<Thing>(
    room: Int, make: @escaping (_ give: (Thing, _ size: Int) throws -> Void) throws -> Void,
    use: (Thing) throws -> Void
  ) throws {
    let line = Line(room: room, make)
    guard begin({ line.run() }) else { return try make { thing, _ in try use(thing) } }
    do {
      while true {
        let things = try line.take()
        if things.isEmpty { return }
        for thing in things { try use(thing) }
      }
    } catch {
      line.leave()
      throw error
    }
  }

  /// Does one thing on another thread, where there is one, and one on the caller's. What the other throws comes first.
  func beside(_ other: @escaping () throws -> Void, _ own: () throws -> Void) throws {
    let line = Line<Void>(room: 0) { _ in try other() }
    guard begin({ line.run() }) else {
      try other()
      return try own()
    }
    let done = Result { try own() }
    while try !line.take().isEmpty {}
    try done.get()
  }
}

/// What one thread has made and another has not taken yet.
private final class Line<Thing>: @unchecked Sendable {
  private struct Left: Error {}

  private var make: (((Thing, Int) throws -> Void) throws -> Void)?
  private let room: Int
  private let condition = NSCondition()
  private var things: [Thing] = []
  private var size = 0
  private var isLeft = false
  /// Once the maker has done, or failed.
  private var end: Result<Void, any Error>?

  init(room: Int, _ make: @escaping ((Thing, Int) throws -> Void) throws -> Void) {
    self.room = room
    self.make = make
  }

  /// The maker's thread.
  func run() {
    let end = made()
    condition.withLock {
      self.end = end
      condition.broadcast()
    }
  }

  /// What the maker holds is let go before its end is told: a connection with statements left cannot be closed.
  private func made() -> Result<Void, any Error> {
    let make = self.make
    self.make = nil
    return Result { try make?(give) }
  }

  private func give(_ thing: Thing, _ size: Int) throws {
    condition.lock()
    defer { condition.unlock() }
    while self.size > room && !isLeft { condition.wait() }
    if isLeft { throw Left() }
    things.append(thing)
    self.size += max(size, 1)
    condition.signal()
  }

  /// All that has been made, once there is anything; nothing at the end. What the maker threw is thrown after that.
  func take() throws -> [Thing] {
    condition.lock()
    defer { condition.unlock() }
    while things.isEmpty {
      if let end {
        try end.get()
        return []
      }
      condition.wait()
    }
    defer {
      things = []
      size = 0
      condition.signal()
    }
    return things
  }

  /// Nothing more is wanted. Returns when the maker has ended.
  func leave() {
    condition.lock()
    defer { condition.unlock() }
    isLeft = true
    things = []
    condition.broadcast()
    while end == nil { condition.wait() }
  }
}
