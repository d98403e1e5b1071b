import ReplicaStore

extension Instant {
  /// Milliseconds of a stamp, an order or a contact, as text.
  static func text(milliseconds: UInt64) -> String { text(Int64(clamping: milliseconds)) }
}
