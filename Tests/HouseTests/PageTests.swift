import Testing

@Suite("the pages hold what they say")
struct PageTests {
  @Test("every link of every page leads somewhere")
  func links() throws {
    let pages =
      try ["README.md", "README.zh.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]
      + Tree.files(below: "docs", ending: ".md").map { "docs/\($0)" }
      + Tree.files(below: "Fixtures", ending: ".md").map { "Fixtures/\($0)" }
    let broken = try pages.flatMap { try Page(path: $0).brokenLinks() }
    #expect(broken == [])
  }

  @Test("a link that leads nowhere is found, one in code is none")
  func planted() throws {
    let text = """
      # One house, `two` 门

      [a](errors.md) [b](../LICENSE "the licence") [c](missing.md) [d](#one-house-two-门) [e](#nowhere)
      [f](../README.md#nowhere) [g](https://example.org/x) `[h](missing.md)` [i](../../outside.md)
      ```
      [j](missing.md)
      ```
      """
    let page = Page(path: "docs/planted.md", text: text)
    #expect(page.anchors == ["one-house-two-门"])
    #expect(page.links.count == 8)
    let broken = try page.brokenLinks().map { $0.split(separator: " ").last.map(String.init) ?? "" }
    #expect(broken == ["missing.md", "#nowhere", "../README.md#nowhere", "../../outside.md"])
  }

  @Test("both tongues of the README have the same sections, commands and links")
  func tongues() throws {
    let english = try Tree.text("README.md")
    let chinese = try Tree.text("README.zh.md")
    #expect(sections(english) == sections(chinese))
    #expect(fences(english).count == fences(chinese).count)
    for (one, other) in zip(fences(english), fences(chinese)) { #expect(commands(one) == commands(other)) }
    let links = try [Page(path: "README.md"), Page(path: "README.zh.md")].map { page in
      Set(page.links.filter { !$0.hasPrefix("README") && !$0.hasPrefix("#") && !$0.contains("errors.md") })
    }
    #expect(links[0] == links[1])
  }

  private func sections(_ text: String) -> [Int] {
    text.split(separator: "\n").filter { $0.hasPrefix("#") && $0.contains("# ") && !$0.hasPrefix("#!") }
      .map { $0.prefix { $0 == "#" }.count }
  }

  /// The fenced blocks of a page.
  private func fences(_ text: String) -> [[Substring]] {
    text.split(separator: "\n```", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
      .map { $0.element.split(separator: "\n") }
  }

  /// The lines of a block that are typed, without their comments.
  private func commands(_ block: [Substring]) -> [String] {
    block.filter { $0.hasPrefix("$ ") || $0.hasPrefix("make ") }
      .map { String($0.prefix { $0 != "#" }).trimmingSuffix { $0 == " " } }
  }
}

extension String {
  fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> String {
    String(reversed().drop(while: isTrimmed).reversed())
  }
}
