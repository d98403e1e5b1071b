import Foundation

/// Files of `Fixtures/`, found from where this source file stands.
enum FixtureFile {
  struct NotFound: Error { let path: String }

  static func lines(of path: String, from source: String = #filePath) throws -> [Substring] {
    var folder = URL(fileURLWithPath: source).deletingLastPathComponent()
    while folder.path != "/" {
      let file = folder.appendingPathComponent("Fixtures").appendingPathComponent(path)
      if FileManager.default.fileExists(atPath: file.path) {
        return try String(decoding: Data(contentsOf: file), as: UTF8.self).split(separator: "\n")
      }
      folder.deleteLastPathComponent()
    }
    throw NotFound(path: "Fixtures/\(path)")
  }
}
