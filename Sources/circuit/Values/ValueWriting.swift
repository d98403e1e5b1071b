import Merge
import ReplicaStore

extension Value {
  /// The value as the contract prints it in JSON.
  var json: JSON {
    switch self {
    case .null: .null
    case .boolean(let flag): .boolean(flag)
    case .integer(let number): .integer(number)
    case .real(let number): number.isFinite ? .real(number) : .null
    case .text(let text): .string(text)
    case .bytes(let bytes): .object(["hex": .string(hexOfBytes(bytes))])
    case .date(let day): .string(CalendarDay.text(day))
    case .instant(let milliseconds): .string(Instant.text(milliseconds))
    case .ref(let id): .string(id.hex)
    case .redacted: .object(["redacted": .boolean(true)])
    }
  }

  /// The value for a person's eyes, on one line; see ``Plain/oneLine(_:)``.
  var shown: String {
    switch self {
    case .null: "—"
    case .boolean(let flag): flag ? say("是", "yes") : say("否", "no")
    case .integer(let number): String(number)
    case .real(let number): number.description
    case .text(let text): Plain.oneLine(text)
    case .bytes(let bytes): say("\(bytes.count) 字节", "\(bytes.count) bytes") + " " + hexOfBytes(bytes.prefix(16))
    case .date(let day): CalendarDay.text(day)
    case .instant(let milliseconds): Instant.text(milliseconds)
    case .ref(let id): id.hex
    case .redacted: say("（已依令删除）", "(redacted)")
    }
  }

  /// The value as a cell of CSV, not yet quoted. Null is nil, so that an empty text stays apart from it.
  var commaSeparated: String? {
    switch self {
    case .null: nil
    case .boolean(let flag): flag ? "true" : "false"
    case .integer(let number): String(number)
    case .real(let number): number.description
    case .text(let text): text
    case .bytes(let bytes): hexOfBytes(bytes)
    case .date(let day): CalendarDay.text(day)
    case .instant(let milliseconds): Instant.text(milliseconds)
    case .ref(let id): id.hex
    case .redacted: json.text
    }
  }
}
