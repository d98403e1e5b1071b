import Foundation
import Merge

/// The machines of the demo: every command is a process of its own, as in a court.
final class DemoStage {
  let folder: String
  let session: Session
  private let program: String
  private var centre: Process?
  private(set) var address = ""

  init(folder: String, _ session: Session) throws {
    self.folder = folder
    self.session = session
    program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  /// Says something in the tongue of the session.
  func tell(_ chinese: String, _ english: String) throws {
    try session.line(say(chinese, english))
    try session.answer.flush()
  }

  func heading(_ number: Int, _ chinese: String, _ english: String) throws {
    try tell("\n\(number)  \(chinese)", "\n\(number)  \(english)")
  }

  // MARK: Processes

  private func process(_ arguments: [String], under clock: ShiftedClock? = nil) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    var environment = ProcessInfo.processInfo.environment
    environment["XDG_DATA_HOME"] = "\(folder)/keys"
    environment["LC_ALL"] = nil
    environment["LC_MESSAGES"] = nil
    environment["LANG"] = say("zh_CN.UTF-8", "C.UTF-8")
    process.environment = environment
    clock?.shift(process)
    return process
  }

  /// Runs one command to its end and gives what it printed; one that fails ends the demo with its own error.
  @discardableResult
  func circuit(_ arguments: String..., input: [UInt8] = [], under clock: ShiftedClock? = nil) throws -> String {
    try circuit(arguments, input: input, under: clock)
  }

  @discardableResult
  func circuit(_ arguments: [String], input: [UInt8] = [], under clock: ShiftedClock? = nil) throws -> String {
    let process = process(arguments, under: clock)
    let output = Pipe()
    let complaint = Pipe()
    process.standardOutput = output
    process.standardError = complaint
    let inputPath = "\(folder)/.input"
    try Data(input).write(to: URL(fileURLWithPath: inputPath))
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: inputPath))
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let errors = String(decoding: complaint.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let line = errors.split(separator: "\n").first.map(String.init) ?? ""
      throw CommandError.demoStep(arguments.prefix(2).joined(separator: " "), line)
    }
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  /// The JSON document of a command.
  func json(_ arguments: String..., under clock: ShiftedClock? = nil) throws -> JSON? {
    let process = process(arguments + ["--json"], under: clock)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw CommandError.demoStep(arguments.prefix(2).joined(separator: " "), "\(process.terminationStatus)")
    }
    return try JSONReader.read(Array(data))
  }

  // MARK: The centre

  func startCentre(_ name: String) throws {
    // A centre that comes back takes the port its devices know.
    let listen = address.isEmpty ? "127.0.0.1:0" : address.replacingOccurrences(of: "https://", with: "")
    let process = process(["centre", "run", name, "--listen", listen])
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    centre = process
    var line: [UInt8] = []
    while line.last != 0x0A {
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { throw CommandError.demoStep("centre run", "") }
      line += data
    }
    address = String(decoding: line.dropLast(), as: UTF8.self).replacingOccurrences(of: "listening on ", with: "")
  }

  func stopCentre() {
    guard let centre, centre.isRunning else { return }
    centre.terminate()
    centre.waitUntilExit()
    self.centre = nil
  }

  // MARK: Checks

  /// Ends the demo when what must be equal is not.
  func require(_ holds: Bool, _ chinese: String, _ english: String) throws {
    if !holds { throw CommandError.demoDiffers(say(chinese, english)) }
  }

  // MARK: Fixtures

  /// A folder of `Fixtures`, which stands beside the sources; looked for above the program and above the current folder.
  func fixtures(_ name: String) throws -> String {
    for start in [program, FileManager.default.currentDirectoryPath + "/x"] {
      var path = (start as NSString).deletingLastPathComponent
      while path.count > 1 {
        let candidate = "\(path)/Fixtures/\(name)"
        if FileManager.default.fileExists(atPath: candidate) { return candidate }
        path = (path as NSString).deletingLastPathComponent
      }
    }
    throw CommandError.demoStep("Fixtures/\(name)", say("找不到", "not found"))
  }

  /// The bytes of a file of `Fixtures`.
  func fixture(_ path: String) throws -> [UInt8] {
    let folder = try fixtures((path as NSString).deletingLastPathComponent)
    return Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\((path as NSString).lastPathComponent)")))
  }
}

/// Short ways through an answer of our own.
extension Optional where Wrapped == JSON {
  subscript(name: String) -> JSON? { self.flatMap { $0[name] } }

  var string: String? {
    if case .string(let text)? = self { text } else { nil }
  }

  var natural: UInt64? {
    switch self {
    case .integer(let number)?: UInt64(exactly: number)
    case .natural(let number)?: number
    default: nil
    }
  }

  var array: [JSON?] {
    if case .array(let items)? = self { items } else { [] }
  }

  var text: String { string ?? self?.text ?? "" }
}
