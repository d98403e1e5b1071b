/// A small strict JSON reader.
///
/// It refuses what Foundation lets through and what would make two readers disagree: duplicate keys, lone surrogates, NUL,
/// a BOM, invalid UTF-8, integers past 64 bits, numbers that are not finite, -0.0. Nesting is kept on a stack of its own
/// and bounded, so that no input can exhaust the program's.
struct JSONReader {
  static let greatestDepth = 64

  private let bytes: [UInt8]
  private var place = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Reads exactly one value; blanks may stand around it.
  static func read(_ bytes: [UInt8]) throws(JSONFault) -> JSON {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw JSONFault(reason: .byteOrderMark, offset: 0) }
    var reader = JSONReader(bytes)
    let value = try reader.document()
    reader.skipBlanks()
    guard reader.place == bytes.count else { throw reader.fault(.surplus) }
    return value
  }

  /// A container that is not closed yet. Filled in place on the stack: a copy taken out would be copied at every item.
  private struct Open {
    var items: [JSON] = []
    var members: [JSON.Member] = []
    var names: Set<[UInt8]> = []
    /// The name whose value comes next; nil in an array.
    var name: String?

    var value: JSON { name == nil ? .array(items) : .object(members) }

    mutating func append(_ value: JSON) {
      if let name {
        members.append(JSON.Member(name: name, value: value))
      } else {
        items.append(value)
      }
    }
  }

  private mutating func document() throws(JSONFault) -> JSON {
    var stack: [Open] = []
    while true {
      skipBlanks()
      guard place < bytes.count else { throw fault(.cutShort) }
      guard var value = try scalarOrEmpty(&stack) else { continue }
      // Put the value where it belongs, and close every container that ends behind it.
      while !stack.isEmpty {
        let top = stack.count - 1
        stack[top].append(value)
        skipBlanks()
        if take(0x2C) {
          if stack[top].name != nil {
            skipBlanks()
            stack[top].name = try memberName(&stack[top].names)
          }
          break
        }
        guard take(stack[top].name == nil ? 0x5D : 0x7D) else { throw here() }
        value = stack.removeLast().value
      }
      if stack.isEmpty { return value }
    }
  }

  /// A scalar or an empty container; nil when a container was opened.
  private mutating func scalarOrEmpty(_ stack: inout [Open]) throws(JSONFault) -> JSON? {
    let isObject = bytes[place] == 0x7B
    guard isObject || bytes[place] == 0x5B else { return try scalar() }
    place += 1
    skipBlanks()
    if take(isObject ? 0x7D : 0x5D) { return isObject ? .object([JSON.Member]()) : .array([]) }
    guard stack.count < JSONReader.greatestDepth else { throw fault(.tooDeep) }
    var open = Open()
    if isObject { open.name = try memberName(&open.names) }
    stack.append(open)
    return nil
  }

  /// Reads `"name":` and notes the name.
  private mutating func memberName(_ names: inout Set<[UInt8]>) throws(JSONFault) -> String {
    let start = place
    guard take(0x22) else { throw here() }
    let name = try string()
    guard names.insert(Array(name.utf8)).inserted else {
      throw JSONFault(reason: .duplicateName(name), offset: start)
    }
    skipBlanks()
    guard take(0x3A) else { throw here() }
    return name
  }

  private mutating func scalar() throws(JSONFault) -> JSON {
    switch bytes[place] {
    case 0x22:
      place += 1
      return .string(try string())
    case 0x74: return try word("true", .boolean(true))
    case 0x66: return try word("false", .boolean(false))
    case 0x6E: return try word("null", .null)
    case 0x2D, 0x30...0x39: return try number()
    default: throw fault(.unexpected)
    }
  }

  private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONFault) -> JSON {
    let end = place + word.utf8CodeUnitCount
    guard end <= bytes.count else { throw fault(.cutShort) }
    let matches = word.withUTF8Buffer { $0.elementsEqual(bytes[place..<end]) }
    guard matches else { throw fault(.unexpected) }
    place = end
    return value
  }

  private mutating func number() throws(JSONFault) -> JSON {
    let start = place
    while place < bytes.count, JSONReader.isOfNumber(bytes[place]) { place += 1 }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    guard NumberGrammar.isReal(text) else { throw JSONFault(reason: .badNumber, offset: start) }
    if NumberGrammar.isInteger(text) {
      guard let value = Int64(text) else { throw JSONFault(reason: .integerTooLarge, offset: start) }
      return .integer(value)
    }
    guard let value = NumberGrammar.real(text) else { throw JSONFault(reason: .realNotHeld, offset: start) }
    return .real(value)
  }

  private static func isOfNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x45, 0x65: true
    default: false
    }
  }

  /// Reads on behind the opening quote.
  private mutating func string() throws(JSONFault) -> String {
    let start = place
    var out: [UInt8] = []
    while true {
      guard place < bytes.count else { throw fault(.cutShort) }
      let byte = bytes[place]
      switch byte {
      case 0x22:
        place += 1
        guard let text = String(validating: out, as: UTF8.self) else {
          throw JSONFault(reason: .notUTF8, offset: start)
        }
        return text
      case 0x5C: try escape(into: &out)
      case 0x00...0x1F: throw fault(.controlCharacter)
      default:
        out.append(byte)
        place += 1
      }
    }
  }

  private mutating func escape(into out: inout [UInt8]) throws(JSONFault) {
    guard place + 1 < bytes.count else { throw fault(.cutShort) }
    let byte = bytes[place + 1]
    let plain: UInt8? =
      switch byte {
      case 0x22, 0x5C, 0x2F: byte
      case 0x62: 0x08
      case 0x66: 0x0C
      case 0x6E: 0x0A
      case 0x72: 0x0D
      case 0x74: 0x09
      default: nil
      }
    if let plain {
      out.append(plain)
      place += 2
      return
    }
    guard byte == 0x75 else { throw fault(.badEscape) }
    let first = try unit(at: place)
    switch first {
    case 0: throw fault(.nul)
    case 0xDC00...0xDFFF: throw fault(.loneSurrogate)
    case 0xD800...0xDBFF:
      guard place + 7 < bytes.count, bytes[place + 6] == 0x5C, bytes[place + 7] == 0x75 else {
        throw fault(.loneSurrogate)
      }
      let second = try unit(at: place + 6)
      guard (0xDC00...0xDFFF).contains(second) else { throw fault(.loneSurrogate) }
      append(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00), to: &out)
      place += 12
    default:
      append(first, to: &out)
      place += 6
    }
  }

  /// The four hex digits of `\uXXXX` at a place.
  private func unit(at place: Int) throws(JSONFault) -> UInt32 {
    guard place + 6 <= bytes.count else { throw fault(.cutShort) }
    var value: UInt32 = 0
    for byte in bytes[place + 2..<place + 6] {
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46: digit = byte - 0x41 + 10
      case 0x61...0x66: digit = byte - 0x61 + 10
      default: throw fault(.badEscape)
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  private func append(_ scalar: UInt32, to out: inout [UInt8]) {
    // Surrogates have been refused; every other number of 21 bits up to 10FFFF is a scalar.
    guard let scalar = Unicode.Scalar(scalar) else { return }
    out.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }

  private mutating func skipBlanks() {
    while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard place < bytes.count, bytes[place] == byte else { return false }
    place += 1
    return true
  }

  private func fault(_ reason: JSONFault.Reason) -> JSONFault { JSONFault(reason: reason, offset: place) }
  private func here() -> JSONFault { fault(place < bytes.count ? .unexpected : .cutShort) }
}
