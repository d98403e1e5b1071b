import ChangeFormat

@testable import Merge
@testable import ReplicaStore

/// What a replica and the pure merge say of the same holdings, in a form that can be compared and read.
struct Comparison {
  /// What became of a change.
  struct Fate: Equatable, CustomStringConvertible {
    var state: ChangeState
    /// The dot that counts; of a waiting change the signed one.
    var dot: Dot
    /// Why it waits, or the order that excludes it.
    var why: String

    var description: String { "\(short(dot)) \(state.rawValue) \(why)" }
  }

  /// Names the first difference; nil when there is none.
  static func difference(_ machine: Machine, _ mirror: Mirror) throws -> String? {
    // One reading for all: a history is looked at after every step.
    let difference: String? = try machine.inside { inside in
      if let difference = try fateDifference(inside, mirror) { return difference }
      for scope in Mirror.scopes {
        let digest = try inside.logs.scopeNumbers[scope].map { try inside.digest(scope: $0) } ?? Hashing.hash([])
        if digest != mirror.digest(scope) { return "digest of \(scope)" }
        if let difference = headDifference(inside, mirror, scope) { return difference }
      }
      return nil
    }
    guard let difference, difference.hasPrefix("digest") else { return difference }
    return try cellDifference(machine, mirror) ?? difference
  }

  private static func fateDifference(_ inside: ReadingTable, _ mirror: Mirror) throws -> String? {
    var fates: [ContentHash: Fate] = [:]
    func add(_ view: ChangeView) {
      let why = view.state == .waiting ? view.reason ?? "" : view.order.map(String.init) ?? ""
      fates[view.hash] = Fate(state: view.state, dot: view.dot, why: why)
    }
    try inside.changes.inCausalOrder { add(try inside.view($0)) }
    for waiting in try WaitingChange.all(inside.sql) { add(try inside.view(waiting)) }
    let expected = self.fates(mirror)
    for (hash, fate) in expected.sorted(by: { $0.key < $1.key }) where fates[hash] != fate {
      return "change \(hash.hex.prefix(8)): \(fates[hash].map(\.description) ?? "not held"), expected \(fate)"
    }
    return fates.keys.first { expected[$0] == nil }.map { "change \($0.hex.prefix(8)) is surplus" }
  }

  private static func headDifference(_ inside: ReadingTable, _ mirror: Mirror, _ scope: String) -> String? {
    let ledger = mirror[scope]
    var heads: [LogID: KnownHead] = [:]
    for dot in ledger.heads.sorted {
      // A replica shows an excluded change only once it knows what it saw.
      let shared = ledger.fork(of: dot.log)?.sequence ?? 0
      var sequence = dot.sequence
      func hasVector(_ sequence: UInt64) -> Bool {
        ledger.hash(of: Dot(dot.log, sequence)).flatMap { ledger.vector(of: $0) } != nil
      }
      while sequence > shared, !hasVector(sequence) { sequence -= 1 }
      guard sequence > shared else { continue }
      heads[dot.log] = KnownHead(sequence: sequence, hash: ledger.hash(of: Dot(dot.log, sequence)) ?? .zero)
    }
    var found: [LogID: KnownHead] = [:]
    for entry in inside.logs.entries where entry.tip > (entry.fork?.sequence ?? 0) {
      if inside.logs.scopeNames[entry.scope] == scope {
        found[entry.id] = KnownHead(sequence: entry.tip, hash: entry.tipHash)
      }
    }
    return found == heads ? nil : "heads of \(scope): \(readable(found)), expected \(readable(heads))"
  }

  /// Also what takes longer to look at: cells, shown values, conflicts, contexts, and `verify`.
  static func wholeDifference(_ machine: Machine, _ mirror: Mirror) throws -> String? {
    if let difference = try difference(machine, mirror) { return difference }
    for (scope, digest) in try machine.replica.digests() where digest != mirror.digest(scope) {
      return "digest of \(scope)"
    }
    if let difference = try cellDifference(machine, mirror) { return difference }
    if let difference = try conflictDifference(machine, mirror) { return difference }
    let difference: String? = try machine.inside { inside in
      for scope in Mirror.scopes {
        let ledger = mirror[scope]
        for (hash, placed) in ledger.placed.sorted(by: { $0.key < $1.key }) {
          guard placed.state == .applied, let vector = placed.vector else { continue }
          let found = try inside.logs.vector(of: placed.dot)
          if found != vector {
            return
              "context of \(short(placed.dot)) \(hash.hex.prefix(8)): \(readable(found)), expected \(readable(vector))"
          }
        }
      }
      return nil
    }
    if let difference { return difference }
    let status = try machine.replica.status()
    let fates = fates(mirror).values
    for (state, found) in [(ChangeState.waiting, status.waiting), (.excluded, status.excluded)] {
      let expected = fates.filter { $0.state == state }.map(\.dot).sorted()
      if found.map(\.dot) != expected {
        return "status: \(state) \(found.map { short($0.dot) }), expected \(expected.map(short))"
      }
    }
    do {
      _ = try machine.replica.verify()
    } catch {
      return "verify: \(error)"
    }
    return nil
  }

  private static func fates(_ mirror: Mirror) -> [ContentHash: Fate] {
    var fates: [ContentHash: Fate] = [:]
    for scope in Mirror.scopes {
      let ledger = mirror[scope]
      for (hash, change) in ledger.held {
        if let reason = ledger.waiting[hash] {
          fates[hash] = Fate(state: .waiting, dot: change.dot, why: reason.text)
        } else if let placed = ledger.placed[hash] {
          let order = ledger.book.exclusion(of: placed.dot, device: change.device, in: ledger)
          fates[hash] = Fate(
            state: placed.state == .excluded ? .excluded : .applied, dot: placed.dot, why: order.map(String.init) ?? "")
        }
      }
    }
    return fates
  }

  // MARK: Cells

  private struct Cell: Equatable {
    var dots: [Dot]
    var shown: Value
    var isOpen: Bool
  }

  private static func cellDifference(_ machine: Machine, _ mirror: Mirror) throws -> String? {
    var found: [String: Cell] = [:]
    try machine.replica.dump { view in
      for field in view.fields {
        found[name(view.table, view.id, view.scope, field.name)] = Cell(
          dots: field.dots, shown: field.value, isOpen: field.isOpen)
      }
    }
    var expected: [String: Cell] = [:]
    for scope in Mirror.scopes {
      let ledger = mirror[scope]
      for (key, state) in ledger.cells {
        let table = machine.replica.schema.table(key.table)
        let column = table?.column(key.column)?.name ?? "#\(key.column)"
        expected[name(table?.name ?? "#\(key.table)", key.record, scope, column)] = Cell(
          dots: state.members.map(\.dot), shown: ledger.shown(key)?.value ?? .null, isOpen: state.isInConflict)
      }
    }
    for name in Set(found.keys).union(expected.keys).sorted() where found[name] != expected[name] {
      return "\(name): \(found[name].map(readable) ?? "empty"), expected \(expected[name].map(readable) ?? "empty")"
    }
    return nil
  }

  private static func conflictDifference(_ machine: Machine, _ mirror: Mirror) throws -> String? {
    var expected: Set<String> = []
    for scope in Mirror.scopes {
      for (key, state) in mirror[scope].cells where state.isInConflict {
        let table = machine.replica.schema.table(key.table)
        let column = table?.column(key.column)?.name ?? "#\(key.column)"
        let shown = mirror[scope].shown(key)?.dot
        let others = state.members.map(\.dot).filter { $0 != shown }
        expected.insert(
          name(table?.name ?? "#\(key.table)", key.record, scope, column)
            + " \(shown.map(\.description) ?? "") \(others)")
      }
    }
    let found = Set(
      try machine.replica.conflicts().map {
        name($0.table, $0.id, $0.scope, $0.field) + " \($0.shown.dot) \($0.others.map(\.dot))"
      })
    return found == expected ? nil : "conflicts: \(found.sorted()), expected \(expected.sorted())"
  }

  private static func name(_ table: String, _ id: RecordID, _ scope: String, _ field: String) -> String {
    "\(scope)/\(table)/\(id.hex.suffix(4)).\(field)"
  }

  private static func readable(_ cell: Cell) -> String {
    "\(cell.shown) of \(cell.dots.map(short))\(cell.isOpen ? " in conflict" : "")"
  }

  private static func readable(_ heads: [LogID: KnownHead]) -> String {
    heads.sorted { $0.key < $1.key }.map { "\(short(Dot($0.key, $0.value.sequence)))" }.joined(separator: " ")
  }

  private static func readable(_ vector: VersionVector) -> String { vector.sorted.map(short).joined(separator: " ") }
}

/// A dot short enough to read: enough of the log id to tell logs apart.
func short(_ dot: Dot) -> String { "\(dot.log.hex.prefix(6)):\(dot.sequence)" }
