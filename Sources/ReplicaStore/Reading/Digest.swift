import ChangeFormat
import Merge

extension ReadingTable {
  /// The state digest of a scope (design §4, `docs/format.md`): SHA-256 over all members of all S in byte order.
  func digest(scope: Int64) throws -> ContentHash {
    var stream = DigestStream()
    var records: [(table: UInt32, known: Table?)] = schema.tables.map { ($0.id, $0) }
    let unknown = try sql.own("SELECT DISTINCT tbl FROM _open WHERE scope = ?1")
    unknown.bind(1, scope)
    while try unknown.step() {
      let id = UInt32(truncatingIfNeeded: unknown.int(0))
      if schema.table(id) == nil { records.append((id, nil)) }
    }
    for (id, known) in records.sorted(by: { $0.table < $1.table }) {
      if let known {
        try add(known, scope, to: &stream)
      } else {
        try addUnknown(id, scope, to: &stream)
      }
    }
    return stream.finish()
  }

  private func add(_ table: Table, _ scope: Int64, to stream: inout DigestStream) throws {
    let columns = table.columns.sorted { $0.id < $1.id }
    let ids = columns.map(\.id)
    let types = columns.map(\.type)
    let names = columns.map { SyncedTables.quoted($0.name) }.joined(separator: ", ")
    let select = try sql.own("SELECT id, _clock, \(names) FROM \(table.sqlName) WHERE _scope = ?1 ORDER BY id")
    select.bind(1, scope)
    var start = ByteWriter()
    var middle = ByteWriter()
    while try select.step() {
      let clock = try select.clock(1)
      let record = select.identifier(0)
      if !clock.hasOpen {
        // What is the same for all cells of a record, and of a group, is put together once.
        start.bytes.removeAll(keepingCapacity: true)
        start.varint(UInt64(table.id))
        start.identifier(record)
        var group = -1
        for i in ids.indices {
          let id = ids[i]
          if group < 0 || !clock.groups[group].bits.contains(id) {
            guard let found = clock.groups.firstIndex(where: { $0.bits.contains(id) }) else { continue }
            group = found
            let dot = logs.dot(of: clock.groups[group].place)
            middle.bytes.removeAll(keepingCapacity: true)
            middle.identifier(dot.log)
            middle.varint(dot.sequence)
            middle.byte(clock.groups[group].decides ? 1 : 0)
          }
          stream.raw(start.bytes)
          stream.varint(UInt64(id))
          stream.raw(middle.bytes)
          write(select, Int32(i + 2), types[i], columns, i, to: &stream)
        }
      } else {
        let open = try openMembers(scope, table.id, record)
        let row = RecordRow(
          table: table, row: 0, record: record, scope: scope, clock: clock,
          values: table.columns.map { column in
            let place = ids.firstIndex(of: column.id) ?? 0
            return column.value(select, Int32(place + 2))
          }, open: open)
        for column in Set(ids).union(open.keys).sorted() {
          for held in row.members(column, position: table.position(ofColumn: column), logs: logs) {
            member(table.id, record, column, held.dot, held.decides, held.value, to: &stream)
          }
        }
      }
    }
  }

  private func addUnknown(_ table: UInt32, _ scope: Int64, to stream: inout DigestStream) throws {
    let select = try sql.own("SELECT DISTINCT record FROM _open WHERE scope = ?1 AND tbl = ?2 ORDER BY record")
    select.bind(1, scope)
    select.bind(2, Int64(table))
    while try select.step() {
      let record = select.identifier(0)
      for (column, open) in try openMembers(scope, table, record).sorted(by: { $0.key < $1.key }) {
        for held in open.map({ (dot: logs.dot(of: $0.place), held: $0) }).sorted(by: { $0.dot < $1.dot }) {
          member(table, record, column, held.dot, held.held.decides, held.held.value, to: &stream)
        }
      }
    }
  }

  private func member(
    _ table: UInt32, _ record: RecordID, _ column: UInt32, _ dot: Dot, _ decides: Bool, _ value: Value,
    to stream: inout DigestStream
  ) {
    var writer = ByteWriter()
    writer.varint(UInt64(table))
    writer.identifier(record)
    writer.varint(UInt64(column))
    writer.identifier(dot.log)
    writer.varint(dot.sequence)
    writer.byte(decides ? 1 : 0)
    ValueBytes.write(value, to: &writer)
    stream.raw(writer.bytes)
  }

  /// Type tag and value of a column that holds exactly what its S holds.
  @inline(__always)
  private func write(
    _ select: Statement, _ index: Int32, _ type: ColumnType, _ columns: [Column], _ i: Int,
    to stream: inout DigestStream
  ) {
    if select.isNull(index) {
      stream.byte(ValueTag.null)
      return
    }
    switch type {
    case .text, .code, .bytes:
      stream.byte(type == .bytes ? ValueTag.bytes : ValueTag.text)
      select.withBytes(index) {
        stream.varint(UInt64($0.count))
        stream.raw($0)
      }
    case .integer:
      stream.byte(ValueTag.integer)
      stream.signed(select.int(index))
    case .date:
      if let days = select.withBytes(index, { CalendarDay.days(of: $0) }) {
        stream.byte(ValueTag.date)
        stream.signed(Int64(days))
      } else {
        stream.raw(ValueBytes.encode(columns[i].value(select, index)))
      }
    default: stream.raw(ValueBytes.encode(columns[i].value(select, index)))
    }
  }
}

extension Replica {
  /// The state digest of every known scope, empty ones too: `court` first, then by name.
  public func digests() throws(ReplicaError) -> [(scope: String, digest: ContentHash)] {
    try reading { try $0.digests() }
  }
}

extension ReadingTable {
  func digests() throws -> [(scope: String, digest: ContentHash)] {
    try scopes().map { name in
      (name, try logs.scopeNumbers[name].map { try digest(scope: $0) } ?? Hashing.hash([]))
    }
  }
}
