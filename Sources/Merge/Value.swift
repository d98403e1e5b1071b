/// What a cell holds.
///
/// Text is bytes: two spellings of one letter are two values. Equality is equality of type and bytes; a redacted value
/// equals only itself as a Swift value, and never another write's value (see ``conflicts(with:)``).
public enum Value: Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  /// Finite and never -0.0; see ``isWritable``.
  case real(Double)
  /// UTF-8 without NUL; see ``isWritable``.
  case text(String)
  case bytes([UInt8])
  /// Days since 1970-01-01 in the proleptic Gregorian calendar.
  case date(Int32)
  /// Milliseconds since 1970-01-01T00:00:00Z.
  case instant(Int64)
  /// Another record's id.
  case ref(Identifier)
  /// What a `redact` order left of a value.
  case redacted

  /// The type tag that stands before a value in bytes (`docs/format.md`).
  public var tag: UInt8 {
    switch self {
    case .null: ValueTag.null
    case .boolean(let value): value ? ValueTag.true : ValueTag.false
    case .integer: ValueTag.integer
    case .real: ValueTag.real
    case .text: ValueTag.text
    case .bytes: ValueTag.bytes
    case .date: ValueTag.date
    case .instant: ValueTag.instant
    case .ref: ValueTag.ref
    case .redacted: ValueTag.redacted
    }
  }

  /// False for what no one may write: NaN, infinities, -0.0, text with NUL, a redacted value.
  public var isWritable: Bool {
    switch self {
    case .real(let value): value.isFinite && !(value == 0 && value.sign == .minus)
    case .text(let value): !value.utf8.contains(0)
    case .redacted: false
    default: true
    }
  }

  /// Whether two writes with these values put a cell in conflict.
  public func conflicts(with other: Value) -> Bool {
    if case .redacted = self { return true }
    return self != other
  }
}

/// The type tags of values in bytes.
public enum ValueTag {
  public static let null: UInt8 = 0
  public static let `false`: UInt8 = 1
  public static let `true`: UInt8 = 2
  public static let integer: UInt8 = 3
  public static let real: UInt8 = 4
  public static let text: UInt8 = 5
  public static let bytes: UInt8 = 6
  public static let date: UInt8 = 7
  public static let instant: UInt8 = 8
  public static let ref: UInt8 = 9
  public static let redacted: UInt8 = 10
}

extension Value: Equatable {
  public static func == (a: Value, b: Value) -> Bool {
    switch (a, b) {
    case (.null, .null), (.redacted, .redacted): true
    case (.boolean(let x), .boolean(let y)): x == y
    case (.integer(let x), .integer(let y)): x == y
    case (.real(let x), .real(let y)): x.bitPattern == y.bitPattern
    case (.text(let x), .text(let y)): x.utf8.elementsEqual(y.utf8)
    case (.bytes(let x), .bytes(let y)): x == y
    case (.date(let x), .date(let y)): x == y
    case (.instant(let x), .instant(let y)): x == y
    case (.ref(let x), .ref(let y)): x == y
    default: false
    }
  }
}
