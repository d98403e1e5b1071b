import ChangeFormat
import Merge

extension ReadingTable {
  /// The state digest of a scope (design §4, `docs/format.md`): SHA-256 over all members of all S in byte order.
  func digest(scope: Int64) throws -> ContentHash {
    var hash = StreamHash()
    var writer = ByteWriter(capacity: 1 << 17)
    var records: [(table: UInt32, known: Table?)] = schema.tables.map { ($0.id, $0) }
    let unknown = try Statement(sql.database, "SELECT DISTINCT tbl FROM _open WHERE scope = ?1")
    unknown.bind(1, scope)
    while try unknown.step() {
      let id = UInt32(unknown.int(0))
      if schema.table(id) == nil { records.append((id, nil)) }
    }
    for (id, known) in records.sorted(by: { $0.table < $1.table }) {
      if let known {
        try add(known, scope, to: &writer, &hash)
      } else {
        try addUnknown(id, scope, to: &writer)
      }
      hash.update(writer.bytes)
      writer.bytes.removeAll(keepingCapacity: true)
    }
    return hash.finish()
  }

  private func add(_ table: Table, _ scope: Int64, to writer: inout ByteWriter, _ hash: inout StreamHash) throws {
    let columns = table.columns.enumerated().sorted { $0.element.id < $1.element.id }
    let names = columns.map { SyncedTables.quoted($0.element.name) }.joined(separator: ", ")
    let select = try Statement(
      sql.database, "SELECT id, _clock, \(names) FROM \(table.sqlName) WHERE _scope = ?1 ORDER BY id")
    select.bind(1, scope)
    while try select.step() {
      let clock = try RecordClock(bytes: select.blob(1))
      let record = select.identifier(0)
      if !clock.hasOpen {
        for (i, (_, column)) in columns.enumerated() {
          guard let shown = clock[column.id] else { continue }
          member(table.id, record, column.id, logs.dot(of: shown.place), shown.decides, to: &writer)
          write(select, Int32(i + 2), column, to: &writer)
        }
      } else {
        let open = try openMembers(scope, table.id, record)
        let row = RecordRow(
          table: table, row: 0, record: record, scope: scope, clock: clock,
          values: table.columns.map { column in
            let place = columns.firstIndex { $0.element.id == column.id } ?? 0
            return column.value(select, Int32(place + 2))
          }, open: open)
        let ids = Set(table.columns.map(\.id)).union(open.keys).sorted()
        for column in ids {
          for held in row.members(column, position: table.position(ofColumn: column), logs: logs) {
            member(table.id, record, column, held.dot, held.decides, to: &writer)
            ValueBytes.write(held.value, to: &writer)
          }
        }
      }
      if writer.bytes.count > 1 << 16 {
        hash.update(writer.bytes)
        writer.bytes.removeAll(keepingCapacity: true)
      }
    }
  }

  private func addUnknown(_ table: UInt32, _ scope: Int64, to writer: inout ByteWriter) throws {
    let select = try Statement(
      sql.database, "SELECT DISTINCT record FROM _open WHERE scope = ?1 AND tbl = ?2 ORDER BY record")
    select.bind(1, scope)
    select.bind(2, Int64(table))
    while try select.step() {
      let record = select.identifier(0)
      for (column, open) in try openMembers(scope, table, record).sorted(by: { $0.key < $1.key }) {
        for held in open.map({ (dot: logs.dot(of: $0.place), held: $0) }).sorted(by: { $0.dot < $1.dot }) {
          member(table, record, column, held.dot, held.held.decides, to: &writer)
          ValueBytes.write(held.held.value, to: &writer)
        }
      }
    }
  }

  @inline(__always)
  private func member(
    _ table: UInt32, _ record: RecordID, _ column: UInt32, _ dot: Dot, _ decides: Bool, to writer: inout ByteWriter
  ) {
    writer.varint(UInt64(table))
    writer.identifier(record)
    writer.varint(UInt64(column))
    writer.identifier(dot.log)
    writer.varint(dot.sequence)
    writer.byte(decides ? 1 : 0)
  }

  /// Type tag and value of a column that holds exactly what its S holds.
  private func write(_ select: Statement, _ index: Int32, _ column: Column, to writer: inout ByteWriter) {
    if select.isNull(index) {
      writer.byte(ValueTag.null)
      return
    }
    switch column.type {
    case .text, .code:
      writer.byte(ValueTag.text)
      select.withBytes(index) {
        writer.varint($0.count)
        writer.bytes.append(contentsOf: $0)
      }
    case .bytes:
      writer.byte(ValueTag.bytes)
      select.withBytes(index) {
        writer.varint($0.count)
        writer.bytes.append(contentsOf: $0)
      }
    default: ValueBytes.write(column.value(select, index), to: &writer)
    }
  }
}

extension Replica {
  /// The state digest of every known scope, empty ones too: `court` first, then by name.
  public func digests() throws(ReplicaError) -> [(scope: String, digest: ContentHash)] {
    try reading { table in
      try table.scopes().map { name in
        (name, try table.logs.scopeNumbers[name].map { try table.digest(scope: $0) } ?? Hashing.hash([]))
      }
    }
  }
}
