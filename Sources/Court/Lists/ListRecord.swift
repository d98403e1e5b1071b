import Merge

/// A record that a row of a list file becomes: ready to be written by whoever holds a replica.
///
/// The same row gives the same record id and fields on every machine, so that two replicas that load a list apart hold
/// equal values and no conflict.
public struct ListRecord: Sendable {
  /// The name of a table of ``CourtSchema``.
  public let table: String
  public let id: RecordID
  /// Column names and values, in the order of the file; what is empty in the file is not there.
  public private(set) var fields: [(String, Value)] = []

  init(_ table: String, _ id: RecordID) {
    self.table = table
    self.id = id
  }

  /// The value of a field; nil where the record has none.
  public subscript(name: String) -> Value? { fields.first { $0.0 == name }?.1 }

  mutating func set(_ name: String, _ text: String?) { add(name, text.map { .text($0) }) }
  mutating func set(_ name: String, _ number: Int64?) { add(name, number.map { .integer($0) }) }
  mutating func set(_ name: String, _ number: Double?) { add(name, number.map { .real($0) }) }
  mutating func set(_ name: String, _ flag: Bool?) { add(name, flag.map { .boolean($0) }) }
  mutating func set(_ name: String, _ day: Day?) { add(name, day.map { .date($0.number) }) }
  mutating func set(_ name: String, _ record: RecordID?) { add(name, record.map { .ref($0) }) }

  private mutating func add(_ name: String, _ value: Value?) {
    if let value { fields.append((name, value)) }
  }
}
