import ChangeFormat
import Merge

/// The logs of a replica as one connection sees them: their tips in memory, their headers by lookup.
///
/// It answers for header hashes, forks and what is accounted for, so that the pure rules of `Merge` can be asked.
final class LogTable {
  struct Entry {
    var number: UInt64
    var id: LogID
    var scope: Int64
    var device: DeviceID
    /// Nil for a branch: its headers carry the log it left.
    var genesis: Genesis?
    var fork: Dot?
    /// Takes no more own changes.
    var isEnded: Bool
    /// The last change that is applied or excluded; 0 for none.
    var tip: UInt64 = 0
    /// All changes up to here have rows, without a gap; less than `tip` only where a past that nobody holds is excluded.
    var accounted: UInt64 = 0
    /// Its header hash; of the genesis while there is none.
    var tipHash: ContentHash
    /// What the last change saw, itself included; nil until asked for.
    var tipVector: VersionVector?
  }

  let sql: StatementCache
  private(set) var entries: [Entry] = []
  private var places: [LogID: Int] = [:]
  private var numbers: [UInt64: Int] = [:]
  private var branches: [LogID: [LogID]] = [:]
  private(set) var scopeNames: [Int64: String] = [:]
  private(set) var scopeNumbers: [String: Int64] = [:]
  var book = OrderBook()
  /// Logs of which a context names a change that is excluded and not held: no digest has confirmed it. By scope.
  private(set) var presumed: [Int64: Set<LogID>] = [:]
  /// Logs in which a change stands after a past that nobody holds.
  private var gaps: Set<LogID> = []
  private var chain: HeldChain?
  /// Rises whenever a tip moves: tells a writer cheaply that its context must be worked out anew.
  private(set) var revision = 0
  /// By log number, the change kept whole that the next ones may lean on.
  var bases: [UInt64: PayloadRows.Base] = [:]
  /// The header looked up last; a row's never changes.
  var headMetLast: (place: RecordClock.Place, stamp: Stamp, hash: ContentHash)?

  /// What fits a row's id beside 40 bits of sequence.
  static let logNumbers: Range<Int64> = 1..<1 << 22

  init(_ sql: StatementCache) throws {
    self.sql = sql
    try load()
  }

  func load() throws {
    entries = []
    places = [:]
    numbers = [:]
    scopeNames = [:]
    scopeNumbers = [:]
    branches = [:]
    presumed = [:]
    gaps = []
    chain = nil
    bases = [:]
    headMetLast = nil
    sql.forgetValues()
    book = OrderBook()
    revision += 1
    let scopes = try sql("SELECT number, name FROM _scope")
    while try scopes.step() {
      scopeNames[scopes.int(0)] = scopes.text(1)
      scopeNumbers[scopes.text(1)] = scopes.int(0)
    }
    let logs = try sql(
      "SELECT number, id, scope, device, genesis, fork_log, fork_sequence, ended FROM _log ORDER BY number")
    while try logs.step() {
      guard LogTable.logNumbers.contains(logs.int(0)), (0..<1 << 40).contains(logs.int(6)) else {
        throw ReplicaError.damaged(path: "replica.db", detail: "number of a log")
      }
      let genesis = logs.isNull(4) ? nil : try Genesis(bytes: logs.blob(4))
      insert(
        Entry(
          number: UInt64(bitPattern: logs.int(0)), id: logs.identifier(1), scope: logs.int(2),
          device: logs.identifier(3),
          genesis: genesis, fork: logs.isNull(5) ? nil : Dot(logs.identifier(5), UInt64(bitPattern: logs.int(6))),
          isEnded: logs.int(7) != 0, tipHash: genesis?.hash ?? .zero))
    }
    logs.reset()
    for i in entries.indices {
      let tip = try sql("SELECT id, hash FROM _change WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1")
      let first = Int64(entries[i].number << 40)
      tip.bind(1, first)
      tip.bind(2, first | (1 << 40 - 1))
      if try tip.step() {
        entries[i].tip = RecordClock.Place(row: tip.int(0)).sequence
        entries[i].tipHash = tip.hash(1)
      } else if let fork = entries[i].fork {
        entries[i].tip = fork.sequence
        entries[i].tipHash = hash(of: fork) ?? .zero
      }
      tip.reset()
      entries[i].accounted = entries[i].tip
    }
    try loadGaps()
    let orders = try sql("SELECT bytes, signature FROM _order ORDER BY number, epoch")
    while try orders.step() {
      _ = book.add(try SignedOrder(bytes: orders.blob(0), signature: orders.blob(1)).order)
    }
    orders.reset()
  }

  private func insert(_ entry: Entry) {
    places[entry.id] = entries.count
    numbers[entry.number] = entries.count
    if let fork = entry.fork { branches[fork.log] = ((branches[fork.log] ?? []) + [entry.id]).sorted() }
    entries.append(entry)
  }

  /// What is kept of pasts that nobody holds.
  private func loadGaps() throws {
    let kept = try sql("SELECT id FROM _kept WHERE previous IS NOT NULL ORDER BY id")
    var firsts: [UInt64: UInt64] = [:]
    while try kept.step() {
      let place = RecordClock.Place(row: kept.int(0))
      if firsts[place.log] == nil { firsts[place.log] = place.sequence }
    }
    kept.reset()
    for (number, first) in firsts {
      guard let i = numbers[number] else { continue }
      gaps.insert(entries[i].id)
      entries[i].accounted = try lastRow(of: number, before: first) ?? entries[i].fork?.sequence ?? 0
    }
    let named = try sql("SELECT scope, log FROM _presumed")
    while try named.step() { presumed[named.int(0), default: []].insert(named.identifier(1)) }
    named.reset()
  }

  private func lastRow(of number: UInt64, before sequence: UInt64) throws -> UInt64? {
    let last = try sql("SELECT max(id) FROM _change WHERE id >= ?1 AND id < ?2")
    last.bind(1, Int64(number << 40))
    last.bind(2, Int64(number << 40 | sequence))
    defer { last.reset() }
    guard try last.step(), !last.isNull(0) else { return nil }
    return RecordClock.Place(row: last.int(0)).sequence
  }

  /// All headers held, with those that wait.
  var held: HeldChain {
    if let chain { return chain }
    let fresh = HeldChain(self)
    chain = fresh
    if let waiting = try? WaitingChange.all(sql) {
      fresh.fill(
        waiting.map {
          ($0.hash, HeldChain.Waiting(dot: $0.dot, previous: $0.previous, lacking: $0.isExcluded ? $0.missing : nil))
        })
    }
    return fresh
  }

  /// Whether of a log or one of its branches something stands after a past that nobody holds.
  func hasGap(_ log: LogID) -> Bool {
    if gaps.isEmpty { return false }
    return lines(of: signedLog(of: log)).contains { gaps.contains($0) }
  }

  /// Whether a change is the next of a log without branches and gaps, which no other log has either.
  func isPlainNext(_ header: Header) -> Bool {
    guard branches.isEmpty, gaps.isEmpty, presumed.isEmpty, let i = places[header.dot.log] else { return false }
    return entries[i].tip + 1 == header.dot.sequence && entries[i].tipHash == header.previous
  }

  func noteGap(_ log: LogID) { gaps.insert(log) }

  /// Notes that a context named a change which is excluded and not held.
  func presume(_ log: LogID, scope: Int64) throws {
    guard presumed[scope, default: []].insert(log).inserted else { return }
    let insert = try sql("INSERT OR IGNORE INTO _presumed (scope, log) VALUES (?1, ?2)")
    insert.bind(1, scope)
    insert.bind(2, log)
    try insert.run()
  }

  // MARK: Scopes

  func scopeNumber(_ name: String) throws -> Int64 {
    if let number = scopeNumbers[name] { return number }
    let insert = try sql("INSERT INTO _scope (name) VALUES (?1) RETURNING number")
    insert.bind(1, name)
    _ = try insert.step()
    let number = insert.int(0)
    insert.reset()
    scopeNames[number] = name
    scopeNumbers[name] = number
    return number
  }

  // MARK: Logs

  func entry(_ log: LogID) -> Entry? { places[log].map { entries[$0] } }
  func entry(number: UInt64) -> Entry? { numbers[number].map { entries[$0] } }
  func index(of log: LogID) -> Int? { places[log] }

  func dot(of place: RecordClock.Place) -> Dot {
    Dot(numbers[place.log].map { entries[$0].id } ?? .zero, place.sequence)
  }

  func place(of dot: Dot) -> RecordClock.Place? {
    places[dot.log].map { RecordClock.Place(log: entries[$0].number, sequence: dot.sequence) }
  }

  /// Takes a log into the table; one already there is left as it is.
  func register(_ genesis: Genesis) throws {
    let id = genesis.log
    guard places[id] == nil else { return }
    try add(id: id, scope: genesis.scope, device: genesis.device, genesis: genesis, fork: nil)
  }

  func registerBranch(_ id: LogID, leaving fork: Dot?, like log: LogID) throws {
    guard places[id] == nil, let parent = entry(log) else { return }
    try add(
      id: id, scope: scopeNames[parent.scope] ?? "", device: parent.device, genesis: nil,
      fork: fork ?? Dot(log, 0))
  }

  private func add(id: LogID, scope: String, device: DeviceID, genesis: Genesis?, fork: Dot?) throws {
    let scope = try scopeNumber(scope)
    let insert = try sql(
      """
      INSERT INTO _log (id, scope, device, genesis, fork_log, fork_sequence, ended) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)
      RETURNING number
      """)
    insert.bind(1, id)
    insert.bind(2, scope)
    insert.bind(3, device)
    if let genesis { insert.bind(4, genesis.bytes) } else { insert.bindNull(4) }
    if let fork {
      insert.bind(5, fork.log)
      insert.bind(6, Int64(fork.sequence))
    } else {
      insert.bindNull(5)
      insert.bindNull(6)
    }
    _ = try insert.step()
    let number = UInt64(bitPattern: insert.int(0))
    insert.reset()
    var entry = Entry(
      number: number, id: id, scope: scope, device: device, genesis: genesis, fork: fork, isEnded: false,
      tipHash: genesis?.hash ?? .zero)
    if let fork {
      entry.tip = fork.sequence
      entry.accounted = fork.sequence
      entry.tipHash = hash(of: fork) ?? .zero
    }
    self.insert(entry)
  }

  func end(_ log: LogID) throws {
    guard let i = places[log] else { return }
    entries[i].isEnded = true
    let update = try sql("UPDATE _log SET ended = 1 WHERE number = ?1")
    update.bind(1, Int64(entries[i].number))
    try update.run()
  }

  /// Moves a log's tip after its change has been written.
  func advance(_ log: LogID, to sequence: UInt64, hash: ContentHash, vector: VersionVector?) {
    guard let i = places[log] else { return }
    if sequence == entries[i].accounted + 1 {
      entries[i].accounted = sequence
      while entries[i].accounted < entries[i].tip, self.hash(of: Dot(log, entries[i].accounted + 1)) != nil {
        entries[i].accounted += 1
      }
    }
    guard sequence > entries[i].tip else { return }
    entries[i].tip = sequence
    entries[i].tipHash = hash
    entries[i].tipVector = vector
    revision += 1
  }

  func setTipVector(_ log: LogID, _ vector: VersionVector) {
    if let i = places[log] { entries[i].tipVector = vector }
  }

  // MARK: Contexts

  /// What a change saw: its context, its own log before it, and itself not.
  func vector(of dot: Dot) throws -> VersionVector {
    let dot = resolve(dot)
    guard let entry = entry(dot.log) else { return VersionVector() }
    let first = Int64(entry.number << 40)
    let rows = try sql("SELECT entries FROM _vector WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1")
    rows.bind(1, first)
    rows.bind(2, first + Int64(dot.sequence))
    var vector = VersionVector()
    if try rows.step() {
      vector = try decodeVector(rows.blob(0))
      rows.reset()
    } else {
      rows.reset()
      if let fork = entry.fork, fork.sequence > 0 { vector = try self.vector(of: fork) }
    }
    if dot.sequence > 1 { vector.include(resolve(Dot(dot.log, dot.sequence - 1)), in: self) }
    return vector
  }

  /// The tip's vector with the tip itself: the base of the log's next change.
  func tipVector(of log: LogID) throws -> VersionVector {
    guard let entry = entry(log), entry.tip > 0 else { return VersionVector() }
    if let vector = entry.tipVector { return vector }
    var vector = try vector(of: Dot(log, entry.tip))
    vector.include(Dot(log, entry.tip), in: self)
    setTipVector(log, vector)
    return vector
  }

  func encodeVector(_ vector: VersionVector, without log: LogID) -> [UInt8] {
    var writer = ByteWriter()
    for dot in vector.sorted where dot.log != log {
      // Number 0: a log of which nothing is here yet.
      writer.varint(entry(dot.log)?.number ?? 0)
      if entry(dot.log) == nil { writer.identifier(dot.log) }
      writer.varint(dot.sequence)
    }
    return writer.bytes
  }

  private func decodeVector(_ bytes: [UInt8]) throws -> VersionVector {
    var reader = ByteReader(bytes)
    var vector = VersionVector()
    while !reader.isAtEnd {
      let number = try reader.varint("vector")
      let unknown = number == 0 ? try reader.identifier("vector") : nil
      let sequence = try reader.varint("vector")
      if let log = unknown ?? entry(number: number)?.id { vector.include(Dot(log, sequence)) }
    }
    return vector
  }

  /// What is applied, or excluded and held, in a scope: the context of a change made now.
  func heads(scope: Int64) -> VersionVector {
    var vector = VersionVector()
    for entry in entries where entry.scope == scope && entry.tip > (entry.fork?.sequence ?? 0) {
      vector.include(Dot(entry.id, entry.tip))
    }
    return vector
  }
}

extension LogTable: HeaderChain {
  /// Of an applied or excluded change; see ``held`` for those that wait.
  func hash(of dot: Dot) -> ContentHash? {
    guard let entry = entry(dot.log), dot.sequence > 0, dot.sequence <= entry.tip else { return nil }
    if dot.sequence == entry.tip { return entry.tipHash }
    guard let rows = try? sql("SELECT hash FROM _change WHERE id = ?1") else { return nil }
    rows.bind(1, RecordClock.Place(log: entry.number, sequence: dot.sequence).row)
    defer { rows.reset() }
    return (try? rows.step()) == true ? rows.hash(0) : nil
  }

  func fork(of log: LogID) -> Dot? { entry(log)?.fork }

  /// Logs that left a log, in order of id.
  func branches(of log: LogID) -> [LogID] { branches[log] ?? [] }

  func lines(of log: LogID) -> [LogID] {
    guard places[log] != nil else { return [log] }
    if branches.isEmpty { return [log] }
    var found = [log]
    var i = 0
    while i < found.count {
      found += branches(of: found[i])
      i += 1
    }
    return found
  }

  /// How often a log's line has left another.
  func depth(of log: LogID) -> Int {
    var depth = 0
    var log = log
    while let fork = fork(of: log) {
      depth += 1
      log = fork.log
    }
    return depth
  }

  /// Where a header has its row, given the dot inside it; nil when it has none.
  func placed(_ hash: ContentHash, signed dot: Dot) -> Dot? {
    if let entry = entry(dot.log), entry.tip == dot.sequence, entry.tipHash == hash, entry.fork == nil { return dot }
    for line in lines(of: dot.log) {
      let placed = resolve(Dot(line, dot.sequence))
      if self.hash(of: placed) == hash { return placed }
    }
    return nil
  }

  /// Logs whose line has a header at a sequence, whatever log an order names it by: it may be a branch not known here.
  func lines(through hash: ContentHash, at sequence: UInt64) -> [LogID] {
    entries.map(\.id).filter { self.hash(of: resolve(Dot($0, sequence))) == hash }
  }

  /// The next sequence after a dot that has a row in its log.
  func nextRow(after dot: Dot) -> UInt64? {
    guard let entry = entry(dot.log), dot.sequence < entry.tip,
      let rows = try? sql(
        "SELECT min(id) FROM _change WHERE id > ?1 AND id <= ?2")
    else { return nil }
    rows.bind(1, RecordClock.Place(log: entry.number, sequence: dot.sequence).row)
    rows.bind(2, RecordClock.Place(log: entry.number, sequence: entry.tip).row)
    defer { rows.reset() }
    guard (try? rows.step()) == true, !rows.isNull(0) else { return nil }
    return RecordClock.Place(row: rows.int(0)).sequence
  }
}
