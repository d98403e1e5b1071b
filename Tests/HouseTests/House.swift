import Foundation

/// The house as the design draws it: its modules in the order data flows, and what each may bring in.
///
/// A module imports only what stands before it here, and a foreign library only where it is named. A new module is added
/// here and to `docs/README.md` before it is built.
struct House {
  struct Module {
    var name: String
    /// Libraries of others, and the system libraries of our own shims, that it may import.
    var libraries: Set<String> = []
    /// Libraries it may import only in one of its folders.
    var inFolder: [String: Set<String>] = [:]
    /// Foundation, the C library and what else comes with Swift.
    var usesPlatform = true
    /// Clock, randomness and scheduling reach it only through what is passed in; the folders named are left out.
    var isDeterministic = false
    /// Nothing imports a program.
    var isProgram = false
  }

  static let modules: [Module] = [
    Module(name: "CCurl", usesPlatform: false),
    Module(name: "CZstd", usesPlatform: false),
    Module(name: "CSQLite", usesPlatform: false),
    Module(name: "Merge", usesPlatform: false, isDeterministic: true),
    Module(name: "ChangeFormat", libraries: ["Crypto", "CZstd"], usesPlatform: false, isDeterministic: true),
    Module(name: "ReplicaStore", libraries: ["GRDB", "CSQLite"], isDeterministic: true),
    Module(name: "Transport", libraries: ["CCurl"], isDeterministic: true),
    Module(name: "Court", isDeterministic: true),
    Module(
      name: "CentralNode",
      inFolder: [
        "Server": [
          "Hummingbird", "HummingbirdTLS", "Logging", "NIOCore", "NIOSSL", "ServiceLifecycle", "X509", "SwiftASN1",
          "Crypto",
        ]
      ], isDeterministic: true),
    Module(name: "circuit", libraries: ["ArgumentParser"], isProgram: true),
    // The simulator hands the store databases in memory and on disks of its own, and the benchmark measures against
    // plain SQLite.
    Module(name: "Simulator", libraries: ["GRDB", "CSQLite"], isDeterministic: true),
    Module(name: "circuit-sim", isProgram: true),
    Module(name: "circuit-bench", libraries: ["GRDB", "CSQLite"], isProgram: true),
    Module(name: "circuit-fixture", isProgram: true),
  ]

  /// What comes with Swift itself.
  static let platform: Set<String> = [
    "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin", "Dispatch", "Synchronization",
  ]

  /// The only places where the machine's own clock, randomness and naps are reached; all else gets them passed in.
  static let machineFiles: Set<String> = ["ReplicaStore/File/SystemSurroundings.swift"]
  /// The server runs on the machine, never in a simulation.
  static let machineFolders: Set<String> = ["CentralNode/Server"]

  static let systemShims: Set<String> = ["CCurl", "CZstd", "CSQLite"]

  /// What is wrong with the direction of a file's imports; empty when all is well.
  ///
  /// - Parameter path: below `Sources`, `Merge/Dot.swift`.
  static func wrongArrows(in text: SwiftText, at path: String) -> [String] {
    guard let (place, module) = module(at: path) else { return ["\(path): the house has no such module"] }
    let folder = path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
    let libraries = module.libraries.union(module.inFolder[folder] ?? [])
    return text.imports.compactMap { imported in
      if libraries.contains(imported) { return nil }
      if platform.contains(imported) {
        return module.usesPlatform ? nil : "\(path): \(module.name) imports \(imported), which it does without"
      }
      guard let other = modules.firstIndex(where: { swiftName($0.name) == imported }), !systemShims.contains(imported)
      else { return "\(path): \(module.name) imports \(imported), which the house does not give it" }
      if modules[other].isProgram { return "\(path): \(module.name) imports the program \(imported)" }
      return other < place ? nil : "\(path): \(module.name) imports \(imported), which stands below it"
    }
  }

  /// Types of a file that have their module's name: nothing could then be named past them.
  static func typesNamedLikeTheirModule(in text: SwiftText, at path: String) -> [String] {
    guard let (_, module) = module(at: path) else { return [] }
    let name = swiftName(module.name)
    return text.declaredTypes.contains(name) ? ["\(path): a type is named \(name) like its module"] : []
  }

  /// What no source may say: it ends the program on input.
  static func endings(in text: SwiftText, at path: String) -> [String] {
    ["try!", "fatalError(", "as!"].filter { text.says($0) }.map { "\(path): \($0)" }
  }

  /// What reaches the machine's clock, randomness or scheduler where they must be passed in.
  static func machineCalls(in text: SwiftText, at path: String) -> [String] {
    guard let (_, module) = module(at: path), module.isDeterministic, !machineFiles.contains(path),
      !machineFolders.contains(where: { path.hasPrefix($0 + "/") })
    else { return [] }
    return [
      "Date()", "Date.now", "UUID()", "SystemRandomNumberGenerator", ".random(in", ".randomElement()", ".shuffled()",
      "Task.sleep", "Thread.sleep", "ContinuousClock", "SuspendingClock", "clock_gettime(", "gettimeofday(",
      "getrandom(", "arc4random", "usleep(", "nanosleep(",
    ].filter { text.says($0) }.map { "\(path): \($0)" }
  }

  private static func module(at path: String) -> (place: Int, module: Module)? {
    let name = path.prefix { $0 != "/" }
    return modules.firstIndex { $0.name == name }.map { ($0, modules[$0]) }
  }

  /// A module's name as Swift says it.
  static func swiftName(_ name: String) -> String { name.replacingOccurrences(of: "-", with: "_") }
}
