import ChangeFormat
import Merge

/// A change whose hash chain and signature have been checked, on its way into the log.
struct VerifiedChange {
  var header: Header
  var hash: ContentHash
  /// A ``PackedPayload``; a redacted one no longer has the header's payload hash.
  var payload: [UInt8]
  /// The signed head over this very change, if there is one.
  var signature: [UInt8]?
  /// It was applied before, so trusted time holds it back no more.
  var isTimely = false
  /// What it says, where that has been read already.
  var decoded: Payload?

  /// Bytes it takes, roughly.
  var size: Int {
    payload.count
      + (decoded.map { $0.body.arena.count + $0.body.cellCount * MemoryLayout<ChangeBody.Cell>.stride } ?? 0)
  }
}

/// Puts changes in their place: applied, excluded, or waiting (design §3, §4). One a connection, under the lock.
///
/// The rules are those of the pure merge (`Merge.Ledger`). What arrives is placed here and now; the rare change that
/// could alter what has been said of others marks its scope, and the scope is worked out anew (``Redelivery``).
final class Applier {
  let sql: StatementCache
  let logs: LogTable
  let records: RecordStore
  let compressor: Compressor
  /// What trusted time is when a change asks for it.
  var trustedTime: UInt64
  /// When what is taken is written into the tables.
  var tables = Tables.now
  /// Whether a scope was worked out anew: its tables are empty until what is left has been written.
  var hasEmptiedTables = false
  /// Whether what is being taken comes from the centre itself.
  var isFromCentre = false
  private(set) var applied = 0
  /// Scopes in which something came that could alter what was said of other changes.
  private var unsettled: Set<Int64> = []

  init(sql: StatementCache, logs: LogTable, records: RecordStore, compressor: Compressor, trustedTime: UInt64) {
    self.sql = sql
    self.logs = logs
    self.records = records
    self.compressor = compressor
    self.trustedTime = trustedTime
  }

  enum Tables {
    case now
    /// By whoever writes the tables: see ``UnbuiltChanges``.
    case later
    /// All but some changes.
    case nowBut(Set<Dot>)
  }

  enum Attempt: Equatable {
    case done
    case waits(WaitReason)
    /// Excluded, but what it saw is not understood: this past is lacking.
    case excluded(lacking: Dot)
  }

  /// Takes a change. Returns false when it was held already.
  func take(_ change: VerifiedChange) throws -> Bool {
    if try takePlainNext(change) { return true }
    let chain = logs.held
    if chain.isHeld(change.hash, signed: change.header.dot) { return false }
    let family = logs.signedLog(of: change.header.dot.log)
    let said = mayReach(change.hash, family) ? try saidOfRows(family) : nil
    let meetsAdrift = logs.hasGap(family) || chain.hasAdrift(family)
    let fresh = chain.add(change.hash, signed: change.header.dot, previous: change.header.previous)
    if let scope = logs.entry(family)?.scope, try meetsAdrift || (!fresh.isEmpty && unsettles(family, scope, said)) {
      unsettled.insert(scope)
    }
    switch try attempt(change) {
    case .done: chain.remove(change.hash)
    case let attempt: try wait(change, attempt)
    }
    return true
  }

  // MARK: What an arrival may alter

  /// Whether a change, or one that waits for it, is where an order's reach ends or a branch begins.
  private func mayReach(_ hash: ContentHash, _ family: LogID) -> Bool {
    if logs.book.touchesNoHeader { return false }
    if logs.book.isLandmark(hash) { return true }
    return logs.held.waiting.contains {
      $0.value.place == nil && $0.value.dot.log == family && logs.book.isLandmark($0.key)
    }
  }

  /// What orders say of the rows of a log and its branches.
  private func saidOfRows(_ family: LogID) throws -> [Dot: Said] {
    var said: [Dot: Said] = [:]
    for line in logs.lines(of: family) {
      guard let entry = logs.entry(line) else { continue }
      var next: UInt64? = entry.fork?.sequence ?? 0
      while let row = logs.nextRow(after: Dot(line, next ?? 0)) {
        let dot = Dot(line, row)
        let found = Said(isExcluded: logs.held.exclusion(of: dot) != nil, restamp: logs.held.restamp(of: dot))
        if found != Said() { said[dot] = found }
        next = row
      }
    }
    return said
  }

  private struct Said: Equatable {
    var isExcluded = false
    var restamp: Stamp?
  }

  private func unsettles(_ family: LogID, _ scope: Int64, _ said: [Dot: Said]?) throws -> Bool {
    if let named = logs.presumed[scope], named.contains(family) || logs.held.lines(of: family).count > 1 { return true }
    guard let said else { return false }
    return try saidOfRows(family) != said
  }

  /// After new orders: finds places for waiting changes that may have one now.
  func placeAgain() throws {
    let waiting = try WaitingChange.all(sql)
    let families = Set(waiting.filter { logs.held.waiting[$0.hash]?.place == nil }.map(\.dot.log)).sorted()
    var said: [LogID: [Dot: Said]] = [:]
    for family in families where waiting.contains(where: { $0.dot.log == family && logs.book.isLandmark($0.hash) }) {
      said[family] = try saidOfRows(family)
    }
    logs.held.placeAgain(in: waiting.map(\.hash))
    for (family, before) in said.sorted(by: { $0.key < $1.key }) {
      guard let scope = logs.entry(family)?.scope else { continue }
      if try saidOfRows(family) != before { unsettled.insert(scope) }
    }
  }

  /// Marks a scope to be worked out anew.
  func unsettle(_ scope: Int64) { unsettled.insert(scope) }

  // MARK: Settling

  /// Tries again what waits, until nothing moves; scopes that have been unsettled are worked out anew first.
  ///
  /// - Parameter afterOrders: an order may have excluded what waits.
  func retryWaiting(afterOrders: Bool = false) throws {
    var isForced = afterOrders
    while true {
      let scopes = unsettled.sorted()
      unsettled = []
      for scope in scopes {
        try Redelivery(applier: self).unplace(scope)
        hasEmptiedTables = true
        isForced = true
      }
      try settle(isForced: isForced)
      if unsettled.isEmpty { return }
    }
  }

  /// Tries every waiting change once and again, until nothing moves.
  func settle(isForced: Bool) throws {
    var progress = true
    while progress {
      progress = false
      for waiting in try WaitingChange.all(sql) {
        if !isForced, isStillMissing(waiting) { continue }
        let attempt = try attempt(try waiting.load(sql))
        if attempt == .done {
          let delete = try sql("DELETE FROM _waiting WHERE number = ?1")
          delete.bind(1, waiting.number)
          try delete.run()
          logs.held.remove(waiting.hash)
          progress = true
        } else if attempt != waiting.attempt {
          try update(waiting, attempt)
          progress = progress || waiting.isExcluded != attempt.isExcluded
        }
      }
    }
  }

  /// Whether nothing has come that a waiting change lacks: told without reading it.
  private func isStillMissing(_ waiting: WaitingChange) -> Bool {
    guard let dot = waiting.missing, !logs.held.isAccounted(dot) else { return false }
    if let known = logs.held.waiting[waiting.hash] {
      if let place = known.place {
        if waiting.isExcluded != (logs.held.exclusion(of: place) != nil) { return false }
      } else if case .nowhere(let reason) = logs.held.place(of: waiting.hash, known), reason != waiting.reason {
        return false
      }
    }
    // A missing dot is named as its author knew it: where its log has forked, another line may be meant.
    let lines = logs.held.lines(of: dot.log)
    return !(lines.count > 1 && lines.contains { logs.held.hash(of: logs.held.resolve(Dot($0, dot.sequence))) != nil })
  }

  /// Places a change that the chain knows, if nothing holds it back; else says what does.
  func attempt(_ change: VerifiedChange) throws -> Attempt {
    let chain = logs.held
    if chain.waiting[change.hash] == nil {
      chain.add(change.hash, signed: change.header.dot, previous: change.header.previous)
    }
    guard let known = chain.waiting[change.hash] else { preconditionFailure("the chain keeps what is added") }
    if let place = known.place, chain.exclusion(of: place) != nil {
      switch try seen(change.header, at: place, isAdrift: known.isAdrift) {
      case .seen(let vector):
        try settle(
          change, try? payload(of: change), at: place, seeing: vector, isAdrift: known.isAdrift, isExcluded: true)
        return .done
      case .missing(let dot):
        chain.setLacking(dot, of: change.hash)
        return .excluded(lacking: dot)
      }
    }
    if known.lacking != nil { chain.setLacking(nil, of: change.hash) }
    guard logs.book.knows(change.header.order) else { return .waits(.order(change.header.order)) }
    if let field = change.header.extensions.first(where: \.mustBeUnderstood) {
      return .waits(.mustUnderstand(field.id))
    }
    guard let place = known.place else {
      if case .nowhere(let reason) = chain.place(of: change.hash, known) { return .waits(reason) }
      return .waits(.past(known.dot))
    }
    let vector: VersionVector
    switch try seen(change.header, at: place, isAdrift: known.isAdrift) {
    case .seen(let seen): vector = seen
    case .missing(let dot): return .waits(.past(dot))
    }
    if !logs.book.touchesNoHeader, let missing = chain.missing(of: vector) { return .waits(.past(missing)) }
    guard let payload = try? payload(of: change) else { return .waits(.undecodable) }
    guard try isTimely(change, at: place) else { return .waits(.time) }
    try settle(change, payload, at: place, seeing: vector, isAdrift: known.isAdrift, isExcluded: false)
    return .done
  }

  func payload(of change: VerifiedChange) throws -> Payload {
    try change.decoded ?? Payload(bytes: try PackedPayload.unpack(change.payload, with: compressor))
  }

  /// Stamped more than 24 h ahead of trusted time a change waits for a receipt or an order.
  private func isTimely(_ change: VerifiedChange, at dot: Dot) throws -> Bool {
    if change.isTimely || change.header.stamp.milliseconds <= trustedTime &+ ClockLimits.ahead { return true }
    return try isReceipted(dot) || logs.held.restamp(of: dot) != nil
  }

  func isReceipted(_ dot: Dot) throws -> Bool {
    let select = try sql("SELECT held FROM _receipt WHERE log = ?1")
    select.bind(1, dot.log)
    defer { select.reset() }
    return try select.step() && UInt64(bitPattern: select.int(0)) >= dot.sequence
  }

  // MARK: Rows

  /// Gives a change its row, redacted as orders say.
  func settle(
    _ change: VerifiedChange, _ decoded: Payload?, at dot: Dot, seeing vector: VersionVector, isAdrift: Bool,
    isExcluded: Bool
  ) throws {
    let chain = logs.held
    let header = change.header
    if let fork = chain.fork(of: dot.log), logs.entry(dot.log) == nil {
      try logs.registerBranch(dot.log, leaving: fork, like: fork.log)
    }
    var packed = change.payload
    var payload = decoded
    let redactions = logs.book.redactions(of: change.hash)
    if let whole = payload, !redactions.isEmpty {
      let redacted = whole.redacted(positions: redactions.flatMap(\.positions))
      payload = redacted
      packed = PackedPayload.pack(redacted.bytes, with: compressor)
    }
    try notePresumed(header)
    let isFirstOfBranch = logs.fork(of: dot.log)?.sequence == dot.sequence - 1
    try write(
      dot, header: header, hash: change.hash, payload: packed, body: payload?.body, vector: vector,
      keepsVector: isAdrift || isFirstOfBranch || !header.context.entries.isEmpty || header.context.base.isChange,
      stamp: chain.restamp(of: dot) ?? header.stamp, isExcluded: isExcluded)
    if let signature = change.signature { try keepHead(dot, signature) }
    if isExcluded, let row = logs.place(of: dot)?.row { try noteExcluded(row, true) }
    let clear = payload?.salt == .zero ? try PackedPayload.unpack(packed, with: compressor) : nil
    let isRedacted = clear.map { Hashing.hash($0) != header.payloadHash } ?? false
    if isRedacted || isAdrift { try keepWhatCannotBeComputed(dot, header, isRedacted: isRedacted, hasGap: isAdrift) }
    if isAdrift { logs.noteGap(dot.log) }
  }

  /// Writes the row of a change and applies it.
  private func write(
    _ dot: Dot, header: Header, hash: ContentHash, payload: [UInt8], body: ChangeBody?, vector: VersionVector,
    keepsVector: Bool, stamp: Stamp, isExcluded: Bool
  ) throws {
    guard let entry = logs.entry(dot.log) else { throw ReplicaError.unknownAuthor(log: dot.log) }
    let place = RecordClock.Place(log: entry.number, sequence: dot.sequence)
    var chain: [UInt8] = []
    if var body {
      switch tables {
      case .later: try UnbuiltChanges(sql: sql).add(place)
      case .nowBut(let some) where some.contains(dot): break
      case .now, .nowBut:
        chain = try records.apply(
          &body,
          by: RecordStore.Author(
            place: place, dot: dot, vector: vector, stamp: stamp, hash: hash, scope: entry.scope, writes: !isExcluded))
      }
    }
    let payload = try PayloadRows(sql: sql, logs: logs).kept(payload, at: place)
    let insert = try sql("INSERT INTO _change (id, head, hash, payload, chain) VALUES (?1, ?2, ?3, ?4, ?5)")
    try StoredHeader(header).bytes.withUnsafeBytes { head in
      try payload.withUnsafeBytes { payload in
        insert.bind(1, place.row)
        insert.bindStatic(blob: head, 2)
        insert.bind(3, hash)
        insert.bindStatic(blob: payload, 4)
        if chain.isEmpty { insert.bindNull(5) } else { insert.bind(5, chain) }
        try insert.run()
      }
    }
    if keepsVector {
      let keep = try sql("INSERT INTO _vector (id, entries) VALUES (?1, ?2)")
      keep.bind(1, place.row)
      keep.bind(2, logs.encodeVector(vector, without: dot.log))
      try keep.run()
    }
    var tip = vector
    tip.include(dot)
    logs.advance(dot.log, to: dot.sequence, hash: hash, vector: tip)
    applied += 1
  }

  /// Notes whether an order excludes the change of a row.
  func noteExcluded(_ row: Int64, _ isExcluded: Bool) throws {
    let note = try sql(
      isExcluded ? "INSERT OR IGNORE INTO _excluded (id) VALUES (?1)" : "DELETE FROM _excluded WHERE id = ?1")
    note.bind(1, row)
    try note.run()
  }

  func keepHead(_ dot: Dot, _ signature: [UInt8]) throws {
    guard let place = logs.place(of: dot) else { return }
    let insert = try sql("INSERT OR IGNORE INTO _head (id, signature) VALUES (?1, ?2)")
    insert.bind(1, place.row)
    insert.bind(2, signature)
    try insert.run()
  }

  private func keepWhatCannotBeComputed(_ dot: Dot, _ header: Header, isRedacted: Bool, hasGap: Bool) throws {
    guard let place = logs.place(of: dot) else { return }
    let insert = try sql(
      "INSERT OR REPLACE INTO _kept (id, previous, payload_hash, payload_length) VALUES (?1, ?2, ?3, ?4)")
    insert.bind(1, place.row)
    if hasGap { insert.bind(2, header.previous) } else { insert.bindNull(2) }
    if isRedacted { insert.bind(3, header.payloadHash) } else { insert.bindNull(3) }
    insert.bind(4, Int64(header.payloadLength))
    try insert.run()
  }
}

extension Applier.Attempt {
  var isExcluded: Bool {
    if case .excluded = self { return true }
    return false
  }
}

extension ContextDelta.Base {
  var isChange: Bool {
    if case .change = self { return true }
    return false
  }
}
