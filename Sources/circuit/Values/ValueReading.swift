import Merge
import ReplicaStore

/// What a person typed, or a program wrote in JSON, as a value of a column.
extension Column {
  /// The value of `field=TEXT`: empty is null, `@PATH` a file's bytes, `@@x` the text `@x`, else by type.
  ///
  /// - Throws: ``CommandError/badValue(field:type:text:)``, and what reading the file throws.
  func value(ofText text: String) throws(CommandError) -> Value {
    if text.isEmpty { return .null }
    if text.utf8.starts(with: "@@".utf8), type == .text || type == .code {
      return try value(ofPlainText: String(Substring(text.utf8.dropFirst())))
    }
    if text.utf8.first == 0x40, type == .text || type == .bytes {
      return try value(ofFile: String(Substring(text.utf8.dropFirst())))
    }
    switch type {
    case .text: return try value(ofPlainText: text)
    // A word of a list may begin with `@` too, but a file is no word: say so instead of guessing.
    case .code where text.utf8.first == 0x40: throw refusal(text)
    case .code: return try value(ofPlainText: text)
    case .integer: return .integer(try held(NumberGrammar.integer(text), text))
    case .real: return .real(try held(NumberGrammar.real(text), text))
    case .boolean:
      guard text == "true" || text == "false" else { throw refusal(text) }
      return .boolean(text == "true")
    case .bytes: return .bytes(try held(bytesOfHex(text.utf8), text))
    case .date: return .date(try held(CalendarDay.days(of: text), text))
    case .instant: return .instant(try held(Instant.milliseconds(of: text), text))
    case .ref: return .ref(try held(Identifier(hex: text), text))
    }
  }

  /// The value of a JSON value by the column's type.
  ///
  /// - Throws: ``CommandError/badValue(field:type:text:)``.
  func value(ofJSON json: JSON) throws(CommandError) -> Value {
    switch (type, json) {
    case (_, .null): return .null
    case (.text, .string(let text)), (.code, .string(let text)): return try value(ofPlainText: text)
    case (.integer, .integer(let number)): return .integer(number)
    case (.real, .real(let number)): return .real(number)
    // A whole number is a real as well, where it is one exactly.
    case (.real, .integer(let number)): return .real(try held(Double(exactly: number), json.text))
    case (.boolean, .boolean(let flag)): return .boolean(flag)
    case (.bytes, .object(let members)):
      guard members.count == 1, case .string(let hex)? = json["hex"] else { throw refusal(json.text) }
      return .bytes(try held(bytesOfHex(hex.utf8), hex))
    case (.date, .string(let text)): return .date(try held(CalendarDay.days(of: text), text))
    case (.instant, .string(let text)): return .instant(try held(Instant.milliseconds(of: text), text))
    case (.ref, .string(let text)): return .ref(try held(Identifier(hex: text), text))
    default: throw refusal(json.text)
    }
  }

  private func value(ofPlainText text: String) throws(CommandError) -> Value {
    guard !text.utf8.contains(0) else { throw .textWithNUL(field: name) }
    return .text(text)
  }

  private func value(ofFile path: String) throws(CommandError) -> Value {
    let bytes = try InputFile.contents(of: path, limit: InputFile.valueLimit)
    guard type == .text else { return .bytes(bytes) }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .fileNotUTF8(path: path) }
    return try value(ofPlainText: text)
  }

  private func held<T>(_ value: T?, _ text: String) throws(CommandError) -> T {
    guard let value else { throw refusal(text) }
    return value
  }

  private func refusal(_ text: String) -> CommandError { .badValue(field: name, type: type, text: text) }
}
