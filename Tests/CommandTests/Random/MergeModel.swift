/// An independent model of the merge (design §3), over what `log` prints: no code of the program, no cleverness.
///
/// A change sees another iff its context, or its own log, covers that dot. S of a cell is every applied write that no
/// other drops; what is shown is found by looking at all of S.
struct MergeModel {
  struct Write {
    var log: String
    var seq: Int
    var value: JSONValue
    var decides: Bool
    /// Order of writes: stamp, log, seq, header hash. Hex digits of equal length order as their bytes do.
    var milliseconds: Int
    var counter: Int
    var hash: String
    var context: [String: Int]
    var actor: String

    var dot: String { "\(log):\(seq)" }

    func sees(_ other: Write) -> Bool {
      log == other.log ? seq > other.seq : (context[other.log] ?? 0) >= other.seq
    }

    func precedes(_ other: Write) -> Bool {
      if milliseconds != other.milliseconds { return milliseconds < other.milliseconds }
      if counter != other.counter { return counter < other.counter }
      if log != other.log { return log < other.log }
      if seq != other.seq { return seq < other.seq }
      return hash < other.hash
    }
  }

  struct Cell: Hashable {
    var table: String
    var id: String
    var scope: String
    var field: String
  }

  struct Rule {
    var isFirst: Bool
    var isLegal: Bool
  }

  private(set) var writes: [Cell: [Write]] = [:]
  private let rules: [String: Rule]

  init(log: [JSONValue], schema: JSONValue) {
    var rules: [String: Rule] = [:]
    for table in schema["tables"].items {
      for column in table["columns"].items {
        rules["\(table["name"].text).\(column["name"].text)"] = Rule(
          isFirst: column["rule"].text == "first", isLegal: column["legal"] == .boolean(true))
      }
    }
    self.rules = rules
    for change in log where change["state"].text == "applied" {
      let stamp = change["restamped"] == .null ? change["stamp"] : change["restamped"]
      let context = Dictionary(
        uniqueKeysWithValues: change["context"].members.map { ($0.name, $0.value.integer ?? 0) })
      for write in change["writes"].items {
        let cell = Cell(
          table: write[0].text, id: write[1].text, scope: change["scope"].text, field: write[2].text)
        writes[cell, default: []].append(
          Write(
            log: change["log"].text, seq: change["seq"].integer ?? 0, value: write[3], decides: write[4].text == "d",
            milliseconds: stamp[0].integer ?? 0, counter: stamp[1].integer ?? 0, hash: change["hash"].text,
            context: context, actor: change["actor"].text))
      }
    }
  }

  private func rule(_ cell: Cell) -> Rule {
    rules["\(cell.table).\(cell.field)"] ?? Rule(isFirst: false, isLegal: false)
  }

  /// The writes not dropped by another, in order of dot.
  func members(_ cell: Cell) -> [Write] {
    let all = writes[cell] ?? []
    let isFirst = rule(cell).isFirst
    let standing = all.filter { write in
      !all.contains { $0.dot != write.dot && $0.sees(write) && (!isFirst || $0.decides) }
    }
    return standing.sorted { $0.log != $1.log ? $0.log < $1.log : $0.seq < $1.seq }
  }

  func shown(_ cell: Cell, _ members: [Write]) -> Write? {
    let decisions = members.filter(\.decides)
    if !decisions.isEmpty { return decisions.max { $0.precedes($1) } }
    guard rule(cell).isFirst else { return members.max { $0.precedes($1) } }
    let blind = members.filter { write in !members.contains { $0.dot != write.dot && write.sees($0) } }
    return blind.min { $0.precedes($1) }
  }

  /// The lines that `dump` must print, values as they stand in the log.
  func dump() -> [JSONValue] {
    var records: [[String]: [(field: String, value: JSONValue, dots: [String])]] = [:]
    for cell in writes.keys {
      let members = members(cell)
      guard let shown = shown(cell, members) else { continue }
      records[[cell.table, cell.id, cell.scope], default: []].append((cell.field, shown.value, members.map(\.dot)))
    }
    return records.sorted { Self.byBytes($0.key, $1.key) }.map { key, fields in
      let fields = fields.sorted { Self.byBytes([$0.field], [$1.field]) }
      return .object([
        .init(name: "table", value: .string(key[0])), .init(name: "id", value: .string(key[1])),
        .init(name: "scope", value: .string(key[2])),
        .init(name: "fields", value: .object(fields.map { .init(name: $0.field, value: $0.value) })),
        .init(
          name: "dots",
          value: .object(fields.map { .init(name: $0.field, value: .array($0.dots.map(JSONValue.string))) })),
      ])
    }
  }

  /// A conflict without what only the clock knows.
  struct Conflict: Equatable {
    var cell: [String]
    var isLegal: Bool
    /// Value, dot and actor: the shown write first, the others by dot.
    var writes: [[JSONValue]]
  }

  func conflicts() -> [Conflict] {
    let found = writes.keys.compactMap { cell -> Conflict? in
      let members = members(cell)
      guard let first = members.first, members.contains(where: { $0.value != first.value }),
        let shown = shown(cell, members)
      else { return nil }
      let others = members.filter { $0.dot != shown.dot }
      return Conflict(
        cell: [cell.scope, cell.table, cell.id, cell.field], isLegal: rule(cell).isLegal,
        writes: ([shown] + others).map { [$0.value, .string($0.dot), .string($0.actor)] })
    }
    return found.sorted { Self.byBytes($0.cell, $1.cell) }
  }

  private static func byBytes(_ a: [String], _ b: [String]) -> Bool {
    for (one, other) in zip(a, b) where one != other { return one.utf8.lexicographicallyPrecedes(other.utf8) }
    return false
  }
}

extension JSONValue {
  /// The same value with the keys of every object in order of their bytes.
  var inKeyOrder: JSONValue {
    switch self {
    case .object(let members):
      .object(
        members.map { Member(name: $0.name, value: $0.value.inKeyOrder) }
          .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
    case .array(let items): .array(items.map(\.inKeyOrder))
    default: self
    }
  }

  /// What `conflicts` prints, as the model says it.
  var conflict: MergeModel.Conflict {
    func write(_ value: JSONValue, _ from: JSONValue) -> [JSONValue] {
      [value, .string("\(from["log"].text):\(from["seq"].text)"), from["who"]]
    }
    return MergeModel.Conflict(
      cell: ["scope", "table", "id", "field"].map { self[$0].text }, isLegal: self["legal"] == .boolean(true),
      writes: [write(self["shown"], self)] + self["others"].items.map { write($0["value"], $0) })
  }
}
