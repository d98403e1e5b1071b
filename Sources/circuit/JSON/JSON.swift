/// A JSON value whose object keys keep their order, with integers apart from reals.
enum JSON: Sendable {
  case null
  case boolean(Bool)
  /// A number written without `.`, `e` or `E`.
  case integer(Int64)
  /// Written like an integer; never read.
  case natural(UInt64)
  /// A number written with `.`, `e` or `E`; finite.
  case real(Double)
  case string(String)
  case array([JSON])
  case object([Member])

  struct Member: Sendable {
    var name: String
    var value: JSON
  }

  /// An object from names and values, in this order.
  static func object(_ members: KeyValuePairs<String, JSON>) -> JSON {
    .object(members.map { Member(name: $0.key, value: $0.value) })
  }

  /// A string, or null.
  static func optional(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }

  /// A counted number, or null.
  static func optional(_ number: UInt64?) -> JSON { number.map(JSON.natural) ?? .null }

  static func count(_ number: Int) -> JSON { .integer(Int64(number)) }

  /// The value of a member, names compared by bytes; nil when absent or no object.
  subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  var isNull: Bool {
    if case .null = self { true } else { false }
  }
}
