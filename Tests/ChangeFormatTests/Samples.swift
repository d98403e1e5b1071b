import Merge

@testable import ChangeFormat

/// One small court (法院) from fixed seeds: what the golden vectors and the mutation tests are made of.
struct Samples {
  let court = Identifier(high: 0x0102_0304_0506_0708, low: 0x090A_0B0C_0D0E_0F10)
  let centre: SigningKey
  let deviceA: SigningKey
  let deviceB: SigningKey
  let genesisA: Genesis
  let genesisB: Genesis
  let records: [RecordID]
  private(set) var payloads: [(name: String, payload: Payload)] = []
  private(set) var logA: LogWriter
  private(set) var logB: LogWriter

  /// 2026-01-01T00:00:00Z.
  static let start: UInt64 = 1_767_225_600_000
  static let epoch: UInt64 = 1_767_139_200_000

  init() throws {
    centre = try SigningKey(seed: [UInt8](repeating: 1, count: 32))
    deviceA = try SigningKey(seed: [UInt8](repeating: 2, count: 32))
    deviceB = try SigningKey(seed: [UInt8](repeating: 3, count: 32))
    genesisA = Genesis(
      court: court, scope: "李集法庭", signingKey: deviceA.publicKey, incarnation: Identifier(high: 0xA1, low: 1),
      predecessor: nil, reason: .first)
    genesisB = Genesis(
      court: court, scope: "李集法庭", signingKey: deviceB.publicKey, incarnation: Identifier(high: 0xB1, low: 2),
      predecessor: Genesis.Predecessor(
        dot: Dot(Identifier(high: 0xB0, low: 0xFFFF), 300), hash: Hashing.hash(Array("before".utf8))),
      reason: .reverted)
    var random = SeededRandom(2026)
    records = (0..<5).map { i in
      Identifier(
        high: (Samples.start + UInt64(i) * 1000) << 16 | 0x7000 | random.next() & 0xFFF,
        low: random.next() >> 2 | 1 << 63)
    }
    logA = LogWriter(genesis: genesisA, key: deviceA)
    logB = LogWriter(genesis: genesisB, key: deviceB)
    payloads = Samples.makePayloads(records)
    try writeLogs()
  }

  private static func makePayloads(_ r: [RecordID]) -> [(String, Payload)] {
    var random = SeededRandom(7)
    func make(_ name: String, _ actor: String, _ note: String, _ writes: [Write]) -> (String, Payload) {
      (name, Payload(salt: random.identifier(), actor: actor, note: note, body: ChangeBody(writing: writes)))
    }
    return [
      make(
        "one record, every type", "陈法官", "立案",
        [
          Write(1, r[0], 2, .null), Write(1, r[0], 3, .boolean(false)),
          Write(1, r[0], 4, .boolean(true), decides: true),
          Write(1, r[0], 6, .integer(-1)), Write(1, r[0], 8, .real(0.1)), Write(1, r[0], 9, .text("（2026）豫1103民初7号")),
          Write(1, r[0], 10, .bytes([0, 255, 16])), Write(1, r[0], 12, .date(20_454)),
          Write(1, r[0], 14, .instant(Int64(start))), Write(1, r[0], 16, .ref(r[1]), decides: true),
          Write(1, r[0], 300, .text("")),
        ]),
      make(
        "the extremes", "", "",
        [
          Write(.max, r[0], 1, .integer(.min)), Write(.max, r[0], 2, .integer(.max)), Write(.max, r[0], 3, .integer(0)),
          Write(.max, r[0], 4, .date(.min)), Write(.max, r[0], 5, .date(.max)), Write(.max, r[0], 6, .instant(.min)),
          Write(.max, r[0], 7, .instant(.max)), Write(.max, r[0], 8, .real(.leastNonzeroMagnitude)),
          Write(.max, r[0], 9, .real(-.greatestFiniteMagnitude)), Write(.max, r[0], .max, .bytes([])),
        ]),
      make(
        "five records, front coding", "书记员", "",
        (0..<5).flatMap { i in
          [
            Write(1, r[i], 8, .text(["土地承包经营权纠纷", "土地承包经营权流转", "土", "圠", ""][i])),
            Write(1, r[i], 10, .text("（2026）豫1103民初\(98 + i)号")), Write(1, r[i], 12, .integer(Int64(i) * 1000 - 1500)),
            Write(1, r[i], 14, .ref(r[i / 2])), Write(1, r[i], 16, .boolean(true)),
          ]
        }),
      make(
        "gaps, decisions, mixed types", "审判员", "核对",
        [
          Write(1, r[0], 2, .text("原告"), decides: true), Write(1, r[2], 2, .text("原告甲")),
          Write(1, r[1], 4, .integer(10), decides: true), Write(1, r[2], 4, .instant(12), decides: true),
          Write(1, r[3], 4, .date(5), decides: true), Write(1, r[0], 6, .null), Write(1, r[1], 6, .bytes([1, 2, 3])),
          Write(1, r[2], 6, .text("\u{1}\u{2}")), Write(1, r[3], 6, .ref(r[4])), Write(1, r[4], 6, .real(2.5)),
        ]),
      make(
        "three tables of one record", "书记员", "",
        [
          Write(1, r[0], 2, .integer(1)), Write(2, r[0], 2, .integer(1)), Write(200, r[3], 257, .text("unknown")),
        ]),
    ]
  }

  private mutating func writeLogs() throws {
    let mark = OrderMark(epoch: Samples.epoch, number: 7)
    let stamp = { Stamp(milliseconds: Samples.start + $0, counter: $1) } as (UInt64, UInt16) -> Stamp
    logB.append(payloads[0].payload, stamp: stamp(0, 0))
    logB.append(payloads[1].payload, stamp: stamp(0, 1), authentication: 2, order: mark)
    let b2 = logB.headers[1]
    logA.append(payloads[2].payload, stamp: stamp(500, 65535), order: mark, base: b2.dot)
    logA.append(payloads[3].payload, stamp: stamp(70_500, 0), order: mark, entries: [(b2.dot, b2.hash)])
    logA.append(
      payloads[4].payload, stamp: stamp(70_500, 1), authentication: 1,
      order: OrderMark(epoch: Samples.epoch, number: 300),
      extensions: [Header.Extension(id: 2, bytes: [1, 2, 3]), Header.Extension(id: 129, bytes: [])])
    let c = Dot(Identifier(high: 0x10, low: 0), 1)
    let d = Dot(Identifier(high: 0xFF << 56, low: 0), 1 << 40)
    logB.append(
      payloads[0].payload, stamp: stamp(80_000, 0), order: mark,
      entries: [(c, Hashing.hash([1])), (d, Hashing.hash([2]))])
  }

  /// Two runs, one order, one receipt, one genesis; the second change of log B is redacted.
  func batch() throws -> Batch {
    var batch = Batch()
    batch.orders = [try order(.time(treeSize: 3, treeHead: Hashing.hash([3]), lowers: false), number: 7)]
    batch.receipts = [try SignedReceipt(receipt, court: court, key: centre)]
    batch.logs = [Batch.LogEntry(log: genesisB.log, genesis: genesisB)]
    var runB = try logB.run(interval: 2)
    runB.changes[1].payload = [0] + payloads[1].payload.redacted(positions: [0, 9]).bytes
    runB.changes[1].payloadHash = logB.headers[1].payloadHash
    runB.changes[1].payloadLength = logB.headers[1].payloadLength
    batch.runs = [runB, try logA.run()]
    return batch
  }

  var receipt: Receipt {
    Receipt(
      mark: OrderMark(epoch: Samples.epoch, number: 7), number: 41, time: Samples.start + 90_000,
      entries: [
        Receipt.Entry(log: genesisA.log, held: 3, hash: logA.headers[2].hash, applied: 2),
        Receipt.Entry(log: genesisB.log, held: 200, hash: logB.headers[1].hash, applied: 200),
      ])
  }

  func order(_ kind: OrderKind, number: UInt64 = 9) throws -> SignedOrder {
    try SignedOrder(
      mark: OrderMark(epoch: Samples.epoch, number: number),
      previous: number == 1 ? .zero : Hashing.hash(Array("order \(number - 1)".utf8)),
      time: Samples.start + number * 1000, kind: kind, court: court, key: centre)
  }

  /// Every kind of order, with each form its fields can take.
  func orders() throws -> [(name: String, order: SignedOrder)] {
    let head = logA.headers[1]
    let last = logA.headers[2]
    let part = HeaderRange(log: genesisA.log, from: 2, fromHash: head.hash, to: 3, toHash: last.hash)
    let agreement = try agreementPublicKey(seed: [UInt8](repeating: 4, count: 32))
    let open = HeaderRange(log: genesisA.log, from: 2, fromHash: head.hash, to: nil, toHash: nil)
    let unheld = HeaderRange(log: genesisB.log, from: 300, fromHash: nil, to: nil, toHash: nil)
    let redacted = payloads[3].payload.redacted(positions: [0, 3, 9])
    let kinds: [(String, OrderKind)] = [
      (
        "grant without end",
        .grant(
          device: deviceA.publicKey.device, signingKey: deviceA.publicKey.bytes, agreementKey: agreement,
          label: "李集法庭 01", scopes: ["李集法庭", "court", "a"], rights: .all, from: Samples.start, until: nil)
      ),
      (
        "grant for a day",
        .grant(
          device: deviceB.publicKey.device, signingKey: deviceB.publicKey.bytes, agreementKey: agreement, label: "",
          scopes: [], rights: [.append], from: Samples.start, until: Samples.start + 86_400_000)
      ),
      ("revoke wholly", .revoke(device: deviceB.publicKey.device, stands: [:])),
      (
        "revoke after two logs",
        .revoke(
          device: deviceB.publicKey.device,
          stands: [
            genesisB.log: OrderKind.Standing(sequence: 2, hash: logB.headers[1].hash),
            genesisA.log: OrderKind.Standing(sequence: 300, hash: head.hash),
          ])
      ),
      ("exclude two headers", .exclude(part, reason: "right")),
      ("exclude openly", .exclude(open, reason: "malformed")),
      ("exclude a past nobody holds", .exclude(unheld, reason: "lost")),
      ("restamp", .restamp(open, at: Stamp(milliseconds: Samples.start, counter: 3), reason: "clock")),
      ("fork", .fork(log: genesisA.log, sequence: 2, hash: head.hash)),
      (
        "redact",
        .redact(
          log: genesisA.log, sequence: 2, hash: head.hash, positions: [9, 0, 3],
          payloadHash: Hashing.hash(redacted.bytes))
      ),
      ("time", .time(treeSize: 1 << 33, treeHead: Hashing.hash([3]), lowers: false)),
      ("time that lowers", .time(treeSize: 0, treeHead: Hashing.hash([]), lowers: true)),
      ("epoch", .epoch(stands: 8)),
    ]
    return try kinds.map { ($0, try order($1)) }
  }
}
