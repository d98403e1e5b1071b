import ChangeFormat
import Merge

extension Replica {
  /// One local transaction: one change in one scope, durable when this returns.
  ///
  /// - Parameters:
  ///   - scope: nil: that of the records held, else the device's only non-court scope.
  ///   - actor: who acted, as the device says; at most 256 bytes.
  ///   - note: at most 1 KiB.
  ///   - fill: writes into the draft; what it throws is passed on and nothing is written.
  @discardableResult
  public func write(
    scope: String? = nil, actor: String = "", note: String = "", _ fill: (inout Draft) throws -> Void
  ) throws -> Committed {
    let draft = try draft(actor: actor, note: note, fill)
    return try transaction { bench in
      let scopeName = try bench.scope(for: draft, asked: scope)
      return try bench.commit(draft, scope: scopeName, actor: actor, note: note)
    }
  }

  /// Fills a draft, and checks what can be checked before the turn is taken.
  private func draft(actor: String, note: String, _ fill: (inout Draft) throws -> Void) throws -> Draft {
    if identity.isCentre { throw ReplicaError.centreIsRead }
    var draft = Draft(schema: schema)
    try fill(&draft)
    if draft.isEmpty { throw ReplicaError.nothingWritten }
    if note.utf8.count > Limits.note {
      throw ReplicaError.overLimit(what: "note", found: note.utf8.count, limit: Limits.note)
    }
    if actor.utf8.count > Limits.actor {
      throw ReplicaError.overLimit(what: "actor", found: actor.utf8.count, limit: Limits.actor)
    }
    if note.utf8.contains(0) || actor.utf8.contains(0) {
      throw ReplicaError.unwritable(table: "change", field: "actor or note")
    }
    return draft
  }

  /// One part of ``writeTogether(_:)``: it becomes one change.
  public struct Part {
    public var scope: String?
    public var actor: String
    public var note: String
    public var fill: (inout Draft) throws -> Void

    public init(scope: String?, actor: String, note: String, fill: @escaping (inout Draft) throws -> Void) {
      self.scope = scope
      self.actor = actor
      self.note = note
      self.fill = fill
    }
  }

  /// Several changes in one SQLite transaction: all are committed, or none.
  public func writeTogether(_ parts: [Part]) throws -> [Committed] {
    let drafts = try parts.map { try draft(actor: $0.actor, note: $0.note, $0.fill) }
    if drafts.isEmpty { return [] }
    return try transaction { bench in
      try zip(parts, drafts).map { part, draft in
        let scope = try bench.scope(for: draft, asked: part.scope)
        return try bench.commit(draft, scope: scope, actor: part.actor, note: part.note)
      }
    }
  }

  /// Signs the newest change of every own log whose tail is unsigned.
  public func signHeads() throws(ReplicaError) {
    guard writer != nil, !identity.isCentre else { return }
    try reporting { try transaction { try $0.signOwnHeads() } }
  }

  /// The scopes in which the device may do something, `court` first, then by bytes.
  public func ownScopes() throws(ReplicaError) -> [String] {
    try reading { try $0.ownScopes() }
  }
}

extension LogTable {
  /// The device's grant for each scope: of several the greatest number counts.
  func grants(of device: DeviceID) -> [String: (rights: Rights, from: UInt64, until: UInt64?)] {
    var grants: [String: (Rights, UInt64, UInt64?)] = [:]
    for order in book.standing {
      switch order.kind {
      case .grant(device, _, _, _, let scopes, let rights, let from, let until):
        for scope in scopes { grants[scope] = (rights, from, until) }
        if grants["court"] == nil { grants["court"] = (.everyone, from, nil) }
      case .revoke(device, _): grants = [:]
      default: break
      }
    }
    return grants.mapValues { ($0.0, $0.1, $0.2) }
  }

  func isRevoked(_ device: DeviceID) -> Bool {
    book.standing.contains { order in
      if case .revoke(device, _) = order.kind { return true }
      return false
    }
  }
}

extension Workbench {
  /// The scope a draft goes to.
  func scope(for draft: Draft, asked: String?) throws -> String {
    let own = try ownScopes()
    if own.isEmpty, logs.isRevoked(replica.device) { throw ReplicaError.revoked }
    if let asked {
      guard own.contains(asked) || (replica.centreKey == nil && !asked.isEmpty) else {
        throw ReplicaError.unknownScope(asked)
      }
      return asked
    }
    var found: String?
    var free = false
    for (table, record) in draft.mentioned {
      let held = try scopes(of: record, table)
      if held.count > 1 { throw ReplicaError.inTwoScopes(id: record, scopes: held) }
      guard let scope = held.first else {
        free = true
        continue
      }
      if let found, found != scope { throw ReplicaError.mixedScopes }
      found = scope
    }
    if let found {
      if free, let home = home(own), home != found { throw ReplicaError.mixedScopes }
      return found
    }
    guard let home = home(own) else { throw ReplicaError.scopeNeeded(scopes: own) }
    return home
  }

  /// The device's only scope besides `court`; `court` where there is no centre.
  private func home(_ own: [String]) -> String? {
    let others = own.filter { $0 != "court" }
    if others.count == 1 { return others[0] }
    return others.isEmpty && replica.centreKey == nil ? "court" : nil
  }

  func ownScopes() throws -> [String] {
    if replica.centreKey == nil {
      return ["court"] + logs.scopeNumbers.keys.filter { $0 != "court" }.sorted(by: byBytes)
    }
    let grants = logs.grants(of: replica.device)
    return (grants.isEmpty ? [] : ["court"]) + grants.keys.filter { $0 != "court" }.sorted(by: byBytes)
  }

  func scopes(of record: RecordID, _ table: Table) throws -> [String] {
    let select = try sql("SELECT _scope, _clock FROM \(table.sqlName) WHERE id = ?1 ORDER BY _scope")
    select.bind(1, record)
    var scopes: [String] = []
    while try select.step() {
      if try RecordClock(bytes: select.blob(1)).isEmpty { continue }
      scopes.append(logs.scopeNames[select.int(0)] ?? "")
    }
    select.reset()
    return scopes.sorted(by: byBytes)
  }

  /// Makes the change of a draft, applies it, and leaves it ready to commit.
  func commit(_ draft: Draft, scope scopeName: String, actor: String, note: String) throws -> Committed {
    let keys = try ownKeys()
    let rights = replica.centreKey == nil ? .all : logs.grants(of: replica.device)[scopeName]?.rights ?? []
    let scope = try logs.scopeNumber(scopeName)
    var incarnation = try presentIncarnation()
    var own = try ownLog(scope: scopeName, incarnation: incarnation.id, keys: keys)
    if own == nil {
      try endIncarnation()
      incarnation = try presentIncarnation()
      own = try ownLog(scope: scopeName, incarnation: incarnation.id, keys: keys)
    }
    guard let log = own else { preconditionFailure("a new incarnation opens a new log") }
    guard let entry = logs.entry(log) else { throw ReplicaError.unknownAuthor(log: log) }
    let dot = Dot(log, entry.tip + 1)
    let (context, vector) = try presentContext(entry, scope: scope)
    let stamp = try nextStamp(entry)

    var body = draft.finished()
    let place = RecordClock.Place(log: entry.number, sequence: dot.sequence)
    let rules = LocalRules(
      store: records, scope: scope, scopeName: scopeName, note: note, device: replica.device, rights: rights,
      expectations: draft.expectations, decisions: draft.decisions, mustExist: draft.mustExist)
    let chain: [UInt8]
    do {
      try rules.checkExpectations(body)
      chain = try records.apply(
        &body,
        by: RecordStore.Author(
          place: place, dot: dot, vector: vector, stamp: stamp, hash: .zero, scope: scope, writes: true),
        local: rules)
    } catch ReplicaError.changedSince(let table, let id, let field, let held, let offered) {
      let named = try held.map { WriteView(value: $0.value, who: try whoWrote($0.dot), when: $0.when, dot: $0.dot) }
      throw ReplicaError.changedSince(table: table, id: id, field: field, held: named, offered: offered)
    }
    var drawn = ByteReader(replica.surroundings.randomness.bytes(16))
    let salt = try drawn.identifier("salt")
    let clear = Payload(salt: salt, actor: actor, note: note, body: body).bytes
    let header = Header(
      court: replica.court, scope: scopeName, dot: dot, previous: entry.tipHash, payloadHash: Hashing.hash(clear),
      payloadLength: UInt64(clear.count), stamp: stamp, authentication: 0, order: logs.book.newest, context: context)
    let bytes = header.bytes
    guard bytes.count + clear.count <= Limits.change else {
      throw ReplicaError.overLimit(what: "change", found: bytes.count + clear.count, limit: Limits.change)
    }
    let hash = Hashing.hash(bytes)
    let packed = PackedPayload.pack(clear, with: compressor)
    try keep(place, header, hash, packed, chain)
    if !context.entries.isEmpty {
      let keep = try sql("INSERT INTO _vector (id, entries) VALUES (?1, ?2)")
      keep.bind(1, place.row)
      keep.bind(2, logs.encodeVector(vector, without: log))
      try keep.run()
    }
    var tip = vector
    tip.include(dot)
    logs.advance(log, to: dot.sequence, hash: hash, vector: tip)
    contextRevision[log] = logs.revision
    tipStamps[log] = (dot.sequence, stamp)
    try signIfDue(dot, hash, bytes: clear.count, keys: keys)
    try announceCommit(incarnation.id, count: incarnation.count + 1)
    var seen: Set<RecordID> = []
    return Committed(dot: dot, records: draft.mentioned.map(\.record).filter { seen.insert($0).inserted })
  }

  /// Who a held change says acted.
  private func whoWrote(_ dot: Dot) throws -> String {
    guard let place = logs.place(of: dot), let change = try reader.change(at: place) else { return "" }
    return try reader.payload(change).actor
  }

  private func keep(
    _ place: RecordClock.Place, _ header: Header, _ hash: ContentHash, _ packed: [UInt8], _ chain: [UInt8]
  ) throws {
    let kept = try PayloadRows(sql: sql, logs: logs).kept(packed, at: place)
    let insert = try sql("INSERT INTO _change (id, head, hash, payload, chain) VALUES (?1, ?2, ?3, ?4, ?5)")
    try kept.withUnsafeBytes { packed in
      insert.bind(1, place.row)
      insert.bind(2, StoredHeader(header).bytes)
      insert.bind(3, hash)
      insert.bindStatic(blob: packed, 4)
      if chain.isEmpty { insert.bindNull(5) } else { insert.bind(5, chain) }
      try insert.run()
    }
  }

  // MARK: Log, context, stamp

  /// The open log of this incarnation in a scope; a new one where there is none. Nil: the incarnation has opened that one
  /// before, and it can not go on.
  private func ownLog(scope: String, incarnation: Identifier, keys: DeviceKeys) throws -> LogID? {
    guard let number = logs.scopeNumbers[scope] else { throw ReplicaError.unknownScope(scope) }
    let own = logs.entries.filter { $0.scope == number && $0.device == replica.device && $0.genesis != nil }
    if let open = own.last(where: { !$0.isEnded && $0.genesis?.incarnation == incarnation }) {
      if !isExcludedOpenly(open) && !hasWaiting(open) { return open.id }
      try logs.end(open.id)
    }
    let last = own.last { $0.tip > 0 }
    let reason: Genesis.Reason
    if let last, logs.held.exclusion(of: Dot(last.id, last.tip)) != nil {
      reason = .excluded
    } else if last != nil {
      reason = try meta.bytes(.incarnationReason)?.first.flatMap { Genesis.Reason(rawValue: $0) } ?? .reverted
    } else {
      reason = .first
    }
    let genesis = Genesis(
      court: replica.court, scope: scope, signingKey: keys.signing.publicKey, incarnation: incarnation,
      predecessor: last.map { Genesis.Predecessor(dot: Dot($0.id, $0.tip), hash: $0.tipHash) }, reason: reason)
    if logs.entry(genesis.log) != nil { return nil }
    try logs.register(genesis)
    return genesis.log
  }

  /// A device whose own log is excluded openly starts a new one.
  private func isExcludedOpenly(_ entry: LogTable.Entry) -> Bool {
    if logs.book.touchesNoHeader { return false }
    let next = Dot(entry.id, entry.tip + 1)
    return logs.book.exclusion(of: next, device: entry.device, in: Probe(logs.held, .zero, at: next)) != nil
  }

  /// What a lost order has taken out of its place waits until it is issued anew; the log cannot go on before it.
  private func hasWaiting(_ entry: LogTable.Entry) -> Bool {
    logs.held.waiting.contains { $0.value.dot.log == entry.id }
  }

  /// The context of a change made now, as its header says it and as it is meant.
  private func presentContext(_ entry: LogTable.Entry, scope: Int64) throws -> (ContextDelta, VersionVector) {
    let base = try logs.tipVector(of: entry.id)
    let kind: ContextDelta.Base = entry.tip == 0 ? .none : .previous
    if contextRevision[entry.id] == logs.revision { return (ContextDelta(base: kind), base) }
    var vector = base
    var entries: [Dot] = []
    for other in logs.entries where other.scope == scope && other.id != entry.id {
      guard other.tip > (other.fork?.sequence ?? 0), other.tip > base[other.id] else { continue }
      entries.append(Dot(other.id, other.tip))
      vector.include(Dot(other.id, other.tip), in: logs)
    }
    guard entries.count <= Limits.contextEntries else {
      throw ReplicaError.overLimit(what: "context", found: entries.count, limit: Limits.contextEntries)
    }
    entries.sort()
    let digest = entries.isEmpty ? nil : Hashing.contextDigest(entries.map { logs.hash(of: $0) ?? .zero })
    return (ContextDelta(base: kind, entries: entries, digest: digest), vector)
  }

  /// Rises within the log; by the system clock until the centre says otherwise, then by trusted time.
  private func nextStamp(_ entry: LogTable.Entry) throws -> Stamp {
    var last = Stamp.zero
    if let known = tipStamps[entry.id], known.sequence == entry.tip {
      last = known.stamp
    } else if entry.tip > 0 {
      let select = try sql("SELECT head FROM _change WHERE id = ?1")
      select.bind(1, RecordClock.Place(log: entry.number, sequence: entry.tip).row)
      if try select.step() { last = select.withBytes(0) { StoredHeader.stamp(of: $0) } }
      select.reset()
    }
    if let heard = try meta.number(.hybridClock) { last = max(last, Stamp(rawValue: heard)) }
    var hybrid = HybridLogicalClock(last: last)
    var wall = clock.wallMilliseconds()
    if let trusted = try meta.trustedTime(), trusted.clockIsWrong { wall = trusted.now(clock) }
    return hybrid.tick(wallMilliseconds: wall)
  }

  // MARK: Signed heads

  private func signIfDue(_ dot: Dot, _ hash: ContentHash, bytes: Int, keys: DeviceKeys) throws {
    var tail = unsigned[dot.log] ?? UnsignedTail()
    tail.changes += 1
    tail.bytes += bytes
    let now = clock.bootMilliseconds()
    if tail.signedAt == 0 || tail.changes >= HeadInterval.changes || tail.bytes >= HeadInterval.bytes
      || now >= tail.signedAt + HeadInterval.milliseconds
    {
      try applier.keepHead(dot, try SignedHead(dot: dot, hash: hash, court: replica.court, key: keys.signing).signature)
      tail = UnsignedTail(signedAt: max(now, 1))
    }
    unsigned[dot.log] = tail
  }

  /// Signs the tip of every own log that has none; of a branch too, which may have become one before its tail was signed.
  func signOwnHeads() throws {
    for entry in logs.entries where entry.device == replica.device && entry.tip > (entry.fork?.sequence ?? 0) {
      let select = try sql("SELECT 1 FROM _head WHERE id = ?1")
      select.bind(1, RecordClock.Place(log: entry.number, sequence: entry.tip).row)
      let isSigned = try select.step()
      select.reset()
      if isSigned { continue }
      let signed = Dot(logs.signedLog(of: entry.id), entry.tip)
      let keys = try ownKeys()
      try applier.keepHead(
        Dot(entry.id, entry.tip),
        try SignedHead(dot: signed, hash: entry.tipHash, court: replica.court, key: keys.signing).signature)
      unsigned[entry.id] = UnsignedTail(signedAt: max(clock.bootMilliseconds(), 1))
    }
  }
}

/// Order of names by their UTF-8 bytes.
func byBytes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
