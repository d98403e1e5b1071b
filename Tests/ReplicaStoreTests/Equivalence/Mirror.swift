import ChangeFormat
import Merge

@testable import ReplicaStore

/// What the pure merge makes of the same changes and orders: one ledger a scope.
struct Mirror {
  static let scopes = ["court", Sample.tribunal]

  private(set) var ledgers: [String: Ledger] = [:]

  init(trustedTime: UInt64) {
    for scope in Mirror.scopes {
      ledgers[scope] = Ledger(trustedTime: trustedTime, digestOf: Hashing.contextDigest)
    }
  }

  var trustedTime: UInt64 {
    get { ledgers["court"]?.trustedTime ?? 0 }
    set { for scope in Mirror.scopes where newValue > trustedTime || scope != "court" { raise(scope, newValue) } }
  }

  private mutating func raise(_ scope: String, _ time: UInt64) {
    if let known = ledgers[scope]?.trustedTime, time > known { ledgers[scope]?.trustedTime = time }
  }

  mutating func receive(_ change: WireChange) { ledgers[change.header.scope]?.receive(change.ledgerChange) }
  mutating func receive(_ order: Order) { for scope in Mirror.scopes { ledgers[scope]?.receive(order) } }
  mutating func receiveReceipt(of hash: ContentHash) {
    for scope in Mirror.scopes { ledgers[scope]?.receiveReceipt(of: hash) }
  }

  var book: OrderBook { ledgers["court"]?.book ?? OrderBook() }

  /// Whether a `fork` is lost and not issued anew: which of the two headers is the log then depends on what came first.
  var hasUndecidedTwins: Bool {
    book.lost.contains { order in
      if case .fork(_, _, let hash) = order.kind { return !book.isBranchStart(hash) }
      return false
    }
  }

  subscript(scope: String) -> Ledger { ledgers[scope] ?? Ledger(trustedTime: 0, digestOf: Hashing.contextDigest) }

  /// The digest of design §4 as `docs/format.md` writes it down.
  func digest(_ scope: String) -> ContentHash {
    let cells = self[scope].cells
    var writer = ByteWriter()
    for key in cells.keys.sorted() {
      for member in cells[key]?.members ?? [] {
        writer.varint(UInt64(key.table))
        writer.identifier(key.record)
        writer.varint(UInt64(key.column))
        writer.identifier(member.dot.log)
        writer.varint(member.dot.sequence)
        writer.byte(member.decides ? 1 : 0)
        Mirror.write(member.value, to: &writer)
      }
    }
    return Hashing.hash(writer.bytes)
  }

  private static func write(_ value: Value, to writer: inout ByteWriter) {
    writer.byte(value.tag)
    switch value {
    case .null, .boolean, .redacted: break
    case .integer(let number): writer.signed(number)
    case .real(let real): writer.fixed64(real.bitPattern)
    case .text(let text): writer.text(text)
    case .bytes(let bytes): writer.block(bytes)
    case .date(let days): writer.signed(Int64(days))
    case .instant(let milliseconds): writer.signed(milliseconds)
    case .ref(let id): writer.identifier(id)
    }
  }
}

extension WireChange {
  /// The change as the pure merge sees it.
  var ledgerChange: LedgerChange {
    var writes: [LedgerChange.CellKeyedWrite]?
    if let clear = try? PackedPayload.unpack(payload, with: Compressor()), let decoded = try? Payload(bytes: clear) {
      var found: [LedgerChange.CellKeyedWrite] = []
      decoded.body.forEachWrite { _, write in
        found.append(
          LedgerChange.CellKeyedWrite(
            cell: CellKey(table: write.table, record: write.record, column: write.column), value: write.value,
            decides: write.decides))
      }
      writes = found
    }
    return LedgerChange(
      dot: header.dot, device: genesis.device, hash: hash, previous: header.previous, stamp: header.stamp,
      order: header.order, context: header.context, writes: writes)
  }
}
