import ChangeFormat
import Foundation
import Merge

extension Surroundings {
  /// The real machine.
  ///
  /// - Parameter keyFolder: where devices' keys live, outside every replica folder.
  public static func system(keyFolder: String) -> Surroundings {
    Surroundings(
      clock: SystemClock(), randomness: SystemRandom(), keys: FolderKeys(folder: keyFolder),
      scheduling: SystemThreads())
  }
}

/// A process does not outlive its boot: read once.
private let presentBoot: String = {
  let text = readFile("/proc/sys/kernel/random/boot_id").map { String(decoding: $0, as: UTF8.self) } ?? ""
  return text.filter { !$0.isWhitespace }
}()

/// CLOCK_REALTIME and CLOCK_BOOTTIME.
public struct SystemClock: MachineClock {
  public init() {}

  public func wallMilliseconds() -> UInt64 { read(CLOCK_REALTIME) }
  public func bootMilliseconds() -> UInt64 { read(CLOCK_BOOTTIME) }

  public func bootID() -> String { presentBoot }

  public func pause(milliseconds: UInt64) { Thread.sleep(forTimeInterval: Double(milliseconds) / 1000) }

  private func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    let milliseconds = Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    return UInt64(max(0, milliseconds))
  }
}

/// The kernel's generator; what a change needs of it is drawn ahead, a page at a time.
public struct SystemRandom: RandomSource {
  private let ahead = Ahead()

  public init() {}

  public func bytes(_ count: Int) -> [UInt8] {
    // Keys are never drawn ahead.
    if count > 16 { return SystemRandom.draw(count) }
    return ahead.take(count)
  }

  private static func draw(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      var filled = 0
      while filled < count {
        // getentropy gives at most 256 bytes a call and fails only for more.
        let part = min(256, count - filled)
        if getentropy(buffer.baseAddress! + filled, part) == 0 { filled += part }
      }
      initialized = count
    }
  }

  /// Bytes drawn and not given yet; each is given once.
  private final class Ahead: @unchecked Sendable {
    private let lock = NSLock()
    private var drawn: [UInt8] = []

    func take(_ count: Int) -> [UInt8] {
      lock.lock()
      defer { lock.unlock() }
      if drawn.count < count { drawn = SystemRandom.draw(4096) }
      let taken = Array(drawn.suffix(count))
      drawn.removeLast(count)
      return taken
    }
  }
}

/// Keys in a folder: one folder a device, readable by its owner only.
public struct FolderKeys: KeyStore {
  public let location: String

  private let generations = OpenGeneration()

  public init(folder: String) { location = folder }

  private func folder(_ device: DeviceID) -> String { "\(location)/\(device.hex)" }

  public func keys(of device: DeviceID) throws(ReplicaError) -> DeviceKeys? {
    let path = "\(folder(device))/keys"
    guard let bytes = readFile(path) else { return nil }
    guard bytes.count == 64,
      let keys = try? DeviceKeys(
        signingSeed: Array(bytes[0..<32]), agreementSeed: Array(bytes[32..<64])), keys.device == device
    else { throw .damaged(path: path, detail: "keys") }
    return keys
  }

  public func save(_ keys: DeviceKeys) throws(ReplicaError) {
    try makeFolder(location)
    try makeFolder(folder(keys.device))
    try writeFile("\(folder(keys.device))/keys", keys.signingSeed + keys.agreementSeed, mode: 0o600, sync: true)
  }

  public func remove(_ device: DeviceID) {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder(device)) else { return }
    for name in names { unlink("\(folder(device))/\(name)") }
    rmdir(folder(device))
  }

  private func path(_ device: DeviceID, _ incarnation: Identifier) -> String {
    "\(folder(device))/generation-\(incarnation.hex)"
  }

  public func generation(of device: DeviceID, incarnation: Identifier) -> GenerationReading {
    generations.read(device, incarnation) { path(device, incarnation) }
  }

  public func setGeneration(_ mark: GenerationMark, of device: DeviceID, isNew: Bool) throws(ReplicaError) {
    try generations.write(mark, device, isNew: isNew) { path(device, mark.incarnation) }
    if isNew { try syncFolder(folder(device)) }
  }
}

extension GenerationMark {
  /// 93 bytes: count, flag, inode, disk, boot id, and the SHA-256 of these, so that a torn one is known.
  var bytes: [UInt8] {
    var writer = ByteWriter(capacity: 112)
    writer.fixed64(count)
    writer.byte(isDone ? 1 : 0)
    writer.fixed64(inode)
    writer.fixed64(disk)
    var bootID = bootID
    bootID.withUTF8 { writer.bytes.append(contentsOf: UnsafeBufferPointer(rebasing: $0.prefix(36))) }
    while writer.bytes.count < 61 { writer.byte(0x20) }
    writer.hash(Hashing.hash(writer.bytes))
    return writer.bytes
  }

  init?(bytes: [UInt8], incarnation: Identifier) {
    guard bytes.count == 93 else { return nil }
    var reader = ByteReader(bytes)
    guard let count = try? reader.fixed64("count"), let flag = try? reader.byte("flag"),
      let inode = try? reader.fixed64("inode"), let disk = try? reader.fixed64("disk"),
      let boot = try? reader.raw(36, "boot id"), let hash = try? reader.hash("hash"),
      hash == Hashing.hash(Array(bytes.prefix(61)))
    else { return nil }
    self.init(
      incarnation: incarnation, count: count, isDone: flag == 1, inode: inode, disk: disk,
      bootID: String(decoding: boot.filter { $0 != 0x20 }, as: UTF8.self))
  }
}

/// An exclusive file lock, taken behind a queue lock so that none starves.
///
/// A polled or plain blocking `flock` starves with three writers; with the queue lock the longest wait was 0.03 s.
public final class FileTurn: TurnTaking, @unchecked Sendable {
  private let queuePath: String
  private let turnPath: String
  private var turn: Int32 = -1
  private var queue: Int32 = -1
  /// Milliseconds a writer waits for its turn.
  public static let patience = 5000

  public init(folder: String) {
    queuePath = "\(folder)/.queue"
    turnPath = "\(folder)/.turn"
  }

  deinit {
    if turn >= 0 { close(turn) }
    if queue >= 0 { close(queue) }
  }

  public func begin() throws(ReplicaError) {
    if queue < 0 {
      queue = open(queuePath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      turn = open(turnPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      if queue < 0 || turn < 0 {
        throw ReplicaError(system: errno, turnPath)
      }
    }
    if flock(queue, LOCK_EX | LOCK_NB) != 0 { try wait(for: queue) }
    defer { flock(queue, LOCK_UN) }
    if flock(turn, LOCK_EX | LOCK_NB) != 0 { try wait(for: turn) }
  }

  public func end() { flock(turn, LOCK_UN) }

  /// A blocking lock bounded in time: an alarm thread would be the alternative; short naps cost less here.
  private func wait(for file: Int32) throws(ReplicaError) {
    let clock = SystemClock()
    let deadline = clock.bootMilliseconds() + UInt64(FileTurn.patience)
    var nap: UInt32 = 50
    while flock(file, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else {
        throw .fileTrouble(path: turnPath, detail: String(cString: strerror(errno)))
      }
      if clock.bootMilliseconds() > deadline { throw .inUse(path: turnPath) }
      usleep(nap)
      nap = min(nap * 2, 1000)
    }
  }
}

/// No other process: for a replica in memory.
public struct NoTurn: TurnTaking {
  public init() {}
  public func begin() {}
  public func end() {}
}

// MARK: Files

/// All bytes of a file; nil when it cannot be read.
package func readFile(_ path: String) -> [UInt8]? { try? readFile(path, limit: .max) }

/// All bytes of a regular file.
///
/// - Parameter limit: the most bytes it may have; looked at before any is read.
package func readFile(_ path: String, limit: Int) throws(ReplicaError) -> [UInt8] {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw ReplicaError(system: errno, path) }
  defer { close(file) }
  var info = stat()
  guard fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
    throw .fileTrouble(path: path, detail: "not a regular file")
  }
  guard Int(info.st_size) <= limit else { throw .overLimit(what: path, found: Int(info.st_size), limit: limit) }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(Int(info.st_size))
  var buffer = [UInt8](repeating: 0, count: 65536)
  while true {
    let count = read(file, &buffer, buffer.count)
    if count < 0 && errno == EINTR { continue }
    guard count >= 0 else { throw ReplicaError(system: errno, path) }
    if count == 0 { return bytes }
    guard bytes.count + count <= limit else { throw .overLimit(what: path, found: bytes.count + count, limit: limit) }
    bytes.append(contentsOf: buffer[0..<count])
  }
}

extension ReplicaError {
  /// What the system says of a file: no room for it (the disk's or the process's), or another trouble.
  init(system code: Int32, _ path: String) {
    self =
      [ENOSPC, EDQUOT, EFBIG].contains(code)
      ? .diskFull(path: path) : .fileTrouble(path: path, detail: String(cString: strerror(code)))
  }
}

/// Writes beside the path, syncs, and renames: the file is whole or absent, and what failed leaves the old one.
package func writeFile(_ path: String, _ bytes: [UInt8], mode: mode_t, sync: Bool) throws(ReplicaError) {
  var info = stat()
  if stat(path, &info) == 0, info.st_mode & S_IFMT != S_IFREG {
    // A rename would put a file in the place of a device or folder.
    throw .fileTrouble(path: path, detail: "not a regular file")
  }
  let temporary = path + ".new"
  let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
  guard file >= 0 else { throw ReplicaError(system: errno, path) }
  var isWhole = writeAll(bytes, to: file) && (!sync || fsync(file) == 0)
  var code = errno
  if close(file) != 0 && isWhole { (isWhole, code) = (false, errno) }
  if isWhole && rename(temporary, path) != 0 { (isWhole, code) = (false, errno) }
  guard isWhole else {
    unlink(temporary)
    throw ReplicaError(system: code, path)
  }
  if sync { try syncFolder((path as NSString).deletingLastPathComponent) }
}

private func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
  var written = 0
  while written < bytes.count {
    let count = bytes.withUnsafeBytes { write(file, $0.baseAddress! + written, bytes.count - written) }
    if count < 0 && errno == EINTR { continue }
    if count <= 0 { return false }
    written += count
  }
  return true
}

/// Lets go of what the system remembers of a file, so that the next reading comes from the disk.
package func forgetCached(_ path: String) {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { return }
  posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED)
  close(file)
}

package func makeFolder(_ path: String) throws(ReplicaError) {
  do {
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  } catch {
    throw .fileTrouble(path: path, detail: error.localizedDescription)
  }
}

/// Makes a folder's names durable. Where a file system cannot sync folders there is nothing to wait for.
func syncFolder(_ path: String) throws(ReplicaError) {
  let path = path.isEmpty ? "." : path
  let folder = open(path, O_RDONLY | O_CLOEXEC)
  guard folder >= 0 else { return }
  defer { close(folder) }
  if fsync(folder) != 0 && errno != EINVAL && errno != ENOTSUP { throw ReplicaError(system: errno, path) }
}

/// The first 100 bytes of a file, fewer when it is shorter; nil when there is none.
func readHead(_ path: String) throws(ReplicaError) -> [UInt8]? {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else {
    if errno == ENOENT || errno == ENOTDIR { return nil }
    throw ReplicaError(system: errno, path)
  }
  defer { close(file) }
  var buffer = [UInt8](repeating: 0, count: 100)
  let count = read(file, &buffer, 100)
  return Array(buffer.prefix(max(0, count)))
}

/// Inode and disk of a file.
func fileIdentity(_ path: String) -> (inode: UInt64, disk: UInt64) {
  var info = stat()
  guard stat(path, &info) == 0 else { return (0, 0) }
  return (UInt64(info.st_ino), UInt64(info.st_dev))
}
