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
}

/// Puts changes in their place: applied, excluded, or waiting (design §3, §4). One a connection, under the lock.
final class Applier {
  let sql: StatementCache
  let logs: LogTable
  let records: RecordStore
  let compressor: Compressor
  /// What trusted time is when a change asks for it.
  var trustedTime: UInt64
  /// Whether what is being taken comes from the centre itself.
  var isFromCentre = false
  /// Told of every change that became servable: applied, excluded or waiting.
  var onHeld: ((VerifiedChange) throws -> Void)?
  private(set) var applied = 0

  init(sql: StatementCache, logs: LogTable, records: RecordStore, compressor: Compressor, trustedTime: UInt64) {
    self.sql = sql
    self.logs = logs
    self.records = records
    self.compressor = compressor
    self.trustedTime = trustedTime
  }

  private enum Attempt {
    case done
    case held
    case waits(WaitReason)
  }

  /// Takes a change. Returns false when it was held already.
  func take(_ change: VerifiedChange) throws -> Bool {
    switch try attempt(change) {
    case .held: return false
    case .done:
      try onHeld?(change)
      return true
    case .waits(let reason):
      if try isWaiting(change.hash) { return false }
      try wait(change, reason)
      try onHeld?(change)
      return true
    }
  }

  // MARK: Placing

  private func attempt(_ change: VerifiedChange) throws -> Attempt {
    let header = change.header
    let branch = logs.book.isBranchStart(change.hash)
    if logs.hash(of: Dot(branch ? change.hash.prefix : header.dot.log, header.dot.sequence)) == change.hash {
      return .held
    }
    guard logs.book.knows(header.order) else { return .waits(.order(header.order)) }
    if let field = header.extensions.first(where: \.mustBeUnderstood) { return .waits(.mustUnderstand(field.id)) }
    let before = Dot(header.dot.log, header.dot.sequence - 1)
    if branch {
      var fork = before
      var base = VersionVector()
      if before.sequence > 0 {
        guard let placed = try placed(change.header.previous, signedLog: before.log, before.sequence) else {
          return .waits(.past(before))
        }
        fork = placed
        base = try logs.vector(of: placed)
        base.include(placed, in: logs)
      }
      let line = change.hash.prefix
      try logs.registerBranch(line, leaving: fork, like: fork.log)
      return try place(change, at: Dot(line, header.dot.sequence), base: base)
    }
    let line: LogID
    var base = VersionVector()
    if before.sequence == 0 {
      line = header.dot.log
    } else if let placed = try placed(header.previous, signedLog: before.log, before.sequence) {
      line = placed.log
      base = logs.entry(line)?.tip == placed.sequence
        ? try logs.tipVector(of: line) : try vectorWith(placed)
    } else if logs.book.excludesUnheldPast(before) {
      line = header.dot.log
      base.include(before)
    } else {
      return .waits(.past(before))
    }
    let dot = Dot(line, header.dot.sequence)
    if let held = logs.hash(of: dot) { return held == change.hash ? .held : .waits(.fork) }
    return try place(change, at: dot, base: base)
  }

  private func vectorWith(_ dot: Dot) throws -> VersionVector {
    var vector = try logs.vector(of: dot)
    vector.include(dot, in: logs)
    return vector
  }

  /// Where a header with this hash stands on any line of a log.
  private func placed(_ hash: ContentHash, signedLog: LogID, _ sequence: UInt64) throws -> Dot? {
    for line in logs.lines(of: signedLog) {
      let dot = logs.resolve(Dot(line, sequence))
      if logs.hash(of: dot) == hash { return dot }
    }
    return nil
  }

  private func place(_ change: VerifiedChange, at dot: Dot, base: VersionVector) throws -> Attempt {
    let header = change.header
    let entry = logs.entry(dot.log)
    let quiet = logs.book.touchesNoHeader
    let probe = Probe(logs, change.hash, at: dot)
    let isExcluded = quiet ? false : logs.book.exclusion(of: dot, device: entry?.device, in: probe) != nil
    var vector = base
    var hasOwnVector = dot.sequence > 1 && logs.fork(of: dot.log)?.sequence == dot.sequence - 1
    if case .change(let start) = header.context.base {
      let start = logs.resolve(start)
      if logs.hash(of: start) != nil {
        vector.formUnion(try vectorWith(start))
        hasOwnVector = true
      } else if !isExcluded {
        return .waits(.past(start))
      }
    }
    if !header.context.entries.isEmpty {
      switch header.context.resolve(in: logs, digestOf: Hashing.contextDigest) {
      case .seen(let seen):
        vector.formUnion(seen)
        hasOwnVector = true
      case .missing(let dot):
        if !isExcluded { return .waits(.past(dot)) }
      }
    }
    var restamped: Stamp?
    if !quiet { restamped = logs.book.restamp(of: dot, in: probe) }
    if !isExcluded, restamped == nil, header.stamp.milliseconds > trustedTime &+ ClockLimits.ahead,
      !(try isReceipted(dot, change.hash))
    {
      return .waits(.time)
    }
    var clear = try PackedPayload.unpack(change.payload, with: compressor)
    var packed = change.payload
    let redactions = quiet ? [] : logs.book.redactions(of: change.hash)
    var payload = try? Payload(bytes: clear)
    if let whole = payload, !redactions.isEmpty {
      let redacted = whole.redacted(positions: redactions.flatMap(\.positions))
      payload = redacted
      clear = redacted.bytes
      packed = PackedPayload.pack(clear, with: compressor)
    }
    guard payload != nil || isExcluded else { return .waits(.undecodable) }
    try settle(
      dot, header: header, hash: change.hash, payload: packed, body: payload?.body, vector: vector,
      keepsVector: hasOwnVector, stamp: restamped ?? header.stamp, isExcluded: isExcluded)
    if let signature = change.signature { try keepHead(dot, signature) }
    let isRedacted = payload?.salt == .zero && Hashing.hash(clear) != header.payloadHash
    let hasGap = dot.sequence > 1 && logs.hash(of: logs.resolve(Dot(dot.log, dot.sequence - 1))) == nil
    if isRedacted || hasGap {
      try keepWhatCannotBeComputed(dot, header, isRedacted: isRedacted, hasGap: hasGap)
    }
    return .done
  }

  /// Writes the row of a change and applies it.
  func settle(
    _ dot: Dot, header: Header, hash: ContentHash, payload: [UInt8], body: ChangeBody?, vector: VersionVector,
    keepsVector: Bool, stamp: Stamp, isExcluded: Bool
  ) throws {
    guard let entry = logs.entry(dot.log) else { throw ReplicaError.unknownAuthor(log: dot.log) }
    let place = RecordClock.Place(log: entry.number, sequence: dot.sequence)
    var chain: [UInt8] = []
    if var body {
      chain = try records.apply(
        &body,
        by: RecordStore.Author(
          place: place, dot: dot, vector: vector, stamp: stamp, hash: hash, scope: entry.scope, writes: !isExcluded))
    }
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

  private func isReceipted(_ dot: Dot, _ hash: ContentHash) throws -> Bool {
    let select = try sql("SELECT held FROM _receipt WHERE log = ?1")
    select.bind(1, dot.log)
    defer { select.reset() }
    return try select.step() && UInt64(select.int(0)) >= dot.sequence
  }

  // MARK: Waiting

  private func isWaiting(_ hash: ContentHash) throws -> Bool {
    let select = try sql("SELECT 1 FROM _waiting WHERE hash = ?1")
    select.bind(1, hash)
    defer { select.reset() }
    return try select.step()
  }

  private func wait(_ change: VerifiedChange, _ reason: WaitReason) throws {
    let insert = try sql(
      """
      INSERT INTO _waiting (log, sequence, hash, previous, header, payload, signature, kind, missing_log,
        missing_sequence, at_centre) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
      """)
    insert.bind(1, change.header.dot.log)
    insert.bind(2, Int64(change.header.dot.sequence))
    insert.bind(3, change.hash)
    insert.bind(4, change.header.previous)
    insert.bind(5, change.header.bytes)
    insert.bind(6, change.payload)
    if let signature = change.signature { insert.bind(7, signature) } else { insert.bindNull(7) }
    bind(reason, insert, from: 8)
    insert.bind(11, isFromCentre ? 1 : 0)
    try insert.run()
  }

  private func bind(_ reason: WaitReason, _ statement: Statement, from index: Int32) {
    statement.bind(index, Int64(reason.kind))
    switch reason {
    case .past(let dot):
      statement.bind(index + 1, dot.log)
      statement.bind(index + 2, Int64(dot.sequence))
    case .order(let mark):
      statement.bind(index + 1, Identifier(high: 0, low: mark.epoch))
      statement.bind(index + 2, Int64(mark.number))
    case .mustUnderstand(let id):
      statement.bindNull(index + 1)
      statement.bind(index + 2, Int64(bitPattern: id))
    case .fork, .undecodable, .time:
      statement.bindNull(index + 1)
      statement.bindNull(index + 2)
    }
  }

  /// Tries again what waits, until nothing moves.
  func retryWaiting() throws {
    var progress = true
    while progress {
      progress = false
      for waiting in try WaitingChange.all(sql) {
        if case .past(let dot) = waiting.reason, !logs.isAccounted(dot), !logs.book.excludesUnheldPast(dot) {
          let known = logs.lines(of: dot.log).contains { logs.isAccounted(logs.resolve(Dot($0, dot.sequence))) }
          if !known { continue }
        }
        let change = try waiting.load(sql)
        switch try attempt(change) {
        case .done, .held:
          let delete = try sql("DELETE FROM _waiting WHERE number = ?1")
          delete.bind(1, waiting.number)
          try delete.run()
          progress = true
        case .waits(let reason):
          if reason == waiting.reason { continue }
          let update = try sql(
            "UPDATE _waiting SET kind = ?2, missing_log = ?3, missing_sequence = ?4 WHERE number = ?1")
          update.bind(1, waiting.number)
          bind(reason, update, from: 2)
          try update.run()
        }
      }
    }
  }
}

extension WaitReason {
  var kind: Int {
    switch self {
    case .past: 0
    case .order: 1
    case .fork: 2
    case .undecodable: 3
    case .mustUnderstand: 4
    case .time: 5
    }
  }

  init(kind: Int, log: Identifier, sequence: UInt64) {
    switch kind {
    case 0: self = .past(Dot(log, sequence))
    case 1: self = .order(OrderMark(epoch: log.low, number: sequence))
    case 2: self = .fork
    case 3: self = .undecodable
    case 4: self = .mustUnderstand(sequence)
    default: self = .time
    }
  }

  /// What `status` and `log` say: the missing dot, or what is waited for.
  var text: String {
    switch self {
    case .past(let dot): dot.description
    case .order(let mark): "order \(mark.number)"
    case .fork: "fork"
    case .undecodable: "undecodable"
    case .mustUnderstand(let id): "extension \(id)"
    case .time: "time"
    }
  }
}

/// A row of `_waiting`.
struct WaitingChange {
  var number: Int64
  /// The id inside the header.
  var dot: Dot
  var hash: ContentHash
  var reason: WaitReason

  static func all(_ sql: StatementCache) throws -> [WaitingChange] {
    let select = try sql(
      "SELECT number, log, sequence, hash, kind, missing_log, missing_sequence FROM _waiting ORDER BY number")
    var all: [WaitingChange] = []
    while try select.step() {
      all.append(
        WaitingChange(
          number: select.int(0), dot: Dot(select.identifier(1), UInt64(select.int(2))), hash: select.hash(3),
          reason: WaitReason(
            kind: Int(select.int(4)), log: select.identifier(5), sequence: UInt64(bitPattern: select.int(6)))))
    }
    select.reset()
    return all
  }

  func load(_ sql: StatementCache) throws -> VerifiedChange {
    let select = try sql("SELECT header, payload, signature FROM _waiting WHERE number = ?1")
    select.bind(1, number)
    defer { select.reset() }
    _ = try select.step()
    return VerifiedChange(
      header: try Header(bytes: select.blob(0)), hash: hash, payload: select.blob(1),
      signature: select.isNull(2) ? nil : select.blob(2))
  }
}
