import Foundation

/// The built `circuit`, called as a script calls it: bytes in, bytes and an exit code out.
struct CircuitProgram: Sendable {
  /// What a call left behind.
  struct Answer: Sendable {
    var code: Int32
    var output: [UInt8]
    var complaint: [UInt8]

    var text: String { String(decoding: output, as: UTF8.self) }
    /// The answer without its line break.
    var line: String { text.hasSuffix("\n") ? String(text.dropLast()) : text }
    var lines: [String] { text.split(separator: "\n").map(String.init) }
    var error: String { String(decoding: complaint, as: UTF8.self) }
    /// Lines on standard error.
    var complaints: Int { complaint.count { $0 == 0x0A } }

    /// The answer as one JSON document.
    func json() throws -> JSONValue { try JSONValue(output) }
    /// The answer as JSON, a document a line.
    func jsonLines() throws -> [JSONValue] { try output.split(separator: 0x0A).map { try JSONValue(Array($0)) } }
    /// The complaint of a call with `--json`.
    func errorJSON() throws -> JSONValue { try JSONValue(complaint) }
  }

  let path: String
  let environment: [String: String]
  /// What stands before the program, such as one that enters a namespace and then becomes it.
  var launcher: [String] = []

  /// What is started, and its first arguments.
  var command: (program: String, words: [[UInt8]]) {
    let all = launcher + [path]
    return (all[0], all.dropFirst().map { Array($0.utf8) })
  }

  /// The program that stands beside the test bundle.
  static func built(_ environment: [String: String]) throws -> CircuitProgram {
    var folders = Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent().path }
    if let running = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
      folders.insert((running as NSString).deletingLastPathComponent, at: 0)
    }
    for folder in folders where FileManager.default.isExecutableFile(atPath: "\(folder)/circuit") {
      return CircuitProgram(path: "\(folder)/circuit", environment: environment)
    }
    throw Missing(folders: folders)
  }

  struct Missing: Error { var folders: [String] }

  /// Runs one call to its end.
  ///
  /// - Parameters:
  ///   - words: the arguments as bytes, which need not be text.
  ///   - input: what it reads from standard input.
  ///   - folder: where it runs.
  ///   - changes: environment variables set otherwise for this call.
  func call(
    _ words: [[UInt8]], input: [UInt8] = [], in folder: String, environment changes: [String: String] = [:]
  ) async throws -> Answer {
    let id = UUID().uuidString
    let files = ["in", "out", "err"].map { "\(folder)/.\(id).\($0)" }
    let (path, first) = command
    let environment = environment.merging(changes) { $1 }
    return try await onThread {
      defer { for file in files { unlink(file) } }
      try Data(input).write(to: URL(fileURLWithPath: files[0]))
      let process = try ChildProcess(
        path, first + words, environment: environment, folder: folder, input: .file(files[0]), output: .file(files[1]),
        complaint: .file(files[2]))
      let code = try process.wait()
      return Answer(
        code: code, output: try [UInt8](Data(contentsOf: URL(fileURLWithPath: files[1]))),
        complaint: try [UInt8](Data(contentsOf: URL(fileURLWithPath: files[2]))))
    }
  }
}
