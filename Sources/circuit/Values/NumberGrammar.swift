/// The two number grammars of the contract, which JSON shares.
///
/// Swift's own `Double(text)` takes `nan`, `0x1p3` and `1e999`; only what matches here is given to it.
enum NumberGrammar {
  /// `-?(0|[1-9][0-9]*)`
  static func isInteger(_ text: String) -> Bool {
    var rest = text.utf8[...]
    return integerPart(&rest) && rest.isEmpty
  }

  /// `-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?`
  static func isReal(_ text: String) -> Bool {
    var rest = text.utf8[...]
    guard integerPart(&rest) else { return false }
    if rest.first == 0x2E {
      rest = rest.dropFirst()
      guard digits(&rest) else { return false }
    }
    if rest.first == 0x45 || rest.first == 0x65 {
      rest = rest.dropFirst()
      if rest.first == 0x2B || rest.first == 0x2D { rest = rest.dropFirst() }
      guard digits(&rest) else { return false }
    }
    return rest.isEmpty
  }

  /// The integer, nil when it is none or past 64 bits.
  static func integer(_ text: String) -> Int64? { isInteger(text) ? Int64(text) : nil }

  /// The real, nil when it is none, not finite or -0.0.
  static func real(_ text: String) -> Double? {
    guard isReal(text), let value = Double(text), value.isFinite else { return nil }
    return value == 0 && value.sign == .minus ? nil : value
  }

  private static func integerPart(_ rest: inout Substring.UTF8View) -> Bool {
    if rest.first == 0x2D { rest = rest.dropFirst() }
    if rest.first == 0x30 {
      rest = rest.dropFirst()
      return true
    }
    return digits(&rest)
  }

  private static func digits(_ rest: inout Substring.UTF8View) -> Bool {
    let after = rest.drop { (0x30...0x39).contains($0) }
    defer { rest = after }
    return after.startIndex != rest.startIndex
  }
}
