import ChangeFormat

@testable import Merge
@testable import ReplicaStore

/// How the machines of a history write: through their replica, and by hand.
extension History {
  /// Few records and columns, so that writers meet.
  static let cells: [(table: Table, record: RecordID, columns: [String])] = [
    (Sample.item, Sample.id(1), ["text", "outcome", "filed", "number", "weight"]),
    (Sample.item, Sample.id(2), ["text", "heard", "owner", "scan"]),
    (Sample.note, Sample.id(1), ["body", "written"]),
  ]

  /// A device writes one transaction, or is refused by a rule; either way the pure merge says whether that was right.
  func write(_ number: Int) throws {
    let place = places[number]
    let scope = random.chance(70) ? Sample.tribunal : "court"
    if random.chance(60) { place.machine.clock.advance(0) }
    let before = place.mirror[scope]
    var intents: [Intent] = []
    for _ in 0...(random.chance(30) ? 1 + random.below(2) : 0) { intents.append(intent(before, scope)) }
    let committed: Committed
    do {
      committed = try place.machine.replica.write(scope: scope, actor: "w\(number)", note: "why") { draft in
        for intent in intents { try intent.fill(&draft) }
      }
    } catch let error as ReplicaError {
      note("\(number) is refused in \(scope): \(intents.map(\.description)) \(error)")
      guard error.isOfRules else { throw error }
      return
    }
    let change = try place.machine.wire(committed.dot)
    note(
      "\(number) writes \(changes.count) = \(short(committed.dot)) \(change.hash.hex.prefix(8)) in \(scope): \(intents.map(\.description))"
    )
    if indexes[change.hash] == nil {
      indexes[change.hash] = changes.count
      changes.append(change)
    }
    if let rule = brokenRule(change, intents, before) { throw BrokenRule(description: rule) }
    place.mirror.receiveReceipt(of: change.hash)
    hold(changes.count - 1, at: place)
  }

  struct BrokenRule: Error, CustomStringConvertible { var description: String }

  /// One thing somebody wants to do.
  struct Intent: CustomStringConvertible {
    enum Kind {
      case set(Value)
      case decide(Value)
      case take(Dot)
      case void
    }
    var table: Table
    var record: RecordID
    var field: String
    var kind: Kind
    /// What the field was shown with; nil: not said.
    var seen: [Dot]?

    var description: String { "\(table.name)/\(record.hex.suffix(2)).\(field) \(kind)" }

    func fill(_ draft: inout Draft) throws(ReplicaError) {
      if let seen { try draft.expect(table.name, record, field, seen: seen) }
      switch kind {
      case .set(let value): try draft.set(table.name, record, field, value)
      case .decide(let value): try draft.resolve(table.name, record, field, .value(value))
      case .take(let dot): try draft.resolve(table.name, record, field, .take(dot))
      case .void: try draft.void(table.name, record, reason: "no")
      }
    }
  }

  private func intent(_ ledger: Ledger, _ scope: String) -> Intent {
    let (table, record, names) = random.pick(History.cells)
    if random.chance(6) { return Intent(table: table, record: record, field: "voided", kind: .void) }
    let field = random.chance(8) ? "voided" : random.pick(names)
    guard let column = table.column(named: field) else { preconditionFailure("the sample has \(field)") }
    let value = Sample.value(of: column, &random)
    let key = CellKey(table: table.id, record: record, column: column.id)
    let members = ledger.cells[key]?.members ?? []
    var intent = Intent(table: table, record: record, field: field, kind: .set(value))
    if random.chance(members.count > 1 ? 50 : 10) {
      intent.kind = .decide(value)
      if random.chance(40), let member = members.randomElement(using: &random) { intent.kind = .take(member.dot) }
    } else if random.chance(20) {
      intent.seen = random.chance(70) ? members.map(\.dot) : []
    }
    return intent
  }

  /// The local rules of design §3, said once more from the pure merge's side.
  private func brokenRule(_ change: WireChange, _ intents: [Intent], _ before: Ledger) -> String? {
    for write in change.ledgerChange.writes ?? [] {
      let state = before.cells[write.cell]
      let column = Sample.schema.table(write.cell.table)?.column(write.cell.column)
      let isResolved = intents.contains { intent in
        guard intent.table.id == write.cell.table, intent.record == write.cell.record, intent.field == column?.name
        else { return false }
        switch intent.kind {
        case .decide, .take: return true
        case .set, .void: return false
        }
      }
      let isOpen = state?.isInConflict ?? false
      let isDecided = before.shown(write.cell)?.decides ?? false
      if write.decides != (isResolved || isOpen || isDecided) {
        return "decides is \(write.decides) at \(column?.name ?? "")"
      }
      if column?.rule == .first, state != nil, !isResolved { return "a second write of \(column?.name ?? "")" }
      if column?.isLegal == true, isOpen, !isResolved { return "a plain write to \(column?.name ?? "") in conflict" }
      let voided = CellKey(table: write.cell.table, record: write.cell.record, column: Column.voided.id)
      if before.shown(voided)?.value == .boolean(true), write.cell != voided { return "an edit of a void record" }
    }
    return nil
  }

  // MARK: By hand

  /// Someone keeps no rule: any value in any column, less or more seen than is true, payloads that do not decode.
  func writeByHand(_ number: Int) throws {
    let n = random.below(hands.count)
    let scope = hands[n].genesis.scope
    let ledger = places[number].mirror[scope]
    var writes: [HandWriter.Write] = []
    for _ in 0...random.below(3) {
      let (table, record, names) = random.pick(History.cells)
      var column = table.column(named: random.pick(names))?.id ?? 6
      if random.chance(10) { column = UInt32(40 + random.below(3)) }
      let other = random.pick(Sample.item.columns)
      let value = random.chance(70) ? table.column(column).map { Sample.value(of: $0, &random) } : nil
      writes.append(
        HandWriter.Write(
          table: random.chance(5) ? 9 : table.id, record: record, column: column,
          value: value ?? Sample.value(of: other, &random), decides: random.chance(30)))
    }
    var sees: [(dot: Dot, hash: ContentHash)] = []
    for head in ledger.heads.sorted where head.log != hands[n].log && random.chance(60) {
      let dot = ledger.resolve(Dot(head.log, 1 + random.next() % head.sequence))
      if sees.contains(where: { $0.dot.log == dot.log }) { continue }
      if let hash = ledger.hash(of: dot) { sees.append((dot, hash)) }
    }
    if random.chance(6), let hash = ledger.waiting.keys.sorted().first, let dot = ledger.held[hash]?.dot,
      dot.log != hands[n].log, !sees.contains(where: { $0.dot.log == dot.log })
    {
      hasBogusContexts = true
      sees.append((dot, hash))
    }
    var order = ledger.book.newest
    if random.chance(8) { order = .none }
    if random.chance(4), order.number > 0 {
      hasBogusContexts = true
      order.number += UInt64(random.below(3))
    }
    let stamp = random.chance(15) ? Stamp(rawValue: random.next() >> UInt64(8 + random.below(30))) : nil
    let change = try hands[n].write(
      writes, sees: sees, stamp: stamp, order: order, clear: random.chance(5) ? random.bytes(24) : nil)
    note("hand \(n) writes \(changes.count) = \(short(change.header.dot)) \(change.hash.hex.prefix(8)) for \(number)")
    indexes[change.hash] = changes.count
    changes.append(change)
    try deliver([changes.count - 1], orders: [], to: number)
  }
}

extension ReplicaError {
  /// Whether a local rule refused, as it should now and then.
  var isOfRules: Bool { (2105...2108).contains(number) || (2201...2210).contains(number) }
}

extension Machine {
  /// A change of this machine's own, as it would travel.
  func wire(_ dot: Dot) throws -> WireChange {
    try inside { inside in
      guard let place = inside.logs.place(of: dot), let change = try inside.changes.change(at: place),
        let genesis = inside.logs.entry(inside.logs.signedLog(of: dot.log))?.genesis
      else { throw ReplicaError.unknownAuthor(log: dot.log) }
      return try WireChange(
        header: change.header, payload: change.payload, genesis: genesis, key: keys.signing)
    }
  }
}
