/// JSON as it stands in an answer: numbers by their digits, keys in their order.
///
/// A reader of the tests' own, so that the program's reader does not judge the program's writer.
indirect enum JSONValue: Equatable, Sendable {
  case null
  case boolean(Bool)
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  struct Member: Equatable, Sendable {
    var name: String
    var value: JSONValue
  }

  struct Malformed: Error { var offset: Int }

  init(_ bytes: [UInt8]) throws {
    var reader = Reader(bytes: bytes)
    self = try reader.value()
    reader.skipBlanks()
    guard reader.place == bytes.count else { throw Malformed(offset: reader.place) }
  }

  init(_ text: String) throws { try self.init(Array(text.utf8)) }

  /// The value of a key; null when there is none.
  subscript(name: String) -> JSONValue {
    guard case .object(let members) = self else { return .null }
    return members.first { $0.name == name }?.value ?? .null
  }

  subscript(place: Int) -> JSONValue {
    guard case .array(let items) = self, items.indices.contains(place) else { return .null }
    return items[place]
  }

  var items: [JSONValue] {
    if case .array(let items) = self { items } else { [] }
  }
  var members: [Member] {
    if case .object(let members) = self { members } else { [] }
  }
  var keys: [String] { members.map(\.name) }
  var text: String {
    switch self {
    case .string(let text): text
    case .number(let digits): digits
    default: ""
    }
  }
  var integer: Int? {
    if case .number(let digits) = self { Int(digits) } else { nil }
  }

  private struct Reader {
    let bytes: [UInt8]
    var place = 0

    mutating func value() throws -> JSONValue {
      skipBlanks()
      guard place < bytes.count else { throw Malformed(offset: place) }
      switch bytes[place] {
      case UInt8(ascii: "{"):
        var members: [Member] = []
        try list(to: UInt8(ascii: "}")) { reader in
          reader.skipBlanks()
          let name = try reader.string()
          reader.skipBlanks()
          try reader.take(UInt8(ascii: ":"))
          members.append(Member(name: name, value: try reader.value()))
        }
        return .object(members)
      case UInt8(ascii: "["):
        var items: [JSONValue] = []
        try list(to: UInt8(ascii: "]")) { items.append(try $0.value()) }
        return .array(items)
      case UInt8(ascii: "\""): return .string(try string())
      default:
        let start = place
        while place < bytes.count, !Array(" \n\r\t,]}".utf8).contains(bytes[place]) { place += 1 }
        let word = String(decoding: bytes[start..<place], as: UTF8.self)
        switch word {
        case "null": return .null
        case "true", "false": return .boolean(word == "true")
        default:
          guard Double(word) != nil else { throw Malformed(offset: start) }
          return .number(word)
        }
      }
    }

    private mutating func list(to end: UInt8, _ item: (inout Reader) throws -> Void) throws {
      place += 1
      skipBlanks()
      if place < bytes.count, bytes[place] == end {
        place += 1
        return
      }
      while true {
        try item(&self)
        skipBlanks()
        guard place < bytes.count, bytes[place] == UInt8(ascii: ",") else { break }
        place += 1
      }
      try take(end)
    }

    private mutating func string() throws -> String {
      try take(UInt8(ascii: "\""))
      var out: [UInt8] = []
      while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
        guard bytes[place] == UInt8(ascii: "\\") else {
          out.append(bytes[place])
          place += 1
          continue
        }
        guard place + 1 < bytes.count else { break }
        switch bytes[place + 1] {
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "u"):
          let digits = String(decoding: bytes[(place + 2)..<min(place + 6, bytes.count)], as: UTF8.self)
          guard let unit = UInt8(digits, radix: 16) else { throw Malformed(offset: place) }
          out.append(unit)
          place += 4
        default: out.append(bytes[place + 1])
        }
        place += 2
      }
      try take(UInt8(ascii: "\""))
      guard let text = String(validating: out, as: UTF8.self) else { throw Malformed(offset: place) }
      return text
    }

    private mutating func take(_ byte: UInt8) throws {
      guard place < bytes.count, bytes[place] == byte else { throw Malformed(offset: place) }
      place += 1
    }

    mutating func skipBlanks() {
      while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
    }
  }
}
