import Merge

/// Where a client has read to in a scope's sequence at one store; another store's sequence begins anew.
public struct Cursor: Hashable, Sendable {
  public var store: Identifier
  public var place: UInt64

  public init(store: Identifier, place: UInt64) {
    self.store = store
    self.place = place
  }

  public static let start = Cursor(store: .zero, place: 0)
}

/// Count and hash of a scope's heads: equal ones hold the same (design §5).
public struct HeadsSummary: Hashable, Sendable {
  public var count: UInt64
  public var hash: ContentHash

  public init(count: UInt64, hash: ContentHash) {
    self.count = count
    self.hash = hash
  }
}
