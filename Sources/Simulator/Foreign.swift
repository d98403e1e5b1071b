import ChangeFormat
import Merge
import ReplicaStore

/// What a program that is not ours, or a broken one, signs with a device's keys.
extension Fleet {
  /// A log of a device whose payloads nobody can decode, on a stick.
  ///
  /// The centre must store it, exclude it as malformed, and go on with what follows in the same log.
  func signNonsense(as station: Workstation) throws {
    guard let scope = random.pick(try station.replica.ownScopes()) else { return }
    let genesis = Genesis(
      court: office.court, scope: scope, signingKey: station.keys.signing.publicKey,
      incarnation: Identifier(high: random.next(), low: random.next()), predecessor: nil, reason: .first)
    logScopes[genesis.log] = scope
    var run = Batch.Run(log: genesis.log, first: 1, previous: genesis.hash, changes: [], heads: [])
    var previous = genesis.hash
    for sequence in 1...UInt64(random.between(1, 3)) {
      let isSound = random.chance(40)
      let clear = isSound ? soundPayload() : random.bytes(random.between(1, 200))
      let header = Header(
        court: office.court, scope: scope, dot: Dot(genesis.log, sequence), previous: previous,
        payloadHash: Hashing.hash(clear), payloadLength: UInt64(clear.count),
        stamp: Stamp(milliseconds: world.milliseconds, counter: UInt16(sequence)), authentication: 0, order: .none,
        context: ContextDelta(base: sequence == 1 ? .none : .previous))
      previous = header.hash
      run.changes.append(
        Batch.Change(
          stamp: header.stamp, authentication: 0, order: .none, context: header.context, extensions: [],
          payload: PackedPayload.pack(clear, with: compressor)))
      let head = try SignedHead(dot: header.dot, hash: previous, court: office.court, key: station.keys.signing)
      run.heads.append((sequence, head.signature))
    }
    var batch = Batch()
    batch.logs = [Batch.LogEntry(log: genesis.log, genesis: genesis)]
    batch.runs = [run]
    note("a foreign program of \(station.name) signs \(run.changes.count) changes")
    let stick = Stick(
      from: station.name, bytes: batch.encoded(with: compressor), isWhole: true, uses: random.between(1, 2))
    if random.chance(50) { try deliverToCentre(stick) }
    sticks.append(stick)
  }

  private func soundPayload() -> [UInt8] {
    var body = ChangeBody()
    let cell = body.cell(.text("foreign"))
    body.tables = [
      ChangeBody.TableWrites(
        id: CourtroomSchema.dispute, records: [Identifier(high: random.next(), low: random.next())],
        columns: [ChangeBody.ColumnWrites(id: 6, cells: [cell])])
    ]
    return Payload(salt: Identifier(high: random.next(), low: random.next()), actor: "", note: "", body: body).bytes
  }
}
