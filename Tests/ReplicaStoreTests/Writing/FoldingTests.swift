import ChangeFormat
import Merge
import Testing

@testable import ReplicaStore

@Suite("A payload folded on another comes back to the byte")
struct FoldingTests {
  private func payload(_ random: inout SplitMix64, actor: String) -> [UInt8] {
    var body = ChangeBody()
    var columns: [ChangeBody.ColumnWrites] = []
    func text(_ random: inout SplitMix64) -> String {
      String(repeating: "土地承包", count: random.below(5)) + "\(random.below(3))"
        + String(repeating: "x", count: random.below(70))
    }
    let values: [Value] = [
      .text(text(&random)), .text(text(&random)), .integer(Int64(random.below(1000)) - 500),
      .bytes([UInt8](repeating: 7, count: random.below(20))), .date(Int32(random.below(40000))),
      .ref(Identifier(high: 5, low: UInt64(random.below(4)))), .null, .boolean(true), .real(Double(random.below(9))),
    ]
    for (i, value) in values.enumerated() {
      columns.append(ChangeBody.ColumnWrites(id: UInt32(i + 3), cells: [body.cell(value, decides: i == 2)]))
    }
    let record = Identifier(high: 1 << 60, low: UInt64(random.below(100_000)))
    body.tables = [ChangeBody.TableWrites(id: 300, records: [record], columns: columns)]
    let salt = Identifier(high: UInt64(random.below(1 << 30)), low: 9)
    return Payload(salt: salt, actor: actor, note: "", body: body).bytes
  }

  @Test("whatever the two have in common")
  func folded() throws {
    var random = SplitMix64(seed: 3)
    var folds = 0
    for i in 0..<2000 {
      let base = try #require(FlatPayload([0] + payload(&random, actor: "李书记员"), from: 1))
      let bytes = payload(&random, actor: i % 2 == 0 ? "李书记员" : "王")
      let own = try #require(FlatPayload([0] + bytes, from: 1))
      guard let folded = FoldedPayload.fold(own, on: base, distance: 5) else { continue }
      folds += 1
      #expect(FoldedPayload.unfold(folded, on: base) == bytes)
      #expect(FoldedPayload.distance(folded) == 5)
    }
    #expect(folds > 1000)
  }

  @Test("what is not in its shortest form is kept as it is")
  func longForms() throws {
    var random = SplitMix64(seed: 4)
    let bytes = payload(&random, actor: "李书记员")
    let base = try #require(FlatPayload([0] + bytes, from: 1))
    #expect(FoldedPayload.fold(base, on: base, distance: 1) != nil)
    // The actor's length, in two bytes instead of one.
    var long = bytes
    long.replaceSubrange(16...16, with: [bytes[16] | 0x80, 0])
    let own = try #require(FlatPayload([0] + long, from: 1))
    #expect(FoldedPayload.fold(own, on: base, distance: 1) == nil)
    // What leans on such a base comes back nevertheless.
    let folded = try #require(FoldedPayload.fold(base, on: own, distance: 1))
    #expect(FoldedPayload.unfold(folded, on: own) == bytes)
  }
}
