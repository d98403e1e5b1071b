import Foundation
import Testing

/// A court in a temporary folder: a real centre, real devices, and the real program between them.
///
/// ```swift
/// try await TestCourt.open { court in
///   let one = try await court.device("A", scopes: ["tribunal/孟庙人民法庭"])
///   try await one.ok("put", "dispute", "summary=邻里纠纷")
/// }
/// ```
///
/// At most two courts live at once, so that many tests do not starve each other; the centre ends with its court.
final class TestCourt: @unchecked Sendable {
  static let name = "郾城区人民法院"
  static let tribunal = "tribunal/孟庙人民法庭"
  static let department = "department/立案庭"

  let folder: String
  /// A test may put another launcher before it.
  var program: CircuitProgram
  private(set) var url = ""
  private(set) var port = 0
  private(set) var serving: ChildProcess?

  private static let turnstile = Turnstile(places: 2)

  /// Makes a court, does the work, and takes everything away again.
  ///
  /// - Parameter serves: whether its centre runs from the beginning.
  static func open(serves: Bool = true, hosts: [String] = [], _ body: (TestCourt) async throws -> Void) async throws {
    await turnstile.enter()
    do {
      try await live(serves: serves, hosts: hosts, body)
    } catch {
      await turnstile.leave()
      throw error
    }
    await turnstile.leave()
  }

  /// A second court in the place of the one that is open, for what a court must not take of another.
  static func beside(_ body: (TestCourt) async throws -> Void) async throws {
    try await live(serves: true, hosts: [], body)
  }

  private static func live(serves: Bool, hosts: [String], _ body: (TestCourt) async throws -> Void) async throws {
    let court = try TestCourt()
    let outcome: Result<Void, any Error>
    do {
      let named = hosts.flatMap { ["--host", $0] }
      try await court.centre.ok("centre", "init", court.centre.path, "--court", name, "--code", "豫1103", words: named)
      if serves { try await court.start() }
      outcome = .success(try await body(court))
    } catch {
      outcome = .failure(error)
    }
    court.serving?.send(SIGKILL)
    _ = try await onThread { [serving = court.serving] in try serving?.wait() }
    try FileManager.default.removeItem(atPath: court.folder)
    try outcome.get()
  }

  private init() throws {
    folder = NSTemporaryDirectory() + "circuit-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    program = try CircuitProgram.built([
      "XDG_DATA_HOME": "\(folder)/data", "HOME": folder, "LANG": "en_US.UTF-8", "PATH": "/usr/bin:/bin",
    ])
  }

  /// The folder under which the devices' keys live.
  var keys: String { "\(folder)/data/circuit" }

  // MARK: The centre

  var centre: ReplicaFolder { folder("centre") }

  /// Starts the centre and waits for its line; after the first time on the same port.
  func start(_ words: String..., environment: [String: String] = [:]) async throws {
    if port == 0 { port = QuietPort.next() }
    let (path, first) = program.command
    let process = try ChildProcess(
      path,
      first + (["centre", "run", centre.path, "--listen", "127.0.0.1:\(port)"] + words).map { Array($0.utf8) },
      environment: program.environment.merging(environment) { $1 }, folder: folder, input: .nothing, output: .pipe,
      complaint: .file("\(folder)/centre.err"), limit: 600)
    serving = process
    let line = try #require(try await onThread { process.readLine() })
    let prefix = "listening on "
    try #require(line.hasPrefix(prefix + "https://127.0.0.1:"))
    url = String(line.dropFirst(prefix.count))
    port = try #require(Int(url.split(separator: ":").last ?? ""))
  }

  /// Ends the centre with a signal and gives its exit code.
  @discardableResult
  func stop(_ signal: Int32 = SIGTERM) async throws -> Int32 {
    let process = try #require(serving)
    serving = nil
    process.send(signal)
    return try await onThread { try process.wait() }
  }

  func ticket(_ scopes: [String] = [tribunal], label: String = "一号机", rights: String? = nil) async throws -> String {
    let words = scopes.flatMap { ["--scope", $0] } + ["--label", label] + (rights.map { ["--rights", $0] } ?? [])
    return try await centre.ok("centre", "ticket", centre.path, words: words).line
  }

  // MARK: Devices

  /// A folder that may become, or be, a replica.
  func folder(_ name: String) -> ReplicaFolder { ReplicaFolder(court: self, name: name) }

  /// Enrols a new device.
  @discardableResult
  func device(_ name: String, scopes: [String] = [tribunal], rights: String? = nil) async throws -> ReplicaFolder {
    let device = folder(name)
    let ticket = try await ticket(scopes, label: name, rights: rights)
    try await device.ok("enrol", "--centre", url, "--ticket", ticket)
    return device
  }

  /// Syncs each in turn, twice, so that what the first ones sent has reached all.
  func settle(_ devices: ReplicaFolder...) async throws {
    for _ in 0..<2 { for device in devices { try await device.ok("sync") } }
  }

  func write(_ bytes: [UInt8], to name: String) throws -> String {
    let path = "\(folder)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }
}

/// Lets so many in at once.
actor Turnstile {
  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(places: Int) { free = places }

  func enter() async {
    if free > 0 {
      free -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  func leave() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}
