import Foundation
import Testing

@Suite("However a folder was copied or put back, nothing is lost and nobody is stopped")
struct RevertedFolderTests {
  enum Way: String, CaseIterable { case copied, putBack }

  /// One way things happen.
  struct Story: Sendable, CustomTestStringConvertible {
    /// Both folders go on, or the copy takes the place of the one it was made of.
    var way: Way
    /// The key folder with it: a whole machine.
    var withKeys: Bool
    /// The copy is of a folder whose writer was killed.
    var isUnclean: Bool
    /// The centre hears of what is written after the copy was made, before the copy is used.
    var isOnline: Bool
    /// The copy's first word is a write; otherwise it is a sync.
    var writesFirst: Bool

    var testDescription: String {
      [
        way.rawValue, withKeys ? "with keys" : "without keys", isUnclean ? "killed" : "clean",
        isOnline ? "online" : "offline", writesFirst ? "writes first" : "syncs first",
      ].joined(separator: ", ")
    }

    init(_ way: Way, _ number: Int) {
      self.way = way
      withKeys = number & 1 > 0
      isUnclean = number & 2 > 0
      isOnline = number & 4 > 0
      writesFirst = number & 8 > 0
    }

    static let all: [Story] = Way.allCases.flatMap { way in (0..<16).map { Story(way, $0) } }
  }

  @Test("every way", arguments: Story.all)
  func every(_ story: Story) async throws {
    try await TestCourt.open { court in
      let one = try await court.device("A")
      let other = try await court.device("B")
      var ids = [try await one.put("dispute", "summary=0")]
      try await court.settle(one, other)
      if story.isUnclean { ids += try await killedWriting(one) }
      let copy = court.folder("copy")
      try copy.replace(with: one)
      let machine = court.folder("machine")
      if story.withKeys { try machine.replace(with: court.folder("data")) }

      let later = [try await one.put("dispute", "summary=1"), try await one.put("dispute", "summary=2")]
      if story.isOnline { try await one.ok("sync") }
      let second: ReplicaFolder
      switch story.way {
      case .copied:
        second = story.withKeys ? copy.under(["XDG_DATA_HOME": machine.path]) : copy
        ids += later
      case .putBack:
        if story.withKeys {
          try one.overwrite(with: copy)
          try court.folder("data").overwrite(with: machine)
        } else {
          try one.replace(with: copy)
        }
        second = one
        // What was never sent is gone with its disk.
        if story.isOnline { ids += later }
      }
      if !story.writesFirst { try await second.ok("sync") }
      ids.append(try await second.put("dispute", "summary=3"))
      let all = story.way == .copied ? [second, one, other] : [one, other]
      for device in all { try await device.ok("sync") }
      // Work goes on: everyone's next write is as good as the first.
      for device in all { ids.append(try await device.put("dispute", "summary=4")) }
      try await court.settle(all.reversed())
      #expect(try await court.centre.ids() == Set(ids))
      for folder in [court.centre, second] {
        #expect(try await folder.json("verify")["ok"] == .boolean(true))
        let status = try await folder.json("status")
        #expect(status["unsent"].integer == 0 && status["waiting"].items == [] && status["excluded"].items == [])
      }
    }
  }

  /// Transactions whose ids were told, and then the writer is killed.
  private func killedWriting(_ device: ReplicaFolder) async throws -> [String] {
    let court = device.court
    let process = try ChildProcess(
      court.program.path, ["apply", "-C", device.path, "-"].map { Array($0.utf8) },
      environment: court.program.environment, folder: court.folder, input: .pipe, output: .pipe,
      complaint: .file("\(court.folder)/apply.err"))
    var ids: [String] = []
    for number in 0..<2 {
      process.write("{\"table\":\"dispute\",\"set\":{\"summary\":\"killed \(number)\"}}\n\n")
      ids.append(try #require(try await onThread { process.readLine() }))
    }
    process.send(SIGKILL)
    _ = try await onThread { try process.wait() }
    return ids
  }
}
