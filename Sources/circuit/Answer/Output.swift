#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The reader of the answer went away: no fault, and nothing more to say.
struct OutputClosed: Error {}

/// A buffered file descriptor: bytes go out by `write(2)`, whole lines at a flush.
final class Output {
  private let descriptor: Int32
  private var pending: [UInt8] = []
  private static let capacity = 64 * 1024
  /// What the descriptor refused, whatever became of the error on its way through others' code.
  private(set) var failure: (any Error)?
  /// Whether a reader that went away is a fault.
  var mustArrive = false

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// - Throws: ``OutputClosed``, or ``CommandError/answerNotWritten(reason:)``.
  func write(_ text: String) throws {
    pending.append(contentsOf: text.utf8)
    if pending.count >= Output.capacity { try flush() }
  }

  func write(_ bytes: [UInt8]) throws {
    pending.append(contentsOf: bytes)
    if pending.count >= Output.capacity { try flush() }
  }

  /// Appends in place, without a copy; goes out at the next write or flush.
  func write(_ fill: (inout [UInt8]) -> Void) throws {
    fill(&pending)
    if pending.count >= Output.capacity { try flush() }
  }

  func line(_ text: String) throws {
    try write(text)
    try write([0x0A])
  }

  /// Sends what is pending.
  func flush() throws {
    defer { pending.removeAll(keepingCapacity: true) }
    try pending.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        #if canImport(Glibc)
          let count = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent)
        #else
          let count = Darwin.write(descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent)
        #endif
        if count >= 0 {
          sent += count
        } else if errno == EPIPE && !mustArrive {
          throw failed(OutputClosed())
        } else if errno != EINTR && errno != EAGAIN {
          throw failed(CommandError.answerNotWritten(reason: SystemFault.text(errno)))
        }
      }
    }
  }

  private func failed(_ error: any Error) -> any Error {
    failure = error
    return error
  }

  /// Forgets what is pending.
  func discard() { pending.removeAll() }

  /// Whether a person watches.
  var isTerminal: Bool { isatty(descriptor) == 1 }
}

/// The system's words for an error number.
enum SystemFault {
  static func text(_ number: Int32) -> String {
    strerror(number).map { String(cString: $0) } ?? "errno \(number)"
  }
}
