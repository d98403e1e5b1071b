import Foundation
import Testing

/// A disk of a few megabytes that a test may fill: a tmpfs in a mount namespace of its own, kept by one sleeping process.
/// The court's programs then run in that namespace; the test looks at the disk through the process's entry in /proc.
///
/// ```swift
/// let disk = try await SmallDisk.mount(in: court)
/// let device = try await court.device("disk/B")
/// try disk.fill(leaving: 8 << 10)
/// ```
final class SmallDisk: Sendable {
  /// What the disk is called in the court's folder.
  static let name = "disk"
  static let size = 24 << 20

  /// Mount namespaces are open to root, and where the kernel lets them be to everyone.
  static let isPossible: Bool = {
    let script = "mount -t tmpfs -o size=64k tmpfs /tmp"
    guard let process = try? start(script, folder: "/", limit: ChildProcess.limit) else { return false }
    return (try? process.wait()) == 0
  }()

  /// Where the court's programs find it.
  let path: String
  /// Where the test finds it.
  let seen: String
  private let keeper: ChildProcess

  private init(path: String, keeper: ChildProcess) {
    self.path = path
    seen = "/proc/\(keeper.id)/root\(path)"
    self.keeper = keeper
  }

  deinit { unmount() }

  /// Takes the disk away. Whoever has mounted it calls this last, so that it is there until then.
  func unmount() {
    keeper.send(SIGKILL)
    _ = try? keeper.wait()
  }

  static func mount(in court: TestCourt) async throws -> SmallDisk {
    let point = "\(court.folder)/\(name)"
    try FileManager.default.createDirectory(atPath: point, withIntermediateDirectories: false)
    let keeper = try start(
      "mount -t tmpfs -o size=\(size) tmpfs '\(point)' && echo mounted && exec cat", folder: court.folder, limit: 600)
    let line = try await onThread { keeper.readLine() }
    try #require(line == "mounted")
    let user = getuid() == 0 ? [] : ["-U", "--preserve-credentials"]
    court.program.launcher = ["/usr/bin/nsenter", "-t", "\(keeper.id)", "-m"] + user + ["--"]
    return SmallDisk(path: point, keeper: keeper)
  }

  private static func start(_ script: String, folder: String, limit: Double) throws -> ChildProcess {
    let words = [getuid() == 0 ? "-m" : "-rm", "/bin/sh", "-c", script]
    return try ChildProcess(
      "/usr/bin/unshare", words.map { Array($0.utf8) }, environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"],
      folder: folder, input: .pipe, output: .pipe, complaint: .nothing, limit: limit)
  }

  private var filler: String { "\(seen)/filler" }

  /// Leaves so many bytes, rounded down to pages.
  func fill(leaving free: Int) throws {
    let file = open(filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    try #require(file >= 0)
    defer { close(file) }
    let zeros = [UInt8](repeating: 0, count: 4096)
    while write(file, zeros, zeros.count) > 0 {}
    #expect(errno == ENOSPC)
    let end = lseek(file, 0, SEEK_END)
    #expect(ftruncate(file, max(0, end - off_t(free))) == 0)
  }

  func empty() { unlink(filler) }

  /// The names in the disk's own folder, without the filler's.
  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: seen)) ?? []).filter { $0 != "filler" }.sorted()
  }
}
