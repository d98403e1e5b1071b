import Foundation
import Testing

@Suite("A full disk is said so, nothing half done stands, and with space again all goes through")
struct FullDiskTests {
  static let amounts = [0, 8 << 10, 64 << 10]

  @Test(
    "on a device: put, apply, import, sync, bundles", .enabled(if: SmallDisk.isPossible, "no mount namespaces"),
    arguments: amounts)
  func device(free: Int) async throws {
    try await TestCourt.open { court in
      let disk = try await SmallDisk.mount(in: court)
      let one = try await court.device("A")
      let full = try await court.device("\(SmallDisk.name)/B")
      let id = try await full.put("dispute", "summary=一")
      try await court.settle(full, one)
      let text = try court.write(noise(200_000), to: "text")
      let much = String(decoding: noise(200_000, seed: 2), as: UTF8.self)
      let line = "{\"table\":\"dispute\",\"set\":{\"summary\":\"\(much)\"}}"
      let rows = (0..<40).map { String(decoding: noise(8_000, seed: 3 + $0), as: UTF8.self) }
      let table = try court.write(Array(("summary\n" + rows.joined(separator: "\n") + "\n").utf8), to: "rows.csv")
      for _ in 0..<2 { _ = try await one.put("dispute", "summary=@\(text)") }
      let stick = "\(court.folder)/stick"
      try await one.ok("bundle", "export", words: [stick, "--to", try await full.json("status")["device"].text])
      try await one.ok("sync")
      let out = "\(disk.path)/out"
      try Data("old".utf8).write(to: URL(fileURLWithPath: "\(disk.seen)/out"))
      _ = try await full.put("dispute", "summary=@\(text)")
      let before = try await full.holding()
      let names = disk.names

      try disk.fill(leaving: free)
      try await full.refused(2006, "put", "dispute", id, "summary=@\(text)")
      try await full.refused(2006, "apply", "-", input: line)
      try await full.refused(2006, "import", "dispute", table)
      try await full.refused(2006, "sync")
      try await full.refused(2006, "bundle", "import", stick)
      try await full.refused(2006, "bundle", "export", out)
      #expect(try String(contentsOfFile: "\(disk.seen)/out", encoding: .utf8) == "old")
      #expect(disk.names == names)
      #expect(try await full.holding() == before)

      disk.empty()
      try await full.ok("bundle", "export", out)
      try await full.ok("bundle", "import", stick)
      try await full.ok("put", "dispute", id, "summary=@\(text)")
      let more = try await full.ok("apply", "-", input: line).line
      try await full.ok("import", "dispute", table)
      try await court.agree([full, one], hold: [id, more])
      #expect(try await court.centre.ids().count == 45)
      disk.unmount()
    }
  }

  @Test(
    "enrolling and making a centre leave nothing, and the ticket is still good",
    .enabled(if: SmallDisk.isPossible, "no mount namespaces"), arguments: [0, 16 << 10, 200 << 10])
  func enrolling(free: Int) async throws {
    try await TestCourt.open { court in
      let disk = try await SmallDisk.mount(in: court)
      let ticket = try await court.ticket()
      try disk.fill(leaving: free)
      let keys = ["XDG_DATA_HOME": "\(disk.path)/data"]
      let elsewhere = court.folder("elsewhere")
      if free < 4 << 10 {
        let answer = try await elsewhere.under(keys).call("enrol", "--centre", court.url, "--ticket", ticket)
        #expect(answer.code == 1 && answer.error.hasPrefix("CIR-2006: ") && answer.complaints == 1, "\(answer.error)")
        #expect(!elsewhere.exists)
      }
      let device = court.folder("\(SmallDisk.name)/B")
      try await device.refused(2006, "enrol", "--centre", court.url, "--ticket", ticket)
      #expect(!disk.names.contains("B"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: court.keys) == [])
      let other = court.folder("\(SmallDisk.name)/centre")
      try await other.refused(2006, "centre", "init", other.path, "--court", TestCourt.name, "--code", "豫1103")
      #expect(!disk.names.contains("centre"))
      disk.empty()
      try await device.ok("enrol", "--centre", court.url, "--ticket", ticket)
      try await court.agree([device], hold: [try await device.put("dispute", "summary=一")])
      try await other.ok("centre", "init", other.path, "--court", TestCourt.name, "--code", "豫1103")
      disk.unmount()
    }
  }

  @Test(
    "at the centre: the device is told and works on", .enabled(if: SmallDisk.isPossible, "no mount namespaces"),
    arguments: amounts)
  func centre(free: Int) async throws {
    try await TestCourt.open(serves: false) { court in
      let disk = try await SmallDisk.mount(in: court)
      let home = court.folder("\(SmallDisk.name)/centre")
      try FileManager.default.copyItem(atPath: court.centre.path, toPath: "\(disk.seen)/centre")
      try FileManager.default.removeItem(atPath: court.centre.path)
      try FileManager.default.createSymbolicLink(atPath: court.centre.path, withDestinationPath: home.path)
      try await court.start()
      let one = try await court.device("A")
      let other = try await court.device("B")
      let text = try court.write(noise(250_000), to: "text")
      try await court.settle(one, other)
      var ids: [String] = []
      for _ in 0..<6 { ids.append(try await one.put("dispute", "summary=@\(text)")) }

      try disk.fill(leaving: free)
      let answer = try await one.refused(4008, "sync")
      #expect(answer.error.contains("disk is full"))
      let unsent = try #require(try await one.json("status")["unsent"].integer)
      #expect(
        unsent > 0 && unsent <= 6, "\(unsent) unsent: one that finds room in the log that is there already is taken")
      ids.append(try await one.put("dispute", "summary=still at work"))
      let stick = "\(court.folder)/stick"
      try await one.ok("bundle", "export", stick)
      let before = try await court.centre.holding()
      try await court.centre.refused(2006, "bundle", "import", stick)
      #expect(try await court.centre.holding() == before)
      let told = try String(contentsOfFile: "\(court.folder)/centre.err", encoding: .utf8)
      #expect(told.hasPrefix("CIR-2006: ") && told.contains("replica.db"), "the operator is told: \(told)")

      disk.empty()
      try await court.agree([one, other], hold: ids)
      try await court.stop()
      disk.unmount()
    }
  }

  @Test("a limit on the size of files is told like a full disk", arguments: [8, 64])
  func fileLimit(blocks: Int) async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      let id = try await device.put("dispute", "summary=一")
      let text = try court.write(noise(200_000), to: "text")
      let rows = try court.write(Array("summary\n".utf8) + noise(200_000) + [0x0A], to: "rows.csv")
      let before = try await device.holding()
      // The limit counts blocks of 512 bytes.
      let shell = CircuitProgram(path: "/bin/sh", environment: court.program.environment)
      for words in [
        "put -C '\(device.path)' dispute summary=@\(text)", "import -C '\(device.path)' dispute \(rows)",
        "sync -C '\(device.path)'", "bundle export -C '\(device.path)' '\(court.folder)/stick'",
      ] {
        let script = "ulimit -f \(blocks); exec '\(court.program.path)' \(words)"
        let answer = try await shell.call(["-c", script].map { Array($0.utf8) }, in: court.folder)
        guard blocks == 8 || answer.code != 0 else { continue }
        #expect(answer.code == 1 && answer.complaints == 1, "\(words): \(answer.code) \(answer.error)")
        #expect(answer.error.hasPrefix("CIR-2006: "), "\(words): \(answer.error)")
      }
      #expect(!FileManager.default.fileExists(atPath: "\(court.folder)/stick") || blocks > 8)
      if blocks == 8 { #expect(try await device.holding() == before) }
      try await court.agree([device], hold: [id, try await device.put("dispute", "summary=@\(text)")])
    }
  }
}
