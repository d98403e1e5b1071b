import Merge

/// The bytes of a change's cell writes: one encoding per meaning.
extension ChangeBody {
  /// Writes the body; a body of one record takes the flat form.
  func encode(to writer: inout ByteWriter) {
    if tables.count == 1, tables[0].records.count == 1 {
      encodeFlat(tables[0], to: &writer)
      return
    }
    writer.varint(tables.count)
    for table in tables {
      writer.varint(UInt64(table.id))
      writer.varint(table.records.count)
      encodeRecords(table.records, to: &writer)
      writer.varint(table.columns.count)
      for column in table.columns { encodeColumn(column, to: &writer) }
    }
  }

  private func encodeFlat(_ table: TableWrites, to writer: inout ByteWriter) {
    writer.byte(0)
    writer.varint(UInt64(table.id))
    writer.identifier(table.records[0])
    writer.varint(table.columns.count)
    for column in table.columns {
      let cell = column.cells[0]
      writer.varint(UInt64(column.id))
      writer.byte(cell.tag | (cell.decides ? ChangeBody.decidesBit : 0))
      switch cell.tag {
      case ValueTag.integer, ValueTag.date, ValueTag.instant: writer.signed(Int64(bitPattern: cell.bits))
      case ValueTag.real: writer.fixed64(cell.bits)
      case ValueTag.text, ValueTag.bytes:
        writer.varint(cell.count)
        append(cell.offset, cell.count, to: &writer)
      case ValueTag.ref: append(cell.offset, 16, to: &writer)
      default: break
      }
    }
  }

  @inline(__always)
  private func append(_ offset: Int, _ count: Int, to writer: inout ByteWriter) {
    arena.withUnsafeBufferPointer {
      writer.bytes.append(contentsOf: UnsafeBufferPointer(rebasing: $0[offset..<offset + count]))
    }
  }

  private func encodeRecords(_ records: [RecordID], to writer: inout ByteWriter) {
    var above = Identifier.zero
    for (i, record) in records.enumerated() {
      if i == 0 {
        writer.identifier(record)
      } else {
        let shared = sharedBytes(above, record)
        writer.byte(UInt8(shared))
        withUnsafeBytes(of: (record.high.bigEndian, record.low.bigEndian)) {
          writer.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: $0[shared...]))
        }
      }
      above = record
    }
  }

  private func encodeColumn(_ column: ColumnWrites, to writer: inout ByteWriter) {
    let cells = column.cells
    writer.varint(UInt64(column.id))
    // Which records have a write.
    var present = 0
    var deciding = 0
    var first: UInt8 = Cell.absent
    var sameTag = true
    for cell in cells where !cell.isAbsent {
      present += 1
      if cell.decides { deciding += 1 }
      if first == Cell.absent { first = cell.tag } else if cell.tag != first { sameTag = false }
    }
    if present == cells.count {
      writer.byte(0)
    } else {
      writer.byte(1)
      bitmap(cells, to: &writer) { !$0.isAbsent }
    }
    // Which writes decide.
    if deciding == 0 {
      writer.byte(0)
    } else if deciding == present {
      writer.byte(1)
    } else {
      writer.byte(2)
      bitmap(cells.filter { !$0.isAbsent }, to: &writer) { $0.decides }
    }
    // Their types.
    if sameTag {
      writer.byte(first)
    } else {
      writer.byte(ChangeBody.mixedTags)
      for cell in cells where !cell.isAbsent { writer.byte(cell.tag) }
    }
    // Their values, each against the last of its kind above it.
    var lastNumber: Int64 = 0
    var lastOffset = 0
    var lastCount = 0
    arena.withUnsafeBufferPointer { arena in
      for cell in cells where !cell.isAbsent {
        switch cell.tag {
        case ValueTag.integer, ValueTag.date, ValueTag.instant:
          let number = Int64(bitPattern: cell.bits)
          writer.signed(number &- lastNumber)
          lastNumber = number
        case ValueTag.real: writer.fixed64(cell.bits)
        case ValueTag.text, ValueTag.bytes, ValueTag.ref:
          let offset = cell.offset
          let count = cell.count
          let limit = min(count, lastCount)
          var shared = 0
          while shared < limit && arena[lastOffset + shared] == arena[offset + shared] { shared += 1 }
          writer.varint(shared)
          if cell.tag != ValueTag.ref { writer.varint(count - shared) }
          writer.bytes.append(contentsOf: UnsafeBufferPointer(rebasing: arena[offset + shared..<offset + count]))
          lastOffset = offset
          lastCount = count
        default: break
        }
      }
    }
  }

  private func bitmap(_ cells: [Cell], to writer: inout ByteWriter, _ isSet: (Cell) -> Bool) {
    var byte: UInt8 = 0
    for (i, cell) in cells.enumerated() {
      if isSet(cell) { byte |= 1 << UInt8(i % 8) }
      if i % 8 == 7 {
        writer.byte(byte)
        byte = 0
      }
    }
    if cells.count % 8 != 0 { writer.byte(byte) }
  }

  static let decidesBit: UInt8 = 0x80
  static let mixedTags: UInt8 = 0xFF
}

/// The bytes two ids share from the left, at most 16.
func sharedBytes(_ a: Identifier, _ b: Identifier) -> Int {
  let high = a.high ^ b.high
  if high != 0 { return high.leadingZeroBitCount / 8 }
  let low = a.low ^ b.low
  return low == 0 ? 16 : 8 + low.leadingZeroBitCount / 8
}
