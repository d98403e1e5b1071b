import Merge

@testable import ChangeFormat

/// A JSON value whose members keep their order, so that a vector's line is the same bytes each time.
indirect enum JSON {
  case null
  case flag(Bool)
  case number(Int64)
  case unsigned(UInt64)
  case text(String)
  case list([JSON])
  case object([(String, JSON)])

  static func hex(_ bytes: some Sequence<UInt8>) -> JSON { .text(hexOfBytes(bytes)) }

  var rendered: String {
    switch self {
    case .null: "null"
    case .flag(let value): value ? "true" : "false"
    case .number(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .text(let text): JSON.quoted(text)
    case .list(let items): "[" + items.map(\.rendered).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { "\(JSON.quoted($0)):\($1.rendered)" }.joined(separator: ",") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": out += "\\\(scalar)"
      case "\u{0}"..<"\u{20}": out += "\\u00" + hexOfBytes([UInt8(scalar.value)])
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}

/// What structures say, as the vectors' `fields` put it.
extension JSON {
  static func of(_ dot: Dot) -> JSON { .object([("log", .hex(dot.log.bytes)), ("sequence", .unsigned(dot.sequence))]) }

  static func of(_ mark: OrderMark) -> JSON {
    .object([("epoch", .unsigned(mark.epoch)), ("number", .unsigned(mark.number))])
  }

  static func of(_ stamp: Stamp) -> JSON {
    .object([("milliseconds", .unsigned(stamp.milliseconds)), ("counter", .unsigned(UInt64(stamp.counter)))])
  }

  static func of(_ genesis: Genesis) -> JSON {
    .object([
      ("court", .hex(genesis.court.bytes)), ("scope", .text(genesis.scope)), ("key", .hex(genesis.signingKey.bytes)),
      ("incarnation", .hex(genesis.incarnation.bytes)),
      ("predecessor", genesis.predecessor.map { dotAndHash($0.dot, $0.hash) } ?? .null),
      ("reason", .unsigned(UInt64(genesis.reason.rawValue))),
    ])
  }

  static func dotAndHash(_ dot: Dot, _ hash: ContentHash) -> JSON {
    .object([("log", .hex(dot.log.bytes)), ("sequence", .unsigned(dot.sequence)), ("hash", .hex(hash.bytes))])
  }

  static func of(_ context: ContextDelta) -> JSON {
    let base: JSON
    switch context.base {
    case .previous: base = .text("previous")
    case .none: base = .text("none")
    case .change(let dot): base = of(dot)
    }
    return .object([
      ("base", base), ("entries", .list(context.entries.map(of))),
      ("digest", context.digest.map { .hex($0.bytes) } ?? .null),
    ])
  }

  static func of(_ extensions: [Header.Extension]) -> JSON {
    .list(extensions.map { .object([("number", .unsigned($0.id)), ("bytes", .hex($0.bytes))]) })
  }

  static func of(_ header: Header) -> JSON {
    .object([
      ("court", .hex(header.court.bytes)), ("scope", .text(header.scope)), ("log", .hex(header.dot.log.bytes)),
      ("sequence", .unsigned(header.dot.sequence)), ("previous", .hex(header.previous.bytes)),
      ("payload_hash", .hex(header.payloadHash.bytes)), ("payload_length", .unsigned(header.payloadLength)),
      ("stamp", of(header.stamp)), ("authentication", .unsigned(UInt64(header.authentication))),
      ("order", of(header.order)), ("context", of(header.context)), ("extensions", of(header.extensions)),
    ])
  }

  static func of(_ value: Value) -> JSON {
    let tag = ["null", "false", "true", "integer", "real", "text", "bytes", "date", "instant", "ref", "redacted"]
    let content: JSON
    switch value {
    case .null, .boolean, .redacted: content = .null
    case .integer(let value), .instant(let value): content = .number(value)
    case .date(let days): content = .number(Int64(days))
    case .real(let value): content = .hex(Identifier(high: 0, low: value.bitPattern).bytes.suffix(8))
    case .text(let text): content = .text(text)
    case .bytes(let bytes): content = .hex(bytes)
    case .ref(let id): content = .hex(id.bytes)
    }
    return .object([("type", .text(tag[Int(value.tag)])), ("value", content)])
  }

  static func of(_ payload: Payload) -> JSON {
    var writes: [JSON] = []
    payload.body.forEachWrite { _, write in
      writes.append(
        .object([
          ("table", .unsigned(UInt64(write.table))), ("record", .hex(write.record.bytes)),
          ("column", .unsigned(UInt64(write.column))), ("decides", .flag(write.decides)), ("value", of(write.value)),
        ]))
    }
    return .object([
      ("salt", .hex(payload.salt.bytes)), ("actor", .text(payload.actor)), ("note", .text(payload.note)),
      ("writes", .list(writes)),
    ])
  }

  static func of(_ receipt: Receipt) -> JSON {
    .object([
      ("mark", of(receipt.mark)), ("number", .unsigned(receipt.number)), ("time", .unsigned(receipt.time)),
      (
        "entries",
        .list(
          receipt.entries.map { entry in
            .object([
              ("log", .hex(entry.log.bytes)), ("held", .unsigned(entry.held)), ("hash", .hex(entry.hash.bytes)),
              ("applied", .unsigned(entry.applied)),
            ])
          })
      ),
    ])
  }

  static func of(_ range: HeaderRange) -> JSON {
    .object([
      ("log", .hex(range.log.bytes)), ("from", .unsigned(range.from)),
      ("from_hash", range.fromHash.map { .hex($0.bytes) } ?? .null), ("to", range.to.map { .unsigned($0) } ?? .null),
      ("to_hash", range.toHash.map { .hex($0.bytes) } ?? .null),
    ])
  }

  static func of(_ order: Order) -> JSON {
    .object([
      ("mark", of(order.mark)), ("previous", .hex(order.previous.bytes)), ("time", .unsigned(order.time)),
      ("kind", .text(order.kind.name)), ("content", of(order.kind)),
    ])
  }

  static func of(_ kind: OrderKind) -> JSON {
    switch kind {
    case .grant(let device, let signingKey, let agreementKey, let label, let scopes, let rights, let from, let until):
      .object([
        ("device", .hex(device.bytes)), ("signing_key", .hex(signingKey)), ("agreement_key", .hex(agreementKey)),
        ("label", .text(label)), ("scopes", .list(scopes.map { .text($0) })),
        ("rights", .unsigned(UInt64(rights.rawValue))), ("from", .unsigned(from)),
        ("until", until.map { .unsigned($0) } ?? .null),
      ])
    case .revoke(let device, let stands):
      .object([
        ("device", .hex(device.bytes)),
        (
          "stands",
          .list(stands.sorted { $0.key < $1.key }.map { dotAndHash(Dot($0.key, $0.value.sequence), $0.value.hash) })
        ),
      ])
    case .exclude(let range, let reason): .object([("range", of(range)), ("reason", .text(reason))])
    case .restamp(let range, let at, let reason):
      .object([("range", of(range)), ("at", of(at)), ("reason", .text(reason))])
    case .fork(let log, let sequence, let hash): dotAndHash(Dot(log, sequence), hash)
    case .redact(let log, let sequence, let hash, let positions, let payloadHash):
      .object([
        ("header", dotAndHash(Dot(log, sequence), hash)),
        ("positions", .list(positions.map { .unsigned(UInt64($0)) })), ("payload_hash", .hex(payloadHash.bytes)),
      ])
    case .time(let size, let head, let lowers):
      .object([("tree_size", .unsigned(size)), ("tree_head", .hex(head.bytes)), ("lowers", .flag(lowers))])
    case .epoch(let stands): .object([("stands", .unsigned(stands))])
    }
  }

  static func of(_ batch: Batch) -> JSON {
    .object([
      ("orders", .list(batch.orders.map { .object([("bytes", .hex($0.bytes)), ("signature", .hex($0.signature))]) })),
      (
        "receipts",
        .list(
          batch.receipts.map {
            .object([("bytes", .hex($0.receipt.bytes)), ("signature", .hex($0.signature))])
          })
      ),
      (
        "logs",
        .list(
          batch.logs.map {
            .object([("log", .hex($0.log.bytes)), ("genesis", $0.genesis.map { .hex($0.bytes) } ?? .null)])
          })
      ),
      ("runs", .list(batch.runs.map(of))),
    ])
  }

  static func of(_ run: Batch.Run) -> JSON {
    .object([
      ("log", .hex(run.log.bytes)), ("first", .unsigned(run.first)), ("previous", .hex(run.previous.bytes)),
      (
        "changes",
        .list(
          run.changes.map { change in
            .object([
              ("stamp", of(change.stamp)), ("authentication", .unsigned(UInt64(change.authentication))),
              ("order", of(change.order)), ("context", of(change.context)), ("extensions", of(change.extensions)),
              ("payload", .hex(change.payload)), ("payload_hash", change.payloadHash.map { .hex($0.bytes) } ?? .null),
              ("payload_length", change.payloadLength.map { .unsigned($0) } ?? .null),
            ])
          })
      ),
      (
        "heads",
        .list(
          run.heads.map {
            .object([("sequence", .unsigned($0.sequence)), ("signature", .hex($0.signature))])
          })
      ),
    ])
  }
}
