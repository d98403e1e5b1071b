import Foundation

/// Seconds that a piece of work takes, added up over pieces.
struct Stopwatch {
  private(set) var seconds = 0.0

  mutating func time<T>(_ body: () throws -> T) rethrows -> T {
    let start = Stopwatch.now()
    defer { seconds += Stopwatch.now() - start }
    return try body()
  }

  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

/// Two stopwatches whose pieces alternate, now one first and now the other, so that drift falls on both.
struct Race {
  var circuit = Stopwatch()
  var plain = Stopwatch()
  private var turn = false

  mutating func lap(circuit ours: () throws -> Void, plain theirs: () throws -> Void) rethrows {
    turn.toggle()
    if turn {
      try circuit.time(ours)
      try plain.time(theirs)
    } else {
      try plain.time(theirs)
      try circuit.time(ours)
    }
  }
}

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  if sorted.isEmpty { return 0 }
  let half = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}

/// A benchmark's own check failed: its figure would mean nothing.
struct WrongResult: Error, CustomStringConvertible {
  var description: String
}

func check(_ condition: Bool, _ what: @autoclosure () -> String) throws {
  if !condition { throw WrongResult(description: what()) }
}

/// A folder of one run, thrown away at its end.
final class Scratch {
  let path: String
  private var count = 0

  init() throws {
    path = NSTemporaryDirectory() + "/circuit-bench-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A path not used before.
  func place(_ name: String) -> String {
    count += 1
    return "\(path)/\(count)-\(name)"
  }

  func remove(_ place: String) {
    for suffix in ["", "-wal", "-shm", "-keys"] { try? FileManager.default.removeItem(atPath: place + suffix) }
  }
}
