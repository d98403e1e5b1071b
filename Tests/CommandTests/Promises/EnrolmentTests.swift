import Foundation
import Testing

@Suite("Enrolment happens wholly or not at all")
struct EnrolmentTests {
  @Test("a failure leaves nothing: no folder, no keys, and the ticket still good")
  func failures() async throws {
    try await TestCourt.open { court in
      let ticket = try await court.ticket()
      #expect(!ticket.contains("\n"))
      let device = court.folder("A")
      let url = court.url
      for (centre, line, number) in [
        ("https://127.0.0.1:1", ticket, 3004), ("http://127.0.0.1:\(court.port)", ticket, 3001), ("x", ticket, 3001),
        (url, "x", 3012), (url, String(ticket.dropLast(3)), 3012), (url, ticket + "x", 3012),
      ] {
        try await device.refused(number, "enrol", "--centre", centre, "--ticket", line)
        #expect(!device.exists)
      }
      let full = court.folder("full")
      try FileManager.default.createDirectory(atPath: full.path, withIntermediateDirectories: false)
      try await full.refused(3004, "enrol", "--centre", "https://127.0.0.1:1", "--ticket", ticket)
      #expect(full.exists && full.names == [])
      _ = try court.write([1], to: "full/x")
      try await full.refused(2003, "enrol", "--centre", url, "--ticket", ticket)
      #expect(full.names == ["x"])
      let keys = (try? FileManager.default.contentsOfDirectory(atPath: court.keys)) ?? []
      #expect(keys == [])
      let answer = try await device.ok("enrol", "--centre", url, "--ticket", ticket, "--json").json()
      #expect(answer["device"].text == (try await device.json("status")["device"].text))
    }
  }

  @Test("a second enrol before the first exchange replaces the first device, whose sync changes nothing")
  func replacement() async throws {
    try await TestCourt.open { court in
      let ticket = try await court.ticket()
      let (first, second, third) = (court.folder("A"), court.folder("B"), court.folder("C"))
      try await first.ok("enrol", "--centre", court.url, "--ticket", ticket)
      _ = try await first.put("dispute", "summary=一")
      try await second.ok("enrol", "--centre", court.url, "--ticket", ticket)
      let before = (try await first.dump(), try await first.log(), try await first.ok("orders", "--json").text)
      try await first.refused(4002, "sync")
      #expect(try await first.dump() == before.0)
      #expect(try await first.log() == before.1)
      #expect(try await first.ok("orders", "--json").text == before.2)
      #expect(try await court.centre.log() == [])
      try await second.ok("sync")
      try await third.refused(4006, "enrol", "--centre", court.url, "--ticket", ticket)
      #expect(!third.exists)
    }
  }

  @Test("a ticket of another court reaches nobody")
  func otherCourt() async throws {
    try await TestCourt.open { court in
      let other = court.folder("other")
      try await other.ok("centre", "init", other.path, "--court", "别的法院", "--code", "豫1104")
      let ticket = try await other.ok("centre", "ticket", other.path, "--scope", "court", "--label", "x").line
      try await court.folder("A").refused(3007, "enrol", "--centre", court.url, "--ticket", ticket)
    }
  }
}
