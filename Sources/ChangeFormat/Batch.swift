import Merge

/// What travels between replicas: orders, receipts, and runs of changes that end at a kept signed head (design §5).
public struct Batch: Sendable {
  /// A log named in the batch: what another change's context or a run refers to.
  public struct LogEntry: Sendable, Equatable {
    public var log: LogID
    /// Sent with the log's first change, so that a replica that never saw the log can check it.
    public var genesis: Genesis?

    public init(log: LogID, genesis: Genesis? = nil) {
      self.log = log
      self.genesis = genesis
    }
  }

  /// One change: its header without what can be computed, and its packed payload.
  public struct Change: Sendable {
    public var stamp: Stamp
    public var authentication: UInt8
    public var order: OrderMark
    public var context: ContextDelta
    public var extensions: [Header.Extension]
    /// A ``PackedPayload``.
    public var payload: [UInt8]
    /// Of a redacted payload, the hash that the header has; nil: it is computed.
    public var payloadHash: ContentHash?
    /// Of a redacted payload, the length that the header has.
    public var payloadLength: UInt64?

    public init(
      stamp: Stamp, authentication: UInt8, order: OrderMark, context: ContextDelta,
      extensions: [Header.Extension], payload: [UInt8], payloadHash: ContentHash? = nil, payloadLength: UInt64? = nil
    ) {
      self.stamp = stamp
      self.authentication = authentication
      self.order = order
      self.context = context
      self.extensions = extensions
      self.payload = payload
      self.payloadHash = payloadHash
      self.payloadLength = payloadLength
    }
  }

  /// Consecutive changes of one log.
  public struct Run: Sendable {
    public var log: LogID
    /// Sequence of the first change.
    public var first: UInt64
    /// Header hash before the first change; of the genesis for sequence 1.
    public var previous: ContentHash
    public var changes: [Change]
    /// Signatures over headers of the run by sequence, the last one over its last header.
    public var heads: [(sequence: UInt64, signature: [UInt8])]

    public init(
      log: LogID, first: UInt64, previous: ContentHash, changes: [Change],
      heads: [(sequence: UInt64, signature: [UInt8])]
    ) {
      self.log = log
      self.first = first
      self.previous = previous
      self.changes = changes
      self.heads = heads
    }
  }

  public static let version: UInt8 = 1

  public var orders: [SignedOrder] = []
  public var receipts: [SignedReceipt] = []
  public var logs: [LogEntry] = []
  public var runs: [Run] = []

  public init() {}

  public var isEmpty: Bool { orders.isEmpty && receipts.isEmpty && runs.isEmpty }
  public var changeCount: Int { runs.reduce(0) { $0 + $1.changes.count } }
}
