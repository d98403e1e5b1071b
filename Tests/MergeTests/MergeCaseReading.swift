import Merge

/// A case as the ledger takes it.
struct MergeStory {
  struct Malformed: Error { let what: String }

  var changes: [LedgerChange] = []
  var orders: [Order] = []
  var expected = Picture()

  private let names: Names

  /// - Parameter redactsFirst: whether changes come with the redacted payload, or with the original that the `redact`
  ///   order takes away.
  init(_ source: MergeCase, redactsFirst: Bool) throws {
    names = Names(source)
    let signed = Dictionary(
      source.orders.compactMap { order in order.branch.map { ($0, order.log) } }, uniquingKeysWith: { a, _ in a })
    let hashes = Dictionary(
      uniqueKeysWithValues: source.changes.map { (names.dot($0.log, $0.seq), names.hash($0.hash)) })
    var contexts: [String: [String: UInt64]] = [:]
    for change in source.changes {
      let trunk = signed[change.log] ?? change.log
      let dot = names.dot(change.log, change.seq)
      let before =
        hashes[names.dot(change.log, change.seq - 1)] ?? hashes[names.dot(trunk, change.seq - 1)] ?? ContentHash.zero
      let known = contexts[change.log] ?? [:]
      guard known.allSatisfy({ change.context[$0.key] ?? 0 >= $0.value }) else {
        throw Malformed(what: "context of \(dot) in \(source.name)")
      }
      contexts[change.log] = change.context
      let entries = change.context.filter { $0.value > known[$0.key] ?? 0 }.map { names.dot($0.key, $0.value) }.sorted()
      let named = entries.compactMap { hashes[$0] }
      guard named.count == entries.count else { throw Malformed(what: "context of \(dot) in \(source.name)") }
      changes.append(
        LedgerChange(
          dot: names.dot(trunk, change.seq), device: names.log(trunk), hash: names.hash(change.hash), previous: before,
          stamp: MergeStory.stamp(change.stamp), order: .none,
          context: ContextDelta(
            base: change.seq == 1 ? .none : .previous, entries: entries,
            digest: entries.isEmpty ? nil : StandIn.digest(named)),
          writes: try change.writes.map { write in
            let value = write.value == .redacted && !redactsFirst ? .text("original") : write.value.value
            return .init(cell: try MergeStory.cell(write.column), value: value, decides: write.decides)
          }))
    }
    var previous = ContentHash.zero
    for order in source.orders {
      let hash = StandIn.hash(0xEE, order.epoch, order.number, 0)
      orders.append(
        Order(
          mark: OrderMark(epoch: order.epoch, number: order.number), previous: previous, hash: hash, time: 0,
          kind: try kind(order)))
      previous = hash
    }
    try expect(source)
  }

  private mutating func expect(_ source: MergeCase) throws {
    for cell in source.cells {
      let key = try MergeStory.cell(cell.column)
      let members = try cell.s.map { try member(of: source, key, at: $0) }
      let shown = try dot(cell.shown_dot)
      guard let value = members.first(where: { $0.dot == shown })?.value, value == cell.shown.value else {
        throw Malformed(what: "shown value in \(source.name)")
      }
      expected.cells.append(.init(key: key, members: members, shown: shown, isInConflict: cell.conflict))
    }
    expected.cells.sort { $0.key < $1.key }
  }

  private func member(of source: MergeCase, _ key: CellKey, at text: String) throws -> Picture.Member {
    let dot = try dot(text)
    for change in source.changes where names.dot(change.log, change.seq) == dot {
      for write in change.writes where try MergeStory.cell(write.column) == key {
        return .init(
          dot: dot, stamp: restamp(of: change, in: source) ?? MergeStory.stamp(change.stamp), decides: write.decides,
          value: write.value.value)
      }
    }
    throw Malformed(what: "no write of \(key) at \(text)")
  }

  private func restamp(of change: MergeCase.Change, in source: MergeCase) -> Stamp? {
    source.orders.last {
      $0.kind == "restamp" && $0.log == change.log && ($0.from ?? 0) <= change.seq && change.seq <= $0.to ?? .max
    }?.at.map(MergeStory.stamp)
  }

  private func kind(_ order: MergeCase.Order) throws -> OrderKind {
    let log = names.log(order.log)
    let hash = names.hash(order.hash)
    switch order.kind {
    case "exclude", "restamp":
      let last = order.to == order.from ? order.hash : order.to_hash
      let range = HeaderRange(
        log: log, from: order.from ?? 0, fromHash: hash, to: order.to, toHash: last.map(names.hash))
      return order.at.map { .restamp(range, at: MergeStory.stamp($0), reason: "") } ?? .exclude(range, reason: "")
    case "fork": return .fork(log: log, sequence: order.seq ?? 0, hash: hash)
    case "redact":
      return .redact(
        log: log, sequence: order.seq ?? 0, hash: hash, positions: order.positions ?? [], payloadHash: .zero)
    default: throw Malformed(what: "order \(order.kind)")
    }
  }

  private func dot(_ text: String) throws -> Dot {
    let parts = text.split(separator: ":")
    guard parts.count == 2, let sequence = UInt64(parts[1]) else { throw Malformed(what: "dot \(text)") }
    return names.dot(String(parts[0]), sequence)
  }

  private static func stamp(_ parts: [UInt64]) -> Stamp { Stamp(milliseconds: parts[0], counter: UInt16(parts[1])) }

  private static func cell(_ column: String) throws -> CellKey {
    let numbers: [String: UInt32] = ["plain": 2, "legal": 4, "first": 3]
    guard let number = numbers[column] else { throw Malformed(what: "column \(column)") }
    return CellKey(table: 1, record: RecordID(high: 0, low: 1), column: number)
  }
}

/// Ids and hashes of a case, some of which are no hex: each string of 32 characters becomes its rank in byte order, so
/// that their order, and a branch's id as the first half of a hash, are what they were.
private struct Names {
  private var ranks: [[UInt8]: UInt64] = [:]

  init(_ source: MergeCase) {
    var texts: [String] = []
    for change in source.changes {
      texts += [change.log, Names.half(change.hash, 0), Names.half(change.hash, 1)] + change.context.keys
    }
    for order in source.orders {
      for text in [order.hash, order.to_hash].compactMap(\.self) {
        texts += [Names.half(text, 0), Names.half(text, 1)]
      }
      texts += [order.log, order.branch].compactMap(\.self)
    }
    let sorted = Set(texts.map { Array($0.utf8) }).sorted { $0.lexicographicallyPrecedes($1) }
    for (rank, text) in sorted.enumerated() { ranks[text] = UInt64(rank + 1) }
  }

  private static func half(_ text: String, _ which: Int) -> String {
    var half = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.dropFirst(which * 32).prefix(32) { half.append(scalar) }
    return String(half)
  }

  private func rank(_ text: String) -> UInt64 { ranks[Array(text.utf8)] ?? 0 }

  func log(_ text: String) -> LogID { LogID(high: 0, low: rank(text)) }
  func dot(_ text: String, _ sequence: UInt64) -> Dot { Dot(log(text), sequence) }
  func hash(_ text: String) -> ContentHash {
    StandIn.hash(0, rank(Names.half(text, 0)), 0, rank(Names.half(text, 1)))
  }
}
