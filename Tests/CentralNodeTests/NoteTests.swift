import ChangeFormat
import Merge
import Testing

@testable import CentralNode
@testable import ReplicaStore
@testable import Transport

@Suite("What the centre notes of devices and tickets is whole or told to be damaged, and stays small")
struct NoteTests {
  private static func log(_ number: Int) -> LogID {
    Identifier(bytes: (0..<16).map { UInt8(truncatingIfNeeded: number >> (8 * (15 - $0))) }) ?? .zero
  }

  @Test("a note that is cut anywhere throws")
  func cut() throws {
    var ticket = TicketNote(secretHash: Hashing.hash([1]), label: "一号机", scopes: ["court"], rights: .all)
    ticket.device = Self.log(7)
    var device = try DeviceNote(bytes: [])
    device.lastSeen = 1_788_220_800_000
    device.remember([(Self.log(1), KnownHead(sequence: 300, hash: Hashing.hash([2])))]) { _ in true }
    #expect(try TicketNote(bytes: ticket.bytes).bytes == ticket.bytes)
    #expect(try DeviceNote(bytes: device.bytes).bytes == device.bytes)
    for end in 0..<ticket.bytes.count {
      #expect(throws: FormatError.self) { try TicketNote(bytes: Array(ticket.bytes.prefix(end))) }
    }
    // Nothing, and the time without any head, are whole.
    for end in 1..<device.bytes.count where end != 6 {
      #expect(throws: FormatError.self) { try DeviceNote(bytes: Array(device.bytes.prefix(end))) }
    }
  }

  @Test("a damaged note of a device or ticket is trouble at the centre, and is left as it is")
  func damaged() throws {
    let court = try SmallCourt()
    let one = try court.device("one")
    try one.sync()
    let centre = court.centre.replica
    let ticket = try court.centre.ticket(scopes: [SmallCourt.scope], label: "二号机", rights: .all)
    let bytes: [UInt8] = [0x80, 1, 2]
    try centre.transaction { bench in
      try bench.setNote("device", one.device.hex, bytes)
      try bench.setNote("ticket", ticket.id.hex, bytes)
    }
    #expect(throws: TransportError.refused(status: 500, text: "CIR-4007")) { try one.sync() }
    #expect(throws: ReplicaError.self) { try court.centre.devices() }
    #expect(throws: TransportError.refused(status: 500, text: "CIR-4007")) { try court.device("two", with: ticket) }
    let left = try centre.transaction { [try $0.note("device", one.device.hex), try $0.note("ticket", ticket.id.hex)] }
    #expect(left == [bytes, bytes])
  }

  @Test("of heads at most 4,096 are noted: those of logs that nobody knows go first, those just shown last")
  func bounded() throws {
    var note = try DeviceNote(bytes: [])
    let head = KnownHead(sequence: 1, hash: Hashing.hash([3]))
    note.remember((0..<100_000).map { (Self.log($0), head) }) { _ in false }
    #expect(note.shown.count == 4096)
    note.remember((0..<4096).map { (Self.log($0), head) }) { _ in true }
    note.remember((5000..<5010).map { (Self.log($0), head) }) { _ in true }
    #expect(note.shown.count == 4096)
    #expect(note.shown[Self.log(9)] == nil && note.shown[Self.log(10)] != nil && note.shown[Self.log(5009)] != nil)
    note.remember((0..<100_000).map { (Self.log($0), head) }) { _ in true }
    #expect(note.shown.count == 4096 && note.bytes.count < 256 * 1024)
  }
}
