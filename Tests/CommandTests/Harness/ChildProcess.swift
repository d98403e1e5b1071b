import Foundation

/// A process of this test's own, known by its id and ended by it, after a while in any case.
final class ChildProcess: @unchecked Sendable {
  /// Where one of the three standard descriptors leads.
  enum Stream {
    case file(String)
    case pipe
    /// Nothing to read.
    case nothing
  }

  struct Failed: Error { var reason: Int32 }

  /// It was ended since it had not come to an end by itself.
  struct Overdue: Error {
    var words: [String]
    var seconds: Double
    /// The last of what it had written to files.
    var printed: String
  }

  /// Seconds that a process may live if nobody says otherwise.
  static let limit = 120.0

  let id: pid_t
  /// This side of the pipes that were asked for; -1 otherwise.
  private(set) var input: Int32 = -1
  private(set) var output: Int32 = -1
  private let lock = NSLock()
  private var code: Int32?
  private var overdue: Overdue?
  private let watch = DispatchSource.makeTimerSource()

  /// Starts a program with exactly these bytes as arguments; after so many seconds it is killed.
  init(
    _ program: String, _ words: [[UInt8]], environment: [String: String], folder: String, input: Stream,
    output: Stream, complaint: Stream, limit: Double = ChildProcess.limit
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var theirs: [Int32] = []
    defer { for descriptor in theirs { close(descriptor) } }
    for (number, stream) in [input, output, complaint].enumerated() {
      switch stream {
      case .file(let path):
        let flags = number == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, Int32(number), path, flags, 0o600)
      case .nothing:
        // The reading end of a pipe that nobody writes to.
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failed(reason: errno) }
        theirs += ends
        posix_spawn_file_actions_adddup2(&actions, ends[0], Int32(number))
      case .pipe:
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failed(reason: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let (ours, others) = number == 0 ? (ends[1], ends[0]) : (ends[0], ends[1])
        theirs.append(others)
        posix_spawn_file_actions_adddup2(&actions, others, Int32(number))
        if number == 0 { self.input = ours } else { self.output = ours }
      }
    }
    Self.keepOwnDescriptors()
    // Threads of a pool block signals, and a child inherits that: a shell would wait for its children for ever.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var every = sigset_t()
    sigfillset(&every)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &every)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    // `env -C` changes the folder and then becomes the program, so the process keeps its id.
    let launcher = "/usr/bin/env"
    // It preloads nothing itself: a library that keeps files until its process ends would leave them behind.
    let preloaded = environment["LD_PRELOAD"].map { ["LD_PRELOAD=\($0)"] } ?? []
    let launch = ([launcher, "-C", folder] + preloaded + [program]).map { Array($0.utf8) }
    let arguments = (launch + words).map { Self.copy($0) } + [nil]
    let variables =
      environment.filter { $0.key != "LD_PRELOAD" }.map { Self.copy(Array("\($0.key)=\($0.value)".utf8)) } + [nil]
    defer { for pointer in arguments + variables { free(pointer) } }
    var id: pid_t = 0
    let result = posix_spawn(&id, launcher, &actions, &attributes, arguments, variables)
    guard result == 0 else { throw Failed(reason: result) }
    self.id = id
    let files = [output, complaint].compactMap { if case .file(let path) = $0 { path } else { nil } }
    watch.schedule(deadline: .now() + limit)
    watch.setEventHandler { [weak self] in
      let printed = files.map {
        String(decoding: (FileManager.default.contents(atPath: $0) ?? Data()).suffix(2000), as: UTF8.self)
      }
      self?.end(
        Overdue(
          words: ([Array(program.utf8)] + words).map { String(decoding: $0, as: UTF8.self) }, seconds: limit,
          printed: printed.joined(separator: "\n")))
    }
    watch.activate()
  }

  private func end(_ overdue: Overdue) {
    lock.lock()
    defer { lock.unlock() }
    if code != nil { return }
    self.overdue = overdue
    kill(id, SIGKILL)
  }

  deinit {
    watch.cancel()
    if input >= 0 { close(input) }
    if output >= 0 { close(output) }
  }

  /// What the tests' own servers hold open stays here: in a child it would keep their ports taken as long as that lives.
  private static func keepOwnDescriptors() {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
      if let descriptor = Int32(name), descriptor > 2 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    }
  }

  private static func copy(_ bytes: [UInt8]) -> UnsafeMutablePointer<CChar>? {
    (bytes + [0]).withUnsafeBufferPointer {
      strdup(UnsafeRawPointer($0.baseAddress!).assumingMemoryBound(to: CChar.self))
    }
  }

  /// Waits for its end: the exit code, or 128 and the signal that ended it.
  ///
  /// - Throws: ``Overdue`` when it was ended for being late.
  @discardableResult
  func wait() throws -> Int32 {
    // It is looked at without the lock and let go with it, so that it can be ended meanwhile and its id is nobody else's.
    var info = siginfo_t()
    while waitid(P_PID, id_t(id), &info, WEXITED | WNOWAIT) < 0 && errno == EINTR {}
    lock.lock()
    defer { lock.unlock() }
    if let code { return code }
    watch.cancel()
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 && errno == EINTR {}
    let ended = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
    code = ended
    if let overdue { throw overdue }
    return ended
  }

  func send(_ signal: Int32) {
    lock.lock()
    defer { lock.unlock() }
    if code == nil { kill(id, signal) }
  }

  /// Writes to its standard input.
  func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = Foundation.write(input, bytes, bytes.count)
  }

  func closeInput() {
    close(input)
    input = -1
  }

  /// The next line of its standard output, without the line break; nil at the end.
  func readLine() -> String? {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while read(output, &byte, 1) == 1 {
      if byte == 0x0A { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }
}
