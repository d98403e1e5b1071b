import Court
import Merge
import ReplicaStore

/// One record as a line of `circuit apply` writes it, but for scope and actor, which the transaction gives.
struct Record {
  let table: StaticString
  let id: RecordID
  private(set) var fields: [UInt8] = []

  init(_ table: StaticString, _ id: RecordID, codesAsOf day: Day? = nil) {
    self.table = table
    self.id = id
    if let day { set("codes_as_of_on", day) }
  }

  mutating func set(_ name: StaticString, _ text: String?) {
    guard let text else { return }
    begin(name)
    Record.quote(text, to: &fields)
  }

  mutating func set(_ name: StaticString, _ number: Int?) {
    guard let number else { return }
    begin(name)
    fields.append(contentsOf: String(number).utf8)
  }

  /// Always with a point: that is how a real is told from an integer.
  mutating func set(_ name: StaticString, hours: Double?) {
    guard let hours else { return }
    begin(name)
    fields.append(contentsOf: hours.description.utf8)
  }

  mutating func set(_ name: StaticString, _ flag: Bool?) {
    guard let flag else { return }
    begin(name)
    fields.append(contentsOf: (flag ? "true" : "false").utf8)
  }

  mutating func set(_ name: StaticString, _ day: Day?) { set(name, day?.description) }
  mutating func set(_ name: StaticString, _ record: RecordID?) { set(name, record?.hex) }
  mutating func set(_ name: StaticString, _ moment: Moment?) { set(name, moment.map { Instant.text($0.milliseconds) }) }

  mutating func set(_ name: StaticString, bytes: [UInt8]) {
    begin(name)
    fields.append(contentsOf: "{\"hex\":\"\(hexOfBytes(bytes))\"}".utf8)
  }

  private mutating func begin(_ name: StaticString) {
    if !fields.isEmpty { fields.append(0x2C) }
    fields.append(0x22)
    name.withUTF8Buffer { fields.append(contentsOf: $0) }
    fields.append(0x22)
    fields.append(0x3A)
  }

  static func quote(_ text: String, to out: inout [UInt8]) {
    out.append(0x22)
    for byte in text.utf8 {
      switch byte {
      case 0x22, 0x5C: out.append(contentsOf: [0x5C, byte])
      case 0x0A: out.append(contentsOf: [0x5C, 0x6E])
      case 0x00...0x1F: preconditionFailure("a text of the fixture has a control character")
      default: out.append(byte)
      }
    }
    out.append(0x22)
  }
}
