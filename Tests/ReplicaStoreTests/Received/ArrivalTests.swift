import ChangeFormat
import Merge
import Testing

@testable import ReplicaStore

@Suite("Whatever arrives in good order is kept, and waits for what it lacks")
struct ArrivalTests {
  @Test("a gap waits with the missing dot named, is passed on, and closes when that arrives")
  func gap() throws {
    let (machine, other) = (try Machine(1), try Machine(2))
    var hand = try HandWriter(5)
    let changes = try (1...3).map { try hand.write(Sample.id(1), 6, .text("第\($0)次")) }
    #expect(try machine.replica.receive(Batch([changes[2], changes[0]])).changes == 2)
    let waiting = try machine.replica.status().waiting
    #expect(waiting.map(\.dot) == [changes[2].header.dot] && waiting[0].reason == changes[1].header.dot.description)
    #expect(try machine.replica.record(table: "item", id: Sample.id(1), scope: nil)?["text"]?.value == .text("第1次"))
    try machine.pass(to: other)
    #expect(try other.replica.status().waiting == waiting)
    for machine in [machine, other] {
      _ = try machine.replica.receive(Batch([changes[1]]))
      #expect(try machine.replica.status().waiting.isEmpty)
      #expect(try machine.replica.record(table: "item", id: Sample.id(1), scope: nil)?["text"]?.value == .text("第3次"))
      _ = try machine.replica.verify()
    }
    #expect(try machine.replica.digests().map(\.digest) == other.replica.digests().map(\.digest))
  }

  @Test("a change waits for what its context names, and says so")
  func context() throws {
    let machine = try Machine(1)
    var (one, two) = (try HandWriter(5), try HandWriter(6))
    let seen = try one.write(Sample.id(1), 6, .text("甲"))
    let seeing = try two.write(
      [HandWriter.Write(record: Sample.id(1), column: 6, value: .text("乙"))], sees: [(seen.header.dot, seen.hash)])
    _ = try machine.replica.receive(Batch([seeing]))
    #expect(try machine.replica.status().waiting.map(\.reason) == [seen.header.dot.description])
    #expect(try machine.replica.record(table: "item", id: Sample.id(1), scope: nil) == nil)
    _ = try machine.replica.receive(Batch([seen]))
    #expect(
      try machine.replica.record(table: "item", id: Sample.id(1), scope: nil)?["text"]?.dots == [seeing.header.dot])
  }

  @Test("what is held already changes nothing, however often it comes")
  func idempotent() throws {
    let machine = try Machine(1)
    var hand = try HandWriter(5)
    let changes = try (1...4).map { try hand.write(Sample.id(1), 6, .text("第\($0)次")) }
    let batches = [Batch(runs: [changes]), Batch(changes.reversed()), Batch([changes[3]])]
    #expect(try machine.replica.receive(batches[0]).changes == 4)
    let before = try machine.fingerprint()
    for batch in batches + batches { #expect(try machine.replica.receive(batch) == Received()) }
    #expect(try machine.fingerprint() == before)
  }

  @Test("a change past every limit is stored and passed on: limits bind the writer")
  func pastLimits() throws {
    let (machine, other) = (try Machine(1), try Machine(2))
    var hand = try HandWriter(5)
    let big = [UInt8](repeating: 7, count: 300 * 1024)
    let changes = [
      try hand.write(Sample.id(1), 14, .bytes(big)),
      try hand.write([
        HandWriter.Write(record: Sample.id(2), column: 14, value: .bytes(big)),
        HandWriter.Write(record: Sample.id(3), column: 14, value: .bytes([8] + big)),
      ]),
    ]
    #expect(try machine.replica.receive(Batch(changes)).changes == 2)
    #expect(try machine.replica.record(table: "item", id: Sample.id(1), scope: nil)?["scan"]?.value == .bytes(big))
    _ = try machine.replica.verify()
    try machine.pass(to: other)
    #expect(try other.replica.digests().map(\.digest) == machine.replica.digests().map(\.digest))
  }

  @Test("a payload that does not decode waits, is passed on, and blocks nothing once it is excluded")
  func undecodable() throws {
    var court = try SmallCourt()
    for number in 1...2 { try court.admit(try Machine.keys(UInt64(number))) }
    let machines = try [Machine(1, in: court), Machine(2, in: court)]
    var hand = try HandWriter(5)
    let changes = [
      try hand.write([], clear: [1, 2, 3]),
      try hand.write(
        [HandWriter.Write(record: Sample.id(1), column: 6, value: .text("x"))],
        note: String(repeating: "n", count: 2000)),
      try hand.write(Sample.id(1), 6, .text("甲")),
    ]
    for machine in machines { _ = try machine.replica.receive(.init(orders: court.orders)) }
    _ = try machines[0].replica.receive(Batch(runs: [changes]))
    try machines[0].pass(to: machines[1])
    for machine in machines {
      #expect(
        try machine.replica.status().waiting.map(\.reason)
          == ["undecodable", changes[0].header.dot.description, changes[1].header.dot.description])
    }
    for change in changes.prefix(2) {
      try court.issue(
        .exclude(
          HeaderRange(
            log: hand.log, from: change.header.dot.sequence, fromHash: change.hash, to: change.header.dot.sequence,
            toHash: change.hash), reason: "malformed"))
    }
    for machine in machines {
      _ = try machine.replica.receive(.init(orders: court.orders))
      #expect(try machine.replica.status().waiting.isEmpty)
      #expect(try machine.replica.status().excluded.map(\.reason) == ["malformed", "malformed"])
      #expect(try machine.replica.record(table: "item", id: Sample.id(1), scope: nil)?["text"]?.value == .text("甲"))
      #expect(try machine.replica.verify().changes == 3)
      #expect(try machine.replica.log(count: ()) == 3)
    }
  }

  @Test("what does not decode and is excluded already when it comes can still be judged")
  func undecodableOnceMore() throws {
    var court = try SmallCourt()
    try court.admit(try Machine.keys(1))
    let machine = try Machine(1, in: court)
    var hand = try HandWriter(5)
    let change = try hand.write([], clear: [1, 2, 3])
    try court.issue(
      .exclude(
        HeaderRange(log: hand.log, from: 1, fromHash: change.hash, to: 1, toHash: change.hash), reason: "malformed"))
    _ = try machine.replica.receive(.init(orders: court.orders))
    _ = try machine.replica.receive(Batch([change]))
    #expect(try machine.replica.status().excluded.map(\.dot) == [change.header.dot])
    let fresh = Workbench.Fresh(
      signedDot: change.header.dot, hash: change.hash, device: machine.replica.device, header: change.header,
      reason: nil)
    try machine.replica.transaction { (bench: Workbench) throws in
      #expect(try bench.rightsNeeded(fresh) == [.append])
      #expect(try bench.hasOversizedValue(fresh) == false)
    }
  }

  @Test("an extension that must be understood is waited for; any other is kept and passed on")
  func extensions() throws {
    let (machine, other) = (try Machine(1), try Machine(2))
    var hand = try HandWriter(5)
    let write = HandWriter.Write(record: Sample.id(1), column: 6, value: .text("甲"))
    let plain = try hand.write([write], extensions: [Header.Extension(id: 2, bytes: [1, 2])])
    let odd = try hand.write([write], extensions: [Header.Extension(id: 7, bytes: [])])
    _ = try machine.replica.receive(Batch([plain, odd]))
    try machine.pass(to: other)
    for machine in [machine, other] {
      #expect(try machine.replica.status().waiting.map(\.reason) == ["extension 7"])
      #expect(
        try machine.replica.record(table: "item", id: Sample.id(1), scope: nil)?["text"]?.dots == [plain.header.dot])
    }
    _ = try other.replica.verify()
  }

  @Test("a stamp more than 24 h ahead waits for time, a receipt or an order, and own changes never wait")
  func ahead() throws {
    var court = try SmallCourt()
    for number in 1...2 { try court.admit(try Machine.keys(UInt64(number))) }
    let (late, machine) = (try Machine(1, in: court), try Machine(2, in: court))
    late.clock.set(wall: FakeClock.start + 48 * 3_600_000)
    for machine in [late, machine] { _ = try machine.replica.receive(.init(orders: court.orders)) }
    let made = try late.replica.write { try $0.set("item", Sample.id(1), "text", .text("甲")) }
    #expect(try late.replica.record(table: "item", id: Sample.id(1), scope: nil) != nil)
    try late.pass(to: machine)
    #expect(try machine.replica.status().waiting.map(\.reason) == ["time"])
    let hash = try #require(try late.replica.heads()[made.dot.log]?.hash)
    var batch = Batch()
    batch.receipts = [
      try SignedReceipt(
        Receipt(
          mark: court.orders[1].order.mark, number: 1, time: court.time,
          entries: [.init(log: made.dot.log, held: 1, hash: hash, applied: 1)]), court: court.court, key: court.key)
    ]
    _ = try machine.replica.receive(batch)
    #expect(try machine.replica.status().waiting.isEmpty)
    #expect(try machine.replica.record(table: "item", id: Sample.id(1), scope: nil)?["text"]?.value == .text("甲"))
    // A new epoch that makes all be placed anew takes nothing back that was applied.
    try court.issue(.exclude(HeaderRange(log: made.dot.log, from: 9, fromHash: nil, to: nil, toHash: nil), reason: "x"))
    for machine in [late, machine] { _ = try machine.replica.receive(.init(orders: court.orders)) }
    try court.restore(to: 2)
    for machine in [late, machine] {
      _ = try machine.replica.receive(.init(orders: court.orders))
      #expect(try machine.replica.status().waiting.isEmpty)
      #expect(try machine.replica.record(table: "item", id: Sample.id(1), scope: nil)?["text"]?.value == .text("甲"))
    }
    #expect(try late.replica.write { try $0.set("item", Sample.id(1), "text", .text("乙")) }.dot.sequence == 2)
  }

  @Test("a redaction reaches what waits as well, and the clear value is kept nowhere")
  func redactedWhileWaiting() throws {
    var court = try SmallCourt()
    for number in 1...2 { try court.admit(try Machine.keys(UInt64(number))) }
    let (one, two) = (try Machine(1, in: court), try Machine(2, in: court))
    var hand = try HandWriter(5)
    let first = try hand.write(Sample.id(1), 6, .text("公开"))
    let secret = try hand.write(Sample.id(1), 6, .text("身份证号"))
    let clear = try PackedPayload.unpack(secret.payload, with: Compressor())
    let redacted = try Payload(bytes: clear).redacted(positions: [0]).bytes
    _ = try one.replica.receive(Batch([secret], orders: court.orders))
    try court.issue(
      .redact(
        log: hand.log, sequence: 2, hash: secret.hash, positions: [0], payloadHash: Hashing.hash(redacted)))
    _ = try one.replica.receive(.init(orders: court.orders))
    let kept = try one.inside { inside in try WaitingChange.all(inside.sql).map { try $0.load(inside.sql).payload } }
    #expect(kept.map { try? PackedPayload.unpack($0, with: Compressor()) } == [redacted])
    try one.pass(to: two)
    for machine in [one, two] {
      _ = try machine.replica.receive(Batch([first]))
      #expect(try machine.replica.record(table: "item", id: Sample.id(1), scope: nil)?["text"]?.value == .redacted)
      _ = try machine.replica.verify()
    }
    #expect(try one.replica.digests().map(\.digest) == two.replica.digests().map(\.digest))
  }
}
