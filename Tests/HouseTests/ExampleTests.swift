import Testing

@Suite("the example that is shown is the one that runs")
struct ExampleTests {
  /// The lines of a test between two comments that name the README, their common indentation taken off.
  static func marked(in source: String) -> String? {
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    let marks = lines.indices.filter { lines[$0].contains("// README") }
    guard marks.count == 2 else { return nil }
    let between = lines[marks[0] + 1..<marks[1]]
    let indent = between.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
    return between.map { String($0.dropFirst(indent)) }.joined(separator: "\n")
  }

  @Test(
    "the library's example on a page is what the library's test runs, line by line",
    arguments: ["README.md", "README.zh.md", "docs/library.md"])
  func library(page: String) throws {
    let examples = try Tree.files(below: "Tests/LibraryTests", ending: ".swift")
      .compactMap { ExampleTests.marked(in: try Tree.text("Tests/LibraryTests/\($0)")) }
    let example = try #require(examples.first, "no test of the library is marked with // README")
    #expect(examples.count == 1)
    #expect(try Tree.text(page).contains("```swift\n\(example)\n```"))
    #expect(example.split(separator: "\n").count <= 30)
  }

  @Test("the lines between the marks are found, and no others")
  func marks() {
    let source = """
      func f() {
        before()
        // README begins
        a()

        if b {
          c()
        }
        // README ends
        after()
      }
      """
    #expect(ExampleTests.marked(in: source) == "a()\n\nif b {\n  c()\n}")
    #expect(ExampleTests.marked(in: "a()\n// README begins\nb()") == nil)
  }
}
