import ChangeFormat
import Merge
import ReplicaStore
import Transport

/// A fault planted on purpose: it shows that the simulator's checks can fail.
public enum PlantedFault: Sendable, Equatable {
  /// The channel takes one run of changes, by its place, out of every reply of the centre, and says nothing of it.
  case channel(dropsRun: Int)
  /// At the end one shown value of one replica's tables is another.
  case tamperedRow
  /// At the end the centre forgets a change that it has acknowledged.
  case forgottenChange
  /// A disk that is taken for honest says that it has synced and has not.
  case lyingDisk
  /// A full disk takes back what it had taken.
  case swallowingDisk
  /// After a fault of a disk that nothing noticed, one shown value is another.
  case silentRow
}

/// A channel that loses one run of changes out of a reply.
final class LossyChannel: ExchangeChannel {
  private let channel: SimulatedChannel
  private let drops: Int

  init(_ channel: SimulatedChannel, drops: Int) {
    self.channel = channel
    self.drops = drops
  }

  var bytesUp: Int { channel.bytesUp }
  var bytesDown: Int { channel.bytesDown }

  func post(_ path: String, fields: [(String, String)], body: [UInt8], limit: Int) throws(TransportError) -> [UInt8] {
    let bytes = try channel.post(path, fields: fields, body: body, limit: limit)
    guard var reply = try? ExchangeReply(bytes: bytes),
      var batch = try? Batch(encoded: reply.batch, with: Compressor()),
      drops < batch.runs.count
    else { return bytes }
    batch.runs.remove(at: drops)
    reply.batch = batch.encoded(with: Compressor())
    return reply.bytes
  }
}
