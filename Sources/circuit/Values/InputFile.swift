#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files that a person names on the command line.
enum InputFile {
  /// The most bytes read for one value; what the replica itself takes is less, and says so.
  static let valueLimit = 1 << 20

  /// All bytes of a file.
  ///
  /// - Throws: ``CommandError/cannotRead(path:reason:)``, ``CommandError/fileTooLarge(path:limit:)``.
  static func contents(of path: String, limit: Int) throws(CommandError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotRead(path: path, reason: SystemFault.text(errno)) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    while true {
      let chunk = try piece(of: descriptor, path: path)
      if chunk.isEmpty { return bytes }
      bytes.append(contentsOf: chunk)
      guard bytes.count <= limit else { throw .fileTooLarge(path: path, limit: limit) }
    }
  }

  /// The next bytes of an open file; empty at its end.
  static func piece(of descriptor: Int32, path: String) throws(CommandError) -> [UInt8] {
    let size = 64 * 1024
    while true {
      var count = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
        count = read(descriptor, buffer.baseAddress, size)
        initialized = max(count, 0)
      }
      if count >= 0 { return chunk }
      guard errno == EINTR else { throw .cannotRead(path: path, reason: SystemFault.text(errno)) }
    }
  }
}

/// The lines of a file, read as they come, so that a pipe's transactions commit while it is still open.
struct InputLines: ~Copyable {
  /// A write is at most 512 KiB, and JSON can spend six bytes on one of them.
  static let lineLimit = 4 << 20

  private let path: String
  private let descriptor: Int32
  private let isOwned: Bool
  private var pending: [UInt8] = []
  private var begin = 0
  private var isAtEnd = false

  /// - Parameter path: `-` is standard input.
  init(path: String) throws(CommandError) {
    self.path = path
    isOwned = path != "-"
    descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotRead(path: path, reason: SystemFault.text(errno)) }
  }

  deinit {
    if isOwned { close(descriptor) }
  }

  /// The next line without its line break (LF or CRLF); nil at the end.
  mutating func next() throws(CommandError) -> [UInt8]? {
    var searched = begin
    while true {
      if let end = pending[searched...].firstIndex(of: 0x0A) {
        let line = pending[begin..<end]
        begin = end + 1
        return Array(line.last == 0x0D ? line.dropLast() : line)
      }
      guard !isAtEnd else {
        guard begin < pending.count else { return nil }
        let line = pending[begin...]
        begin = pending.count
        return Array(line)
      }
      pending.removeFirst(begin)
      begin = 0
      searched = pending.count
      guard pending.count <= InputLines.lineLimit else {
        throw .fileTooLarge(path: path, limit: InputLines.lineLimit)
      }
      let chunk = try InputFile.piece(of: descriptor, path: path)
      if chunk.isEmpty { isAtEnd = true }
      pending.append(contentsOf: chunk)
    }
  }
}
