import CSQLite

/// The replica's own tables. Synced tables stand beside them under the schema's names.
enum InternalTables {
  /// "CIRC": tells a replica from any other SQLite file.
  static let applicationID: Int32 = 0x4349_5243
  /// The layout of this page; a file with a greater one is of newer software.
  static let formatVersion: Int32 = 1

  static let sql = """
    CREATE TABLE _meta (key TEXT PRIMARY KEY, value BLOB) STRICT, WITHOUT ROWID;
    CREATE TABLE _scope (number INTEGER PRIMARY KEY, name TEXT UNIQUE) STRICT;
    -- A log or branch. `fork_log`, `fork_sequence`: the last change a branch shares with the log it left.
    CREATE TABLE _log (number INTEGER PRIMARY KEY, id BLOB UNIQUE, scope INTEGER, device BLOB, genesis BLOB,
      fork_log BLOB, fork_sequence INTEGER, ended INTEGER) STRICT;
    -- One row per change that is applied or excluded. id: log number * 2^40 + sequence. `chain`: for every record
    -- written, in the payload's order, the row of that record's previous change.
    -- `payload`: packed as it travels, or folded on an earlier one of its log.
    CREATE TABLE _change (id INTEGER PRIMARY KEY, head BLOB, hash BLOB, payload BLOB, chain BLOB) STRICT;
    -- Signed heads, by the row of their change.
    CREATE TABLE _head (id INTEGER PRIMARY KEY, signature BLOB) STRICT;
    -- The whole context of a change whose delta is not empty.
    CREATE TABLE _vector (id INTEGER PRIMARY KEY, entries BLOB) STRICT;
    -- Members of S beyond the shown one, unknown columns, and values the schema cannot hold.
    CREATE TABLE _open (scope INTEGER, tbl INTEGER, record BLOB, col INTEGER, log INTEGER, sequence INTEGER,
      decides INTEGER, value BLOB, PRIMARY KEY (scope, tbl, record, col, log, sequence)) STRICT, WITHOUT ROWID;
    CREATE TABLE _order (hash BLOB PRIMARY KEY, epoch INTEGER, number INTEGER, bytes BLOB, signature BLOB) STRICT;
    -- The newest receipt for every log, of the newest epoch.
    CREATE TABLE _receipt (log BLOB PRIMARY KEY, epoch INTEGER, held INTEGER, hash BLOB, applied INTEGER,
      statement BLOB, signature BLOB) STRICT;
    -- Changes that wait, whole. `log`: the id inside the header; `missing_log`, `missing_sequence`: the past waited for;
    -- `at_centre`: it came from the centre, or the centre has given a receipt; `timely`: it was applied before.
    CREATE TABLE _waiting (number INTEGER PRIMARY KEY, log BLOB, sequence INTEGER, hash BLOB UNIQUE, previous BLOB,
      header BLOB, payload BLOB, signature BLOB, kind INTEGER, missing_log BLOB, missing_sequence INTEGER,
      at_centre INTEGER NOT NULL DEFAULT 0, timely INTEGER NOT NULL DEFAULT 0) STRICT;
    CREATE INDEX _waiting_log ON _waiting (log, sequence);
    -- Rows of `_change` that an order excludes.
    CREATE TABLE _excluded (id INTEGER PRIMARY KEY) STRICT;
    -- Logs of which a context names a change that is excluded and not held.
    CREATE TABLE _presumed (scope INTEGER, log BLOB, PRIMARY KEY (scope, log)) STRICT, WITHOUT ROWID;
    -- At the centre: which stretches of logs became servable, in the order of their commits.
    CREATE TABLE _served (place INTEGER PRIMARY KEY, scope INTEGER, log BLOB, first INTEGER, last INTEGER) STRICT;
    -- At the centre: changes that are not in the tables yet, in the order in which they were taken. id: as in `_change`.
    CREATE TABLE _unbuilt (number INTEGER PRIMARY KEY, id INTEGER) STRICT;
    -- What cannot be computed of a header: of a redacted change its payload's hash and length, of one whose past is
    -- excluded and not held its previous hash.
    CREATE TABLE _kept (id INTEGER PRIMARY KEY, previous BLOB, payload_hash BLOB, payload_length INTEGER) STRICT;
    -- Messages that travel in parts, as far as they have come.
    CREATE TABLE _staged (place TEXT, start INTEGER, request BLOB, hash BLOB, length INTEGER, time INTEGER,
      bytes BLOB, PRIMARY KEY (place, start)) STRICT;
    """
}

/// Keys of `_meta`.
enum MetaKey: String {
  case court, courtName = "court_name", courtCode = "court_code", device, label, incarnation
  case centreKey = "centre_key", centreURL = "centre_url", authority, isCentre = "is_centre"
  case trustedTime = "trusted_time", lastContact = "last_contact", clockWrong = "clock_wrong"
  case hybridClock = "hybrid_clock", cursors, schema, note, bundles, receipts = "receipt_count", tree
  case store, incarnationReason = "incarnation_reason", lastSignature = "last_signature", shownHeads = "shown_heads"
}

/// The header of an SQLite file, read before SQLite opens anything: opening writes.
enum FileProbe {
  enum Finding: Equatable {
    case absent
    case replica(version: Int32)
    case foreign
  }

  /// - Parameter head: the first 100 bytes; nil: there is no file.
  static func look(at head: [UInt8]?) -> Finding {
    guard let header = head else { return .absent }
    guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else { return .foreign }
    func word(_ at: Int) -> Int32 {
      Int32(bitPattern: header[at..<at + 4].reduce(0) { $0 << 8 | UInt32($1) })
    }
    guard word(68) == InternalTables.applicationID else { return .foreign }
    return .replica(version: word(60))
  }
}
