import ChangeFormat
import Foundation
import Merge

/// Where a year's bytes go: gathered into large writes, counted and hashed on the way.
final class Output {
  private let file: FileHandle
  private var pending: [UInt8] = []
  private var hash = StreamHash()
  private(set) var bytes = 0

  /// Standard output.
  init() { file = .standardOutput }

  /// - Throws: ``Mistake`` where the file cannot be made.
  init(path: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
    else { throw Mistake("\(path) cannot be written") }
    self.file = file
  }

  func write(_ more: [UInt8]) throws {
    bytes += more.count
    hash.update(more)
    pending.append(contentsOf: more)
    if pending.count >= 1 << 18 { try flush() }
  }

  /// Writes what is left.
  ///
  /// - Returns: the SHA-256 of everything written.
  func finish() throws -> ContentHash {
    try flush()
    return hash.finish()
  }

  private func flush() throws {
    try file.write(contentsOf: Data(pending))
    pending.removeAll(keepingCapacity: true)
  }
}
