/// A stretch of one log's headers, named so that no other branch is touched (design §2).
public struct HeaderRange: Hashable, Sendable {
  public var log: LogID
  public var from: UInt64
  /// Header hash at `from`; nil when nobody held that header: the range is then open and covers every header from
  /// there on.
  public var fromHash: ContentHash?
  /// The last header covered; nil: open.
  public var to: UInt64?
  public var toHash: ContentHash?

  public init(log: LogID, from: UInt64, fromHash: ContentHash?, to: UInt64?, toHash: ContentHash?) {
    self.log = log
    self.from = from
    self.fromHash = fromHash
    self.to = to
    self.toHash = toHash
  }

  public func contains(_ sequence: UInt64) -> Bool { sequence >= from && sequence <= (to ?? .max) }
}

/// What a device may do in a scope (design §6).
public struct Rights: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let read = Rights(rawValue: 1)
  public static let append = Rights(rawValue: 2)
  public static let correct = Rights(rawValue: 4)
  public static let void = Rights(rawValue: 8)
  public static let export = Rights(rawValue: 16)
  public static let all: Rights = [.read, .append, .correct, .void, .export]
  /// What every admitted device has in the scope `court`.
  public static let everyone: Rights = [.read, .append, .correct, .void]

  /// The names, in the order of the command line.
  public static let names: [(Rights, String)] = [
    (.read, "read"), (.append, "append"), (.correct, "correct"), (.void, "void"), (.export, "export"),
  ]
}

/// What an order says.
public enum OrderKind: Hashable, Sendable {
  /// Admits a device. `from` and `until` are milliseconds; `until` nil: without end.
  case grant(
    device: DeviceID, signingKey: [UInt8], agreementKey: [UInt8], label: String, scopes: [String], rights: Rights,
    from: UInt64, until: UInt64?)
  /// Excludes everything of the device but the named headers and their ancestors.
  case revoke(device: DeviceID, stands: [LogID: Standing])
  case exclude(HeaderRange, reason: String)
  case restamp(HeaderRange, at: Stamp, reason: String)
  /// The header with this hash starts a log of its own.
  case fork(log: LogID, sequence: UInt64, hash: ContentHash)
  /// Removes the values at these positions of the payload's cell writes.
  case redact(log: LogID, sequence: UInt64, hash: ContentHash, positions: [UInt32], payloadHash: ContentHash)
  /// The centre's time and tree head.
  case time(treeSize: UInt64, treeHead: ContentHash, lowers: Bool)
  /// A restored centre's new epoch: orders after `stands` no longer stand.
  case epoch(stands: UInt64)

  /// The last header of a log that stands under a revocation.
  public struct Standing: Hashable, Sendable {
    public var sequence: UInt64
    public var hash: ContentHash
    public init(sequence: UInt64, hash: ContentHash) {
      self.sequence = sequence
      self.hash = hash
    }
  }

  public var name: String {
    switch self {
    case .grant: "grant"
    case .revoke: "revoke"
    case .exclude: "exclude"
    case .restamp: "restamp"
    case .fork: "fork"
    case .redact: "redact"
    case .time: "time"
    case .epoch: "epoch"
    }
  }
}

/// The place of an order: epochs begin anew where a restored centre does, numbers go on.
public struct OrderMark: Hashable, Comparable, Sendable {
  /// Milliseconds at the epoch's opening; 0 with number 0: before any order.
  public var epoch: UInt64
  public var number: UInt64

  public init(epoch: UInt64, number: UInt64) {
    self.epoch = epoch
    self.number = number
  }

  public static let none = OrderMark(epoch: 0, number: 0)

  public static func < (a: OrderMark, b: OrderMark) -> Bool {
    a.epoch != b.epoch ? a.epoch < b.epoch : a.number < b.number
  }
}

/// A statement signed by the centre, in the court's one order log (design §2).
public struct Order: Hashable, Sendable {
  public var mark: OrderMark
  /// Hash of the order before it; zeros for the first.
  public var previous: ContentHash
  /// Hash of this order's own bytes.
  public var hash: ContentHash
  /// The centre's milliseconds when it signed.
  public var time: UInt64
  public var kind: OrderKind

  public init(mark: OrderMark, previous: ContentHash, hash: ContentHash, time: UInt64, kind: OrderKind) {
    self.mark = mark
    self.previous = previous
    self.hash = hash
    self.time = time
    self.kind = kind
  }

  /// Whether of two chains the one that ends here stands back: the greater mark counts, and should a centre ever have
  /// signed two orders with one mark, the smaller hash, so that all replicas agree until a new epoch tells.
  func yields(to other: Order) -> Bool {
    mark != other.mark ? mark < other.mark : hash > other.hash
  }
}
