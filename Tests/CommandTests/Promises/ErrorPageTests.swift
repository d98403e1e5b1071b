import Foundation
import Testing

@testable import Transport
@testable import circuit

@Suite("Every error a person can meet is on the page of errors")
struct ErrorPageTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The numbers that the error enums of all modules give their cases, read from the sources.
  private static func numbers() throws -> Set<Int> {
    var found = Set(CentreRefusal.allCases.map(\.rawValue))
    let sources = root.appendingPathComponent("Sources")
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      guard let start = text.range(of: "var number: Int {") else { continue }
      let body = text[start.upperBound...].prefix { $0 != "}" }
      for line in body.split(separator: "\n") where line.contains("case .") {
        if let number = line.split(separator: " ").last.flatMap({ Int($0) }) { found.insert(number) }
      }
    }
    return found
  }

  @Test("every number is in the catalogue, once, in order, and the catalogue has no other")
  func catalogue() throws {
    let numbers = try Self.numbers()
    #expect(numbers.count > 60)
    let listed = ErrorCatalogue.entries.map(\.number)
    #expect(listed == listed.sorted() && Set(listed).count == listed.count)
    #expect(numbers.subtracting(listed) == [], "not in the catalogue")
    #expect(Set(listed).subtracting(numbers) == [], "in the catalogue only")
  }

  @Test("docs/errors.md is what the catalogue prints")
  func page() throws {
    let page = try String(contentsOf: Self.root.appendingPathComponent("docs/errors.md"), encoding: .utf8)
    #expect(page == ErrorCatalogue.page.map { $0 + "\n" }.joined())
  }
}
