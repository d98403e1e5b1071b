import ChangeFormat
import Merge

extension Replica {
  /// What is held here: for every log the last applied or excluded change and its header hash.
  ///
  /// - Parameter scope: nil for all scopes.
  public func heads(scope: String? = nil) throws(ReplicaError) -> [LogID: KnownHead] {
    try reading { reading in
      var heads: [LogID: KnownHead] = [:]
      for entry in reading.logs.entries where entry.tip > (entry.fork?.sequence ?? 0) {
        if let scope, reading.logs.scopeNames[entry.scope] != scope { continue }
        heads[entry.id] = KnownHead(sequence: entry.tip, hash: entry.tipHash)
      }
      return heads
    }
  }

  /// A batch of changes that someone with these heads lacks, whoever wrote them, with the orders held.
  ///
  /// Signs the own logs first: a run ends at a signed head. Without the keys only what is signed already is offered.
  /// - Parameters:
  ///   - heads: what the other side showed to hold.
  ///   - budget: bytes after which no further run is begun.
  /// - Returns: the batch, and whether it brings all that was lacking.
  public func offer(lackingFrom heads: [LogID: KnownHead], budget: Int = Limits.batch) throws(ReplicaError) -> (
    batch: Batch, isAll: Bool
  ) {
    try reporting {
      try transaction { bench in
        try bench.signWhatLeaves()
        var (batch, isAll, _) = try bench.batch(lackingFrom: heads, scopes: nil, budget: budget, isForCentre: false)
        batch.orders = try bench.orders(after: 0) + bench.lostOrders()
        return (batch, isAll)
      }
    }
  }
}

extension Workbench {
  /// Standing orders with greater numbers, in number order.
  func orders(after number: UInt64, limit: Int = .max) throws -> [SignedOrder] {
    try logs.book.standing.filter { $0.mark.number > number }.prefix(limit).compactMap { try signedOrder($0.hash) }
  }

  func signedOrder(_ hash: ContentHash) throws -> SignedOrder? {
    let select = try sql("SELECT bytes, signature FROM _order WHERE hash = ?1")
    select.bind(1, hash)
    defer { select.reset() }
    return try select.step() ? try SignedOrder(bytes: select.blob(0), signature: select.blob(1)) : nil
  }
}
