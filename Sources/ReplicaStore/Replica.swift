import CSQLite
import ChangeFormat
import Foundation
import GRDB
import Merge

/// Who a replica belongs to.
public struct ReplicaIdentity: Sendable {
  public var court: Identifier
  public var keys: DeviceKeys
  public var label: String
  /// The centre's public key: its orders and receipts are believed. Nil: a replica without a centre.
  public var centreKey: PublicKey?
  public var centreURL: String
  /// PEM of the certificate authority that the centre's TLS is pinned to.
  public var authority: [UInt8]
  /// The centre's own replica holds every scope and is written by nobody.
  public var isCentre: Bool

  public init(
    court: Identifier, keys: DeviceKeys, label: String, centreKey: PublicKey? = nil, centreURL: String = "",
    authority: [UInt8] = [], isCentre: Bool = false
  ) {
    self.court = court
    self.keys = keys
    self.label = label
    self.centreKey = centreKey
    self.centreURL = centreURL
    self.authority = authority
    self.isCentre = isCentre
  }
}

/// A whole, working, verifiable copy of what a device shares: one SQLite file, written through changes only.
///
/// Reading goes through ``reader`` with GRDB's ordinary API, or through the methods of `Reading`. Writing takes the
/// exclusive turn among processes, makes one change, and commits record, clock and change in one SQLite transaction.
public final class Replica: @unchecked Sendable {
  public enum Access: Sendable { case reading, writing }

  public let schema: Schema
  public let surroundings: Surroundings
  /// The database, for GRDB's ordinary API: records, requests, `ValueObservation`. Never write through it.
  public let reader: any DatabaseReader
  /// Nil for a replica in memory.
  public let folder: String?

  /// Whether it is a file, with a write-ahead log that must be kept short.
  let isFile: Bool
  let writer: (any DatabaseWriter)?
  private let turn: any TurnTaking
  /// Turns among the threads of this process: the file lock knows processes only.
  private let gate = NSLock()
  /// The writer connection's state; touched inside a write only.
  private var bench: Workbench?
  private var isStale = true
  private var seenVersion: Int64 = -1
  let identity: StoredIdentity
  private let readings = OpenReadings()
  private let logLength = LogLength()

  init(
    schema: Schema, surroundings: Surroundings, reader: any DatabaseReader, writer: (any DatabaseWriter)?,
    turn: any TurnTaking, folder: String?, isLooseFile: Bool = false
  ) throws {
    self.schema = schema
    self.surroundings = surroundings
    self.reader = reader
    self.writer = writer
    self.turn = turn
    self.folder = folder
    isFile = folder != nil || isLooseFile
    identity = try Replica.snapshot(of: reader, inFolder: folder != nil) {
      try StoredIdentity(StatementCache($0.handle))
    }
    if isFile { writer?.writeWithoutTransaction { logLength.watch($0.handle) } }
  }

  public var court: Identifier { identity.court }
  public var device: DeviceID { identity.device }
  public var label: String { identity.label }
  public var isCentre: Bool { identity.isCentre }
  public var centreURL: String { identity.centreURL }
  public var centreKey: PublicKey? { identity.centreKey }
  public var authority: [UInt8] { identity.authority }

  /// What SQL errors are reported against.
  var path: String { folder.map { "\($0)/replica.db" } ?? ":memory:" }

  /// A new record id: a UUIDv7 (RFC 9562), so that inserts append.
  public func newRecordID() -> RecordID {
    let random = surroundings.randomness.bytes(10)
    let milliseconds = surroundings.clock.wallMilliseconds() & Stamp.greatestMilliseconds
    var high = milliseconds << 16 | 0x7000
    high |= UInt64(random[0] & 0x0F) << 8 | UInt64(random[1])
    var low = random[2...9].reduce(0) { $0 << 8 | UInt64($1) }
    low = low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    return RecordID(high: high, low: low)
  }

  // MARK: Transactions

  /// One write transaction under the exclusive turn. What throws leaves nothing behind.
  ///
  /// - Parameter leavingTables: at a centre, the tables need not have what is taken when this returns: somebody calls
  ///   ``buildTables(limit:)``.
  package func transaction<T>(leavingTables: Bool = false, _ body: (Workbench) throws -> T) throws -> T {
    guard let writer else {
      throw ReplicaError.keysMissing(device: device, folder: surroundings.keys.location)
    }
    gate.lock()
    defer { gate.unlock() }
    return try reportingStorage {
      try turn.begin()
      defer { turn.end() }
      do {
        let result = try writer.writeWithoutTransaction { db in
          try db.inShortTransaction {
            let bench = try workbench(db)
            let result = try body(bench)
            // Nobody should see a scope half written anew.
            if isCentre, !leavingTables || bench.applier.hasEmptiedTables { _ = try bench.buildTables() }
            bench.applier.hasEmptiedTables = false
            for table in bench.records.touched { try db.notifyChanges(in: GRDB.Table(table)) }
            bench.records.touched = []
            return result
          }
        }
        // The commit is durable; that its generation says so only saves the next commit a guess.
        try? bench?.afterCommit?()
        bench?.afterCommit = nil
        checkpointIfLong()
        return result
      } catch {
        isStale = true
        throw error
      }
    }
  }

  /// What the connection keeps between transactions, made anew when another process has written.
  private func workbench(_ db: Database) throws -> Workbench {
    let handle = db.handle
    let versions = try (bench?.sql ?? StatementCache(handle))("PRAGMA data_version")
    _ = try versions.step()
    let version = versions.int(0)
    versions.reset()
    if let bench, !isStale, version == seenVersion {
      bench.refreshTime()
      return bench
    }
    let fresh = try Workbench(replica: self, sql: bench?.sql ?? StatementCache(handle))
    bench = fresh
    isStale = false
    seenVersion = version
    return fresh
  }

  /// Runs a reading on a snapshot, with SQLite's failures told as the replica's.
  func reading<T>(_ body: (ReadingTable) throws -> T) throws(ReplicaError) -> T {
    try reporting { try snapshot { db in try readings.read(self, db.handle, body) } }
  }

  /// Runs a reading that hands what it finds to a caller's closure; what the closure throws is passed on as it is.
  func readingOut(_ body: (ReadingTable) throws -> Void) throws {
    try reportingStorage { try snapshot { db in try readings.read(self, db.handle, body) } }
  }

  /// One connection alone, as in memory, needs no transaction to be a snapshot; GRDB's own would make the connection
  /// read-only for its duration, and with that every prepared statement of it anew.
  private static func snapshot<T>(
    of reader: any DatabaseReader, inFolder: Bool, _ body: (Database) throws -> T
  ) throws -> T {
    try inFolder ? reader.read(body) : reader.unsafeRead(body)
  }

  private func snapshot<T>(_ body: (Database) throws -> T) throws -> T {
    try Replica.snapshot(of: reader, inFolder: folder != nil, body)
  }

  /// Tells SQLite's and the format's failures as errors a person can act on.
  func reporting<T>(_ body: () throws -> T) throws(ReplicaError) -> T {
    do {
      return try body()
    } catch {
      throw told(error) ?? .fileTrouble(path: path, detail: "\(error)")
    }
  }

  /// As ``reporting(_:)``, but an error that is not the store's own is passed on: the caller knows what it means.
  func reportingStorage<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch {
      throw told(error) ?? error
    }
  }

  /// A failure of the store in words a person can act on; nil for anybody else's error.
  private func told(_ error: any Error) -> ReplicaError? {
    switch error {
    case let error as ReplicaError: error
    case let failure as SQLiteFailure: ReplicaError(failure.code, failure.message, path)
    case let error as DatabaseError: ReplicaError(error.resultCode.rawValue, error.message ?? "", path)
    case let error as FormatError: .damaged(path: path, detail: error.message(.en))
    default: nil
    }
  }

  // MARK: Checkpoints

  private func checkpointIfLong() {
    if isFile && logLength.pages >= Replica.longLog { checkpoint() }
  }

  /// Pages of write-ahead log after which a commit checkpoints: 4 MiB.
  static let longLog: Int32 = 1024

  /// Copies the write-ahead log into the file; the caller holds the turn.
  func checkpoint() {
    guard isFile, let writer else { return }
    writer.writeWithoutTransaction { db in
      _ = sqlite3_wal_checkpoint_v2(db.handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    }
  }

  /// Signs what is unsigned of the own logs, checkpoints under the lock, and closes the file.
  public func close() throws(ReplicaError) {
    if writer != nil {
      try reporting {
        // Without the keys the tail stays unsigned: that is for the next process that has them.
        if bench != nil { do { try signHeads() } catch ReplicaError.keysMissing {} }
        gate.lock()
        defer { gate.unlock() }
        try turn.begin()
        defer { turn.end() }
        checkpoint()
      }
    }
    bench = nil
    readings.end()
    try reporting { try (writer ?? reader).close() }
  }
}

extension ReplicaError {
  init(_ code: Int32, _ message: String, _ path: String) {
    switch code & 0xFF {
    case SQLITE_FULL, SQLITE_IOERR: self = .diskFull(path: path)
    case SQLITE_BUSY, SQLITE_LOCKED: self = .inUse(path: path)
    // The statements are ours: where one does not fit, the tables are not.
    case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_ERROR, SQLITE_CONSTRAINT: self = .damaged(path: path, detail: message)
    default: self = .fileTrouble(path: path, detail: message)
    }
  }
}

extension Database {
  /// An immediate transaction as ``inTransaction(_:_:)`` makes it, with its two statements prepared once: what one short
  /// change costs is felt in it.
  fileprivate func inShortTransaction<T>(_ body: () throws -> T) throws -> T {
    try cachedStatement(sql: "BEGIN IMMEDIATE TRANSACTION").execute()
    do {
      let result = try body()
      try cachedStatement(sql: "COMMIT TRANSACTION").execute()
      return result
    } catch {
      try? rollback()
      throw error
    }
  }

  /// The raw handle; valid inside the access that gave it.
  var handle: OpaquePointer {
    guard let handle = sqliteConnection else { preconditionFailure("the connection is closed") }
    return handle
  }
}
