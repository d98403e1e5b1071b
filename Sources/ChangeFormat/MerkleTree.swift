import Crypto
import Merge

/// The right edge of an RFC 6962 tree: enough to append leaves and to give the head.
public struct MerkleTree: Hashable, Sendable {
  /// Leaves appended.
  public private(set) var size: UInt64
  /// Roots of the complete subtrees, the largest first: one for every set bit of `size`.
  public private(set) var edge: [ContentHash]

  public init() {
    size = 0
    edge = []
  }

  /// Nil unless `edge` has as many roots as `size` has set bits.
  public init?(size: UInt64, edge: [ContentHash]) {
    guard size.nonzeroBitCount == edge.count else { return nil }
    self.size = size
    self.edge = edge
  }

  public mutating func append(_ leaf: [UInt8]) {
    var node = Hashing.hash([0] + leaf)
    var bits = size
    while bits & 1 == 1 {
      node = MerkleTree.parent(edge.removeLast(), node)
      bits >>= 1
    }
    edge.append(node)
    size += 1
  }

  /// The tree head; of an empty tree the hash of nothing.
  public var head: ContentHash {
    guard var node = edge.last else { return Hashing.hash([]) }
    for left in edge.dropLast().reversed() { node = MerkleTree.parent(left, node) }
    return node
  }

  private static func parent(_ left: ContentHash, _ right: ContentHash) -> ContentHash {
    Hashing.hash([1] + left.bytes + right.bytes)
  }
}
