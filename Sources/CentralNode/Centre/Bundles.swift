import ChangeFormat
import Merge
import ReplicaStore
import Transport

/// The centre's side of sneakernet: what it takes from a stick it judges like what an exchange offers, and receipts go
/// back by stick.
extension Centre {
  /// Bundles for a device: orders, receipts over all logs of its scopes, and the changes it did not show to hold.
  package func exportBundles(to device: DeviceID) throws -> ([Bundle], BundleReport) {
    try storing { bench in
      guard let scopes = bench.sharedScopes(with: device) else { throw TransportError.unknownDevice(device.hex) }
      let shown = try DeviceNote(bytes: bench.note("device", device.hex) ?? []).shown
      var batches = try bench.batches(lackingFrom: shown, scopes: scopes, budget: Centre.serveBudget)
      if batches.isEmpty { batches = [Batch()] }
      if try daysInDoubt(bench) == nil {
        let receipt = Receipt(
          mark: bench.orderBook.newest, number: try bench.nextReceiptNumber(), time: clock.wallMilliseconds(),
          entries: try bench.receiptEntries(nil, scopes: scopes))
        batches[0].receipts = [try SignedReceipt(receipt, court: replica.court, key: key)]
      }
      return try BundleExchange.seal(batches, for: device, bench: bench, key: key)
    }
  }

  /// Takes a bundle that a device made for the centre. The report counts changes that were new.
  package func importBundle(_ path: String) throws -> BundleReport {
    let (bundle, batches, size) = try BundleFile.read(path)
    try BundleExchange.check(bundle, batches, path, replica)
    var refusals: [ExchangeReply.Refusal] = []
    let report = try storing { bench in
      var report = BundleReport(changes: 0, orders: 0, bytes: size)
      for batch in batches { report.changes += accept(batch, bench, &refusals).count }
      var note = try DeviceNote(bytes: bench.note("device", bundle.exporter.device.hex) ?? [])
      note.remember(bundle.held.map { ($0.log, $0.head) }) { bench.scope(of: $0) != nil }
      try bench.setNote("device", bundle.exporter.device.hex, note.bytes)
      return report
    }
    // A refused run stops nothing else; whoever carries the stick is told.
    if let refusal = refusals.first {
      throw TransportError.refusedRun(log: refusal.log.hex, sequence: refusal.sequence, error: refusal.error)
    }
    return report
  }
}
