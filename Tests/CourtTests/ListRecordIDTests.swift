import Merge
import Testing

@testable import Court

@Suite("Record ids of list rows")
struct ListRecordIDTests {
  @Test(
    "the hash is FNV-1a of 128 bits, as published",
    arguments: [
      ("", "6c62272e07bb014262b821756295c58d"),
      ("a", "d228cb696f1a8caf78912b704e4a8964"),
      ("foobar", "343e1662793c64bf6f0d3597ba446f18"),
    ])
  func hash(text: String, hex: String) {
    #expect(fnv1a128(Array(text.utf8)).hex == hex)
  }

  @Test("an id has the version and variant of a UUIDv8, and the hash's other bits")
  func layout() {
    let id = listRecordID("division", "411103106214")
    #expect(id.bytes[6] >> 4 == 8)
    #expect(id.bytes[8] >> 6 == 0b10)
    let hash = fnv1a128(Array("division\u{0}411103106214".utf8))
    #expect(id.high & ~0xF000 == hash.high & ~0xF000)
    #expect(id.low & ~(0b11 << 62) == hash.low & ~(0b11 << 62))
  }

  @Test(
    "these ids stand in replicas and never change",
    arguments: [
      (OfficialList.placeID("411103106214"), "b2bf430699e2880ab8443a0e2e94b156"),
      (OfficialList.codeID(list: "cause", edition: "2025", code: "108"), "f4209f36e666835fb4ed55e2e4994af9"),
      (OfficialList.criteriaID(code: "default", edition: "1"), "35388b7ba9e580278c8b142d2abec4e3"),
    ])
  func fixed(id: RecordID, hex: String) {
    #expect(id.hex == hex)
  }

  @Test("where one part ends matters")
  func parts() {
    #expect(listRecordID("ab", "c") != listRecordID("a", "bc"))
    #expect(listRecordID("a", "") != listRecordID("a"))
  }
}
