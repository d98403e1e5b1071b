import ChangeFormat
import Merge

/// What the centre's side needs of its store: accept runs, give them their place, serve them, issue orders.
extension Workbench {
  // MARK: Accepting

  /// One change that was new, by what names it wherever orders put it.
  package struct Fresh: Sendable {
    package var signedDot: Dot
    package var hash: ContentHash
    package var device: DeviceID
    package var header: Header
    /// Whether it waits for a `fork` or until it is excluded as malformed.
    package var reason: WaitReason?
  }

  /// Takes one run. Throws what is wrong with it; nothing of the run is kept then if `isWhole` checks come first.
  package func accept(_ run: Batch.Run) throws -> [Fresh] {
    let dot = Dot(run.log, run.first)
    guard logs.entry(run.log) != nil else { throw ReplicaError.unknownAuthor(log: run.log) }
    if run.first > 1, try !isHeld(run.previous, log: run.log, run.first - 1),
      !logs.book.excludesUnheldPast(Dot(run.log, run.first - 1))
    {
      throw ReplicaError.gap(dot)
    }
    var changes: [VerifiedChange] = []
    try RunVerifier(court: replica.court, book: logs.book)
      .verify(run, logs.entry(run.log)?.genesis, with: compressor) { checked, _ in changes += checked }
    var fresh: [Fresh] = []
    for change in changes where try applier.take(change) {
      fresh.append(
        Fresh(
          signedDot: change.header.dot, hash: change.hash, device: logs.entry(run.log)?.device ?? .zero,
          header: change.header, reason: nil))
    }
    if !fresh.isEmpty {
      try applier.retryWaiting()
      let waiting = Dictionary(try WaitingChange.all(sql).map { ($0.hash, $0.reason) }) { a, _ in a }
      for i in fresh.indices { fresh[i].reason = waiting[fresh[i].hash] }
    }
    return fresh
  }

  private func isHeld(_ hash: ContentHash, log: LogID, _ sequence: UInt64) throws -> Bool {
    for line in logs.lines(of: logs.signedLog(of: log)) where logs.hash(of: logs.resolve(Dot(line, sequence))) == hash {
      return true
    }
    let select = try sql("SELECT 1 FROM _waiting WHERE hash = ?1")
    select.bind(1, hash)
    defer { select.reset() }
    return try select.step()
  }

  /// Whether what a receipt says is held is held: on whatever line by now, or waiting.
  package func holds(_ entry: Receipt.Entry) throws -> Bool { try isHeld(entry.hash, log: entry.log, entry.held) }

  /// Whether a log is known here.
  package func knows(_ log: LogID) -> Bool { logs.entry(log) != nil }

  /// Takes a log that a batch brings the genesis of.
  package func register(_ genesis: Genesis) throws {
    guard genesis.court == replica.court else { throw ReplicaError.wrongCourt(found: genesis.court) }
    try logs.register(genesis)
  }

  /// Gives changes that have become servable their place, in the transaction that made them so.
  package func place(_ fresh: [Fresh]) throws {
    var stretches: [(log: LogID, scope: Int64, first: UInt64, last: UInt64)] = []
    for change in fresh {
      let signed = change.signedDot
      let line =
        logs.lines(of: signed.log).first { logs.hash(of: Dot($0, signed.sequence)) == change.hash } ?? signed.log
      guard let scope = logs.entry(line)?.scope else { continue }
      if let last = stretches.indices.last, stretches[last].log == line, stretches[last].last + 1 == signed.sequence {
        stretches[last].last = signed.sequence
      } else {
        stretches.append((line, scope, signed.sequence, signed.sequence))
      }
    }
    for stretch in stretches {
      let insert = try sql("INSERT INTO _served (scope, log, first, last) VALUES (?1, ?2, ?3, ?4)")
      insert.bind(1, stretch.scope)
      insert.bind(2, stretch.log)
      insert.bind(3, Int64(stretch.first))
      insert.bind(4, Int64(stretch.last))
      try insert.run()
    }
  }

  // MARK: Serving

  /// How far what a client shows is the same as what is held here; a head on another line counts for nothing.
  package func agreed(_ heads: [LogID: KnownHead]) -> [LogID: UInt64] {
    heads.filter {
      $0.value.sequence > 0 && logs.hash(of: logs.resolve(Dot($0.key, $0.value.sequence))) == $0.value.hash
    }
    .mapValues(\.sequence)
  }

  package var storeID: Identifier {
    get throws { try meta.bytes(.store).flatMap { Identifier(bytes: $0) } ?? .zero }
  }

  /// Scopes with what a client has read of them, the one with least to read first, so that small ones are whole early.
  package func smallestFirst<Asked>(_ asked: [Asked], _ place: (Asked) -> (scope: String, cursor: Cursor)) throws
    -> [Asked]
  {
    if asked.count < 2 { return asked }
    let store = try storeID
    let counts = try asked.map { asked -> Int64 in
      let (scope, cursor) = place(asked)
      guard let number = logs.scopeNumbers[scope] else { return 0 }
      // Past a thousand stretches a scope is large, and its size need not be known.
      let select = try sql(
        """
        SELECT sum(size) FROM (SELECT last - first + 1 AS size FROM _served WHERE scope = ?1 AND place > ?2 LIMIT 1000)
        """)
      select.bind(1, number)
      select.bind(2, Int64(cursor.store == store ? cursor.place : 0))
      defer { select.reset() }
      return try select.step() ? select.int(0) : 0
    }
    return asked.indices.sorted { (counts[$0], $0) < (counts[$1], $1) }.map { asked[$0] }
  }

  /// Adds what lies past a cursor of a scope to a batch.
  ///
  /// - Parameters:
  ///   - shown: what the client is known to hold; it is not sent again.
  /// - Returns: the new cursor, whether more lies past it, and the logs that were touched.
  package func serve(
    _ scope: String, past cursor: Cursor, shown: [LogID: UInt64], into batch: inout Batch, budget: inout Int
  ) throws -> (cursor: Cursor, hasMore: Bool, logs: Set<LogID>) {
    let store = try storeID
    guard let number = logs.scopeNumbers[scope] else { return (Cursor(store: store, place: 0), false, []) }
    var place = cursor.store == store ? cursor.place : 0
    let last = try sql("SELECT max(place) FROM _served")
    if try last.step(), UInt64(bitPattern: last.int(0)) < place { place = 0 }
    last.reset()
    let select = try sql.own(
      "SELECT place, log, first, last FROM _served WHERE scope = ?1 AND place > ?2 ORDER BY place")
    select.bind(1, number)
    select.bind(2, Int64(place))
    var touched: Set<LogID> = []
    // To where each line has been served already, by where that began.
    var served: [Dot: UInt64] = [:]
    while try select.step() {
      if budget <= 0 { return (Cursor(store: store, place: place), true, touched) }
      let log = select.identifier(1)
      let first = UInt64(bitPattern: select.int(2))
      let end = UInt64(bitPattern: select.int(3))
      // What waited when it was given its place may have gone to a branch since.
      for line in logs.lines(of: log) {
        touched.insert(line)
        guard shown[line] ?? 0 < end else { continue }
        var next = max(first, (shown[line] ?? 0) + 1, (logs.fork(of: line)?.sequence ?? 0) + 1)
        let start = Dot(line, next)
        next = max(next, (served[start] ?? 0) + 1)
        // Of a line that parts within the stretch only what ends at a signed head went with it: the rest is still to come.
        defer { served[start] = max(served[start] ?? 0, next - 1) }
        while next <= end, let (run, bytes) = try builder.run(line, from: next, to: end, budget: max(budget, 1)) {
          if bytes > budget, !batch.runs.isEmpty {
            // A stretch that is longer than a message goes in one of its own.
            budget = 0
            return (Cursor(store: store, place: place), true, touched)
          }
          budget -= bytes
          name(run, in: &batch, isKnown: false)
          batch.runs.append(run)
          next = run.first + UInt64(run.changes.count)
          if budget <= 0 && next <= end {
            // The rest of this stretch comes with the next round: what is here already is skipped by its hash.
            return (Cursor(store: store, place: place), true, touched)
          }
        }
      }
      for run in try builder.waitingRuns(log: log, from: first, to: end) {
        budget -= run.changes.reduce(0) { $0 + $1.payload.count }
        name(run, in: &batch, isKnown: false)
        batch.runs.append(run)
      }
      place = UInt64(bitPattern: select.int(0))
    }
    return (Cursor(store: store, place: place), false, touched)
  }

  /// What a receipt says of logs and branches; nil for all of the named scopes. What waits behind a tip without a gap is
  /// held as well.
  package func receiptEntries(_ wanted: Set<LogID>?, scopes: [String]) throws -> [Receipt.Entry] {
    let numbers = Set(scopes.compactMap { logs.scopeNumbers[$0] })
    var entries: [Receipt.Entry] = []
    for entry in logs.entries where numbers.contains(entry.scope) && (wanted?.contains(entry.id) ?? true) {
      let held = logs.held.end(of: entry.id, after: KnownHead(sequence: entry.tip, hash: entry.tipHash))
      if held.sequence > (entry.fork?.sequence ?? 0) {
        entries.append(Receipt.Entry(log: entry.id, held: held.sequence, hash: held.hash, applied: entry.tip))
      }
    }
    for (branch, fork) in logs.held.waitingBranches where wanted?.contains(branch) ?? true {
      guard let scope = logs.entry(logs.held.signedLog(of: branch))?.scope, numbers.contains(scope) else { continue }
      let held = logs.held.end(of: branch, after: KnownHead(sequence: fork.sequence, hash: .zero))
      entries.append(Receipt.Entry(log: branch, held: held.sequence, hash: held.hash, applied: fork.sequence))
    }
    return entries
  }

  /// The next receipt's number.
  package func nextReceiptNumber() throws -> UInt64 {
    let number = (try meta.number(.receipts) ?? 0) + 1
    try meta.set(.receipts, number: number)
    return number
  }

  // MARK: Orders

  /// Signs an order, takes it into the book and lets it take effect.
  package func issue(_ kind: OrderKind, time: UInt64, key: SigningKey) throws -> Order {
    let newest = logs.book.newest
    let mark = OrderMark(epoch: newest.epoch == 0 ? max(time, 1) : newest.epoch, number: newest.number + 1)
    let signed = try SignedOrder(
      mark: mark, previous: logs.book.standing.last?.hash ?? .zero, time: time, kind: kind, court: replica.court,
      key: key)
    _ = try effects.take([signed])
    try meta.set(.lastSignature, number: time)
    return signed.order
  }

  /// Opens a new epoch after the last order that stands (design §2).
  package func openEpoch(_ epoch: UInt64, time: UInt64, key: SigningKey) throws {
    let newest = logs.book.newest
    let signed = try SignedOrder(
      mark: OrderMark(epoch: epoch, number: newest.number + 1), previous: logs.book.standing.last?.hash ?? .zero,
      time: time, kind: .epoch(stands: newest.number), court: replica.court, key: key)
    _ = try effects.take([signed])
    try meta.set(.lastSignature, number: time)
  }

  /// Takes back an old order of this centre's own.
  package func takeBack(_ order: SignedOrder) throws { _ = try effects.take([order]) }

  package func receiptCount() throws -> UInt64 { try meta.number(.receipts) ?? 0 }
  package func setReceiptCount(_ count: UInt64) throws { try meta.set(.receipts, number: count) }

  package var orderBook: OrderBook { logs.book }

  /// The hash of a held header; nil when it is not held.
  package func headerHash(of dot: Dot) -> ContentHash? { logs.hash(of: logs.resolve(dot)) }

  package func ordersAfter(_ number: UInt64, limit: Int) throws -> [SignedOrder] {
    try orders(after: number, limit: limit)
  }

  package func lastSignature() throws -> UInt64? { try meta.number(.lastSignature) }
  package func noteSignature(_ time: UInt64) throws { try meta.set(.lastSignature, number: time) }

  /// The tree over accepted heads.
  package func tree() throws -> MerkleTree {
    guard let bytes = try meta.bytes(.tree) else { return MerkleTree() }
    var reader = ByteReader(bytes)
    let size = try reader.varint("tree size")
    var edge: [ContentHash] = []
    while !reader.isAtEnd { edge.append(try reader.hash("tree edge")) }
    return MerkleTree(size: size, edge: edge) ?? MerkleTree()
  }

  package func setTree(_ tree: MerkleTree) throws {
    var writer = ByteWriter()
    writer.varint(tree.size)
    for hash in tree.edge { writer.hash(hash) }
    try meta.set(.tree, writer.bytes)
  }

  // MARK: Notes the centre keeps beside the log

  package func note(_ kind: String, _ name: String) throws -> [UInt8]? {
    try meta.bytes(.note, suffix: "/\(kind)/\(name)")
  }

  package func setNote(_ kind: String, _ name: String, _ bytes: [UInt8]) throws {
    try meta.set(.note, suffix: "/\(kind)/\(name)", bytes)
  }
}

extension Workbench {
  /// Runs a part of the transaction that is undone whole when it throws.
  package func savepoint<T>(_ body: () throws -> T) throws -> T {
    try sql.execute("SAVEPOINT part")
    do {
      let result = try body()
      try sql.execute("RELEASE part")
      return result
    } catch {
      try sql.execute("ROLLBACK TO part; RELEASE part")
      // What is kept in memory went ahead of what is undone.
      sql.values = [:]
      try logs.load()
      throw error
    }
  }

  /// A log and its branches, those of which all waits too.
  package func lines(of log: LogID) -> [LogID] { logs.held.lines(of: log) }

  package func scope(of log: LogID) -> String? { logs.entry(log).flatMap { logs.scopeNames[$0.scope] } }

  package func createScope(_ name: String) throws { _ = try logs.scopeNumber(name) }

  /// A device's rights by scope, after all orders that stand.
  package func grants(of device: DeviceID) -> [String: Rights] { logs.grants(of: device).mapValues(\.rights) }
}
