import Foundation
import Testing

/// Another system clock for a real process: `libfaketime`, leaving the time since boot alone.
enum FakeClock {
  static let library: String? = {
    for folder in (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib")) ?? [] {
      let path = "/usr/lib/\(folder)/faketime/libfaketime.so.1"
      if FileManager.default.fileExists(atPath: path) { return path }
    }
    return nil
  }()

  /// - Parameter clock: `+2d`, `-3h`, or `@1970-01-02 00:00:00`.
  static func shows(_ clock: String) -> [String: String] {
    guard let library else { return [:] }
    return ["LD_PRELOAD": library, "FAKETIME": clock, "FAKETIME_DONT_FAKE_MONOTONIC": "1"]
  }
}

@Suite(
  "A wrong clock stops no work, is told in plain words, and once it is right all agree",
  .enabled(if: FakeClock.library != nil, "libfaketime is not installed"))
struct ClockTests {
  struct Wrong: Sendable, CustomTestStringConvertible {
    var shows: String
    /// What the status says of it in English and in Chinese.
    var english: String
    var chinese: String
    var testDescription: String { shows }
  }

  static let wrong = [
    Wrong(shows: "@1970-01-02 00:00:00", english: "years behind the centre", chinese: "比中心慢"),
    Wrong(shows: "@2099-01-01 00:00:00", english: "years ahead of the centre", chinese: "比中心快"),
    Wrong(shows: "+2d", english: "2 days ahead of the centre; set this machine's clock", chinese: "比中心快 2 天；请校准本机时钟"),
    Wrong(shows: "-2d", english: "2 days behind the centre; set this machine's clock", chinese: "比中心慢 2 天；请校准本机时钟"),
    Wrong(shows: "+30m", english: "30 minutes ahead of the centre", chinese: "比中心快 30 分钟"),
  ]

  @Test("at a device", arguments: wrong)
  func device(_ clock: Wrong) async throws {
    try await TestCourt.open { court in
      let right = try await court.device("A")
      let other = try await court.device("B")
      var ids = [try await right.put("dispute", "summary=0")]
      try await court.settle(right, other)
      let one = right.under(FakeClock.shows(clock.shows))
      ids.append(try await one.put("dispute", "summary=offline"))
      try await one.ok("put", "dispute", ids[0], "summary=changed offline")
      #expect(try await one.json("status")["unsent"].integer == 2)
      try await one.ok("sync")
      #expect(try await one.ok("status").text.contains(clock.english))
      #expect(try await one.ok("status", "--lang", "zh").text.contains(clock.chinese))
      ids.append(try await one.put("dispute", "summary=told"))
      try await one.ok("sync")
      try await other.ok("sync")
      ids.append(try await other.put("dispute", "summary=other"))
      try await other.ok("put", "dispute", ids[0], "summary=later")
      try await court.agree([other, one], hold: ids)
      #expect(try await one.get("dispute", ids[0])["fields"]["summary"].text == "later")

      // The clock is set right.
      #expect(try await right.ok("status").text.contains("right") || clock.shows.hasPrefix("@"))
      ids.append(try await right.put("dispute", "summary=right again"))
      try await right.ok("put", "dispute", ids[1], "summary=right again")
      try await court.agree([right, other], hold: ids)
      let status = try await right.ok("status", "--lang", "en").text
      #expect(status.contains("right"), "\(status)")
      let off = try #require(try await right.json("status")["clock_off_ms"].integer)
      #expect(abs(off) < 60_000)
      for device in [right, other] { #expect(try await device.json("status")["excluded"].items == []) }
      #expect(try await other.get("dispute", ids[1])["fields"]["summary"].text == "right again")
      #expect(try await court.centre.json("conflicts").items == [])
    }
  }

  @Test("enrolling with a clock at 1970 or 2099", arguments: ["@1970-01-02 00:00:00", "@2099-01-01 00:00:00"])
  func enrolling(clock: String) async throws {
    try await TestCourt.open { court in
      let right = court.folder("A")
      let one = right.under(FakeClock.shows(clock))
      let ticket = try await court.ticket()
      try await one.ok("enrol", "--centre", court.url, "--ticket", ticket)
      var ids = [try await one.put("dispute", "summary=一")]
      try await court.agree([one], hold: ids)
      ids.append(try await one.put("dispute", "summary=二"))
      let other = try await court.device("B")
      ids.append(try await right.put("dispute", "summary=三"))
      try await court.agree([right, other], hold: ids)
      #expect(try await right.json("status")["excluded"].items == [])
    }
  }

  @Test("at the centre: nothing honest is excluded, and work goes on", arguments: ["+2d", "-2d", "+6d", "-6d"])
  func centre(clock: String) async throws {
    try await TestCourt.open { court in
      let (one, two) = (try await court.device("A"), try await court.device("B"))
      var ids = [try await one.put("dispute", "summary=before"), try await two.put("dispute", "summary=before")]
      try await court.settle(one, two)
      try await court.stop()
      try await court.start(environment: FakeClock.shows(clock))
      ids.append(try await one.put("dispute", "summary=wrong"))
      try await court.agree([one, two], hold: ids)
      let told = try await one.ok("status").text
      #expect(told.contains("days \(clock.hasPrefix("+") ? "behind" : "ahead of") the centre"), "\(told)")
      ids += [try await one.put("dispute", "summary=told"), try await two.put("dispute", "summary=told")]
      let fresh = try await court.device("N")
      ids.append(try await fresh.put("dispute", "summary=fresh"))
      try await court.agree([one, two, fresh], hold: ids)
      try await court.stop()

      try await court.start()
      for device in [one, two, fresh] { ids.append(try await device.put("dispute", "summary=right")) }
      try await court.agree([one, two, fresh], hold: ids)
      try await one.ok("put", "dispute", ids[0], "summary=last")
      try await court.agree([fresh, two, one], hold: ids)
      for device in [one, two, fresh] {
        let status = try await device.json("status")
        #expect(status["excluded"].items == [])
        #expect(abs(try #require(status["clock_off_ms"].integer)) < 60_000)
        #expect(try await device.get("dispute", ids[0])["fields"]["summary"].text == "last")
      }
    }
  }

  @Test(
    "a centre that stands more than 7 days from its last signature serves without receipts until its operator's word")
  func doubt() async throws {
    try await TestCourt.open { court in
      let (one, two) = (try await court.device("A"), try await court.device("B"))
      var ids = [try await one.put("dispute", "summary=一")]
      try await court.agree([one, two], hold: ids)
      try await court.stop()
      try await court.start(environment: FakeClock.shows("+9d"))
      ids.append(try await one.put("dispute", "summary=二"))
      for device in [one, two] { try await device.ok("sync") }
      #expect(try await one.json("status")["unsent"].integer == 1)
      #expect(try await two.ids() == Set(ids))
      let ticket = try await court.ticket()
      try await court.folder("N").refused(4009, "enrol", "--centre", court.url, "--ticket", ticket)
      try await court.stop()

      try await court.start()
      try await court.agree([one, two], hold: ids)
      #expect(try await one.json("status")["unsent"].integer == 0)
      try await court.stop()
      try await court.start("--clock-is-right", environment: FakeClock.shows("+9d"))
      ids.append(try await one.put("dispute", "summary=三"))
      try await court.agree([one, two], hold: ids)
      #expect(try await one.json("status")["unsent"].integer == 0)
      try await court.stop()
    }
  }
}
