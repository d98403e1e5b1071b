import Foundation
import Testing

@Suite("A process that hangs stops no test for ever")
struct ChildProcessTests {
  @Test("what does not end is killed after its limit, and what it had printed is told")
  func overdue() async throws {
    let file = NSTemporaryDirectory() + "circuit-\(UUID().uuidString)"
    defer { unlink(file) }
    let process = try ChildProcess(
      "/bin/sh", ["-c", "echo so far; exec sleep 1000"].map { Array($0.utf8) }, environment: [:], folder: "/",
      input: .nothing, output: .file(file), complaint: .nothing, limit: 1)
    let error = await #expect(throws: ChildProcess.Overdue.self) { try await onThread { try process.wait() } }
    #expect(error?.printed == "so far\n" && error?.words.first == "/bin/sh")
    #expect(kill(process.id, 0) == -1)
    // It stays known how it ended.
    #expect(try process.wait() == 128 + SIGKILL)
  }
}
