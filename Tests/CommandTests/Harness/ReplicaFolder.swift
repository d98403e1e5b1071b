import Foundation
import Testing

/// A folder of a court's that verbs work on: a device's replica or the centre's.
struct ReplicaFolder: Sendable {
  let court: TestCourt
  let name: String
  /// Variables that are set otherwise for every call, such as another machine's key folder or clock.
  var environment: [String: String] = [:]

  var path: String { "\(court.folder)/\(name)" }
  var database: String { "\(path)/replica.db" }

  /// Calls the program on this folder. `centre` and `schema` name no replica; every other verb gets `-C` before its words, `bundle`
  /// behind its own verb.
  func call(
    _ verb: String, bytes: [[UInt8]], input: [UInt8] = [], environment: [String: String] = [:]
  ) async throws -> CircuitProgram.Answer {
    let place = (["centre", "schema"].contains(verb) ? [] : ["-C", path]).map { Array($0.utf8) }
    let inner = verb == "bundle" ? 1 : 0
    let words = [Array(verb.utf8)] + bytes.prefix(inner) + place + bytes.dropFirst(inner)
    return try await court.program.call(
      words, input: input, in: court.folder, environment: self.environment.merging(environment) { $1 })
  }

  func call(_ verb: String, _ words: String..., words more: [String] = [], input: String = "") async throws
    -> CircuitProgram.Answer
  {
    try await call(verb, bytes: (words + more).map { Array($0.utf8) }, input: Array(input.utf8))
  }

  /// A call that must succeed, and then says nothing on standard error.
  @discardableResult
  func ok(
    _ verb: String, _ words: String..., words more: [String] = [], input: String = "",
    at location: SourceLocation = #_sourceLocation
  ) async throws -> CircuitProgram.Answer {
    let answer = try await call(verb, bytes: (words + more).map { Array($0.utf8) }, input: Array(input.utf8))
    try #require(answer.code == 0, "\(verb): \(answer.error)", sourceLocation: location)
    #expect(answer.complaint == [], sourceLocation: location)
    return answer
  }

  /// A call that data or the world refuses: exit code 1, one line on standard error with this code, no answer.
  @discardableResult
  func refused(
    _ number: Int, _ verb: String, _ words: String..., words more: [String] = [], input: String = "",
    at location: SourceLocation = #_sourceLocation
  ) async throws -> CircuitProgram.Answer {
    let answer = try await call(verb, bytes: (words + more).map { Array($0.utf8) }, input: Array(input.utf8))
    #expect(answer.code == 1, sourceLocation: location)
    #expect(answer.complaints == 1 && answer.error.hasSuffix("\n"), sourceLocation: location)
    #expect(answer.error.hasPrefix("CIR-\(number): "), "\(answer.error)", sourceLocation: location)
    #expect(answer.output == [], sourceLocation: location)
    return answer
  }

  // MARK: Short ways

  /// Writes a record and gives its id.
  func put(_ words: String...) async throws -> String { try await ok("put", words: words).line }

  func get(_ table: String, _ id: String) async throws -> JSONValue {
    try await ok("get", table, id, "--json").json()
  }

  func dump() async throws -> String { try await ok("dump").text }

  func log() async throws -> [JSONValue] { try await ok("log", "--json").jsonLines() }

  func json(_ verb: String) async throws -> JSONValue { try await ok(verb, "--json").json() }

  /// Ids of all records held.
  func ids() async throws -> Set<String> { Set(try await ok("dump").jsonLines().map { $0["id"].text }) }

  /// The names in the folder, also of what begins with a dot.
  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

  var exists: Bool { FileManager.default.fileExists(atPath: path) }

  /// The same folder under other variables.
  func under(_ variables: [String: String]) -> ReplicaFolder {
    ReplicaFolder(court: court, name: name, environment: environment.merging(variables) { $1 })
  }

  /// Sets this folder back to what another holds, in the same files, as a disk image that is restored does.
  func overwrite(with other: ReplicaFolder) throws {
    let files = FileManager.default
    let held = Set(try files.subpathsOfDirectory(atPath: other.path))
    for name in try files.subpathsOfDirectory(atPath: path) where !held.contains(name) {
      try? files.removeItem(atPath: "\(path)/\(name)")
    }
    for name in held {
      var isFolder: ObjCBool = false
      guard files.fileExists(atPath: "\(other.path)/\(name)", isDirectory: &isFolder), !isFolder.boolValue else {
        continue
      }
      let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(other.path)/\(name)"))
      try bytes.write(to: URL(fileURLWithPath: "\(path)/\(name)"), options: [])
    }
  }

  /// Puts another folder's copy in this one's place.
  func replace(with other: ReplicaFolder) throws {
    if exists { try FileManager.default.removeItem(atPath: path) }
    try FileManager.default.copyItem(atPath: other.path, toPath: path)
  }
}
