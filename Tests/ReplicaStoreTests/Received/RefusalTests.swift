import ChangeFormat
import Merge
import Testing

@testable import ReplicaStore

/// What arrives is believed for its hashes and signatures, and for nothing else (design §2, §5).
@Suite("A batch is taken whole or not at all")
struct RefusalTests {
  /// Three changes of one author, the middle one long enough to be packed.
  private func changes(_ number: UInt64 = 5, court: Identifier = Identifier(high: 0xC0, low: 0x01)) throws
    -> [WireChange]
  {
    var hand = try HandWriter(number, court: court)
    return [
      try hand.write(Sample.id(1), 6, .text("甲")),
      try hand.write(Sample.id(2), 6, .text(String(repeating: "乙", count: 300))),
      try hand.write(Sample.id(1), 24, .text("丙")),
    ]
  }

  private func expectRefused(
    _ machine: Machine, _ batch: Batch, _ number: Int, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try machine.fingerprint()
    let error = #expect(throws: ReplicaError.self, sourceLocation: sourceLocation) {
      try machine.replica.receive(batch)
    }
    #expect(error?.number == number, "\(String(describing: error))", sourceLocation: sourceLocation)
    #expect(try machine.fingerprint() == before, sourceLocation: sourceLocation)
  }

  @Test("a flipped bit in any part is refused, and nothing is stored; what says the same in other bytes is the same")
  func flippedBits() throws {
    var machine = try Machine(1)
    let batch = Batch(runs: [try changes()], everyHead: false)
    let clear = batch.clearBytes
    let nothing = try machine.fingerprint()
    _ = try machine.replica.receive(try Batch(clear: clear))
    let all = try machine.fingerprint()
    machine = try Machine(1)
    var taken = 0
    for bit in 0..<clear.count * 8 {
      var bytes = clear
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      do {
        _ = try machine.replica.receive(try Batch(clear: bytes))
        // A bit of a zstd frame that its decoder does not need: the clear bytes were those that are signed.
        #expect(try machine.fingerprint() == all, "bit \(bit)")
        taken += 1
        machine = try Machine(1)
      } catch is FormatError {
      } catch is ReplicaError {}
    }
    #expect(taken < 8, "\(taken)")
    #expect(try machine.fingerprint() == nothing)
  }

  @Test("a flipped bit in an order or a receipt is refused too")
  func flippedStatements() throws {
    var court = try SmallCourt()
    try court.admit(try Machine.keys(1))
    let machine = try Machine(1, in: court)
    var batch = Batch(orders: court.orders)
    batch.receipts = [
      try SignedReceipt(
        Receipt(mark: .none, number: 1, time: court.time, entries: []), court: court.court, key: court.key)
    ]
    let clear = batch.clearBytes
    for bit in 0..<clear.count * 8 {
      var bytes = clear
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: (any Error).self, "bit \(bit)") { try machine.replica.receive(try Batch(clear: bytes)) }
    }
    #expect(try machine.replica.orders().isEmpty)
    #expect(try machine.replica.receive(try Batch(clear: clear)).orders == 1)
  }

  @Test("another court's changes are refused by name")
  func wrongCourt() throws {
    let machine = try Machine(1)
    try expectRefused(machine, Batch(try changes(5, court: Identifier(high: 9, low: 9))), 2301)
  }

  @Test("a log that nobody introduced is refused")
  func unknownAuthor() throws {
    let machine = try Machine(1)
    var batch = Batch(try changes())
    batch.logs = []
    try expectRefused(machine, batch, 2302)
    #expect(try machine.replica.heads().isEmpty)
  }

  @Test("a chain that does not follow is refused, wherever it breaks")
  func badChain() throws {
    let machine = try Machine(1)
    let good = try changes()
    var batch = Batch(runs: [good])
    batch.runs[0].previous = good[1].hash
    try expectRefused(machine, batch, 2303)
    batch = Batch(runs: [good])
    batch.runs[0].changes.remove(at: 1)
    batch.runs[0].heads = [(2, good[2].signature)]
    try expectRefused(machine, batch, 2304)
    batch = Batch(runs: [good])
    batch.runs[0].changes.swapAt(0, 1)
    try expectRefused(machine, batch, 2303)
  }

  @Test("a signature of another key, or over another header, is refused")
  func badSignature() throws {
    let machine = try Machine(1)
    let good = try changes()
    var other = try HandWriter(6)
    _ = try other.write(Sample.id(1), 6, .text("x"))
    for signature in [
      try SignedHead(dot: good[2].header.dot, hash: good[2].hash, court: machine.replica.court, key: other.keys.signing)
        .signature,
      good[1].signature, [UInt8](repeating: 0, count: 64), [],
    ] {
      var batch = Batch(runs: [good], everyHead: false)
      batch.runs[0].heads[0].signature = signature
      try expectRefused(machine, batch, 2304)
    }
  }

  @Test("nothing is applied beyond the newest signed head")
  func beyondTheHead() throws {
    let machine = try Machine(1)
    let good = try changes()
    var batch = Batch(runs: [good])
    batch.runs[0].heads = [(2, good[1].signature)]
    try expectRefused(machine, batch, 2304)
    #expect(throws: FormatError.self) { try Batch(clear: batch.clearBytes) }
    batch.runs[0].heads = []
    try expectRefused(machine, batch, 2304)
  }

  @Test("one bad run refuses the good ones beside it")
  func oneBadRun() throws {
    let machine = try Machine(1)
    var batch = Batch(runs: [try changes(5), try changes(6)])
    batch.runs[1].heads[2].signature[0] ^= 1
    try expectRefused(machine, batch, 2304)
    batch.runs.reverse()
    try expectRefused(machine, batch, 2304)
  }

  @Test("orders of another key and receipts of another key are refused; a replica without a centre believes none")
  func strangers() throws {
    var (court, stranger) = (try SmallCourt(), try SmallCourt(seed: 7))
    try court.admit(try Machine.keys(1))
    try stranger.admit(try Machine.keys(1))
    let machine = try Machine(1, in: court)
    try expectRefused(machine, Batch(orders: stranger.orders), 2305)
    var batch = Batch()
    batch.receipts = [
      try SignedReceipt(
        Receipt(mark: .none, number: 1, time: court.time, entries: []), court: court.court, key: stranger.key)
    ]
    try expectRefused(machine, batch, 2306)
    try expectRefused(try Machine(2), Batch(orders: court.orders), 2305)
  }

  @Test("a redacted payload needs the order that explains it")
  func redacted() throws {
    var court = try SmallCourt()
    try court.admit(try Machine.keys(1))
    let machine = try Machine(1, in: court)
    let change = try changes()[0]
    let clear = try PackedPayload.unpack(change.payload, with: Compressor())
    let redacted = try Payload(bytes: clear).redacted(positions: [0]).bytes
    var batch = Batch([change])
    batch.runs[0].changes[0].payload = PackedPayload.pack(redacted, with: Compressor())
    batch.runs[0].changes[0].payloadHash = change.header.payloadHash
    batch.runs[0].changes[0].payloadLength = change.header.payloadLength
    batch.orders = court.orders
    try expectRefused(machine, batch, 2303)
    try court.issue(
      .redact(
        log: change.header.dot.log, sequence: 1, hash: change.hash, positions: [0], payloadHash: Hashing.hash(redacted))
    )
    batch.orders = court.orders
    #expect(try machine.replica.receive(batch).changes == 1)
    #expect(try machine.replica.record(table: "item", id: Sample.id(1), scope: nil)?["text"]?.value == .redacted)
    _ = try machine.replica.verify()
  }
}
