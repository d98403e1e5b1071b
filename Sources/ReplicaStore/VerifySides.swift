import ChangeFormat
import Merge

/// What `verify` checks besides log and tables: what stands beside them and no digest covers.
extension ReadingTable {
  /// Throws `differs` naming the first thing that is not what it must be.
  func checkSides() throws {
    try checkFile()
    try checkRows()
    try checkOpen()
    try checkOrders()
    try checkReceipts()
    try checkWaiting()
  }

  /// SQLite's own check: trees and indexes that do not agree answer one question in two ways.
  private func checkFile() throws {
    let check = try sql.own("PRAGMA integrity_check(1)")
    guard try check.step(), check.text(0) == "ok" else {
      throw ReplicaError.damaged(path: replica.path, detail: check.text(0))
    }
  }

  /// What is said of a change stands only where there is one.
  private func checkRows() throws {
    // What is of a scope that is not there shows nowhere, until another scope takes its number.
    for table in schema.tables.map(\.sqlName) + ["_open", "_log", "_presumed", "_served"] {
      let scope = table.hasPrefix("_") ? "scope" : "_scope"
      let stray = try sql.own("SELECT 1 FROM \(table) WHERE \(scope) NOT IN (SELECT number FROM _scope) LIMIT 1")
      if try stray.step() { throw ReplicaError.differs(what: "\(table) of an unknown scope") }
    }
    for table in ["_head", "_vector", "_kept", "_excluded", "_unbuilt"] {
      let stray = try sql.own("SELECT id FROM \(table) WHERE id NOT IN (SELECT id FROM _change) LIMIT 1")
      guard try stray.step() else { continue }
      throw ReplicaError.differs(what: "\(table) of change \(logs.dot(of: RecordClock.Place(row: stray.int(0))))")
    }
  }

  /// Further members of S are of changes that are here, and of records that know of them: else they show nowhere, until
  /// the record or another log's number brings them up.
  private func checkOpen() throws {
    let stray = try sql.own(
      "SELECT hex(record) FROM _open WHERE (log << 40 | sequence) NOT IN (SELECT id FROM _change) LIMIT 1")
    if try stray.step() { throw ReplicaError.differs(what: "a value of record \(stray.text(0).lowercased())") }
    for table in schema.tables {
      let lone = try sql.own(
        """
        SELECT hex(record) FROM _open o WHERE tbl = \(table.id) AND NOT EXISTS
        (SELECT 1 FROM \(table.sqlName) t WHERE t.id = o.record AND t._scope = o.scope) LIMIT 1
        """)
      if try lone.step() { throw ReplicaError.differs(what: "a value of record \(lone.text(0).lowercased())") }
      let condition =
        "EXISTS (SELECT 1 FROM _open o WHERE o.scope = t._scope AND o.tbl = \(table.id) AND o.record = t.id)"
      try rows(of: table, where: condition) { row in
        if row.open.isEmpty { throw ReplicaError.differs(what: "open values of record \(row.record)") }
      }
    }
  }

  private func checkOrders() throws {
    guard let key = replica.centreKey else { return }
    let orders = try sql.own("SELECT hash, bytes, signature FROM _order")
    while try orders.step() {
      let signed = try SignedOrder(bytes: orders.blob(1), signature: orders.blob(2))
      guard signed.order.hash == orders.hash(0), signed.isAuthentic(court: replica.court, key: key) else {
        throw ReplicaError.differs(what: "order \(signed.order.mark.number)")
      }
    }
  }

  private func checkReceipts() throws {
    guard let key = replica.centreKey else { return }
    var checked: Set<[UInt8]> = []
    let rows = try sql.own("SELECT log, epoch, held, hash, applied, statement, signature FROM _receipt ORDER BY log")
    while try rows.step() {
      let (statement, signature) = (rows.blob(5), rows.blob(6))
      let receipt = try Receipt(bytes: statement)
      let entry = Receipt.Entry(
        log: rows.identifier(0), held: UInt64(bitPattern: rows.int(2)), hash: rows.hash(3),
        applied: UInt64(bitPattern: rows.int(4)))
      let isSigned =
        checked.contains(signature)
        || SignedReceipt(receipt: receipt, signature: signature).isAuthentic(court: replica.court, key: key)
      guard isSigned, receipt.mark.epoch == UInt64(bitPattern: rows.int(1)), receipt.entries.contains(entry) else {
        throw ReplicaError.differs(what: "receipt for log \(entry.log)")
      }
      checked.insert(signature)
    }
  }

  private func checkWaiting() throws {
    for waiting in try WaitingChange.all(sql) {
      let change = try waiting.load(sql)
      guard change.header.hash == waiting.hash, change.header.dot == waiting.dot else {
        throw ReplicaError.differs(what: "waiting change \(waiting.dot)")
      }
    }
  }
}
