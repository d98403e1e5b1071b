import ChangeFormat
import Merge

/// The dots of a record's cells in one compact blob (design §4): which change wrote what is shown in each column.
///
/// Layout: a flags byte (1: members of S stand in `_open` too; 2: the first group is of the last change, and decides
/// nothing); the record's last change as log number and sequence (the start of its history); then groups: log number,
/// sequence * 2 + decides (neither in the first group with flag 2), and a bitmap of column ids.
struct RecordClock: Equatable {
  /// A change by the replica's small number for its log.
  struct Place: Equatable, Hashable {
    var log: UInt64
    var sequence: UInt64

    /// The row of a change.
    var row: Int64 { Int64(bitPattern: log << 40 | sequence) }
    init(log: UInt64, sequence: UInt64) {
      self.log = log
      self.sequence = sequence
    }
    init(row: Int64) {
      log = UInt64(bitPattern: row) >> 40
      sequence = UInt64(bitPattern: row) & ((1 << 40) - 1)
    }
  }

  struct Group: Equatable {
    var place: Place
    var decides: Bool
    /// Bit n: column id n.
    var bits: ColumnBits
  }

  var hasOpen = false
  var last: Place
  var groups: [Group]

  init(last: Place) {
    self.last = last
    groups = []
  }

  init(bytes: [UInt8]) throws(FormatError) {
    let parsed: RecordClock? = bytes.withUnsafeBytes { RecordClock($0) }
    guard let parsed else { throw .malformed(what: "clock") }
    self = parsed
  }

  /// Reads a clock where it lies; nil when it is no clock.
  init?(_ bytes: UnsafeRawBufferPointer) {
    var at = 0
    func varint() -> UInt64? {
      var value: UInt64 = 0
      var shift: UInt64 = 0
      while at < bytes.count, shift < 64 {
        let byte = bytes[at]
        at += 1
        value |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return value }
        shift += 7
      }
      return nil
    }
    guard let flags = bytes.first else { return nil }
    at = 1
    hasOpen = flags & 1 == 1
    guard let log = varint(), let sequence = varint() else { return nil }
    last = Place(log: log, sequence: sequence)
    groups = []
    var isOfLast = flags & 2 == 2
    while at < bytes.count {
      var place = last
      var decides = false
      if !isOfLast {
        guard let log = varint(), let packed = varint() else { return nil }
        place = Place(log: log, sequence: packed >> 1)
        decides = packed & 1 == 1
      }
      isOfLast = false
      guard let count = varint(), count <= UInt64(bytes.count - at) else { return nil }
      let end = at + Int(count)
      groups.append(
        Group(
          place: place, decides: decides, bits: ColumnBits(UnsafeRawBufferPointer(rebasing: bytes[at..<end]))))
      at = end
    }
  }

  var bytes: [UInt8] {
    var writer = ByteWriter(capacity: 32)
    var isOfLast = groups.first.map { $0.place == last && !$0.decides } ?? false
    writer.byte((hasOpen ? 1 : 0) | (isOfLast ? 2 : 0))
    writer.varint(last.log)
    writer.varint(last.sequence)
    for group in groups {
      if !isOfLast {
        writer.varint(group.place.log)
        writer.varint(group.place.sequence << 1 | (group.decides ? 1 : 0))
      }
      isOfLast = false
      group.bits.write(to: &writer)
    }
    return writer.bytes
  }

  /// Which change wrote what is shown in a column; nil when S is empty.
  subscript(column: UInt32) -> (place: Place, decides: Bool)? {
    for group in groups where group.bits.contains(column) { return (group.place, group.decides) }
    return nil
  }

  mutating func set(_ column: UInt32, _ place: Place, decides: Bool) {
    clear(column)
    if let i = groups.firstIndex(where: { $0.place == place && $0.decides == decides }) {
      groups[i].bits.insert(column)
    } else {
      var bits = ColumnBits()
      bits.insert(column)
      groups.append(Group(place: place, decides: decides, bits: bits))
    }
  }

  mutating func clear(_ column: UInt32) {
    guard let i = groups.firstIndex(where: { $0.bits.contains(column) }) else { return }
    groups[i].bits.remove(column)
    if groups[i].bits.isEmpty { groups.remove(at: i) }
  }

  /// Whether the clock of these bytes is empty, told without reading it: there is nothing after the last change.
  static func isEmpty(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let flags = bytes.first, flags & 1 == 0 else { return false }
    return bytes.dropFirst().count { $0 < 0x80 } == 2 && bytes[bytes.count - 1] < 0x80
  }

  /// No write of the record is in any S of a known column.
  var isEmpty: Bool { groups.isEmpty && !hasOpen }
}
