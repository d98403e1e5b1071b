import Merge

/// Bytes that are not what they should be. Nothing was taken from them.
public enum FormatError: ExplainedError, Equatable {
  /// Fewer bytes than a length or a field announces.
  case truncated(what: String)
  /// A second encoding of something that has one, or a field outside its range.
  case malformed(what: String)
  /// A named limit is passed; see ``Limits``.
  case overLimit(what: String, found: Int, limit: Int)
  /// A format version, suite or tag of newer software.
  case unknownVersion(what: String, found: Int)
  /// A hash or signature does not fit what it stands over.
  case notAuthentic(what: String)

  public var number: Int {
    switch self {
    case .truncated: 1001
    case .malformed: 1002
    case .overLimit: 1003
    case .unknownVersion: 1004
    case .notAuthentic: 1005
    }
  }

  public func message(_ tongue: Tongue) -> String {
    switch (self, tongue) {
    case (.truncated(let what), .zh): "\(what) 不完整；请重新取得这份数据"
    case (.truncated(let what), .en): "\(what) is cut short; fetch it again"
    case (.malformed(let what), .zh): "\(what) 格式不正确；请核对来源后重新取得"
    case (.malformed(let what), .en): "\(what) is malformed; check where it came from and fetch it again"
    case (.overLimit(let what, let found, let limit), .zh): "\(what) 为 \(found)，超过上限 \(limit)；请拆分后再写"
    case (.overLimit(let what, let found, let limit), .en):
      "\(what) is \(found), over the limit of \(limit); split it and write again"
    case (.unknownVersion(let what, let found), .zh): "\(what) 的版本 \(found) 较新；请升级本软件"
    case (.unknownVersion(let what, let found), .en): "\(what) has the newer version \(found); upgrade this software"
    case (.notAuthentic(let what), .zh): "\(what) 的哈希或签名不符；请从原处重新取得"
    case (.notAuthentic(let what), .en): "\(what) does not fit its hash or signature; fetch it again from its source"
    }
  }
}

/// What binds a writer (design §8). What a foreign program sends past them is stored and excluded.
public enum Limits {
  /// Header and clear payload of one change, in bytes.
  public static let change = 512 * 1024
  /// One value, in bytes; larger: an attachment.
  public static let value = 256 * 1024
  public static let header = 20 * 1024
  public static let note = 1024
  public static let actor = 256
  public static let scopeName = 256
  public static let contextEntries = 1024
  public static let extensions = 64
  /// One batch, clear, in bytes.
  public static let batch = 1024 * 1024
  /// What a batch, a packed payload, or the values of a body may unfold to before they are refused unread.
  public static let unfolded = 16 * 1024 * 1024
  /// Cells of one body, absent ones too: a column costs a few bytes however many records it spans.
  public static let cells = 1 << 20
  /// Changes of one batch, and context entries and extensions of all of them: each costs as little as two bytes.
  public static let batchChanges = 1 << 17
  public static let batchEntries = 1 << 20
  public static let openLogsPerScope = 1024
  public static let openLogsPerDeviceAndScope = 8
  public static let orderBytes = 256 * 1024
}
