import Foundation
import Testing

@Suite("What was printed is kept")
struct DurabilityTests {
  @Test("killing a loop of puts loses no printed id")
  func killed() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      var printed: Set<String> = []
      for round in 0..<3 {
        let script =
          "for i in 1 2 3 4 5 6 7 8 9; do '\(court.program.path)' put -C '\(device.path)' dispute summary=$i & wait $!; done"
        let loop = try ChildProcess(
          "/bin/sh", ["-c", script].map { Array($0.utf8) }, environment: court.program.environment,
          folder: court.folder, input: .nothing, output: .pipe, complaint: .file("\(court.folder)/loop.err"))
        // Kill while a put is under way: after so many lines, and a little.
        let lines = try await onThread { () -> [String] in
          var lines: [String] = []
          for _ in 0...round { if let line = loop.readLine() { lines.append(line) } }
          usleep(UInt32(30_000 * round))
          return lines
        }
        for child in children(of: loop.id) { kill(child, SIGKILL) }
        loop.send(SIGKILL)
        _ = try await onThread { try loop.wait() }
        printed.formUnion(lines)
      }
      #expect(printed.count >= 6)
      #expect(try await device.ids().isSuperset(of: printed))
      #expect(try await device.json("verify")["ok"] == .boolean(true))
      try await device.ok("put", "dispute", "summary=x")
      #expect(Set(try await device.log().map { $0["log"].text }).count == 1, "a kill starts no new log")
    }
  }

  /// Processes started by a process.
  private func children(of parent: pid_t) -> [pid_t] {
    let text = try? String(contentsOfFile: "/proc/\(parent)/task/\(parent)/children", encoding: .utf8)
    return (text ?? "").split(separator: " ").compactMap { pid_t($0) }
  }

  @Test("several processes write one replica at once, others read and sync it, and nothing is lost")
  func together() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      let ids = try await withThrowingTaskGroup(of: [String].self) { group in
        for writer in 0..<3 {
          group.addTask {
            var ids: [String] = []
            for number in 0..<5 { ids.append(try await device.put("dispute", "summary=\(writer).\(number)")) }
            return ids
          }
        }
        group.addTask {
          let lines = (0..<20).map { "{\"table\":\"dispute\",\"set\":{\"summary\":\"\($0)\"}}\n" }
          return try await device.ok("apply", "-", input: lines.joined(separator: "\n")).lines
        }
        group.addTask {
          for _ in 0..<3 {
            #expect(try await device.json("verify")["ok"] == .boolean(true))
            try await device.ok("sync")
          }
          return []
        }
        return try await group.reduce(into: Set<String>()) { $0.formUnion($1) }
      }
      #expect(ids.count == 35)
      #expect(try await device.ids() == ids)
      #expect(Set(try await device.log().map { $0["log"].text }).count == 1)
      try await device.ok("sync")
      #expect(try await court.centre.dump() == (try await device.dump()))
    }
  }

  @Test("a full disk is said so, and nothing of the write stands")
  func fullDisk() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      let id = try await device.put("dispute", "summary=一")
      let text = try court.write((0..<200_000).map { UInt8(0x61 + ($0 &* 2_654_435_761 >> 16) % 26) }, to: "text")
      // The limit counts blocks of 512 bytes; the signal it sends is ignored, so that writing fails instead.
      let script =
        "trap '' XFSZ; ulimit -f 64; exec '\(court.program.path)' put -C '\(device.path)' dispute summary=@\(text)"
      let shell = CircuitProgram(path: "/bin/sh", environment: court.program.environment)
      let answer = try await shell.call(["-c", script].map { Array($0.utf8) }, in: court.folder)
      #expect(answer.code == 1 && answer.complaints == 1)
      #expect(answer.error.hasPrefix("CIR-2006: "), "\(answer.error)")
      #expect(try await device.ids() == [id])
      #expect(try await device.json("verify")["ok"] == .boolean(true))
      _ = try await device.put("dispute", "summary=@\(text)")
    }
  }
}
