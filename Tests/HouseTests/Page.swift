import Foundation

/// A Markdown page: its links and its headings, what stands in code left out.
struct Page {
  /// Below the root, `docs/README.md`.
  let path: String
  private let lines: [String]

  init(path: String) throws { self.init(path: path, text: try Tree.text(path)) }

  init(path: String, text: String) {
    self.path = path
    var lines: [String] = []
    var fence: String?
    for line in text.components(separatedBy: "\n") {
      let start = line.drop { $0 == " " }
      if let open = fence {
        if start.hasPrefix(open) { fence = nil }
        continue
      }
      if start.hasPrefix("```") || start.hasPrefix("~~~") {
        fence = String(start.prefix(3))
        continue
      }
      lines.append(Page.withoutCode(line))
    }
    self.lines = lines
  }

  /// Targets of `[text](target)` and `![text](target)`.
  var links: [String] {
    var found: [String] = []
    for line in lines {
      var rest = Substring(line)
      while let open = rest.range(of: "](") {
        rest = rest[open.upperBound...]
        guard let close = rest.firstIndex(of: ")") else { break }
        let target = rest[..<close].split(separator: " ").first.map(String.init) ?? ""
        found.append(target)
        rest = rest[close...]
      }
    }
    return found
  }

  /// The anchors of the headings, as the usual hosts make them.
  var anchors: Set<String> {
    var found: Set<String> = []
    for line in lines where line.hasPrefix("#") {
      let heading = line.drop { $0 == "#" }.drop { $0 == " " }
      var anchor = ""
      for character in heading.lowercased() {
        if character.isLetter || character.isNumber || character == "_" || character == "-" { anchor.append(character) }
        if character == " " { anchor.append("-") }
      }
      var name = anchor
      var again = 1
      while !found.insert(name).inserted {
        name = "\(anchor)-\(again)"
        again += 1
      }
    }
    return found
  }

  /// Links that lead to nothing in this checkout; those to elsewhere are not followed.
  func brokenLinks() throws -> [String] {
    try links.filter { link in
      if link.contains("://") || link.hasPrefix("mailto:") { return false }
      let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let anchor = parts.count == 2 ? parts[1].removingPercentEncoding ?? parts[1] : nil
      if parts[0].isEmpty, let anchor { return !anchors.contains(anchor) }
      let folder = (path as NSString).deletingLastPathComponent
      let below = parts[0].removingPercentEncoding ?? parts[0]
      let target = ((folder as NSString).appendingPathComponent(below) as NSString).standardizingPath
      guard !target.hasPrefix(".."), Tree.exists(target) else { return true }
      guard let anchor, target.hasSuffix(".md") else { return false }
      return try !Page(path: target).anchors.contains(anchor)
    }.map { "\(path): \($0)" }
  }

  private static func withoutCode(_ line: String) -> String {
    // A heading's code counts for its anchor; everywhere else code is no link.
    if line.hasPrefix("#") { return line.replacingOccurrences(of: "`", with: "") }
    var out = ""
    var isCode = false
    for character in line {
      if character == "`" { isCode.toggle() } else if !isCode { out.append(character) }
    }
    return out
  }
}
