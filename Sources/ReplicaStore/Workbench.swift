import ChangeFormat
import Merge

/// What a write transaction works with: one writer connection's statements, logs, records and clocks.
package final class Workbench {
  /// The replica keeps its workbench; held the other way round too, neither would ever be freed.
  package unowned let replica: Replica
  let sql: StatementCache
  let logs: LogTable
  let records: RecordStore
  let applier: Applier
  let reader: ChangeReader
  let compressor = Compressor()
  var meta: Meta
  /// Run once after the commit: what tells the generation that the commit is durable.
  var afterCommit: (() throws -> Void)?
  /// The incarnation whose generation says already that this transaction is intended.
  var announced: Identifier?
  /// Per own log: changes and bytes since the last signed head, and when that was signed.
  var unsigned: [LogID: UnsignedTail] = [:]
  /// Per own log, the revision of the log table up to which its context is known.
  var contextRevision: [LogID: Int] = [:]
  /// Per own log, the stamp of its newest change.
  var tipStamps: [LogID: (sequence: UInt64, stamp: Stamp)] = [:]
  /// The replica file that is open; nil until a commit asks.
  var identity: (inode: UInt64, disk: UInt64)?
  /// The own keys, read once.
  private(set) var keys: DeviceKeys?

  struct UnsignedTail {
    var changes: UInt64 = 0
    var bytes = 0
    var signedAt: UInt64 = 0
  }

  init(replica: Replica, sql: StatementCache) throws {
    self.replica = replica
    self.sql = sql
    logs = try LogTable(sql)
    records = RecordStore(sql: sql, schema: replica.schema, logs: logs)
    meta = Meta(sql)
    applier = Applier(sql: sql, logs: logs, records: records, compressor: compressor, trustedTime: 0)
    if replica.isCentre { applier.tables = .later }
    reader = ChangeReader(sql: sql, logs: logs, court: replica.court, compressor: compressor)
    refreshTime()
  }

  var clock: any MachineClock { replica.surroundings.clock }

  var effects: OrderEffects {
    OrderEffects(sql: sql, logs: logs, records: records, applier: applier, reader: reader)
  }

  /// Trusted milliseconds; the system clock while the centre has said nothing.
  func refreshTime() {
    applier.trustedTime = (try? meta.trustedTime())??.now(clock) ?? clock.wallMilliseconds()
  }

  /// The device's keys; without them the replica can only be read.
  func ownKeys() throws -> DeviceKeys {
    if let keys { return keys }
    let device = replica.device
    guard let found = try replica.surroundings.keys.keys(of: device) else {
      throw ReplicaError.keysMissing(device: device, folder: replica.surroundings.keys.location)
    }
    keys = found
    return found
  }
}

/// The replica's own settings and marks, one row a key.
struct Meta {
  let sql: StatementCache

  init(_ sql: StatementCache) { self.sql = sql }

  func bytes(_ key: MetaKey, suffix: String = "") throws -> [UInt8]? {
    let name = suffix.isEmpty ? key.rawValue : key.rawValue + suffix
    if let known = sql.values[name] { return known }
    let select = try sql("SELECT value FROM _meta WHERE key = ?1")
    select.bind(1, name)
    defer { select.reset() }
    let found = try select.step() && !select.isNull(0) ? select.blob(0) : nil
    sql.values[name] = .some(found)
    return found
  }

  func set(_ key: MetaKey, suffix: String = "", _ bytes: [UInt8]) throws {
    let insert = try sql("INSERT INTO _meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2")
    insert.bind(1, key.rawValue + suffix)
    insert.bind(2, bytes)
    sql.values[key.rawValue + suffix] = nil
    try insert.run()
  }

  func remove(_ key: MetaKey, suffix: String = "") throws {
    let delete = try sql("DELETE FROM _meta WHERE key = ?1")
    delete.bind(1, key.rawValue + suffix)
    sql.values[key.rawValue + suffix] = nil
    try delete.run()
  }

  func text(_ key: MetaKey) throws -> String? { try bytes(key).map { String(decoding: $0, as: UTF8.self) } }

  func number(_ key: MetaKey, suffix: String = "") throws -> UInt64? {
    guard let bytes = try bytes(key, suffix: suffix) else { return nil }
    var reader = ByteReader(bytes)
    return try reader.varint(key.rawValue)
  }

  func set(_ key: MetaKey, suffix: String = "", number: UInt64) throws {
    var writer = ByteWriter()
    writer.varint(number)
    try set(key, suffix: suffix, writer.bytes)
  }

  func trustedTime() throws -> TrustedTime? { try bytes(.trustedTime).map { try TrustedTime(bytes: $0) } }
}

/// What a replica file says of itself, read at opening.
struct StoredIdentity: Sendable {
  var court: Identifier
  var device: DeviceID
  var label: String
  var isCentre: Bool
  var centreKey: PublicKey?
  var centreURL: String
  var authority: [UInt8]

  init(_ sql: StatementCache) throws {
    let meta = Meta(sql)
    guard let court = try meta.bytes(.court).flatMap({ Identifier(bytes: $0) }),
      let device = try meta.bytes(.device).flatMap({ Identifier(bytes: $0) })
    else { throw ReplicaError.damaged(path: "replica.db", detail: "no court or device") }
    self.court = court
    self.device = device
    label = try meta.text(.label) ?? ""
    isCentre = try meta.bytes(.isCentre) == [1]
    centreKey = try meta.bytes(.centreKey).map { try PublicKey(bytes: $0) }
    centreURL = try meta.text(.centreURL) ?? ""
    authority = try meta.bytes(.authority) ?? []
  }
}
