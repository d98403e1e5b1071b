import BadLine
import Court
import Foundation
import ReplicaStore

/// A court for one measurement: the built `circuit` serves it, and its devices know the centre by a bad line.
final class BenchCourt {
  static let tribunal = "tribunal/孟庙人民法庭"
  let folder: String
  private let program: String
  private var serving: Process?
  private(set) var port = 0

  struct Failed: Error { var words: [String] }

  init() throws {
    folder = NSTemporaryDirectory() + "circuit-link-\(UUID().uuidString)"
    let beside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path
    program = "\(beside)/circuit"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = try run(["centre", "init", "\(folder)/centre", "--court", "郾城区人民法院", "--code", "豫1103"])
    let process = made(["centre", "run", "\(folder)/centre", "--listen", "127.0.0.1:0"])
    let output = Foundation.Pipe()
    process.standardOutput = output
    try process.run()
    serving = process
    var line = ""
    while !line.hasSuffix("\n") {
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { throw Failed(words: ["centre", "run"]) }
      line += String(decoding: data, as: UTF8.self)
    }
    port = Int(line.dropLast().split(separator: ":").last ?? "") ?? 0
  }

  func close() throws {
    serving?.terminate()
    serving?.waitUntilExit()
    try FileManager.default.removeItem(atPath: folder)
  }

  private func made(_ words: [String]) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = words
    process.environment = ["XDG_DATA_HOME": "\(folder)/data", "HOME": folder, "LANG": "en_US.UTF-8"]
    return process
  }

  @discardableResult
  func run(_ words: [String], input: String? = nil) throws -> String {
    let process = made(words)
    let output = Foundation.Pipe()
    process.standardOutput = output
    if let input {
      let file = "\(folder)/input"
      try Data(input.utf8).write(to: URL(fileURLWithPath: file))
      process.standardInput = FileHandle(forReadingAtPath: file)
    }
    try process.run()
    let answer = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed(words: words) }
    return answer.hasSuffix("\n") ? String(answer.dropLast()) : answer
  }

  func enrol(_ name: String, over url: String) throws {
    let ticket = try run(["centre", "ticket", "\(folder)/centre", "--scope", BenchCourt.tribunal, "--label", name])
    try run(["enrol", "-C", "\(folder)/\(name)", "--centre", url, "--ticket", ticket])
  }

  func open(_ name: String) throws -> Replica {
    try Replica.open(
      folder: "\(folder)/\(name)", schema: CourtSchema.current, access: .writing,
      surroundings: .system(keyFolder: "\(folder)/data/circuit"))
  }

  func digest(_ name: String) throws -> String { try run(["digest", "-C", "\(folder)/\(name)"]) }
}
