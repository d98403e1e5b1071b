import Merge
import ReplicaStore

extension Dot {
  var json: JSON { .string(description) }
}

extension Stamp {
  /// `[ms,counter]`
  var json: JSON { .array([.natural(milliseconds), .natural(UInt64(counter))]) }
}

extension WriteView {
  var json: JSON {
    .object([
      "value": value.json, "who": .string(who), "when": .string(Instant.text(milliseconds: when)),
      "log": .string(dot.log.hex), "seq": .natural(dot.sequence),
    ])
  }
}

extension RecordView {
  /// As `get` and `list` print it.
  var json: JSON {
    .object([
      "table": .string(table), "id": .string(id.hex), "scope": .string(scope), "fields": fieldsAsJSON,
      "open": .array(fields.filter(\.isOpen).map { .string($0.name) }),
    ])
  }

  /// As `dump` prints it: the fields that were written, with the dots of S.
  var dumped: JSON {
    .object([
      "table": .string(table), "id": .string(id.hex), "scope": .string(scope), "fields": fieldsAsJSON,
      "dots": .object(fields.map { JSON.Member(name: $0.name, value: .array($0.dots.map(\.json))) }),
    ])
  }

  private var fieldsAsJSON: JSON { .object(fields.map { JSON.Member(name: $0.name, value: $0.value.json) }) }
}

extension ConflictView {
  var json: JSON {
    .object([
      "kind": .string("cell"), "table": .string(table), "id": .string(id.hex), "scope": .string(scope),
      "field": .string(field), "legal": .boolean(isLegal), "shown": shown.value.json,
      "log": .string(shown.dot.log.hex), "seq": .natural(shown.dot.sequence), "who": .string(shown.who),
      "when": .string(Instant.text(milliseconds: shown.when)), "others": .array(others.map(\.json)),
    ])
  }
}

extension HistoryEntry {
  var json: JSON {
    .object([
      "field": .string(field), "value": value.json, "who": .string(who),
      "when": .string(Instant.text(milliseconds: when)), "note": .string(note), "log": .string(dot.log.hex),
      "seq": .natural(dot.sequence), "flags": .string(decides ? "d" : ""), "seen": .boolean(seen),
      "state": .string(state.rawValue),
    ])
  }
}

extension ChangeView {
  var json: JSON {
    .object([
      "log": .string(dot.log.hex), "seq": .natural(dot.sequence), "device": .string(device.hex),
      "scope": .string(scope), "stamp": stamp.json,
      "context": .object(context.map { JSON.Member(name: $0.log.hex, value: .natural($0.sequence)) }),
      "hash": .string(hash.hex), "previous": .string(previous.hex), "actor": .string(actor), "note": .string(note),
      "state": .string(state.rawValue), "reason": .optional(reason), "order": .optional(order),
      "restamped": restamped.map(\.json) ?? .null, "writes": .array(writes.map(\.json)),
    ])
  }
}

extension CellWriteView {
  /// `[table,id,column,value,flags]`
  var json: JSON {
    .array([.string(table), .string(id.hex), .string(column), value.json, .string(decides ? "d" : "")])
  }
}

extension StatusView {
  var json: JSON {
    .object([
      "device": .optional(device?.hex), "label": .optional(label), "scopes": .array(scopes.map(JSON.string)),
      "unsent": .count(unsent), "last_contact": .optional(lastContact.map(Instant.text(milliseconds:))),
      "waiting": .array(waiting.map { .object($0.members) }),
      "excluded": .array(
        excluded.map { .object($0.members + [JSON.Member(name: "order", value: .optional($0.order))]) }),
      "conflicts": .count(conflicts), "clock_off_ms": clockOffMilliseconds.map(JSON.integer) ?? .null,
      "rulings": .array(rulings.map(\.json)),
    ])
  }
}

extension StatusView.Ruling {
  fileprivate var json: JSON {
    let effect: (name: String, at: JSON, branch: JSON) =
      switch self.effect {
      case .restamped(let at): ("restamp", .string(Instant.text(milliseconds: at)), .null)
      case .branched(let branch): ("fork", .null, .string(branch.hex))
      }
    return .object([
      "kind": .string(effect.name), "log": .string(dot.log.hex), "seq": .natural(dot.sequence), "to": .optional(last),
      "at": effect.at, "branch": effect.branch, "order": .natural(order),
    ])
  }
}

extension StatusView.Held {
  fileprivate var members: [JSON.Member] {
    [
      JSON.Member(name: "log", value: .string(dot.log.hex)), JSON.Member(name: "seq", value: .natural(dot.sequence)),
      JSON.Member(name: "reason", value: .string(reason)),
    ]
  }
}
