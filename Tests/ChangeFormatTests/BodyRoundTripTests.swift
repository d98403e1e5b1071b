import Merge
import Testing

@testable import ChangeFormat

@Suite("A change's cell writes come back as they were written")
struct BodyRoundTripTests {
  @Test("random bodies of all types", arguments: 0..<40 as Range<UInt64>)
  func roundTrip(block: UInt64) throws {
    for seed in block * 50..<block * 50 + 50 {
      var random = SeededRandom(seed)
      let body = random.body()
      let payload = Payload(salt: random.identifier(), actor: random.text(), note: random.text(), body: body)
      let bytes = payload.bytes
      let read = try Payload(bytes: bytes)
      #expect(read.body.listing == body.listing, "seed \(seed)")
      #expect(read.body.writeCount == body.listing.count, "seed \(seed)")
      #expect(read.salt == payload.salt && read.actor.utf8.elementsEqual(payload.actor.utf8), "seed \(seed)")
      #expect(read.note.utf8.elementsEqual(payload.note.utf8), "seed \(seed)")
      #expect(read.bytes == bytes, "seed \(seed)")
    }
  }

  @Test("one record takes the flat form, two the columnar one, and two tables of one record each too")
  func forms() throws {
    let (a, b) = (Identifier(high: 1, low: 1), Identifier(high: 1, low: 2))
    func form(_ writes: [Write]) -> UInt8 {
      Payload(salt: .zero, actor: "", note: "", body: ChangeBody(writing: writes)).bytes[18]
    }
    #expect(form([Write(7, a, 2, .null)]) == 0)
    #expect(form([Write(7, a, 2, .null), Write(7, b, 2, .null)]) == 1)
    #expect(form([Write(7, a, 2, .null), Write(8, a, 2, .null)]) == 2)
  }

  @Test("Chinese texts share what they begin with, be it half a character")
  func frontCoding() throws {
    // 土 e5 9c 9f, 圠 e5 9c a0: two bytes of the first character are shared.
    let texts = ["土地承包经营权纠纷", "土地承包经营权流转", "土", "圠", "", "圠", "圠"]
    let record = Identifier(high: 5, low: 0)
    let body = ChangeBody(
      writing: texts.enumerated().map { Write(1, Identifier(high: 5, low: UInt64($0)), 2, .text($1)) })
    let bytes = Payload(salt: .zero, actor: "", note: "", body: body).bytes
    let records = record.bytes + (1..<7).flatMap { [15, UInt8($0)] }
    let values: [UInt8] =
      [0, 27] + Array(texts[0].utf8) + [21, 6] + Array("流转".utf8) + [3, 0] + [2, 1, 0xA0] + [0, 0]
      + [0, 3] + Array("圠".utf8) + [3, 0]
    #expect(bytes == [UInt8](repeating: 0, count: 18) + [1, 1, 7] + records + [1, 2, 0, 0, 5] + values)
    #expect(try Payload(bytes: bytes).body.listing == body.listing)
  }

  @Test("numbers wrap around between the extremes")
  func wrapping() throws {
    let values: [Value] = [.integer(.min), .instant(.max), .integer(0), .date(.min), .date(.max), .instant(.min)]
    let body = ChangeBody(
      writing: values.enumerated().map { Write(1, Identifier(high: 5, low: UInt64($0)), 4, $1) })
    let bytes = Payload(salt: .zero, actor: "", note: "", body: body).bytes
    #expect(try Payload(bytes: bytes).body.listing == body.listing)
  }

  @Test(
    "redaction takes exactly the named positions and the salt, and keeps the flags", arguments: 0..<20 as Range<UInt64>)
  func redaction(seed: UInt64) throws {
    var random = SeededRandom(seed + 900)
    let payload = Payload(salt: random.identifier(), actor: "甲", note: "", body: random.body())
    let count = payload.body.writeCount
    let positions = (0..<UInt32(count)).filter { _ in random.oneIn(3) }
    let redacted = try Payload(bytes: payload.redacted(positions: positions).bytes)
    #expect(redacted.salt == .zero && redacted.actor == "甲")
    var expected: [String] = []
    payload.body.forEachWrite { position, write in
      let place = "\(position) \(write.table) \(write.record) \(write.column) \(write.decides)"
      expected.append(positions.contains(UInt32(position)) ? "\(place) redacted" : payload.body.listing[position])
    }
    #expect(redacted.body.listing == expected)
  }

  @Test("a redacted payload holds nothing of the values it lost")
  func redactionLeavesNothing() throws {
    let ids = (0..<3).map { Identifier(high: 9, low: UInt64($0)) }
    let body = ChangeBody(writing: [
      Write(1, ids[0], 2, .text("秘密地址甲")), Write(1, ids[1], 2, .text("秘密地址乙")), Write(1, ids[2], 2, .text("别的")),
    ])
    let bytes = Payload(salt: ids[2], actor: "", note: "", body: body).redacted(positions: [0, 1]).bytes
    #expect(!hexOfBytes(bytes).contains(hexOfBytes("秘密".utf8)))
    #expect(hexOfBytes(bytes).contains(hexOfBytes("别的".utf8)))
  }
}
