import ChangeFormat
import Merge

@testable import ReplicaStore

/// A court as a test needs it: the centre's key, and the order log it signs.
struct SmallCourt {
  let court = Identifier(high: 0xC0, low: 0x01)
  let key: SigningKey
  /// The chain as the centre holds it, in number order.
  private(set) var orders: [SignedOrder] = []
  /// Milliseconds of the newest order.
  private(set) var time = FakeClock.start

  init(seed: UInt64 = 0) throws {
    var random = SplitMix64(seed: seed &+ 0xCE)
    key = try SigningKey(seed: random.bytes(32))
  }

  @discardableResult
  mutating func issue(_ kind: OrderKind, epoch: UInt64? = nil, after milliseconds: UInt64 = 0) throws -> SignedOrder {
    let last = orders.last?.order
    time += milliseconds
    let order = try SignedOrder(
      mark: OrderMark(epoch: epoch ?? last?.mark.epoch ?? 1, number: (last?.mark.number ?? 0) + 1),
      previous: last?.hash ?? .zero, time: time, kind: kind, court: court, key: key)
    orders.append(order)
    return order
  }

  @discardableResult
  mutating func admit(
    _ keys: DeviceKeys, scopes: [String] = [Sample.tribunal], rights: Rights = .all
  ) throws -> SignedOrder {
    try issue(
      .grant(
        device: keys.device, signingKey: keys.signing.publicKey.bytes,
        agreementKey: try agreementPublicKey(seed: keys.agreementSeed), label: "", scopes: scopes, rights: rights,
        from: time, until: nil))
  }

  /// The centre comes back from a backup that ends with the `count`-th order, and opens an epoch.
  @discardableResult
  mutating func restore(to count: Int) throws -> SignedOrder {
    let epoch = (orders.last?.order.mark.epoch ?? 0) + 1
    orders.removeLast(orders.count - count)
    return try issue(.epoch(stands: UInt64(count)), epoch: epoch)
  }
}

extension Batch {
  init(orders: [SignedOrder]) {
    self.init()
    self.orders = orders
  }
}
