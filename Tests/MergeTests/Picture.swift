import Merge

/// A state as it may be compared: S, the shown writes and the conflicts of all cells, in order of cell and dot.
struct Picture: Equatable {
  struct Member: Equatable {
    var dot: Dot
    /// The stamp that counts.
    var stamp: Stamp
    var decides: Bool
    var value: Value
  }

  struct Cell: Equatable {
    var key: CellKey
    var members: [Member]
    var shown: Dot?
    var isInConflict: Bool
  }

  var cells: [Cell] = []

  init() {}

  init(of ledger: Ledger) {
    for key in ledger.cells.keys.sorted() {
      guard let state = ledger.cells[key] else { continue }
      cells.append(
        Cell(
          key: key,
          members: state.members.map { Member(dot: $0.dot, stamp: $0.stamp, decides: $0.decides, value: $0.value) },
          shown: ledger.shown(key)?.dot, isInConflict: state.isInConflict))
    }
  }

  subscript(key: CellKey) -> Cell? { cells.first { $0.key == key } }

  /// What the digest of design §4 is made over: table, record, column, log, seq, flags, type tag and value of every
  /// member of every S in byte order; nothing of what is shown.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for cell in cells {
      for member in cell.members {
        bytes += big(UInt64(cell.key.table)) + cell.key.record.bytes + big(UInt64(cell.key.column))
        bytes += member.dot.log.bytes + big(member.dot.sequence) + [member.decides ? 1 : 0]
        bytes += Picture.bytes(of: member.value)
      }
    }
    return bytes
  }

  /// Type tag, then the value.
  static func bytes(of value: Value) -> [UInt8] {
    let content: [UInt8] =
      switch value {
      case .null, .boolean, .redacted: []
      case .integer(let value): big(UInt64(bitPattern: value))
      case .real(let value): big(value.bitPattern)
      case .text(let value): Array(value.utf8)
      case .bytes(let value): value
      case .date(let value): big(UInt64(bitPattern: Int64(value)))
      case .instant(let value): big(UInt64(bitPattern: value))
      case .ref(let value): value.bytes
      }
    return [value.tag] + big(UInt64(content.count)) + content
  }
}

private func big(_ value: UInt64) -> [UInt8] {
  stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> UInt64($0)) }
}

extension Picture: CustomStringConvertible {
  var description: String {
    cells.map { cell in
      let members = cell.members.map { member in
        let stamp = "\(member.stamp.milliseconds).\(member.stamp.counter)"
        return "\(short(member.dot))@\(stamp)\(member.decides ? "!" : "")=\(member.value)"
      }
      let record = cell.key.record.low
      return "\(record).\(cell.key.column): {\(members.joined(separator: ", "))} shown \(cell.shown.map(short) ?? "-")"
        + (cell.isInConflict ? " in conflict" : "")
    }.joined(separator: "\n")
  }
}

/// A dot short enough to read: enough of the log id to tell logs apart.
func short(_ dot: Dot) -> String { "\(dot.log.hex.prefix(6)):\(dot.sequence)" }
