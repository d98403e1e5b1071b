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
    /// Its header hash; of the genesis while there is none.
    var tipHash: ContentHash
    /// What the last change saw, itself included; nil until asked for.
    var tipVector: VersionVector?
  }

  let sql: StatementCache
  private(set) var entries: [Entry] = []
  private var places: [LogID: Int] = [:]
  private var numbers: [UInt64: Int] = [:]
  private(set) var scopeNames: [Int64: String] = [:]
  private(set) var scopeNumbers: [String: Int64] = [:]
  var book = OrderBook()
  /// Rises whenever a tip moves: tells a writer cheaply that its context must be worked out anew.
  private(set) var revision = 0

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
      let genesis = logs.isNull(4) ? nil : try Genesis(bytes: logs.blob(4))
      insert(
        Entry(
          number: UInt64(logs.int(0)), id: logs.identifier(1), scope: logs.int(2), device: logs.identifier(3),
          genesis: genesis, fork: logs.isNull(5) ? nil : Dot(logs.identifier(5), UInt64(logs.int(6))),
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
    }
    let orders = try sql("SELECT bytes, signature FROM _order ORDER BY number, epoch")
    while try orders.step() {
      _ = book.add(try SignedOrder(bytes: orders.blob(0), signature: orders.blob(1)).order)
    }
    orders.reset()
  }

  private func insert(_ entry: Entry) {
    places[entry.id] = entries.count
    numbers[entry.number] = entries.count
    entries.append(entry)
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

  func dot(of place: RecordClock.Place) -> Dot { Dot(entry(number: place.log)?.id ?? .zero, place.sequence) }

  func place(of dot: Dot) -> RecordClock.Place? {
    entry(dot.log).map { RecordClock.Place(log: $0.number, sequence: dot.sequence) }
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
    let number = UInt64(insert.int(0))
    insert.reset()
    var entry = Entry(
      number: number, id: id, scope: scope, device: device, genesis: genesis, fork: fork, isEnded: false,
      tipHash: genesis?.hash ?? .zero)
    if let fork {
      entry.tip = fork.sequence
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
    guard let i = places[log], sequence > entries[i].tip else { return }
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
    if dot.sequence > 1 { vector.include(Dot(dot.log, dot.sequence - 1), in: self) }
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
      guard let entry = entry(dot.log) else { continue }
      writer.varint(entry.number)
      writer.varint(dot.sequence)
    }
    return writer.bytes
  }

  private func decodeVector(_ bytes: [UInt8]) throws -> VersionVector {
    var reader = ByteReader(bytes)
    var vector = VersionVector()
    while !reader.isAtEnd {
      let number = try reader.varint("vector")
      let sequence = try reader.varint("vector")
      if let entry = entry(number: number) { vector.include(Dot(entry.id, sequence)) }
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

extension LogTable: CausalView {
  func hash(of dot: Dot) -> ContentHash? {
    guard let entry = entry(dot.log), dot.sequence > 0, dot.sequence <= entry.tip else { return nil }
    if dot.sequence == entry.tip { return entry.tipHash }
    guard let rows = try? sql("SELECT hash FROM _change WHERE id = ?1") else { return nil }
    rows.bind(1, RecordClock.Place(log: entry.number, sequence: dot.sequence).row)
    defer { rows.reset() }
    return (try? rows.step()) == true ? rows.hash(0) : nil
  }

  func fork(of log: LogID) -> Dot? {
    guard let fork = entry(log)?.fork else { return nil }
    return fork
  }

  func lines(of log: LogID) -> [LogID] {
    guard places[log] != nil else { return [] }
    var found = [log]
    var i = 0
    while i < found.count {
      let more = entries.filter { $0.fork?.log == found[i] && !found.contains($0.id) }.map(\.id).sorted()
      found += more
      i += 1
    }
    return found
  }

  func isAccounted(_ dot: Dot) -> Bool {
    if hash(of: dot) != nil { return true }
    return book.exclusion(of: dot, device: entry(dot.log)?.device, in: self) != nil
  }

  func isTakenAsWritten(_ dot: Dot) -> Bool { book.excludesUnheldPast(dot) }
}
