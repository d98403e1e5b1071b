#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The arguments as the system gave them: Swift's own array has invalid UTF-8 repaired, which would change a value in
/// silence.
enum RawArguments {
  /// The bytes of every argument but the program's name.
  static func ofProcess() -> [[UInt8]] {
    let count = Int(CommandLine.argc)
    guard count > 0 else { return ofKernel() }
    guard count > 1 else { return [] }
    return (1..<count).compactMap { place in
      CommandLine.unsafeArgv[place].map { pointer in
        Array(UnsafeRawBufferPointer(start: pointer, count: strlen(pointer)))
      }
    }
  }

  /// Swift finds the arguments beside the environment, and finds none when a preloaded library has moved that.
  private static func ofKernel() -> [[UInt8]] {
    guard let bytes = try? InputFile.contents(of: "/proc/self/cmdline", limit: 16 << 20) else { return [] }
    return bytes.dropLast().split(separator: 0, omittingEmptySubsequences: false).dropFirst().map(Array.init)
  }

  /// The arguments as text.
  ///
  /// - Throws: ``CommandError/argumentNotUTF8(position:)`` for the first that is not valid UTF-8.
  static func text(of arguments: [[UInt8]]) throws(CommandError) -> [String] {
    var words: [String] = []
    for (place, bytes) in arguments.enumerated() {
      guard let word = String(validating: bytes, as: UTF8.self) else {
        throw .argumentNotUTF8(position: place + 1)
      }
      words.append(word)
    }
    return words
  }

  /// Whether `--json` is among arguments that could not be parsed.
  static func askForJSON(_ arguments: [[UInt8]]) -> Bool {
    arguments.prefix { $0 != Array("--".utf8) }.contains(Array("--json".utf8))
  }
}
