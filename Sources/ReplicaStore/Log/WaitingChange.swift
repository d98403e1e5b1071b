import ChangeFormat
import Merge

/// A row of `_waiting`.
struct WaitingChange {
  var number: Int64
  /// The id inside the header.
  var dot: Dot
  var hash: ContentHash
  var previous: ContentHash
  /// What it waits for; of an excluded change the past that it lacks.
  var reason: WaitReason
  /// It waits for nothing: an order excludes it, only what it saw is not understood.
  var isExcluded: Bool

  var attempt: Applier.Attempt {
    if isExcluded, case .past(let dot) = reason { return .excluded(lacking: dot) }
    return .waits(reason)
  }

  /// The past that is missing, if that is what it waits for.
  var missing: Dot? {
    if case .past(let dot) = reason { return dot }
    return nil
  }

  /// In the order of their arrival.
  static func all(_ sql: StatementCache) throws -> [WaitingChange] {
    let select = try sql(
      """
      SELECT number, log, sequence, hash, kind, missing_log, missing_sequence, previous FROM _waiting ORDER BY number
      """)
    var all: [WaitingChange] = []
    while try select.step() {
      let kind = Int(select.int(4))
      all.append(
        WaitingChange(
          number: select.int(0), dot: Dot(select.identifier(1), UInt64(bitPattern: select.int(2))),
          hash: select.hash(3),
          previous: select.hash(7),
          reason: WaitReason(kind: kind, log: select.identifier(5), sequence: UInt64(bitPattern: select.int(6))),
          isExcluded: kind == WaitReason.excludedKind))
    }
    select.reset()
    return all
  }

  func load(_ sql: StatementCache) throws -> VerifiedChange {
    let select = try sql("SELECT header, payload, signature, timely FROM _waiting WHERE number = ?1")
    select.bind(1, number)
    defer { select.reset() }
    _ = try select.step()
    return VerifiedChange(
      header: try Header(bytes: select.blob(0)), hash: hash, payload: select.blob(1),
      signature: select.isNull(2) ? nil : select.blob(2), isTimely: select.int(3) == 1)
  }
}

extension Applier {
  /// Keeps a change until it can be placed.
  ///
  /// - Parameter number: its place among arrivals; nil: after all others.
  func wait(_ change: VerifiedChange, _ attempt: Attempt, number: Int64? = nil, atCentre: Bool? = nil) throws {
    let insert = try sql(
      """
      INSERT INTO _waiting (log, sequence, hash, previous, header, payload, signature, kind, missing_log,
        missing_sequence, at_centre, timely, number) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
      """)
    insert.bind(1, change.header.dot.log)
    insert.bind(2, Int64(change.header.dot.sequence))
    insert.bind(3, change.hash)
    insert.bind(4, change.header.previous)
    insert.bind(5, change.header.bytes)
    insert.bind(6, change.payload)
    if let signature = change.signature { insert.bind(7, signature) } else { insert.bindNull(7) }
    bind(attempt, insert, from: 8)
    insert.bind(11, atCentre ?? isFromCentre ? 1 : 0)
    insert.bind(12, change.isTimely ? 1 : 0)
    if let number { insert.bind(13, number) } else { insert.bindNull(13) }
    try insert.run()
  }

  func update(_ waiting: WaitingChange, _ attempt: Attempt) throws {
    let update = try sql("UPDATE _waiting SET kind = ?2, missing_log = ?3, missing_sequence = ?4 WHERE number = ?1")
    update.bind(1, waiting.number)
    bind(attempt, update, from: 2)
    try update.run()
  }

  private func bind(_ attempt: Attempt, _ statement: Statement, from index: Int32) {
    switch attempt {
    case .done: break
    case .excluded(let dot):
      statement.bind(index, WaitReason.excludedKind)
      statement.bind(index + 1, dot.log)
      statement.bind(index + 2, Int64(dot.sequence))
    case .waits(let reason):
      statement.bind(index, reason.kind)
      switch reason {
      case .past(let dot):
        statement.bind(index + 1, dot.log)
        statement.bind(index + 2, Int64(dot.sequence))
      case .order(let mark):
        statement.bind(index + 1, Identifier(high: 0, low: mark.epoch))
        statement.bind(index + 2, Int64(bitPattern: mark.number))
      case .mustUnderstand(let id):
        statement.bindNull(index + 1)
        statement.bind(index + 2, Int64(bitPattern: id))
      case .fork, .undecodable, .time:
        statement.bindNull(index + 1)
        statement.bindNull(index + 2)
      }
    }
  }
}

extension WaitReason {
  /// In `_waiting.kind`: excluded, the past it lacks beside it.
  static let excludedKind = 6

  var kind: Int {
    switch self {
    case .past: 0
    case .order: 1
    case .fork: 2
    case .undecodable: 3
    case .mustUnderstand: 4
    case .time: 5
    }
  }

  init(kind: Int, log: Identifier, sequence: UInt64) {
    switch kind {
    case 0, WaitReason.excludedKind: self = .past(Dot(log, sequence))
    case 1: self = .order(OrderMark(epoch: log.low, number: sequence))
    case 2: self = .fork
    case 3: self = .undecodable
    case 4: self = .mustUnderstand(sequence)
    default: self = .time
    }
  }

  /// What `status` and `log` say: the missing dot, or what is waited for.
  package var text: String {
    switch self {
    case .past(let dot): dot.description
    case .order(let mark): "order \(mark.number)"
    case .fork: "fork"
    case .undecodable: "undecodable"
    case .mustUnderstand(let id): "extension \(id)"
    case .time: "time"
    }
  }
}
