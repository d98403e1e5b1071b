#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files that a verb writes for a person.
enum OutputFile {
  /// Writes a whole file; by default one that only its owner reads, a ticket being a secret.
  ///
  /// - Throws: ``CommandError/cannotWrite(path:reason:)``.
  static func write(_ text: String, to path: String, mode: mode_t = 0o600) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw CommandError.cannotWrite(path: path, reason: SystemFault.text(errno)) }
    defer { close(descriptor) }
    let output = Output(descriptor: descriptor)
    do {
      try output.write(text)
      try output.flush()
    } catch CommandError.answerNotWritten(let reason) {
      throw CommandError.cannotWrite(path: path, reason: reason)
    }
  }
}
