/// The code of a Swift file: comments and what stands in string literals blanked, so that only code is judged.
///
/// What stands in an interpolation is code. Regular expression literals are not known; the sources have none.
struct SwiftText {
  /// Words and signs in order; white space is only a border.
  private(set) var tokens: [String]
  let code: String

  init(_ source: String) {
    var stripper = Stripper(source)
    stripper.run()
    code = String(decoding: stripper.out, as: UTF8.self)
    tokens = SwiftText.tokens(of: stripper.out)
  }

  /// The modules that are imported, in order; of `import struct A.B` it is `A`.
  var imports: [String] {
    var found: [String] = []
    for (i, token) in tokens.enumerated() where token == "import" {
      // `import` may also be somebody's name.
      if i > 0, ["`", "."].contains(tokens[i - 1]) { continue }
      let isKind = i + 2 < tokens.count && SwiftText.importKinds.contains(tokens[i + 1])
      let place = i + (isKind ? 2 : 1)
      if place < tokens.count, tokens[place].first?.isLetter == true || tokens[place].first == "_" {
        found.append(tokens[place])
      }
    }
    return found
  }

  private static let importKinds: Set<String> = [
    "struct", "class", "enum", "protocol", "typealias", "func", "let", "var", "actor",
  ]

  /// Names of the types that are declared, nested ones too.
  var declaredTypes: Set<String> {
    var found: Set<String> = []
    for (keyword, name) in zip(tokens, tokens.dropFirst())
    where ["struct", "class", "enum", "actor", "protocol", "typealias"].contains(keyword) {
      found.insert(name)
    }
    return found
  }

  /// Whether the code has these signs in a row, at the borders of words, however it is spaced.
  func says(_ phrase: String) -> Bool {
    let wanted = SwiftText.tokens(of: Array(phrase.utf8))
    guard let first = wanted.first, tokens.count >= wanted.count else { return false }
    return tokens.indices.contains { i in
      tokens[i] == first && i + wanted.count <= tokens.count && tokens[i..<i + wanted.count].elementsEqual(wanted)
    }
  }

  private static func tokens(of bytes: [UInt8]) -> [String] {
    var tokens: [String] = []
    var word: [UInt8] = []
    func isWordByte(_ byte: UInt8) -> Bool {
      byte >= 0x80 || byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte)
    }
    for byte in bytes + [0x20] {
      if isWordByte(byte) {
        word.append(byte)
        continue
      }
      // `try!` is one thing, `try !isEmpty` are two.
      if byte == UInt8(ascii: "!"), word == Array("try".utf8) || word == Array("as".utf8) {
        tokens.append(String(decoding: word + [byte], as: UTF8.self))
        word = []
        continue
      }
      if !word.isEmpty { tokens.append(String(decoding: word, as: UTF8.self)) }
      word = []
      if byte > 0x20 { tokens.append(String(decoding: [byte], as: UTF8.self)) }
    }
    return tokens
  }
}

/// Walks through a file once and keeps only code.
private struct Stripper {
  let source: [UInt8]
  var at = 0
  var out: [UInt8] = []

  init(_ source: String) { self.source = Array(source.utf8) }

  mutating func run() { code(untilParenthesis: false) }

  private func sees(_ text: StaticString, at place: Int? = nil) -> Bool {
    let place = place ?? at
    guard place + text.utf8CodeUnitCount <= source.count else { return false }
    return (0..<text.utf8CodeUnitCount).allSatisfy { source[place + $0] == text.utf8Start[$0] }
  }

  private mutating func code(untilParenthesis: Bool) {
    var depth = 0
    while at < source.count {
      if sees("//") {
        while at < source.count, source[at] != 0x0A { at += 1 }
      } else if sees("/*") {
        blockComment()
      } else if let hashes = hashesBeforeQuote() {
        at += hashes
        string(hashes: hashes)
      } else {
        let byte = source[at]
        if untilParenthesis {
          if byte == UInt8(ascii: "(") { depth += 1 }
          if byte == UInt8(ascii: ")") {
            if depth == 0 { return }
            depth -= 1
          }
        }
        out.append(byte)
        at += 1
      }
    }
  }

  private mutating func blockComment() {
    var depth = 0
    repeat {
      if sees("/*") {
        depth += 1
        at += 2
      } else if sees("*/") {
        depth -= 1
        at += 2
      } else {
        at += 1
      }
    } while depth > 0 && at < source.count
    out.append(0x20)
  }

  /// How many `#` open a string literal here; nil where none opens.
  private func hashesBeforeQuote() -> Int? {
    var place = at
    while place < source.count, source[place] == UInt8(ascii: "#") { place += 1 }
    return place < source.count && source[place] == UInt8(ascii: "\"") ? place - at : nil
  }

  private func hasHashes(_ count: Int, at place: Int) -> Bool {
    place + count <= source.count && source[place..<place + count].allSatisfy { $0 == UInt8(ascii: "#") }
  }

  private mutating func string(hashes: Int) {
    let quotes = sees("\"\"\"") ? 3 : 1
    at += quotes
    out.append(UInt8(ascii: "\""))
    while at < source.count {
      let closes = quotes == 3 ? sees("\"\"\"") : sees("\"")
      if closes, hasHashes(hashes, at: at + quotes) {
        at += quotes + hashes
        break
      }
      if source[at] == UInt8(ascii: "\\"), hasHashes(hashes, at: at + 1) {
        at += 1 + hashes
        if at < source.count, source[at] == UInt8(ascii: "(") {
          out.append(contentsOf: Array(" ( ".utf8))
          at += 1
          code(untilParenthesis: true)
          out.append(contentsOf: Array(" ) ".utf8))
        }
      }
      at += 1
    }
    out.append(UInt8(ascii: "\""))
  }
}
