import Merge

extension ChangeBody {
  /// Reads a body of which nothing is trusted. Anything that is not its one canonical encoding is malformed.
  init(from reader: inout ByteReader) throws(FormatError) {
    var used = 0
    try decode(from: &reader, used: &used)
    arena.removeLast(arena.count - used)
  }

  /// - Parameter used: bytes of the arena that are filled; it grows ahead of them, so that unfolding only copies.
  private mutating func decode(from reader: inout ByteReader, used: inout Int) throws(FormatError) {
    let tableCount = try reader.count("tables", each: 3)
    if tableCount == 0 {
      tables = [try decodeFlat(from: &reader, used: &used)]
      return
    }
    var last: UInt32 = 0
    var cellCount = 0
    for _ in 0..<tableCount {
      let id = try number32(&reader, "table")
      guard id > last else { throw .malformed(what: "order of tables") }
      last = id
      let count = try reader.count("records")
      guard count > 0 else { throw .malformed(what: "records") }
      if tableCount == 1 && count == 1 { throw .malformed(what: "flat form") }
      let records = try decodeRecords(count, from: &reader)
      let columnCount = try reader.count("columns", each: 4)
      guard columnCount > 0 else { throw .malformed(what: "columns") }
      var columns: [ColumnWrites] = []
      columns.reserveCapacity(min(columnCount, Limits.cells / count))
      for _ in 0..<columnCount {
        // A column of many records may take four bytes only: counted before it is unfolded.
        cellCount += count
        guard cellCount <= Limits.cells else {
          throw .overLimit(what: "unfolded cells", found: cellCount, limit: Limits.cells)
        }
        let column = try decodeColumn(records: count, from: &reader, used: &used)
        if let above = columns.last, above.id >= column.id { throw .malformed(what: "order of columns") }
        columns.append(column)
      }
      if columns.contains(where: { $0.cells.contains(where: \.isAbsent) }) {
        for i in 0..<count where columns.allSatisfy({ $0.cells[i].isAbsent }) { throw .malformed(what: "empty record") }
      }
      tables.append(TableWrites(id: id, records: records, columns: columns))
    }
  }

  private func number32(_ reader: inout ByteReader, _ what: String) throws(FormatError) -> UInt32 {
    let value = try reader.varint(what)
    guard value > 0, value <= UInt64(UInt32.max) else { throw .malformed(what: what) }
    return UInt32(value)
  }

  private mutating func decodeFlat(from reader: inout ByteReader, used: inout Int) throws(FormatError) -> TableWrites {
    let id = try number32(&reader, "table")
    let record = try reader.identifier("record")
    let columnCount = try reader.count("columns", each: 2)
    guard columnCount > 0 else { throw .malformed(what: "columns") }
    var columns: [ColumnWrites] = []
    columns.reserveCapacity(columnCount)
    for _ in 0..<columnCount {
      let column = try number32(&reader, "column")
      if let above = columns.last, above.id >= column { throw .malformed(what: "order of columns") }
      let byte = try reader.byte("type tag")
      var cell = Cell(tag: byte & ~ChangeBody.decidesBit, decides: byte & ChangeBody.decidesBit != 0)
      switch cell.tag {
      case ValueTag.integer, ValueTag.date, ValueTag.instant:
        cell.bits = UInt64(bitPattern: try reader.signed("number"))
        try check(cell)
      case ValueTag.real:
        cell.bits = try reader.fixed64("real")
        try check(cell)
      case ValueTag.text, ValueTag.bytes:
        let count = try reader.count("value", limit: Limits.unfolded)
        try take(shared: 0, count, from: &reader, into: &cell, lastOffset: 0, clean: false, used: &used)
      case ValueTag.ref:
        try take(shared: 0, 16, from: &reader, into: &cell, lastOffset: 0, clean: false, used: &used)
      case ValueTag.null, ValueTag.false, ValueTag.true, ValueTag.redacted: break
      default: throw .malformed(what: "type tag")
      }
      columns.append(ColumnWrites(id: column, cells: [cell]))
    }
    return TableWrites(id: id, records: [record], columns: columns)
  }

  private func decodeRecords(_ count: Int, from reader: inout ByteReader) throws(FormatError) -> [RecordID] {
    var records: [RecordID] = []
    records.reserveCapacity(min(count, reader.remaining / 2 + 1))
    var above = try reader.identifier("record")
    records.append(above)
    for _ in 1..<count {
      let shared = Int(try reader.byte("record"))
      guard shared < 16, reader.remaining >= 16 - shared else { throw .malformed(what: "record") }
      var words = above
      for i in shared..<16 {
        let byte = UInt64(try reader.byte("record"))
        if i < 8 {
          let shift = UInt64(56 - 8 * i)
          words.high = words.high & ~(0xFF << shift) | byte << shift
        } else {
          let shift = UInt64(56 - 8 * (i - 8))
          words.low = words.low & ~(0xFF << shift) | byte << shift
        }
      }
      guard above < words, sharedBytes(above, words) == shared else { throw .malformed(what: "order of records") }
      records.append(words)
      above = words
    }
    return records
  }

  private mutating func decodeColumn(
    records count: Int, from reader: inout ByteReader, used: inout Int
  ) throws(FormatError) -> ColumnWrites {
    let id = try number32(&reader, "column")
    var cells = [Cell](repeating: Cell(tag: ValueTag.null), count: count)
    var present = count
    switch try reader.byte("presence") {
    case 0: break
    case 1:
      present = 0
      let start = reader.position
      try reader.skip((count + 7) / 8, "presence")
      for i in 0..<count {
        if reader.bytes[start + i / 8] & 1 << UInt8(i % 8) != 0 { present += 1 } else { cells[i].tag = Cell.absent }
      }
      guard present > 0, present < count, try spareBitsAreZero(count, start, reader) else {
        throw .malformed(what: "presence")
      }
    default: throw .malformed(what: "presence")
    }
    switch try reader.byte("decisions") {
    case 0: break
    case 1: for i in 0..<count { cells[i].decides = !cells[i].isAbsent }
    case 2:
      let start = reader.position
      try reader.skip((present + 7) / 8, "decisions")
      var place = 0
      var deciding = 0
      for i in 0..<count where !cells[i].isAbsent {
        if reader.bytes[start + place / 8] & 1 << UInt8(place % 8) != 0 {
          cells[i].decides = true
          deciding += 1
        }
        place += 1
      }
      guard deciding > 0, deciding < present, try spareBitsAreZero(present, start, reader) else {
        throw .malformed(what: "decisions")
      }
    default: throw .malformed(what: "decisions")
    }
    let tag = try reader.byte("type tag")
    if tag == ChangeBody.mixedTags {
      var kinds = Set<UInt8>()
      for i in 0..<count where !cells[i].isAbsent {
        cells[i].tag = try reader.byte("type tag")
        guard cells[i].tag <= ValueTag.redacted else { throw .malformed(what: "type tag") }
        kinds.insert(cells[i].tag)
      }
      guard kinds.count > 1 else { throw .malformed(what: "type tags") }
    } else {
      guard tag <= ValueTag.redacted else { throw .malformed(what: "type tag") }
      for i in 0..<count where !cells[i].isAbsent { cells[i].tag = tag }
    }
    var lastNumber: Int64 = 0
    var lastOffset = 0
    var lastCount = 0
    var isLastClean = false
    for i in 0..<count {
      switch cells[i].tag {
      case ValueTag.integer, ValueTag.date, ValueTag.instant:
        lastNumber = lastNumber &+ (try reader.signed("number"))
        cells[i].bits = UInt64(bitPattern: lastNumber)
        try check(cells[i])
      case ValueTag.real:
        cells[i].bits = try reader.fixed64("real")
        try check(cells[i])
      case ValueTag.text, ValueTag.bytes, ValueTag.ref:
        let shared = try reader.varint("shared bytes")
        guard shared <= UInt64(lastCount) else { throw .malformed(what: "shared bytes") }
        let rest: Int
        if cells[i].tag == ValueTag.ref {
          guard shared <= 16 else { throw .malformed(what: "shared bytes") }
          rest = 16 - Int(shared)
        } else {
          rest = try reader.count("value", limit: Limits.unfolded)
        }
        // The longest shared prefix is the one encoding.
        if rest > 0, Int(shared) < lastCount, reader.remaining > 0,
          reader.bytes[reader.position] == arena[lastOffset + Int(shared)]
        {
          throw .malformed(what: "shared bytes")
        }
        try take(
          shared: Int(shared), rest, from: &reader, into: &cells[i], lastOffset: lastOffset, clean: isLastClean,
          used: &used)
        lastOffset = cells[i].offset
        lastCount = cells[i].count
        isLastClean = cells[i].tag == ValueTag.text
      default: break
      }
    }
    return ColumnWrites(id: id, cells: cells)
  }

  private func spareBitsAreZero(_ count: Int, _ start: Int, _ reader: ByteReader) throws(FormatError) -> Bool {
    count % 8 == 0 || reader.bytes[start + count / 8] >> UInt8(count % 8) == 0
  }

  /// Unfolds a value into the arena: `shared` bytes of the value above, then `rest` bytes of the reader's.
  ///
  /// - Parameter clean: the value above is text, checked already.
  @inline(__always)
  private mutating func take(
    shared: Int, _ rest: Int, from reader: inout ByteReader, into cell: inout Cell, lastOffset: Int, clean: Bool,
    used: inout Int
  ) throws(FormatError) {
    guard reader.remaining >= rest else { throw .truncated(what: "value") }
    let offset = used
    let end = offset + shared + rest
    guard end <= Limits.unfolded else {
      throw .overLimit(what: "unfolded change", found: end, limit: Limits.unfolded)
    }
    if end > arena.count { grow(to: end) }
    let from = reader.position
    let isText = cell.tag == ValueTag.text
    let isValid = reader.bytes.withUnsafeBytes { source in
      arena.withUnsafeMutableBytes { arena in
        guard let base = arena.baseAddress, let start = source.baseAddress else { return true }
        if shared > 0 { (base + offset).copyMemory(from: base + lastOffset, byteCount: shared) }
        (base + offset + shared).copyMemory(from: start + from, byteCount: rest)
        guard isText else { return true }
        // What is shared with checked text is clean up to the last character that lies in it whole.
        var checked = clean ? max(0, shared - 4) : 0
        while checked > 0 && arena[offset + checked] & 0xC0 == 0x80 { checked -= 1 }
        let value = UnsafeRawBufferPointer(rebasing: arena[offset + checked..<end])
        return isCleanText(value.assumingMemoryBound(to: UInt8.self))
      }
    }
    try reader.skip(rest, "value")
    used = end
    cell.bits = UInt64(offset) << 32 | UInt64(shared + rest)
    guard isValid else { throw .malformed(what: "text") }
  }

  private mutating func grow(to count: Int) {
    let size = max(count, min(max(2 * arena.count, 512), Limits.unfolded))
    arena.append(contentsOf: repeatElement(0, count: size - arena.count))
  }

  private func check(_ cell: Cell) throws(FormatError) {
    switch cell.tag {
    case ValueTag.real:
      let value = Double(bitPattern: cell.bits)
      guard value.isFinite, !(value == 0 && value.sign == .minus) else { throw .malformed(what: "real") }
    case ValueTag.date:
      guard Int32(exactly: Int64(bitPattern: cell.bits)) != nil else { throw .malformed(what: "date") }
    default: break
    }
  }
}

/// UTF-8 without NUL: no overlong forms, surrogates or code points past U+10FFFF.
func isCleanText(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
  var i = 0
  let n = bytes.count
  while i < n {
    let a = bytes[i]
    if a < 0x80 {
      if a == 0 { return false }
      i += 1
    } else if a < 0xC2 {
      return false
    } else if a < 0xE0 {
      guard i + 1 < n, bytes[i + 1] & 0xC0 == 0x80 else { return false }
      i += 2
    } else if a < 0xF0 {
      guard i + 2 < n, bytes[i + 1] & 0xC0 == 0x80, bytes[i + 2] & 0xC0 == 0x80 else { return false }
      if a == 0xE0 && bytes[i + 1] < 0xA0 { return false }
      if a == 0xED && bytes[i + 1] >= 0xA0 { return false }
      i += 3
    } else {
      guard a < 0xF5, i + 3 < n, bytes[i + 1] & 0xC0 == 0x80, bytes[i + 2] & 0xC0 == 0x80,
        bytes[i + 3] & 0xC0 == 0x80
      else { return false }
      if a == 0xF0 && bytes[i + 1] < 0x90 { return false }
      if a == 0xF4 && bytes[i + 1] >= 0x90 { return false }
      i += 4
    }
  }
  return true
}
