import Merge
import ReplicaStore

extension Order {
  /// An order as `orders` prints it: what every order has, then what its kind has.
  var json: JSON {
    let head: [JSON.Member] = [
      JSON.Member(name: "epoch", value: .natural(mark.epoch)),
      JSON.Member(name: "number", value: .natural(mark.number)),
      JSON.Member(name: "kind", value: .string(kind.name)),
      JSON.Member(name: "time", value: .string(Instant.text(milliseconds: time))),
    ]
    return .object(head + kind.members)
  }
}

extension OrderKind {
  fileprivate var members: [JSON.Member] {
    guard case .object(let members) = json else { return [] }
    return members
  }

  private var json: JSON {
    switch self {
    case .grant(let device, _, _, let label, let scopes, let rights, let from, let until):
      .object([
        "device": .string(device.hex), "label": .string(label), "scopes": .array(scopes.map(JSON.string)),
        "rights": .array(rights.words.map(JSON.string)), "from": .string(Instant.text(milliseconds: from)),
        "until": .optional(until.map(Instant.text(milliseconds:))),
      ])
    case .revoke(let device, let stands):
      .object([
        "device": .string(device.hex),
        "stands": .object(
          stands.sorted { $0.key < $1.key }.map { JSON.Member(name: $0.key.hex, value: .natural($0.value.sequence)) }),
      ])
    case .exclude(let range, let reason):
      .object(range.members + [JSON.Member(name: "reason", value: .string(reason))])
    case .restamp(let range, let at, let reason):
      .object(
        range.members + [
          JSON.Member(name: "reason", value: .string(reason)), JSON.Member(name: "at", value: at.json),
        ])
    case .fork(let log, let sequence, let hash):
      .object([
        "log": .string(log.hex), "seq": .natural(sequence), "hash": .string(hash.hex),
        "branch": .string(hash.prefix.hex),
      ])
    case .redact(let log, let sequence, let hash, let positions, _):
      .object([
        "log": .string(log.hex), "seq": .natural(sequence), "hash": .string(hash.hex),
        "positions": .array(positions.map { .natural(UInt64($0)) }),
      ])
    case .time(let treeSize, let treeHead, let lowers):
      .object([
        "tree_size": .natural(treeSize), "tree_head": .string(treeHead.hex), "lowers": .boolean(lowers),
      ])
    case .epoch(let stands):
      .object(["stands": .natural(stands)])
    }
  }
}

extension HeaderRange {
  fileprivate var members: [JSON.Member] {
    [
      JSON.Member(name: "log", value: .string(log.hex)), JSON.Member(name: "from", value: .natural(from)),
      JSON.Member(name: "hash", value: .optional(fromHash?.hex)), JSON.Member(name: "to", value: .optional(to)),
      JSON.Member(name: "to_hash", value: .optional(toHash?.hex)),
    ]
  }
}

extension Rights {
  /// The names of the rights held, in the order of the command line.
  var words: [String] { Rights.names.filter { contains($0.0) }.map(\.1) }
}
