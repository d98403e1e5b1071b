import ChangeFormat
import Merge

/// The centre's word that it holds a change: what a person can show.
public struct ReceiptView: Sendable, Equatable {
  /// The change it covers.
  public var dot: Dot
  /// The centre holds the log to here, and this is the header there.
  public var held: UInt64
  public var hash: ContentHash
  /// It has applied, or excluded, the log to here.
  public var applied: UInt64
  /// The centre's milliseconds when it signed.
  public var time: UInt64
  public var number: UInt64
  /// 64 bytes of Ed25519.
  public var signature: [UInt8]
  /// Whether the signature is the centre's and the header is the one held here.
  public var isAuthentic: Bool
}

extension Replica {
  /// The newest receipt that covers a change; nil while the centre has given none.
  public func receipt(covering dot: Dot) throws(ReplicaError) -> ReceiptView? {
    try reading { reading in
      let select = try reading.sql("SELECT statement, signature FROM _receipt WHERE log = ?1 AND held >= ?2")
      select.bind(1, dot.log)
      select.bind(2, Int64(dot.sequence))
      defer { select.reset() }
      guard try select.step() else { return nil }
      let receipt = try Receipt(bytes: select.blob(0))
      let signature = select.blob(1)
      guard let entry = receipt.entries.first(where: { $0.log == dot.log }) else { return nil }
      let here = reading.logs.hash(of: reading.logs.resolve(Dot(dot.log, entry.held)))
      let isSigned =
        centreKey.map { SignedReceipt(receipt: receipt, signature: signature).isAuthentic(court: court, key: $0) }
        ?? false
      return ReceiptView(
        dot: dot, held: entry.held, hash: entry.hash, applied: entry.applied, time: receipt.time,
        number: receipt.number, signature: signature, isAuthentic: isSigned && (here == nil || here == entry.hash))
    }
  }
}
