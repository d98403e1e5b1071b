import Merge
import ReplicaStore

/// Looks up what a person named, and says what is wrong with it as data.
extension Schema {
  /// - Throws: `ReplicaError.unknownTable`.
  func tableNamed(_ name: String) throws(ReplicaError) -> Table {
    guard let table = table(named: name) else { throw .unknownTable(name) }
    return table
  }
}

extension Table {
  /// - Throws: `ReplicaError.unknownField`.
  func fieldNamed(_ field: String) throws(ReplicaError) -> Column {
    guard let column = column(named: field) else { throw .unknownField(table: name, field: field) }
    return column
  }
}

/// Ids and dots as a person types them.
enum Written {
  /// - Throws: ``CommandError/malformedID(_:)``.
  static func record(_ text: String) throws(CommandError) -> RecordID {
    guard let id = Identifier(hex: text) else { throw .malformedID(text) }
    return id
  }

  /// - Throws: ``CommandError/malformedDot(_:)``.
  static func dot(_ text: String) throws(CommandError) -> Dot {
    guard let dot = Dot(text: text) else { throw .malformedDot(text) }
    return dot
  }

  /// `LOG:SEQ[,…]`; empty: none, a field shown empty.
  static func dots(_ text: String) throws(CommandError) -> [Dot] {
    var dots: [Dot] = []
    guard !text.isEmpty else { return dots }
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let dot = try dot(String(part))
      if !dots.contains(dot) { dots.append(dot) }
    }
    return dots
  }
}
