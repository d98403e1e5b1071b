import ChangeFormat
import Merge
import ReplicaStore

/// A device's side of sneakernet: what it puts on a stick, and what it takes from one.
public enum BundleExchange {
  /// Whom a bundle is for.
  public enum Recipient: Sendable, Equatable {
    case centre
    case device(DeviceID)
  }

  /// Makes a bundle of what the recipient lacks: for the centre everything without a receipt of the newest epoch, for a
  /// device everything in shared scopes beyond what it last showed, or beyond what its own changes have seen.
  ///
  /// - Parameter limit: bytes of batches in one bundle. What is more goes into further ones, with the numbers that follow.
  public static func export(
    _ replica: Replica, to recipient: Recipient, limit: Int = Bundle.partLimit
  ) throws -> ([Bundle], BundleReport) {
    guard !replica.isCentre else { throw ReplicaError.centreIsRead }
    guard let keys = try replica.surroundings.keys.keys(of: replica.device) else {
      throw ReplicaError.keysMissing(device: replica.device, folder: replica.surroundings.keys.location)
    }
    guard let centre = replica.centreKey else { throw TransportError.noCentre }
    return try replica.transaction { bench in
      try bench.signWhatLeaves()
      let lacking: (heads: [LogID: KnownHead], scopes: [String]?)
      let id: DeviceID
      switch recipient {
      case .centre:
        id = centre.device
        lacking = (try bench.receiptedHeads(), nil)
      case .device(let device):
        id = device
        guard let scopes = bench.sharedScopes(with: device) else { throw TransportError.unknownDevice(device.hex) }
        lacking = (try bench.headsHeld(by: device), scopes)
      }
      let batches = try bench.batches(lackingFrom: lacking.heads, scopes: lacking.scopes, budget: Bundle.batchBudget)
      return try seal(batches, for: id, bench: bench, key: keys.signing, limit: limit)
    }
  }

  /// Signs batches as bundles of the replica. Each begins with the first batch, whose orders say who its exporter is.
  package static func seal(
    _ batches: [Batch], for recipient: DeviceID, bench: Workbench, key: SigningKey, limit: Int = Bundle.partLimit
  ) throws -> ([Bundle], BundleReport) {
    let compressor = Compressor()
    let encoded = batches.map { $0.encoded(with: compressor) }
    var parts: [[[UInt8]]] = [Array(encoded.prefix(1))]
    var size = encoded.first?.count ?? 0
    for batch in encoded.dropFirst() {
      if size + batch.count > limit, parts[parts.count - 1].count > 1 {
        parts.append(Array(encoded.prefix(1)))
        size = encoded.first?.count ?? 0
      }
      parts[parts.count - 1].append(batch)
      size += batch.count
    }
    let bundles = try parts.map { part in
      try Bundle(
        court: bench.replica.court, number: try bench.nextBundleNumber(), recipient: recipient,
        held: bench.allHeads(), order: bench.newestOrder.mark, batches: part, key: key)
    }
    return (bundles, BundleFile.report(batches, size: bundles.reduce(0) { $0 + $1.bytes.count }))
  }

  /// Takes a bundle from a stick: verified wholly, then applied in one transaction.
  ///
  /// The report counts what was new.
  public static func `import`(_ path: String, into replica: Replica) throws -> BundleReport {
    guard !replica.isCentre else { throw ReplicaError.centreIsRead }
    let (bundle, batches, size) = try BundleFile.read(path)
    try check(bundle, batches, path, replica)
    return try replica.transaction { bench in
      var report = BundleReport(changes: 0, orders: 0, bytes: size)
      for batch in batches {
        let received = try bench.receive(batch, route: .relayed)
        report.changes += received.changes
        report.orders += received.orders
      }
      try bench.rememberHeld(bundle.held, by: bundle.exporter.device)
      return report
    }
  }

  /// For this court, for this replica, and by someone the centre has admitted.
  package static func check(_ bundle: Bundle, _ batches: [Batch], _ path: String, _ replica: Replica) throws {
    guard bundle.court == replica.court else { throw ReplicaError.wrongCourt(found: bundle.court) }
    guard bundle.recipient == replica.device else {
      throw TransportError.bundleForAnother(path: path, recipient: bundle.recipient.hex)
    }
    guard let centre = replica.centreKey else { throw TransportError.noCentre }
    if bundle.exporter == centre { return }
    let isKnown =
      try replica.orders().contains { grants($0, bundle.exporter) }
      || batches.contains { batch in
        batch.orders.contains { grants($0.order, bundle.exporter) && $0.isAuthentic(court: replica.court, key: centre) }
      }
    guard isKnown else { throw TransportError.badBundle(path: path, detail: "its exporter is not admitted") }
  }

  private static func grants(_ order: Order, _ key: PublicKey) -> Bool {
    if case .grant(_, let signingKey, _, _, _, _, _, _) = order.kind { return signingKey == key.bytes }
    return false
  }
}
