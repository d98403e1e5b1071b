import Foundation
import Testing

@Suite("Bundles carry everything without a network, both ways, and receipts come back by stick")
struct BundleTests {
  private func id(of device: ReplicaFolder) async throws -> String { try await device.json("status")["device"].text }

  /// Takes a stick from one folder to another; gives what the import said.
  @discardableResult
  private func carry(
    _ from: ReplicaFolder, _ to: ReplicaFolder, as name: String = "stick",
    at location: SourceLocation = #_sourceLocation
  ) async throws -> JSONValue {
    try await export(from, to, as: name, at: location)
    return try await take(to, name, at: location)
  }

  private func export(
    _ from: ReplicaFolder, _ to: ReplicaFolder, as name: String, at location: SourceLocation = #_sourceLocation
  ) async throws {
    let recipient = to.name == "centre" ? [] : ["--to", try await id(of: to)]
    let path = "\(from.court.folder)/\(name)"
    let answer = try await from.ok("bundle", "export", words: [path, "--json"] + recipient, at: location).json()
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    #expect(answer["bytes"].integer == size, sourceLocation: location)
  }

  @discardableResult
  private func take(
    _ to: ReplicaFolder, _ name: String, at location: SourceLocation = #_sourceLocation
  ) async throws -> JSONValue {
    try await to.ok("bundle", "import", words: ["\(to.court.folder)/\(name)", "--json"], at: location).json()
  }

  @Test("device to centre, receipt back, on to another device, which answers the same way")
  func roundTrip() async throws {
    try await TestCourt.open { court in
      let (one, two) = (try await court.device("A"), try await court.device("B"))
      try await court.stop()
      var ids = [try await one.put("dispute", "summary=一"), try await one.put("dispute", "summary=二")]
      #expect(try await carry(one, court.centre)["changes"].integer == 2)
      #expect(try await one.json("status")["unsent"].integer == 2, "no receipt is here yet")
      try await carry(court.centre, one)
      #expect(try await one.json("status")["unsent"].integer == 0)
      #expect(try await carry(court.centre, two)["changes"].integer == 2)
      ids.append(try await two.put("dispute", "summary=三"))
      try await two.ok("put", "dispute", ids[0], "summary=改")
      // From device to device, and on to the centre by another's stick.
      #expect(try await carry(two, one)["changes"].integer == 2)
      #expect(try await one.get("dispute", ids[0])["fields"]["summary"].text == "改")
      #expect(try await carry(one, court.centre)["changes"].integer == 2)
      for device in [one, two] { try await carry(court.centre, device) }
      try await court.areEqual([one, two], hold: ids)
      let idle = try await carry(one, court.centre)
      #expect(idle["changes"].integer == 0 && idle["orders"].integer == 0)
    }
  }

  @Test("the same bundle twice does nothing, and what is in one can be shown by anyone")
  func twice() async throws {
    try await TestCourt.open { court in
      let one = try await court.device("A")
      let two = try await court.device("B")
      try await court.settle(one, two)
      _ = try await one.put("dispute", "summary=一")
      try await export(one, two, as: "stick")
      try await take(two, "stick")
      let before = try await two.holding()
      let again = try await take(two, "stick")
      #expect(again["changes"].integer == 0 && again["orders"].integer == 0)
      #expect(try await two.holding() == before)
      let shown = try await court.program.call(
        ["bundle", "show", "\(court.folder)/stick", "--json"].map { Array($0.utf8) }, in: court.folder
      ).json()
      #expect(shown["changes"].integer == 1)
      #expect(try await shown["from"].text == id(of: one))
      #expect(try await shown["to"].text == id(of: two))
      let line = try await one.ok("bundle", "export", "\(court.folder)/stick").line
      #expect(line.contains("safe to pull out"))
    }
  }

  @Test("what a lost stick carried is waited for, and the next one completes it")
  func gap() async throws {
    try await TestCourt.open { court in
      let (one, two) = (try await court.device("A"), try await court.device("B"))
      try await court.settle(one, two)
      var ids = [try await one.put("dispute", "summary=一")]
      try await carry(one, two)
      let saved = court.folder("saved")
      try saved.replace(with: two)
      ids.append(try await one.put("dispute", "summary=二"))
      try await carry(one, two)
      try await carry(two, one)
      // B is put back to a copy from before, but A believes what B showed.
      try two.replace(with: saved)
      ids.append(try await one.put("dispute", "summary=三"))
      try await carry(one, two)
      #expect(try await two.ids() == [ids[0]])
      let waiting = try await two.json("status")["waiting"]
      #expect(waiting.items.count == 1 && waiting[0]["reason"].text.contains(":2"))
      #expect(try await two.json("verify")["ok"] == .boolean(true))
      let mine = try await two.put("dispute", "summary=四")
      try await carry(two, one)
      try await carry(one, two)
      #expect(try await two.json("status")["waiting"].items == [])
      #expect(try await two.ids() == Set(ids + [mine]))
      try await court.agree([one, two], hold: ids + [mine])
    }
  }

  @Test("a device that was enrolled and never seen again gets everything")
  func neverSeen() async throws {
    try await TestCourt.open { court in
      let one = try await court.device("A")
      let fresh = try await court.device("N")
      let ids = [try await one.put("dispute", "summary=一"), try await one.put("dispute", "summary=二")]
      try await one.ok("sync")
      try await court.stop()
      #expect(try await carry(court.centre, fresh)["changes"].integer == 2)
      #expect(try await fresh.ids() == Set(ids))
      let other = try await fresh.put("dispute", "summary=三")
      try await carry(fresh, court.centre)
      try await carry(court.centre, fresh)
      try await court.areEqual([fresh], hold: ids + [other])
      // A has never heard of a device that was admitted after it last spoke to the centre: the error says so.
      try await court.start()
      let newer = try await court.device("M")
      let stick = "\(court.folder)/none"
      try await one.refused(3016, "bundle", "export", words: [stick, "--to", try await id(of: newer)])
      try await one.refused(6002, "bundle", "export", stick, "--to", "xyz")
      #expect(!FileManager.default.fileExists(atPath: stick))
      try await carry(one, court.centre)
      try await carry(court.centre, one)
      try await carry(one, newer)
      #expect(try await newer.ids() == Set(ids + [other]))
    }
  }

  @Test("for another court, another device, or nobody's: exit 1, nothing taken")
  func others() async throws {
    try await TestCourt.open { court in
      let (one, two) = (try await court.device("A"), try await court.device("B"))
      try await court.settle(one, two)
      _ = try await one.put("dispute", "summary=一")
      try await export(one, court.centre, as: "stick")
      try await export(one, two, as: "toB")
      let stick = "\(court.folder)/stick"
      let before = try await two.holding()
      try await two.refused(3015, "bundle", "import", stick)
      try await one.refused(3015, "bundle", "import", "\(court.folder)/toB")
      try await two.refused(2008, "bundle", "import", "\(court.folder)/nosuch")
      try await two.refused(2008, "bundle", "import", court.folder)
      try await two.refused(2008, "bundle", "import", "/dev/zero")
      try await court.folder("nothing").refused(2002, "bundle", "export", "\(court.folder)/x")
      let centre = try await court.centre.holding()
      try await court.centre.refused(3015, "bundle", "import", "\(court.folder)/toB")
      #expect(try await court.centre.call("bundle", "export", "\(court.folder)/x").code == 2)
      #expect(try await court.centre.holding() == centre)
      try await TestCourt.beside { other in
        let stranger = try await other.device("A")
        try await stranger.refused(2301, "bundle", "import", stick)
        try await other.centre.refused(2301, "bundle", "import", stick)
        #expect(try await stranger.log() == [])
      }
      #expect(try await two.holding() == before)
      #expect(!FileManager.default.fileExists(atPath: "\(court.folder)/x"))
    }
  }

  /// `strace` tells in what order the system was asked.
  static let canTrace: Bool = {
    let process = try? ChildProcess(
      "/usr/bin/strace", ["-o", "/dev/null", "/bin/true"].map { Array($0.utf8) }, environment: [:], folder: "/",
      input: .nothing, output: .pipe, complaint: .nothing)
    return (try? process?.wait()) == 0
  }()

  @Test(
    "safe to pull out is said after write, sync, rename, sync of the folder, and reading back",
    .enabled(if: canTrace, "strace is not installed or may not trace"))
  func order() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      _ = try await device.put("dispute", "summary=一")
      let tracer = CircuitProgram(path: "/usr/bin/strace", environment: court.program.environment)
      let trace = "\(court.folder)/trace"
      // By a name without a folder, as one types it on the stick itself.
      let answer = try await tracer.call(
        [
          "-f", "-s", "200", "-o", trace, "-e", "trace=openat,write,fsync,rename,read,fadvise64", court.program.path,
          "bundle",
          "export", "-C", device.path, "stick",
        ].map { Array($0.utf8) }, in: court.folder)
      #expect(answer.code == 0)
      let lines = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n").map(String.init)
      let begin = try #require(lines.firstIndex { $0.contains("\"stick.new\"") })
      var rest = lines[begin...]
      for step in [
        "write(", "fsync(", "rename(\"stick.new\", \"stick\")", "openat(AT_FDCWD, \".\"", "fsync(", "fadvise64(",
        "openat(AT_FDCWD, \"stick\"", "read(", "safe to pull out",
      ] {
        let found = try #require(rest.firstIndex { $0.contains(step) }, "\(step) is missing or too early")
        if step != "safe to pull out" { #expect(!rest[found].contains(" = -1"), "\(rest[found])") }
        rest = rest[(found + 1)...]
      }
    }
  }

  @Test(
    "a stick that fails keeps its old file, and nothing says it is safe",
    .enabled(if: canTrace, "strace is not installed or may not trace"),
    arguments: ["fsync", "rename", "write"])
  func failing(call: String) async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      _ = try await device.put("dispute", "summary=一")
      let stick = "\(court.folder)/stick"
      try Data("old".utf8).write(to: URL(fileURLWithPath: stick))
      let tracer = CircuitProgram(path: "/usr/bin/strace", environment: court.program.environment)
      let answer = try await tracer.call(
        [
          "-f", "-o", "/dev/null", "-P", "\(stick).new", "-e", "inject=\(call):error=EIO", court.program.path,
          "bundle", "export", "-C", device.path, stick,
        ].map { Array($0.utf8) }, in: court.folder)
      #expect(answer.code == 1 && answer.output == [])
      #expect(answer.error.contains("CIR-2008: \(stick) cannot be used"), "\(answer.error)")
      #expect(try String(contentsOfFile: stick, encoding: .utf8) == "old")
      #expect(!FileManager.default.fileExists(atPath: "\(stick).new"))
      try await device.ok("bundle", "export", stick)
    }
  }
}
