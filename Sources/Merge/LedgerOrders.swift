/// What orders do to changes that are held already.
extension Ledger {
  /// Orders that move changes between logs, or change what a context means.
  func altersPlaces(_ order: Order) -> Bool {
    switch order.kind {
    case .fork(_, _, let hash): held[hash] != nil || !presumed.isEmpty || !adrift.isEmpty
    case .exclude(let range, _): range.fromHash == nil
    case .grant, .revoke, .restamp, .redact, .time, .epoch: false
    }
  }

  /// Re-derives what an order touches of the applied changes.
  mutating func touch(_ order: Order) {
    switch order.kind {
    case .exclude, .revoke:
      for cell in exclude(arrivals) { rederive(cell) }
    case .restamp(let range, _, _):
      rederive(placed.filter { $1.state == .applied && range.contains($1.dot.sequence) }.map(\.key))
    case .redact(_, _, let hash, _, _):
      rederive([hash])
    case .grant, .fork, .time, .epoch: break
    }
  }

  private mutating func rederive(_ hashes: [ContentHash]) {
    for cell in Set(hashes.flatMap { held[$0]?.writes?.map(\.cell) ?? [] }) { rederive(cell) }
  }

  /// Makes the redacted change and forgets the original: that is never undone, whatever becomes of the order.
  mutating func redact(_ hash: ContentHash, _ positions: [UInt32]) {
    guard let count = held[hash]?.writes?.count else { return }
    for position in positions where position < count { held[hash]?.writes?[Int(position)].value = .redacted }
  }
}
