import ChangeFormat
import Merge

/// What bundles need of a replica: what someone is known to hold, and batches of all they lack.
extension Workbench {
  package func nextBundleNumber() throws -> UInt64 {
    let number = (try meta.number(.bundles) ?? 0) + 1
    try meta.set(.bundles, number: number)
    return number
  }

  /// Every head held here.
  package func allHeads() -> [(log: LogID, head: KnownHead)] {
    logs.entries.filter { $0.tip > ($0.fork?.sequence ?? 0) }
      .map { ($0.id, KnownHead(sequence: $0.tip, hash: $0.tipHash)) }
  }

  /// Scopes that a device reads and that are held here; nil for one the centre never admitted.
  package func sharedScopes(with device: DeviceID) -> [String]? {
    let grants = logs.grants(of: device)
    if grants.isEmpty { return nil }
    return logs.scopeNumbers.keys.filter { $0 == "court" || grants[$0]?.rights.contains(.read) ?? false }.sorted(
      by: byBytes)
  }

  /// What a device last showed to hold; what it never showed, the contexts of its open logs tell.
  package func headsHeld(by device: DeviceID) throws -> [LogID: KnownHead] {
    if let bytes = try meta.bytes(.note, suffix: "/held/\(device.hex)") {
      var reader = ByteReader(bytes)
      var heads: [LogID: KnownHead] = [:]
      while !reader.isAtEnd {
        let log = try reader.identifier("log")
        let sequence = try reader.varint("sequence")
        heads[log] = KnownHead(sequence: sequence, hash: try reader.hash("hash"))
      }
      return heads
    }
    var seen = VersionVector()
    for entry in logs.entries where entry.device == device && !entry.isEnded {
      seen.formUnion(try logs.tipVector(of: entry.id))
    }
    var heads: [LogID: KnownHead] = [:]
    for dot in seen.sorted {
      guard let hash = logs.hash(of: logs.resolve(dot)) else { continue }
      heads[dot.log] = KnownHead(sequence: dot.sequence, hash: hash)
    }
    return heads
  }

  package func rememberHeld(_ heads: [(log: LogID, head: KnownHead)], by device: DeviceID) throws {
    var writer = ByteWriter()
    for entry in heads.sorted(by: { $0.log < $1.log }) {
      writer.identifier(entry.log)
      writer.varint(entry.head.sequence)
      writer.hash(entry.head.hash)
    }
    try meta.set(.note, suffix: "/held/\(device.hex)", writer.bytes)
  }

  /// Batches of all that someone with these heads lacks; the first carries all orders and what receipts are held.
  package func batches(lackingFrom heads: [LogID: KnownHead], scopes: [String]?, budget: Int) throws -> [Batch] {
    var heads = heads
    var batches: [Batch] = []
    let numbers = scopes.map { Set($0.compactMap { logs.scopeNumbers[$0] }) }
    var first = Batch()
    first.orders = try orders(after: 0)
    first.receipts = try heldReceipts()
    batches.append(first)
    while true {
      let (batch, isAll, sent) = try batch(
        lackingFrom: heads, scopes: numbers, budget: budget, withWaiting: batches.count == 1)
      if batch.runs.isEmpty { break }
      batches.append(batch)
      if isAll || sent.isEmpty { break }
      heads.merge(sent) { $1 }
    }
    return batches
  }

  /// The signed receipts that are kept, each once: the centre's word goes where there is no network.
  private func heldReceipts() throws -> [SignedReceipt] {
    let select = try sql("SELECT DISTINCT statement, signature FROM _receipt WHERE statement IS NOT NULL")
    var receipts: [SignedReceipt] = []
    while try select.step() {
      receipts.append(SignedReceipt(receipt: try Receipt(bytes: select.blob(0)), signature: select.blob(1)))
    }
    select.reset()
    return receipts
  }
}
