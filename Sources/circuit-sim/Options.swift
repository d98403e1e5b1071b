import Foundation

/// What was asked on the command line.
struct Options {
  static let usage = """
    usage: circuit-sim --seed N [--trace]
           circuit-sim --seeds FROM-TO [--threads N] [--failures N]
    """

  struct Mistake: Error {
    var text: String
  }

  var seeds: ClosedRange<UInt64> = 1...1
  var trace = false
  var threads = ProcessInfo.processInfo.activeProcessorCount
  /// Failing seeds after which no more are begun.
  var stopsAfter = 5

  init(_ words: [String]) throws(Mistake) {
    var isNamed = false
    var i = 0
    while i < words.count {
      let word = words[i]
      if word == "--trace" {
        trace = true
        i += 1
        continue
      }
      guard i + 1 < words.count else { throw Mistake(text: "\(word): a value is missing, or no such option") }
      let value = words[i + 1]
      switch word {
      case "--seed":
        guard let seed = UInt64(value) else { throw Mistake(text: "'\(value)' is no seed") }
        seeds = seed...seed
        isNamed = true
      case "--seeds":
        let ends = value.split(separator: "-").compactMap { UInt64($0) }
        guard ends.count == 2, ends[0] <= ends[1] else { throw Mistake(text: "'\(value)' is no range of seeds") }
        seeds = ends[0]...ends[1]
        isNamed = true
      case "--threads":
        guard let count = Int(value), count > 0 else { throw Mistake(text: "'\(value)' is no number of threads") }
        threads = count
      case "--failures":
        guard let count = Int(value), count > 0 else { throw Mistake(text: "'\(value)' is no number of failures") }
        stopsAfter = count
      default: throw Mistake(text: "no such option: \(word)")
      }
      i += 2
    }
    if !isNamed { throw Mistake(text: "which seed?") }
  }
}
