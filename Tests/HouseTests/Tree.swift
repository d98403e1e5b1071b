import Foundation

/// The files of this checkout.
enum Tree {
  static let root: String = {
    var path = #filePath
    for _ in 0..<3 { path = (path as NSString).deletingLastPathComponent }
    return path
  }()

  /// Files below a folder with one of the endings, by name, as paths below that folder.
  static func files(below folder: String, ending: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)").filter { $0.hasSuffix(ending) }.sorted()
  }

  static func text(_ path: String) throws -> String { try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8) }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(root)/\(path)") }

  /// Every Swift file below `Sources`, with its code.
  static func sources() throws -> [(path: String, text: SwiftText)] {
    try files(below: "Sources", ending: ".swift").map { ($0, SwiftText(try text("Sources/\($0)"))) }
  }

  /// What is found in any source, one line each.
  static func faults(_ find: (SwiftText, String) -> [String]) throws -> [String] {
    try sources().flatMap { find($0.text, $0.path) }
  }
}
