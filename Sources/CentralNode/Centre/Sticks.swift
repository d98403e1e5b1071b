import ChangeFormat
import Merge
import ReplicaStore
import Transport

extension Centre {
  /// Takes a batch that was carried here on a stick: judged, ordered and given its place as what an exchange offers.
  ///
  /// - Returns: how many changes were new, and the runs that were refused; these stop nothing else.
  package func receive(_ batch: Batch) throws -> (accepted: Int, refusals: [ExchangeReply.Refusal]) {
    try storing { bench in
      var refusals: [ExchangeReply.Refusal] = []
      let fresh = accept(batch, bench, &refusals)
      return (fresh.count, refusals)
    }
  }
}
