import ChangeFormat
import Merge

/// The clear payload of a change of one record, with its parts told apart, so that another can be written against it.
struct FlatPayload {
  /// One value: its column, its type and flag, and where its bytes lie, without their length.
  struct Field {
    var column: UInt64
    var head: UInt8
    var start: Int
    var count: Int

    var kind: UInt8 { head & 0x7F }
    /// Values of any length are written by what they share with the base's.
    var isFolded: Bool { kind == ValueTag.text || kind == ValueTag.bytes || kind == ValueTag.ref }
  }

  /// The payload from `start` on.
  let bytes: [UInt8]
  let start: Int
  /// Whether every number has its shortest form: then what is folded comes back as it was.
  let isShortest: Bool
  private(set) var actor = 0..<0
  private(set) var note = 0..<0
  private(set) var table: UInt64 = 0
  private(set) var record = 0
  private(set) var fields: [Field] = []

  /// Nil for anything but the flat form.
  init?(_ bytes: [UInt8], from start: Int) {
    self.bytes = bytes
    self.start = start
    var parts = Parts(bytes, from: start + 16)
    guard let actor = parts.block(), let note = parts.block(), parts.byte() == 0, let table = parts.varint(),
      let record = parts.take(16), let count = parts.varint(), count <= 256
    else { return nil }
    self.actor = actor
    self.note = note
    self.table = table
    self.record = record.lowerBound
    fields.reserveCapacity(Int(count))
    for _ in 0..<count {
      guard let column = parts.varint(), let head = parts.byte() else { return nil }
      let value: Range<Int>?
      switch head & 0x7F {
      case ValueTag.text, ValueTag.bytes: value = parts.block()
      case ValueTag.ref: value = parts.take(16)
      case ValueTag.real: value = parts.take(8)
      case ValueTag.integer, ValueTag.date, ValueTag.instant:
        let start = parts.position
        value = parts.varint() == nil ? nil : start..<parts.position
      default: value = parts.take(0)
      }
      guard let value else { return nil }
      fields.append(Field(column: column, head: head, start: value.lowerBound, count: value.count))
    }
    guard parts.isAtEnd else { return nil }
    isShortest = parts.isShortest
  }

  fileprivate func hasShape(of other: FlatPayload) -> Bool {
    guard table == other.table, fields.count == other.fields.count else { return false }
    for i in fields.indices where fields[i].column != other.fields[i].column || fields[i].head != other.fields[i].head {
      return false
    }
    return true
  }

  /// How many bytes two values have in common at their beginning.
  fileprivate func sharedBytes(_ start: Int, _ other: FlatPayload, _ otherStart: Int, limit: Int) -> Int {
    bytes.withUnsafeBytes { mine in
      other.bytes.withUnsafeBytes { theirs in
        var shared = 0
        while shared + 8 <= limit {
          let differing =
            mine.loadUnaligned(fromByteOffset: start + shared, as: UInt64.self)
            ^ theirs.loadUnaligned(fromByteOffset: otherStart + shared, as: UInt64.self)
          if differing != 0 { return shared + UInt64(littleEndian: differing).trailingZeroBitCount / 8 }
          shared += 8
        }
        while shared < limit && mine[start + shared] == theirs[otherStart + shared] { shared += 1 }
        return shared
      }
    }
  }

  fileprivate func isSame(_ range: Range<Int>, _ other: FlatPayload, _ otherRange: Range<Int>) -> Bool {
    range.count == otherRange.count
      && sharedBytes(range.lowerBound, other, otherRange.lowerBound, limit: range.count) == range.count
  }
}

/// A payload at rest, written against that of an earlier change of the same log: what a clerk's one-row changes share
/// is kept once. Form byte 2; it never leaves the file.
///
/// Layout: 2; how many changes before this one the base stands; the salt; a byte of flags (1: the base's actor, 2: its
/// note) and what differs of these; then the record and every value as bytes shared with the base's and the rest: for a
/// value 0 where it is the base's, else one more than the count of shared bytes, then the rest with its length.
/// A base is always kept whole, so that one more row is all a reader needs; when it is redacted, those written against
/// it are made whole first.
enum FoldedPayload {
  static let form: UInt8 = 2
  /// How far from its base a change may stand: as far as signed heads stand apart.
  static let reach: UInt64 = HeadInterval.changes

  /// Nil where it would gain nothing, or the two are not of one shape.
  static func fold(_ payload: FlatPayload, on base: FlatPayload, distance: UInt64) -> [UInt8]? {
    // Bytes that are not canonical would not come back as they were: they are kept as they are.
    guard payload.isShortest, payload.hasShape(of: base) else { return nil }
    var writer = ByteWriter(capacity: payload.bytes.count)
    writer.byte(form)
    writer.varint(distance)
    append(payload, payload.start..<payload.start + 16, to: &writer)
    let sameActor = payload.isSame(payload.actor, base, base.actor)
    let sameNote = payload.isSame(payload.note, base, base.note)
    writer.byte((sameActor ? 1 : 0) | (sameNote ? 2 : 0))
    if !sameActor { block(payload, payload.actor, to: &writer) }
    if !sameNote { block(payload, payload.note, to: &writer) }
    let shared = payload.sharedBytes(payload.record, base, base.record, limit: 16)
    writer.byte(UInt8(shared))
    append(payload, payload.record + shared..<payload.record + 16, to: &writer)
    for i in payload.fields.indices {
      let (field, above) = (payload.fields[i], base.fields[i])
      let end = field.start + field.count
      if field.isFolded {
        let shared = payload.sharedBytes(field.start, base, above.start, limit: min(field.count, above.count))
        if shared == field.count && shared == above.count {
          writer.byte(0)
        } else {
          writer.varint(shared + 1)
          block(payload, field.start + shared..<end, to: &writer)
        }
      } else {
        append(payload, field.start..<end, to: &writer)
      }
    }
    return writer.bytes.count + 16 < payload.bytes.count - payload.start ? writer.bytes : nil
  }

  /// How many changes before this one its base stands; nil for what is no folded payload.
  static func distance(_ bytes: [UInt8]) -> UInt64? {
    var parts = Parts(bytes, from: 0)
    return parts.byte() == form ? parts.varint() : nil
  }

  /// The clear payload; nil when the two do not fit each other.
  static func unfold(_ bytes: [UInt8], on base: FlatPayload) -> [UInt8]? {
    var parts = Parts(bytes, from: 0)
    guard parts.byte() == form, parts.varint() != nil, let salt = parts.take(16), let flags = parts.byte() else {
      return nil
    }
    var writer = ByteWriter(capacity: base.bytes.count + bytes.count)
    writer.bytes.append(contentsOf: bytes[salt])
    for (bit, range) in [(UInt8(1), base.actor), (2, base.note)] {
      if flags & bit != 0 {
        writer.varint(range.count)
        writer.bytes.append(contentsOf: base.bytes[range])
      } else {
        guard let own = parts.block() else { return nil }
        writer.varint(own.count)
        writer.bytes.append(contentsOf: bytes[own])
      }
    }
    writer.byte(0)
    writer.varint(base.table)
    guard let shared = parts.byte(), shared <= 16, let rest = parts.take(16 - Int(shared)) else { return nil }
    writer.bytes.append(contentsOf: base.bytes[base.record..<base.record + Int(shared)])
    writer.bytes.append(contentsOf: bytes[rest])
    writer.varint(base.fields.count)
    for field in base.fields {
      writer.varint(field.column)
      writer.byte(field.head)
      if field.isFolded {
        guard let code = parts.varint(), code <= UInt64(field.count) + 1 else { return nil }
        let shared = code == 0 ? UInt64(field.count) : code - 1
        guard let rest = code == 0 ? 0..<0 : parts.block() else { return nil }
        if field.kind != ValueTag.ref { writer.varint(Int(shared) + rest.count) }
        writer.bytes.append(contentsOf: base.bytes[field.start..<field.start + Int(shared)])
        writer.bytes.append(contentsOf: bytes[rest])
      } else {
        let start = parts.position
        switch field.kind {
        case ValueTag.real: guard parts.take(8) != nil else { return nil }
        case ValueTag.integer, ValueTag.date, ValueTag.instant: guard parts.varint() != nil else { return nil }
        default: break
        }
        writer.bytes.append(contentsOf: bytes[start..<parts.position])
      }
    }
    return parts.isAtEnd ? writer.bytes : nil
  }

  private static func append(_ payload: FlatPayload, _ range: Range<Int>, to writer: inout ByteWriter) {
    payload.bytes.withUnsafeBytes {
      writer.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: $0[range]))
    }
  }

  private static func block(_ payload: FlatPayload, _ range: Range<Int>, to writer: inout ByteWriter) {
    writer.varint(range.count)
    append(payload, range, to: &writer)
  }
}

/// Where the parts of a payload lie; nil where there are none.
private struct Parts {
  let bytes: [UInt8]
  private(set) var position: Int
  /// Whether every number so far had its shortest form.
  private(set) var isShortest = true

  init(_ bytes: [UInt8], from start: Int) {
    self.bytes = bytes
    position = start
  }

  var isAtEnd: Bool { position == bytes.count }

  @inline(__always)
  mutating func byte() -> UInt8? {
    guard position < bytes.count else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  @inline(__always)
  mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 64, let byte = byte() {
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 {
        if shift > 0 && (byte == 0 || shift == 63 && byte > 1) { isShortest = false }
        return value
      }
      shift += 7
    }
    return nil
  }

  @inline(__always)
  mutating func take(_ count: Int) -> Range<Int>? {
    guard position <= bytes.count, count <= bytes.count - position else { return nil }
    defer { position += count }
    return position..<position + count
  }

  @inline(__always)
  mutating func block() -> Range<Int>? {
    guard let count = varint(), count <= UInt64(bytes.count) else { return nil }
    return take(Int(count))
  }
}
