import Merge

/// ArgumentParser's own words in Chinese: headings, its two built-in options, and its complaints.
enum UsageWording {
  /// The text in the tongue of this call.
  static func translated(_ text: String) -> String {
    guard Speech.tongue == .zh else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line(String($0)) }.joined(
      separator: "\n")
  }

  private static let beginnings: [(String, String)] = [
    ("OVERVIEW: ", "概述："),
    ("USAGE: ", "用法："),
    ("Usage: ", "用法："),
    ("ARGUMENTS:", "参数："),
    ("OPTIONS:", "选项："),
    ("SUBCOMMANDS:", "命令："),
    ("Error: ", "错误："),
    ("Help:  ", "说明："),
  ]

  private static let phrases: [(String, String)] = [
    ("Show help information.", "显示帮助。"),
    ("Show the version.", "显示版本。"),
    ("Show subcommand help information.", "显示某个命令的帮助。"),
    ("<subcommand>", "<命令>"),
  ]

  /// Complaints with the quoted words between: the first part, then what comes before each following word.
  private static let complaints: [(parts: [String], zh: [String])] = [
    (["Unknown option '", "'. Did you mean '", "'?"], ["不认识选项“", "”，是不是“", "”？"]),
    (["Unknown option '", "'"], ["不认识选项“", "”"]),
    (["Missing value for '", "'"], ["选项“", "”缺少值"]),
    (["Missing expected argument '", "'"], ["缺少“", "”"]),
    (["Unexpected argument '", "'"], ["多余的“", "”"]),
    (["The option '", "' does not take any value, but '", "' was specified."], ["选项“", "”不带值，却写了“", "”"]),
    (["Invalid option: ", ""], ["不是选项：", ""]),
    (["See '", "' for detailed help."], ["详细帮助：", ""]),
    (["See '", "' for more information."], ["详细说明：", ""]),
  ]

  private static func line(_ line: String) -> String {
    var line = line
    for (phrase, zh) in phrases { line = replacing(phrase, with: zh, in: line) }
    for (beginning, zh) in beginnings where line.hasPrefix(beginning) {
      return zh + complaint(String(line.dropFirst(beginning.count)))
    }
    return complaint(line)
  }

  private static func complaint(_ text: String) -> String {
    let indent = text.prefix { $0 == " " }
    let body = text.dropFirst(indent.count)
    for (parts, zh) in complaints {
      guard let words = quoted(body, between: parts) else { continue }
      var out = String(indent)
      for (place, word) in words.enumerated() { out += zh[place] + word }
      return out + (zh.last ?? "")
    }
    return text
  }

  /// The words that stand between the parts, when the text is exactly parts and words in turn.
  private static func quoted(_ text: Substring, between parts: [String]) -> [Substring]? {
    guard let first = parts.first, text.hasPrefix(first) else { return nil }
    var rest = text.dropFirst(first.count)
    var words: [Substring] = []
    for (place, part) in parts.dropFirst().enumerated() {
      if place == parts.count - 2 {
        guard rest.hasSuffix(part) else { return nil }
        words.append(rest.dropLast(part.count))
      } else {
        guard let found = firstIndex(of: part, in: rest) else { return nil }
        words.append(rest[..<found])
        rest = rest[found...].dropFirst(part.count)
      }
    }
    return words
  }

  private static func firstIndex(of part: String, in text: Substring) -> Substring.Index? {
    text.indices.first { text[$0...].hasPrefix(part) }
  }

  private static func replacing(_ phrase: String, with zh: String, in line: String) -> String {
    guard let found = firstIndex(of: phrase, in: line[...]) else { return line }
    return line[..<found] + zh + line[found...].dropFirst(phrase.count)
  }
}
