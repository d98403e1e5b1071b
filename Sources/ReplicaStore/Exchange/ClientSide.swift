import ChangeFormat
import Merge

/// What a device's side of an exchange needs of its replica.
extension Workbench {
  /// The newest order held, and its hash.
  package var newestOrder: (mark: OrderMark, hash: ContentHash) {
    (logs.book.newest, logs.book.standing.last?.hash ?? .zero)
  }

  /// The scopes the device may exchange.
  package func exchangedScopes() throws -> [String] { try ownScopes() }

  package func cursor(of scope: String) throws -> Cursor {
    guard let bytes = try meta.bytes(.cursors, suffix: "/\(scope)") else { return .start }
    var reader = ByteReader(bytes)
    let store = try reader.identifier("store")
    return Cursor(store: store, place: try reader.varint("place"))
  }

  package func setCursor(_ cursor: Cursor, of scope: String) throws {
    var writer = ByteWriter()
    writer.identifier(cursor.store)
    writer.varint(cursor.place)
    if try meta.bytes(.cursors, suffix: "/\(scope)") != writer.bytes {
      try meta.set(.cursors, suffix: "/\(scope)", writer.bytes)
    }
  }

  /// Signs the own tips; without the keys only what is signed already is sent.
  package func signWhatLeaves() throws {
    do {
      try signOwnHeads()
      try settleGeneration()
    } catch ReplicaError.keysMissing {
      return
    }
  }

  /// What the centre lacks by its receipts of the newest epoch.
  ///
  /// - Parameters:
  ///   - taken: what it has just taken without a receipt.
  ///   - refused: logs of which it takes nothing now; they are left out.
  /// - Returns: the batch, whether it holds all that was lacking, and to where each log then goes.
  package func batchForCentre(budget: Int, taken: [LogID: KnownHead] = [:], without refused: Set<LogID> = []) throws
    -> (batch: Batch, isAll: Bool, sent: [LogID: KnownHead])
  {
    let known = try receiptedHeads().merging(taken) { $0.sequence > $1.sequence ? $0 : $1 }
    var (batch, isAll, sent) = try batch(lackingFrom: known, scopes: nil, budget: budget, without: refused)
    batch.orders = try lostOrders()
    return (batch, isAll, sent)
  }

  /// Orders of an ended epoch that have not been issued anew: they are kept and offered.
  func lostOrders() throws -> [SignedOrder] {
    try logs.book.lost.filter { lost in
      switch lost.kind {
      case .time, .epoch: false
      default: !logs.book.standing.contains { $0.kind == lost.kind }
      }
    }.compactMap { try signedOrder($0.hash) }
  }

  /// What a restored centre is shown: every order held, those of ended epochs first, and the receipts of the newest
  /// epoch, the newest first.
  package func proofForCentre() throws -> Batch {
    var batch = Batch()
    batch.orders = try lostOrders() + orders(after: 0)
    batch.receipts = try newestReceipts()
    return batch
  }

  /// Receipts of the newest epoch that are kept as the centre signed them, the newest first.
  private func newestReceipts() throws -> [SignedReceipt] {
    var receipts: [SignedReceipt] = []
    let select = try sql("SELECT DISTINCT statement, signature FROM _receipt WHERE statement IS NOT NULL")
    while try select.step() {
      let receipt = try Receipt(bytes: select.blob(0))
      guard receipt.mark.epoch == logs.book.newest.epoch else { continue }
      receipts.append(SignedReceipt(receipt: receipt, signature: select.blob(1)))
    }
    select.reset()
    return receipts.sorted { $0.receipt.number > $1.receipt.number }
  }

  /// The greatest receipt number of the newest epoch that is kept as the centre signed it.
  package func newestReceiptNumber() throws -> UInt64 { try newestReceipts().first?.receipt.number ?? 0 }

  /// Whether anything is held while the centre of this epoch has given no receipt at all: then its heads are asked first.
  package func knowsNoReceipts() throws -> Bool {
    try receiptedHeads().isEmpty && logs.entries.contains { $0.tip > ($0.fork?.sequence ?? 0) }
  }

  /// Heads that the centre has not acknowledged yet; all of them while a scope is read from its start, since the centre
  /// then forgets what was shown before.
  package func headsToShow() throws -> [(log: LogID, head: KnownHead)] {
    let isAnew = try exchangedScopes().contains { try cursor(of: $0) == .start }
    let shown = isAnew ? [:] : try shownHeads()
    return logs.entries.filter { $0.tip > ($0.fork?.sequence ?? 0) && shown[$0.id] != $0.tip }
      .map { ($0.id, KnownHead(sequence: $0.tip, hash: $0.tipHash)) }
  }

  /// Remembers that the centre knows these heads to be held here.
  package func acknowledgeShown(_ heads: [(log: LogID, head: KnownHead)]) throws {
    if heads.isEmpty { return }
    var shown = try shownHeads()
    for entry in heads { shown[entry.log] = entry.head.sequence }
    var writer = ByteWriter()
    for (log, sequence) in shown.sorted(by: { $0.key < $1.key }) {
      writer.identifier(log)
      writer.varint(sequence)
    }
    try meta.set(.shownHeads, writer.bytes)
  }

  private func shownHeads() throws -> [LogID: UInt64] {
    guard let bytes = try meta.bytes(.shownHeads) else { return [:] }
    var reader = ByteReader(bytes)
    var shown: [LogID: UInt64] = [:]
    while !reader.isAtEnd {
      let log = try reader.identifier("log")
      shown[log] = try reader.varint("sequence")
    }
    return shown
  }

  package var unsentChanges: Int {
    get throws {
      try logs.unsent()
    }
  }

  /// Trusted milliseconds; the system clock's while the centre has said nothing.
  package var presentTime: UInt64 {
    refreshTime()
    return applier.trustedTime
  }

  package func noteContact(_ milliseconds: UInt64) throws { try meta.set(.lastContact, number: milliseconds) }

  /// The centre's last time as known here; 0 before any.
  package func lastCentreTime() throws -> UInt64 { try meta.trustedTime()?.base ?? 0 }
}
