import Foundation

/// What was asked on the command line.
struct Options {
  static let usage = """
    usage: circuit-fixture years [--seed N] [--year Y] [--scale district|city|prefecture|province] [--court N]
                                 [--out FILE] [--lists FOLDER] [--summary]
           circuit-fixture devices [--out FILE]

    years    writes one court's year as JSONL for `circuit apply`: 2023 to 2026, seed 1 and 2025 by default. A
             prefecture has courts 1 to 9, a province 1 to 170: with --court one of them, else --out names a folder and
             each court gets a file. --summary prints counts, size and SHA-256 on standard error.
    devices  writes the 60 devices of the court, label and scope a line.
    """

  enum Command: String { case years, devices }

  var command = Command.years
  var seed: UInt64 = 1
  var year = 2025
  var scale = Scale.district
  /// From 1; nil: all of the scale.
  var court: Int?
  var out: String?
  var lists = "Fixtures/lists"
  var summary = false

  /// - Throws: ``Mistake`` for what the usage does not have.
  init(_ words: [String]) throws {
    guard let first = words.first, let command = Command(rawValue: first) else {
      throw Mistake("name a command: years or devices")
    }
    self.command = command
    var rest = words.dropFirst()
    while let word = rest.popFirst() {
      if word == "--summary" {
        summary = true
        continue
      }
      guard let value = rest.popFirst() else { throw Mistake("\(word): a value is missing, or no such option") }
      switch word {
      case "--seed": seed = try Options.number(word, value)
      case "--year": year = try Options.number(word, value)
      case "--court": court = try Options.number(word, value)
      case "--out": out = value
      case "--lists": lists = value
      case "--scale":
        guard let named = Scale(rawValue: value) else { throw Mistake("'\(value)' is no scale") }
        scale = named
      default: throw Mistake("no such option: \(word)")
      }
    }
    if let court, !(1...scale.courts.count).contains(court) {
      throw Mistake("\(scale.rawValue) has courts 1 to \(scale.courts.count)")
    }
    if court == nil && scale.courts.count > 1 && out == nil {
      throw Mistake("a set of courts needs --out FOLDER, or --court N")
    }
  }

  private static func number<N: FixedWidthInteger>(_ word: String, _ value: String) throws -> N {
    guard let number = N(value) else { throw Mistake("\(word): '\(value)' is no number") }
    return number
  }
}
