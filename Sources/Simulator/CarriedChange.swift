import ChangeFormat
import Merge
import ReplicaStore

/// A change read out of a batch by the format's own rules, without a replica's help.
struct CarriedChange {
  var header: Header
  var hash: ContentHash
  var device: DeviceID
  /// Clear bytes; of a redacted payload what is left.
  var clear: [UInt8]

  /// Every change of a batch in its order; runs of logs whose genesis is unknown are left out.
  static func all(
    of batch: Batch, court: Identifier, genesis: [LogID: Genesis] = [:]
  ) throws -> [CarriedChange] {
    var known = genesis
    for entry in batch.logs { if let genesis = entry.genesis { known[entry.log] = genesis } }
    let compressor = Compressor()
    var found: [CarriedChange] = []
    for run in batch.runs {
      guard let genesis = known[run.log] else { continue }
      var previous = run.previous
      for (i, change) in run.changes.enumerated() {
        let clear = try PackedPayload.unpack(change.payload, with: compressor)
        let header = Header(
          court: court, scope: genesis.scope, dot: Dot(run.log, run.first + UInt64(i)), previous: previous,
          payloadHash: change.payloadHash ?? Hashing.hash(clear),
          payloadLength: change.payloadLength ?? UInt64(clear.count), stamp: change.stamp,
          authentication: change.authentication, order: change.order, context: change.context,
          extensions: change.extensions)
        previous = header.hash
        found.append(CarriedChange(header: header, hash: previous, device: genesis.device, clear: clear))
      }
    }
    return found
  }

  /// Nil where the payload does not decode.
  var payload: Payload? { try? Payload(bytes: clear) }
}
