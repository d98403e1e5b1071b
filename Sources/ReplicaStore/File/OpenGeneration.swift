import ChangeFormat
import Foundation
import Merge

/// The generation file used last, kept open and mapped: every commit reads it once and writes it twice.
///
/// A mapped write is in the page cache like any other: it outlives the process, and one that is cut shows by its hash.
final class OpenGeneration: @unchecked Sendable {
  private let lock = NSLock()
  private var path = ""
  private var name = (device: DeviceID.zero, incarnation: Identifier.zero)
  private var file: Int32 = -1
  private var map: UnsafeMutableRawPointer?
  /// What this process wrote last, with its meaning: bytes found unchanged need no second look.
  private var written: (bytes: [UInt8], mark: GenerationMark)?

  private static let size = 93
  private static let page = 4096

  deinit { release() }

  private func release() {
    if let map { munmap(map, OpenGeneration.page) }
    if file >= 0 { close(file) }
    map = nil
    file = -1
    written = nil
  }

  /// Opens the file unless it is at hand and still where it was, whole.
  private func take(_ device: DeviceID, _ incarnation: Identifier, flags: Int32, _ place: () -> String) -> Bool {
    var info = stat()
    if file >= 0, name.device == device, name.incarnation == incarnation, flags == 0, fstat(file, &info) == 0,
      info.st_nlink > 0, info.st_size == OpenGeneration.size
    {
      return true
    }
    release()
    path = place()
    name = (device, incarnation)
    file = open(path, O_RDWR | O_CLOEXEC | flags, 0o600)
    guard file >= 0 else { return false }
    if fstat(file, &info) == 0, info.st_size == OpenGeneration.size { mapIt() }
    return true
  }

  /// Where a file system cannot map, the file is read and written by calls.
  private func mapIt() {
    let found = mmap(nil, OpenGeneration.page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
    map = found == MAP_FAILED ? nil : found
  }

  func read(_ device: DeviceID, _ incarnation: Identifier, _ place: () -> String) -> GenerationReading {
    lock.lock()
    defer { lock.unlock() }
    guard take(device, incarnation, flags: 0, place) else { return .missing }
    let (file, map) = (file, map)
    if let map, let written, written.mark.incarnation == incarnation,
      written.bytes.withUnsafeBytes({ $0.baseAddress.map { memcmp($0, map, OpenGeneration.size) } }) == 0
    {
      return .mark(written.mark)
    }
    let bytes = [UInt8](unsafeUninitializedCapacity: 128) { buffer, count in
      count = max(0, pread(file, buffer.baseAddress, 128, 0))
    }
    return GenerationMark(bytes: bytes, incarnation: incarnation).map { .mark($0) } ?? .torn
  }

  func write(
    _ mark: GenerationMark, _ device: DeviceID, isNew: Bool, _ place: () -> String
  ) throws(ReplicaError) {
    lock.lock()
    defer { lock.unlock() }
    let isAtHand = !isNew && map != nil && name.device == device && name.incarnation == mark.incarnation
    guard isAtHand || take(device, mark.incarnation, flags: isNew ? O_CREAT : 0, place) else {
      throw ReplicaError(system: errno, path)
    }
    let bytes = mark.bytes
    if let map {
      UnsafeMutableRawBufferPointer(start: map, count: bytes.count).copyBytes(from: bytes)
    } else {
      let count = pwrite(file, bytes, bytes.count, 0)
      guard count == bytes.count else { throw ReplicaError(system: count < 0 ? errno : ENOSPC, path) }
      if isNew || bytes.count != OpenGeneration.size { ftruncate(file, off_t(bytes.count)) }
    }
    written = (bytes, mark)
    if isNew {
      guard fsync(file) == 0 else { throw ReplicaError(system: errno, path) }
      if map == nil { mapIt() }
    }
  }
}
