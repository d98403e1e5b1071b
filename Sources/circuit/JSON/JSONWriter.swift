extension JSON {
  /// Appends the value without blanks; text as it is, but for quotes, backslashes and control characters.
  func write(to out: inout [UInt8]) {
    switch self {
    case .null: out.append(contentsOf: "null".utf8)
    case .boolean(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
    case .integer(let value): out.append(contentsOf: String(value).utf8)
    case .natural(let value): out.append(contentsOf: String(value).utf8)
    case .real(let value): out.append(contentsOf: JSON.text(of: value).utf8)
    case .string(let text): JSON.write(text, to: &out)
    case .array(let items):
      out.append(0x5B)
      for (place, item) in items.enumerated() {
        if place > 0 { out.append(0x2C) }
        item.write(to: &out)
      }
      out.append(0x5D)
    case .object(let members):
      out.append(0x7B)
      for (place, member) in members.enumerated() {
        if place > 0 { out.append(0x2C) }
        JSON.write(member.name, to: &out)
        out.append(0x3A)
        member.value.write(to: &out)
      }
      out.append(0x7D)
    }
  }

  /// The value on one line.
  var text: String {
    var out: [UInt8] = []
    write(to: &out)
    return String(decoding: out, as: UTF8.self)
  }

  /// The shortest digits that read back as the same number, always with `.` or `e`.
  static func text(of real: Double) -> String {
    // Swift's description is the shortest round-trip form: `5.0`, `0.1`, `1e-07`.
    precondition(real.isFinite, "no JSON for a number that is not finite")
    return real.description
  }

  private static func write(_ text: String, to out: inout [UInt8]) {
    out.append(0x22)
    for byte in text.utf8 {
      switch byte {
      case 0x22, 0x5C: out.append(contentsOf: [0x5C, byte])
      case 0x0A: out.append(contentsOf: [0x5C, 0x6E])
      case 0x0D: out.append(contentsOf: [0x5C, 0x72])
      case 0x09: out.append(contentsOf: [0x5C, 0x74])
      case 0x00...0x1F:
        let digits = Array("0123456789abcdef".utf8)
        out.append(contentsOf: "\\u00".utf8)
        out.append(digits[Int(byte >> 4)])
        out.append(digits[Int(byte & 15)])
      default: out.append(byte)
      }
    }
    out.append(0x22)
  }
}
