import Merge

@testable import ChangeFormat

/// One line of `Fixtures/vectors/format.jsonl`: what the bytes say, the bytes, and what stands over them.
struct Vector {
  let name: String
  let kind: String
  let fields: JSON
  let bytes: [UInt8]
  /// `sha256`, `id`, `key`, `signed`, `signature`: where they apply.
  var more: [(String, JSON)] = []
  /// What a reader makes of the bytes; nil where there is nothing to read but the bytes themselves.
  var read: (([UInt8]) throws -> JSON)?

  var title: String { "\(kind): \(name)" }

  var line: String {
    JSON.object([("name", .text(name)), ("kind", .text(kind)), ("fields", fields), ("hex", .hex(bytes))] + more)
      .rendered
  }

  /// With the SHA-256 of the bytes.
  func hashed() -> Vector {
    var copy = self
    copy.more.append(("sha256", .hex(Hashing.hash(bytes).bytes)))
    return copy
  }

  /// With the key, the bytes that are signed, and the signature.
  func signed(_ kind: SignedKind, court: Identifier, key: SigningKey, signature: [UInt8]) -> Vector {
    var writer = ByteWriter()
    writer.text("circuit/\(kind.rawValue)/1")
    writer.identifier(court)
    writer.raw(bytes)
    var copy = self
    copy.more += [
      ("key", .hex(key.publicKey.bytes)), ("signed", .hex(writer.bytes)), ("signature", .hex(signature)),
    ]
    return copy
  }
}

extension Vector {
  /// Every vector, in the file's order.
  static func all() throws -> [Vector] {
    let samples = try Samples()
    return try primitives() + changes(samples) + centre(samples) + batches(samples) + digests(samples)
      + refused(samples)
  }

  private static func primitives() -> [Vector] {
    let varints = [0, 1, 127, 128, 300, 16_383, 16_384, 1 << 32, 1 << 63, .max].map { (value: UInt64) in
      var writer = ByteWriter()
      writer.varint(value)
      return Vector(
        name: "\(value)", kind: "varint", fields: .object([("value", .unsigned(value))]), bytes: writer.bytes
      ) {
        var reader = ByteReader($0)
        let value = try reader.varint("value")
        try reader.finish("value")
        return .object([("value", .unsigned(value))])
      }
    }
    let zigzags = [0, -1, 1, -2, 63, -64, 64, 1_767_225_600_000, .max, .min].map { (value: Int64) in
      var writer = ByteWriter()
      writer.signed(value)
      return Vector(name: "\(value)", kind: "zigzag", fields: .object([("value", .number(value))]), bytes: writer.bytes)
      {
        var reader = ByteReader($0)
        let value = try reader.signed("value")
        try reader.finish("value")
        return .object([("value", .number(value))])
      }
    }
    return varints + zigzags
  }

  private static func changes(_ samples: Samples) throws -> [Vector] {
    var vectors: [Vector] = []
    for (name, key) in [("device A", samples.deviceA), ("device B", samples.deviceB), ("centre", samples.centre)] {
      let seed: UInt8 = name == "centre" ? 1 : name == "device A" ? 2 : 3
      vectors.append(
        Vector(
          name: name, kind: "key", fields: .object([("seed", .hex([UInt8](repeating: seed, count: 32)))]),
          bytes: key.publicKey.bytes, more: [("id", .hex(key.publicKey.device.bytes))]
        ).hashed())
    }
    for (name, genesis) in [("first log", samples.genesisA), ("after a reverted disk", samples.genesisB)] {
      var vector = Vector(name: name, kind: "genesis", fields: .of(genesis), bytes: genesis.bytes) {
        .of(try Genesis(bytes: $0))
      }.hashed()
      vector.more.append(("id", .hex(genesis.log.bytes)))
      vectors.append(vector)
    }
    for (name, payload) in samples.payloads {
      vectors.append(
        Vector(name: name, kind: "payload", fields: .of(payload), bytes: payload.bytes) { .of(try Payload(bytes: $0)) }
          .hashed())
    }
    for (index, positions) in [(3, [0, 3, 9]), (1, [0, 9])] as [(Int, [UInt32])] {
      let (name, payload) = samples.payloads[index]
      let redacted = payload.redacted(positions: positions)
      let fields = JSON.object([
        ("of", .text(name)), ("positions", .list(positions.map { .unsigned(UInt64($0)) })), ("payload", .of(redacted)),
      ])
      vectors.append(
        Vector(name: "\(name), redacted", kind: "redacted", fields: fields, bytes: redacted.bytes) { _ in
          var again = try Payload(bytes: payload.bytes)
          again = again.redacted(positions: positions)
          return .object([
            ("of", .text(name)), ("positions", .list(positions.map { .unsigned(UInt64($0)) })),
            ("payload", .of(try Payload(bytes: again.bytes))),
          ])
        }.hashed())
    }
    for (log, name) in [(samples.logA, "A"), (samples.logB, "B")] {
      for header in log.headers {
        vectors.append(
          Vector(name: "log \(name), \(header.dot.sequence)", kind: "header", fields: .of(header), bytes: header.bytes)
          {
            .of(try Header(bytes: $0))
          }.hashed())
      }
    }
    for (log, name) in [(samples.logA, "A"), (samples.logB, "B")] {
      guard let header = log.headers.last else { continue }
      let head = try SignedHead(dot: header.dot, hash: header.hash, court: samples.court, key: log.key)
      var writer = ByteWriter()
      writer.identifier(header.dot.log)
      writer.varint(header.dot.sequence)
      writer.hash(header.hash)
      vectors.append(
        Vector(
          name: "log \(name)", kind: "head", fields: JSON.dotAndHash(header.dot, header.hash), bytes: writer.bytes
        ).signed(.head, court: samples.court, key: log.key, signature: head.signature))
    }
    let hashes = samples.logA.headers.map(\.hash)
    vectors.append(
      Vector(
        name: "three headers", kind: "context digest",
        fields: .object([("hashes", .list(hashes.map { .hex($0.bytes) }))]),
        bytes: Hashing.contextDigest(hashes).bytes))
    return vectors
  }

  private static func centre(_ samples: Samples) throws -> [Vector] {
    var vectors = try samples.orders().map { name, order in
      Vector(name: name, kind: "order", fields: .of(order.order), bytes: order.bytes) {
        .of(try SignedOrder(bytes: $0, signature: order.signature).order)
      }.hashed().signed(.order, court: samples.court, key: samples.centre, signature: order.signature)
    }
    let receipt = try SignedReceipt(samples.receipt, court: samples.court, key: samples.centre)
    vectors.append(
      Vector(name: "two logs", kind: "receipt", fields: .of(samples.receipt), bytes: samples.receipt.bytes) {
        .of(try Receipt(bytes: $0))
      }.signed(.receipt, court: samples.court, key: samples.centre, signature: receipt.signature))
    var tree = MerkleTree()
    for size in 0...TreeTests.leaves.count {
      if size > 0 { tree.append(bytesOfHex(TreeTests.leaves[size - 1].utf8) ?? []) }
      vectors.append(
        Vector(
          name: "\(size) leaves", kind: "tree head",
          fields: .object([("leaves", .list(TreeTests.leaves.prefix(size).map { .text($0) }))]), bytes: tree.head.bytes)
      )
    }
    let checkpoint = Checkpoint(court: samples.court, epoch: Samples.epoch, size: 8, head: tree.head)
    let note = try checkpoint.note(signedBy: .init(rawRepresentation: [UInt8](repeating: 1, count: 32)))
    let fields: (Checkpoint) -> JSON = { checkpoint in
      .object([
        ("origin", .text(checkpoint.origin)), ("size", .unsigned(checkpoint.size)),
        ("head", .hex(checkpoint.head.bytes)),
      ])
    }
    let key = samples.centre.publicKey.bytes
    vectors.append(
      Vector(
        name: "eight leaves", kind: "checkpoint", fields: fields(checkpoint), bytes: Array(note.utf8),
        more: [("key", .hex(key))]
      ) {
        guard let read = Checkpoint(note: String(decoding: $0, as: UTF8.self), publicKey: key) else {
          throw FormatError.notAuthentic(what: "checkpoint")
        }
        return fields(read)
      })
    return vectors
  }

  /// A zstd frame of one uncompressed block: the same bytes from every release of zstd (RFC 8878).
  static func storedFrame(_ clear: [UInt8]) -> [UInt8] {
    var frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0xA0]
    for shift in [0, 8, 16, 24] { frame.append(UInt8(clear.count >> shift & 0xFF)) }
    let block = clear.count << 3 | 1
    for shift in [0, 8, 16] { frame.append(UInt8(block >> shift & 0xFF)) }
    return frame + clear
  }

  private static func batches(_ samples: Samples) throws -> [Vector] {
    let clear = samples.payloads[0].payload.bytes
    var framed = ByteWriter()
    framed.byte(1)
    framed.varint(clear.count)
    framed.raw(storedFrame(clear))
    var vectors = [("as it is", [0] + clear), ("in a frame", framed.bytes)].map { name, bytes in
      Vector(name: name, kind: "packed payload", fields: .object([("clear", .hex(clear))]), bytes: bytes) {
        .object([("clear", .hex(try PackedPayload.unpack($0, with: Compressor())))])
      }
    }
    let written = try samples.batch().clearBytes
    for (name, bytes) in [("empty", Batch().clearBytes), ("two runs", written)] {
      vectors.append(
        Vector(name: name, kind: "batch", fields: .of(try Batch(clear: bytes)), bytes: bytes) {
          .of(try Batch(clear: $0))
        })
    }
    var wire = ByteWriter()
    wire.byte(Batch.version)
    wire.varint(written.count)
    wire.raw(storedFrame(written))
    vectors.append(
      Vector(
        name: "two runs, on the wire", kind: "batch on the wire", fields: .object([("clear", .hex(written))]),
        bytes: wire.bytes
      ) {
        .object([("clear", .hex(try Batch(encoded: $0, with: Compressor()).clearBytes))])
      })
    return vectors
  }

  /// The state digest of `docs/format.md` §12 over the members of S that two payloads leave.
  private static func digests(_ samples: Samples) -> [Vector] {
    struct Member {
      var dot: Dot
      var table: UInt32
      var record: RecordID
      var column: UInt32
      var decides: Bool
      var value: Value
    }
    var members: [Member] = []
    for (index, dot) in [
      (0, samples.logB.headers[0].dot), (1, samples.logA.headers[2].dot), (3, samples.logA.headers[1].dot),
    ] {
      samples.payloads[index].payload.body.forEachWrite { position, write in
        let value = position == 4 ? Value.redacted : write.value
        members.append(
          Member(
            dot: dot, table: write.table, record: write.record, column: write.column, decides: write.decides,
            value: value))
      }
    }
    // A cell in conflict: two members, in order of dot.
    var twin = members[0]
    twin.dot = samples.logA.headers[0].dot
    twin.value = .text("另一个")
    members.append(twin)
    members.sort { a, b in
      if a.table != b.table { return a.table < b.table }
      if a.record != b.record { return a.record < b.record }
      if a.column != b.column { return a.column < b.column }
      return a.dot < b.dot
    }
    var writer = ByteWriter()
    for member in members {
      writer.varint(UInt64(member.table))
      writer.identifier(member.record)
      writer.varint(UInt64(member.column))
      writer.identifier(member.dot.log)
      writer.varint(member.dot.sequence)
      writer.byte(member.decides ? 1 : 0)
      writer.byte(member.value.tag)
      switch member.value {
      case .null, .boolean, .redacted: break
      case .integer(let value), .instant(let value): writer.signed(value)
      case .date(let days): writer.signed(Int64(days))
      case .real(let value): writer.fixed64(value.bitPattern)
      case .text(let text): writer.text(text)
      case .bytes(let bytes): writer.block(bytes)
      case .ref(let id): writer.identifier(id)
      }
    }
    let fields = members.map { member in
      JSON.object([
        ("table", .unsigned(UInt64(member.table))), ("record", .hex(member.record.bytes)),
        ("column", .unsigned(UInt64(member.column))), ("log", .hex(member.dot.log.bytes)),
        ("sequence", .unsigned(member.dot.sequence)), ("decides", .flag(member.decides)), ("value", .of(member.value)),
      ])
    }
    return [
      Vector(name: "no member", kind: "digest", fields: .object([("members", .list([]))]), bytes: []).hashed(),
      Vector(
        name: "every type, a conflict", kind: "digest", fields: .object([("members", .list(fields))]),
        bytes: writer.bytes
      ).hashed(),
    ]
  }
}
