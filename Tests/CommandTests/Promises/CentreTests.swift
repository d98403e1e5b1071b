import Foundation
import Testing

@Suite("The centre starts with one line and stops when told")
struct CentreTests {
  @Test("SIGTERM ends it with 0 though connections stand idle, and the port is free at once")
  func stops() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      let idle = try RawSocket(port: court.port)
      defer { idle.close() }
      for _ in 0..<3 {
        let began = ContinuousClock.now
        #expect(try await court.stop() == 0)
        #expect(ContinuousClock.now - began < .seconds(20))
        try await court.start()
        try await device.ok("sync")
      }
    }
  }

  @Test("init refuses a folder that has a centre, and a port that is taken is named")
  func refusals() async throws {
    try await TestCourt.open { court in
      let path = court.centre.path
      try await court.centre.refused(4101, "centre", "init", path, "--court", "x", "--code", "y")
      let other = court.folder("other")
      let answer = try await other.ok("centre", "init", other.path, "--court", "x", "--code", "y", "--json").json()
      #expect(answer["court"].text.count == 32)
      let taken = try await other.refused(4105, "centre", "run", other.path, "--listen", "127.0.0.1:\(court.port)")
      #expect(taken.error.contains("127.0.0.1:\(court.port)"))
      for scope in ["tribunal", "tribunal/", "tribunal/a/b", "x", "", "Court"] {
        try await other.refused(4106, "centre", "ticket", other.path, "--scope", scope, "--label", "x")
      }
    }
  }

  @Test("a centre killed in the middle of exchanges loses nothing it acknowledged")
  func killed() async throws {
    try await TestCourt.open { court in
      let one = try await court.device("A")
      let two = try await court.device("B")
      var ids: Set<String> = []
      for round in 0..<3 {
        ids.insert(try await one.put("dispute", "summary=\(round)"))
        async let exchange = one.call("sync")
        try await Task.sleep(for: .milliseconds(20 * (round + 1)))
        try await court.stop(SIGKILL)
        let code = try await exchange.code
        #expect(code == 0 || code == 1)
        try await court.start()
      }
      try await court.settle(one, two)
      #expect(try await two.ids() == ids)
      #expect(try await court.centre.dump() == (try await two.dump()))
      #expect(try await court.centre.json("verify")["ok"] == .boolean(true))
    }
  }
  @Test("a centre killed while its tables may be behind shows every change it holds")
  func killedBehind() async throws {
    try await TestCourt.open { court in
      let device = try await court.device("A")
      for round in 0..<4 {
        let lines = (0..<2000).map { #"{"table":"dispute","set":{"summary":"\#(round).\#($0)"}}"# }
        try await device.ok("apply", "-", input: lines.joined(separator: "\n\n"))
        async let exchange = device.call("sync")
        try await Task.sleep(for: .milliseconds(100 + 60 * round))
        try await court.stop(SIGKILL)
        #expect(try await court.centre.ids().count == (try await court.centre.log().count))
        #expect(try await court.centre.json("verify")["ok"] == .boolean(true))
        try await court.start()
        #expect(try await exchange.code == 0)
      }
      #expect(try await court.centre.dump() == (try await device.dump()))
    }
  }
}
