/// The arguments with every option's value made safe from ArgumentParser's own reading.
///
/// ArgumentParser splits at grapheme clusters, takes `--help` for a request even where it is a value, and refuses some words
/// that begin with a dash before it knows whose they are. A sealed value begins with a byte that no word of a command
/// line begins with, so that it reads as a plain word; ``open(_:)`` takes the byte off again. `--lang` is taken out: it
/// decides in which tongue the rest is explained.
struct SealedArguments {
  /// For ArgumentParser.
  private(set) var words: [String] = []
  /// The last `--lang`, as written.
  private(set) var tongue: String?

  /// Every option of every verb that takes a value. An option missing here still works, without the seal.
  static let valued: Set<String> = [
    "as", "centre", "code", "court", "host", "label", "lang", "listen", "out", "reason", "rights", "scope", "seen",
    "take", "ticket", "to", "value", "where",
  ]
  private static let seal = "\u{1}"
  private static let folder = "-C"

  init(_ given: [String]) {
    // A shell asks for completions in a form of its own.
    guard given.first != "---completion" else {
      words = given
      return
    }
    var rest = given[...]
    while let word = rest.popFirst() {
      if word == "--" {
        words.append(word)
        words.append(contentsOf: rest)
        return
      }
      guard let option = Option(word) else {
        words.append(word)
        continue
      }
      guard let value = option.value ?? rest.popFirst() else {
        words.append(word)
        return
      }
      if option.name == "--lang" {
        tongue = value
      } else {
        words.append(option.name)
        words.append(SealedArguments.seal + value)
      }
    }
  }

  /// A word that names an option with a value, split by bytes.
  private struct Option {
    var name: String
    /// What stands behind `=`, or joined to `-C`; nil: the next word.
    var value: String?

    init?(_ word: String) {
      let bytes = word.utf8
      if bytes.starts(with: SealedArguments.folder.utf8) {
        name = SealedArguments.folder
        let joined = bytes.dropFirst(2)
        value = joined.isEmpty ? nil : String(Substring(joined.first == 0x3D ? joined.dropFirst() : joined))
        return
      }
      guard bytes.starts(with: "--".utf8) else { return nil }
      let end = bytes.firstIndex(of: 0x3D) ?? bytes.endIndex
      let name = String(Substring(bytes[..<end]))
      guard SealedArguments.valued.contains(String(name.dropFirst(2))) else { return nil }
      self.name = name
      value = end == bytes.endIndex ? nil : String(Substring(bytes[bytes.index(after: end)...]))
    }
  }

  /// Whether a word of its own, no option's value, asks for help.
  var asksForHelp: Bool { words.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" } }

  /// The value inside a sealed word.
  @Sendable static func open(_ word: String) throws -> String {
    word.utf8.first == 1 ? String(Substring(word.utf8.dropFirst())) : word
  }

  /// A message of ArgumentParser's with the seals taken out of the words it quotes.
  static func unsealed(_ message: String) -> String {
    String(String.UnicodeScalarView(message.unicodeScalars.filter { $0 != "\u{1}" }))
  }
}
