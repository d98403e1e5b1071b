import ChangeFormat
import Foundation
import Merge

@testable import ReplicaStore

/// A replica in a folder for `replica-worker`, which is built beside the tests (`Tests/ReplicaWorker`).
struct WorkerFolder {
  static let schema = Schema(
    version: 1, tables: [Table(1, "entry", "条目", [Column(6, "text", "文字", .text), Column(8, "number", "号", .integer)])])

  let folder: TemporaryFolder
  var replica: String { folder.path + "/replica" }
  var keys: String { folder.path + "/keys" }
  var surroundings: Surroundings { Surroundings.system(keyFolder: keys) }

  init() throws {
    folder = try TemporaryFolder()
    let random = SystemRandom()
    let owner = try DeviceKeys(signingSeed: random.bytes(32), agreementSeed: random.bytes(32))
    try surroundings.keys.save(owner)
    try Replica.create(
      folder: replica, schema: WorkerFolder.schema,
      identity: ReplicaIdentity(court: Identifier(high: 1, low: 2), keys: owner, label: "workers"),
      surroundings: surroundings
    ).close()
  }

  func open(_ access: Replica.Access) throws -> Replica {
    try Replica.open(folder: replica, schema: WorkerFolder.schema, access: access, surroundings: surroundings)
  }

  func start(_ verb: String, _ count: Int? = nil) throws -> WorkerProcess {
    try WorkerProcess([verb, replica, keys] + (count.map { [String($0)] } ?? []))
  }
}

/// One running `replica-worker` and what it prints. Used by one thread at a time.
final class WorkerProcess: @unchecked Sendable {
  struct NotBuilt: Error, CustomStringConvertible {
    var path: String
    var description: String { "\(path) is not there; build all products of the package, or swift build --build-tests" }
  }

  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var printed = Data()

  init(_ arguments: [String]) throws {
    let path = WorkerProcess.folder + "/replica-worker"
    guard FileManager.default.isExecutableFile(atPath: path) else { throw NotBuilt(path: path) }
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  /// Where the tests, and what is built with them, lie.
  private static var folder: String {
    let tests = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundlePath
    let running =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    return ((tests ?? running) as NSString).deletingLastPathComponent
  }

  /// Whole lines printed so far.
  var lines: [String] {
    let text = String(decoding: printed, as: UTF8.self)
    guard let end = text.lastIndex(of: "\n") else { return [] }
    return text[..<end].split(separator: "\n").map(String.init)
  }

  /// Reads until so many lines are there, or the process has ended.
  func waitForLines(_ count: Int) {
    while lines.count < count {
      let more = output.fileHandleForReading.availableData
      if more.isEmpty { return }
      printed.append(more)
    }
  }

  /// Reads on until the process ends. Returns its exit status.
  @discardableResult
  func finish() -> Int32 {
    try? input.fileHandleForWriting.close()
    printed.append(output.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// kill -9.
  func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
    finish()
  }

  /// Ids that were printed, each after its commit.
  var ids: [RecordID] { lines.compactMap { RecordID(hex: $0) } }

  /// Of the last line: what was done, and the longest single turn in milliseconds.
  var done: (count: Int, longest: Int)? {
    let words = lines.last?.split(separator: " ") ?? []
    guard words.count == 3, words[0] == "done", let count = Int(words[1]), let longest = Int(words[2]) else {
      return nil
    }
    return (count, longest)
  }
}
