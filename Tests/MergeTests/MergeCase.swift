import Foundation
import Merge

/// A line of `Fixtures/vectors/merge.jsonl` as it is written there.
struct MergeCase: Decodable {
  struct Change: Decodable {
    var log: String
    var seq: UInt64
    var stamp: [UInt64]
    var hash: String
    /// The whole version vector of other logs.
    var context: [String: UInt64]
    var writes: [Write]
  }

  /// `[table, id, column, value, flags]`.
  struct Write: Decodable {
    var column: String
    var value: Text
    var decides: Bool

    init(from decoder: any Decoder) throws {
      var fields = try decoder.unkeyedContainer()
      _ = try fields.decode(String.self)
      _ = try fields.decode(String.self)
      column = try fields.decode(String.self)
      value = try fields.decode(Text.self)
      decides = try fields.decode(String.self) == "d"
    }
  }

  /// A text, null or `{"redacted":true}`.
  enum Text: Decodable, Equatable {
    case null, redacted
    case text(String)

    private struct Redacted: Decodable { var redacted: Bool }

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if value.decodeNil() {
        self = .null
      } else if let text = try? value.decode(String.self) {
        self = .text(text)
      } else {
        _ = try value.decode(Redacted.self)
        self = .redacted
      }
    }

    var value: Value {
      switch self {
      case .null: .null
      case .redacted: .redacted
      case .text(let text): .text(text)
      }
    }
  }

  /// As `circuit orders` prints one.
  struct Order: Decodable {
    var epoch: UInt64
    var number: UInt64
    var kind: String
    var log: String
    var from: UInt64?
    var to: UInt64?
    var hash: String
    var to_hash: String?
    var at: [UInt64]?
    var seq: UInt64?
    var branch: String?
    var positions: [UInt32]?
  }

  struct Cell: Decodable {
    var column: String
    var s: [String]
    var shown: Text
    var shown_dot: String
    var conflict: Bool
  }

  var name: String
  var changes: [Change]
  var orders: [Order]
  var cells: [Cell]

  static func all() throws -> [MergeCase] {
    try FixtureFile.lines(of: "vectors/merge.jsonl").map {
      try JSONDecoder().decode(MergeCase.self, from: Data($0.utf8))
    }
  }
}
