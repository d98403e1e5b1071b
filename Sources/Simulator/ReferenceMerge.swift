import ChangeFormat
import Merge
import ReplicaStore

/// What the pure merge makes of all that a replica holds: the state that every replica must have.
struct ReferenceMerge {
  private var ledgers: [String: Ledger] = [:]

  init(of batch: Batch, court: Identifier) throws {
    let changes = try CarriedChange.all(of: batch, court: court)
    for change in changes {
      let scope = change.header.scope
      if ledgers[scope] == nil {
        var ledger = Ledger(trustedTime: .max / 2, digestOf: Hashing.contextDigest)
        for order in batch.orders { ledger.receive(order.order) }
        ledgers[scope] = ledger
      }
      ledgers[scope]?.receive(change.asTheMergeSeesIt)
    }
  }

  func waiting(_ scope: String) -> Int { ledgers[scope]?.waiting.count ?? 0 }

  /// The digest of design §4, from S alone.
  func digest(_ scope: String) -> ContentHash {
    var writer = ByteWriter()
    let cells = ledgers[scope]?.cells ?? [:]
    for (key, state) in cells.sorted(by: { $0.key < $1.key }) {
      for member in state.members {
        writer.varint(UInt64(key.table))
        writer.identifier(key.record)
        writer.varint(UInt64(key.column))
        writer.identifier(member.dot.log)
        writer.varint(member.dot.sequence)
        writer.byte(member.decides ? 1 : 0)
        writer.value(member.value)
      }
    }
    return Hashing.hash(writer.bytes)
  }
}

extension ByteWriter {
  fileprivate mutating func value(_ value: Value) {
    byte(value.tag)
    switch value {
    case .null, .boolean, .redacted: break
    case .integer(let number), .instant(let number): signed(number)
    case .date(let days): signed(Int64(days))
    case .real(let real): fixed64(real.bitPattern)
    case .text(let text): self.text(text)
    case .bytes(let bytes): block(bytes)
    case .ref(let id): identifier(id)
    }
  }
}

extension CarriedChange {
  fileprivate var asTheMergeSeesIt: LedgerChange {
    var writes: [LedgerChange.CellKeyedWrite]?
    if let payload {
      var found: [LedgerChange.CellKeyedWrite] = []
      payload.body.forEachWrite { _, write in
        found.append(
          LedgerChange.CellKeyedWrite(
            cell: CellKey(table: write.table, record: write.record, column: write.column), value: write.value,
            decides: write.decides))
      }
      writes = found
    }
    return LedgerChange(
      dot: header.dot, device: device, hash: hash, previous: header.previous, stamp: header.stamp,
      order: header.order, context: header.context, writes: writes)
  }
}
