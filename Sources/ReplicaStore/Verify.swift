import CSQLite
import ChangeFormat
import Merge

extension Replica {
  /// Rebuilds the tables from changes and orders in a database of its own, checks every chain and signed head on the
  /// way, and compares the digests. Never mends anything.
  ///
  /// Throws `differs` naming the first difference.
  public func verify() throws(ReplicaError) -> Verification {
    // The tables made anew need as much memory as the writer's page cache keeps.
    if folder != nil { writer?.writeWithoutTransaction { _ = sqlite3_db_release_memory($0.handle) } }
    // One snapshot for all of it: other processes may write meanwhile.
    return try reading { kept in
      // What is checked is the file, not what was read of it before.
      let reading = try ReadingTable(replica: self, sql: kept.sql, compressor: kept.compressor)
      do {
        return try verify(reading)
      } catch {
        // What is wrong in the file itself explains the rest.
        try reading.checkSides()
        throw error
      }
    }
  }

  /// Of the two databases each is one thread's: the tables made anew are the caller's.
  private func verify(_ reading: ReadingTable) throws -> Verification {
    var records = 0
    let scratch = try Rebuild(of: reading)
    let changes = try scratch.run {
      try reading.checkSides()
      records = try reading.recordCount()
    }
    var live: [(scope: String, digest: ContentHash)] = []
    var rebuilt: [String: ContentHash] = [:]
    try surroundings.scheduling.beside {
      live = try reading.digests()
    } _: {
      rebuilt = try scratch.digests()
    }
    for (scope, digest) in live where rebuilt[scope] ?? Hashing.hash([]) != digest {
      throw ReplicaError.differs(what: "scope \(scope)")
    }
    scratch.end()
    let waiting = try WaitingChange.all(reading.sql).count
    return Verification(changes: changes + waiting, records: records)
  }
}

extension ReadingTable {
  /// Records with any S.
  func recordCount() throws -> Int {
    var count = 0
    for table in schema.tables {
      let select = try sql.own("SELECT _clock FROM \(table.sqlName)")
      while try select.step() {
        if !select.withBytes(0, RecordClock.isEmpty) { count += 1 }
      }
    }
    try unknownRecords { _, _, _ in count += 1 }
    return count
  }
}

/// A replica's changes delivered once more, in a database of its own.
final class Rebuild {
  private let source: ReadingTable
  private let scratch: ScratchDatabase
  private let court: Identifier
  private let compressor = Compressor()

  init(of source: ReadingTable) throws {
    self.source = source
    court = source.replica.court
    scratch = try KeptDatabases.present?.scratch(for: source.schema) ?? ScratchDatabase(source.schema)
  }

  private var sql: StatementCache { scratch.sql }

  /// Checks and applies every change. Returns how many there are.
  ///
  /// - Parameter last: done with the source when all of it has been read.
  func run(_ last: @escaping () throws -> Void) throws -> Int {
    try checkTables()
    try sql.execute("BEGIN")
    for (number, name) in source.logs.scopeNames.sorted(by: { $0.key < $1.key }) {
      let insert = try sql("INSERT INTO _scope (number, name) VALUES (?1, ?2)")
      insert.bind(1, number)
      insert.bind(2, name)
      try insert.run()
    }
    let logs = try LogTable(sql)
    logs.book = source.logs.book
    for entry in source.logs.entries { if let genesis = entry.genesis { try logs.register(genesis) } }
    let store = RecordStore(sql: sql, schema: source.schema, logs: logs)
    let applier = Applier(
      sql: sql, logs: logs, records: store, compressor: compressor, trustedTime: .max / 2)
    // Of what the tables do not have yet, the tables say nothing.
    applier.tables = .nowBut(Set(try UnbuiltChanges(sql: source.sql).all().map { source.logs.dot(of: $0) }))
    let count = logs.book.touchesNoHeader ? try deliver(to: applier, last) : try deliverAtOnce(to: applier, last)
    try sql.execute("COMMIT")
    let held = try source.sql("SELECT count(*) FROM _change")
    _ = try held.step()
    let rows = Int(held.int(0))
    held.reset()
    guard rows == count else { throw ReplicaError.differs(what: "\(rows) changes are held, \(count) can be reached") }
    return count
  }

  /// One change after the other: without orders about headers none alters what was said of another. They are read and
  /// checked ahead.
  private func deliver(to applier: Applier, _ last: @escaping () throws -> Void) throws -> Int {
    var count = 0
    try source.replica.surroundings.scheduling.ahead(room: RunVerifier.room) {
      [self] (give: ((Dot, VerifiedChange), Int) throws -> Void) in
      try source.changes.inCausalOrder { change in
        try check(change)
        let verified = VerifiedChange(
          header: change.header, hash: change.hash, payload: change.payload, signature: nil,
          decoded: try? source.changes.payload(change))
        try give((change.dot, verified), verified.size)
      }
      try last()
    } use: { dot, change in
      _ = try applier.take(change)
      guard applier.logs.hash(of: dot) == change.hash else { throw unfollowed(dot) }
      count += 1
    }
    return count
  }

  /// All headers first, then their changes: what an order says of one depends on others. Which changes wait for time,
  /// and which of two headers is the branch, is taken as given.
  private func deliverAtOnce(to applier: Applier, _ last: () throws -> Void) throws -> Int {
    let (sql, logs) = (applier.sql, applier.logs)
    var held: [(dot: Dot, hash: ContentHash)] = []
    let room = Int64(1) << 40
    try source.changes.inCausalOrder { change in
      try check(change)
      held.append((change.dot, change.hash))
      try applier.wait(
        VerifiedChange(
          header: change.header, hash: change.hash, payload: change.payload, signature: nil, isTimely: true),
        .waits(.past(change.dot)),
        number: Int64(source.logs.depth(of: change.dot.log)) * room + Int64(held.count), atCentre: false)
    }
    try last()
    let waiting = try WaitingChange.all(source.sql)
    for change in waiting {
      var loaded = try change.load(source.sql)
      loaded.isTimely = loaded.isTimely || change.reason != .time
      try applier.wait(loaded, .waits(change.reason), atCentre: false)
    }
    let book = logs.book
    try logs.load()
    logs.book = book
    applier.trustedTime = 0
    try applier.settle(isForced: true)
    for change in held where logs.hash(of: change.dot) != change.hash { throw unfollowed(change.dot) }
    let left = Set(try WaitingChange.all(sql).map(\.hash))
    for change in waiting where !left.contains(change.hash) {
      throw ReplicaError.differs(what: "change \(change.dot) waits without a reason")
    }
    return held.count
  }

  private func unfollowed(_ dot: Dot) -> ReplicaError { .differs(what: "change \(dot) does not follow from its past") }

  private func check(_ change: HeldChange) throws {
    guard change.header.hash == change.hash else {
      throw ReplicaError.differs(what: "hash of change \(change.dot)")
    }
    if change.isRedacted {
      let found = Hashing.hash(try source.changes.clear(change))
      guard source.logs.book.explains(found, of: change.hash) else {
        throw ReplicaError.differs(what: "redacted payload of change \(change.dot)")
      }
    }
    let head = try source.sql("SELECT signature FROM _head WHERE id = ?1")
    head.bind(1, change.place.row)
    let signature = try head.step() ? head.blob(0) : nil
    head.reset()
    guard let signature else { return }
    let signed = SignedHead(dot: change.header.dot, hash: change.hash, signature: signature)
    guard let key = source.logs.entry(change.header.dot.log)?.genesis?.signingKey,
      signed.isAuthentic(court: court, key: key)
    else { throw ReplicaError.differs(what: "signed head of change \(change.dot)") }
  }

  /// The replica's own tables are as this software makes them: one that is not may be found out only when it is needed.
  private func checkTables() throws {
    func tables(_ sql: StatementCache) throws -> [String: String] {
      let select = try sql.own("SELECT name, sql FROM sqlite_schema WHERE substr(name, 1, 1) = '_' AND sql IS NOT NULL")
      var tables: [String: String] = [:]
      while try select.step() { tables[select.text(0)] = select.text(1) }
      return tables
    }
    let (live, fresh) = (try tables(source.sql), try tables(sql))
    for name in fresh.keys.sorted() where live[name] != fresh[name] {
      throw ReplicaError.differs(what: "table \(name)")
    }
  }

  /// It came to its end, and is not used again.
  func end() { KeptDatabases.present?.keep(scratch, for: source.schema) }

  func digests() throws -> [String: ContentHash] {
    let reading = try ReadingTable(replica: source.replica, sql: sql, compressor: compressor)
    var digests: [String: ContentHash] = [:]
    for (name, number) in reading.logs.scopeNumbers { digests[name] = try reading.digest(scope: number) }
    return digests
  }
}
