import ChangeFormat
import Merge

/// Checks the hashes and signatures of received runs. It knows all that it needs beforehand, so that it may run ahead of
/// what applies the changes.
struct RunVerifier {
  let court: Identifier
  let book: OrderBook
  /// Whether payloads are decoded as well, as far as there is room.
  var decodes = false

  /// Bytes of changes that may have been checked and not applied yet.
  static let room = 1 << 18

  /// Reads a run's changes, hashing along the chain, and checks the signatures over its heads.
  ///
  /// - Parameters:
  ///   - genesis: of the run's log; nil where it is not known.
  ///   - give: takes the changes up to each signed head once it has been checked, and how many bytes they take.
  func verify(
    _ run: Batch.Run, _ genesis: Genesis?, with compressor: Compressor,
    _ give: (_ changes: [VerifiedChange], _ size: Int) throws -> Void
  ) throws {
    guard let genesis else { throw ReplicaError.unknownAuthor(log: run.log) }
    guard run.first > 1 || run.previous == genesis.hash else { throw ReplicaError.badChain(Dot(run.log, run.first)) }
    // Nothing is applied beyond the newest signed head.
    let end = run.first &+ UInt64(run.changes.count) &- 1
    guard run.heads.last?.sequence == end, run.heads.allSatisfy({ $0.sequence >= run.first && $0.sequence <= end })
    else {
      throw ReplicaError.badSignature(Dot(run.log, end))
    }
    var heads = run.heads.sorted { $0.sequence < $1.sequence }[...]
    var changes: [VerifiedChange] = []
    var size = 0
    var previous = run.previous
    for (i, received) in run.changes.enumerated() {
      let dot = Dot(run.log, run.first + UInt64(i))
      var change = try verify(received, dot, previous, genesis, with: compressor, &size)
      previous = change.hash
      guard heads.first?.sequence == dot.sequence else {
        changes.append(change)
        continue
      }
      while let head = heads.first, head.sequence == dot.sequence {
        let signed = SignedHead(dot: dot, hash: change.hash, signature: head.signature)
        guard signed.isAuthentic(court: court, key: genesis.signingKey) else { throw ReplicaError.badSignature(dot) }
        change.signature = head.signature
        heads.removeFirst()
      }
      changes.append(change)
      try give(changes, size)
      changes.removeAll()
      size = 0
    }
  }

  private func verify(
    _ change: Batch.Change, _ dot: Dot, _ previous: ContentHash, _ genesis: Genesis, with compressor: Compressor,
    _ size: inout Int
  ) throws -> VerifiedChange {
    let clear = try PackedPayload.unpack(change.payload, with: compressor)
    let header = Header(
      court: court, scope: genesis.scope, dot: dot, previous: previous,
      payloadHash: change.payloadHash ?? Hashing.hash(clear),
      payloadLength: change.payloadLength ?? UInt64(clear.count), stamp: change.stamp,
      authentication: change.authentication, order: change.order, context: change.context,
      extensions: change.extensions)
    do {
      try header.validate()
    } catch {
      throw ReplicaError.badChain(dot)
    }
    let hash = header.hash
    if change.payloadHash != nil {
      guard book.explains(Hashing.hash(clear), of: hash) else { throw ReplicaError.badChain(dot) }
    }
    var verified = VerifiedChange(header: header, hash: hash, payload: change.payload, signature: nil)
    if decodes && size <= RunVerifier.room { verified.decoded = try? Payload(bytes: clear) }
    size += verified.size
    return verified
  }
}
