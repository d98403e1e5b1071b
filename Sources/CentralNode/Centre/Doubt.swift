import ChangeFormat
import Merge
import ReplicaStore

/// A centre whose own clock stands more than seven days from its last signature stores and serves, but gives no
/// receipts and no orders until an operator confirms the clock (design §3). What it stored meanwhile is judged then.
extension Centre {
  /// Days between the clock and the last signature, when they are more than design §3 allows; nil when all is well.
  package func daysInDoubt() throws -> Int? { try storing { try daysInDoubt($0) } }

  func daysInDoubt(_ bench: Workbench) throws -> Int? {
    guard let last = try bench.lastSignature() else { return nil }
    let now = clock.wallMilliseconds()
    let off = now > last ? now - last : last - now
    return off > ClockLimits.centreDoubt ? Int(off / 86_400_000) : nil
  }

  /// What cannot be done without a signature is refused while the clock is in doubt.
  func requireClock(_ bench: Workbench) throws {
    if let days = try daysInDoubt(bench) { throw CentreError.clockInDoubt(days: days) }
  }

  /// The operator confirms the clock: signing goes on from now, and what waited for it is judged.
  package func confirmClock() throws {
    try storing { bench in
      let now = clock.wallMilliseconds()
      if try daysInDoubt(bench) != nil { try issueTime(bench) }
      var fresh: [Workbench.Fresh] = []
      for stretch in try UnjudgedNote(bytes: try bench.note("unjudged", "") ?? []).stretches {
        fresh += try bench.fresh(stretch.log, from: stretch.first, to: stretch.last, hash: stretch.hash)
      }
      try Judge(bench: bench, key: key, time: now).judge(fresh)
      try bench.setNote("unjudged", "", [])
    }
  }

  /// Judges what has just been accepted, or remembers it until the clock is confirmed.
  func judge(_ fresh: [Workbench.Fresh], _ bench: Workbench) throws {
    guard let first = fresh.first, let last = fresh.last else { return }
    if try daysInDoubt(bench) == nil {
      return try Judge(bench: bench, key: key, time: clock.wallMilliseconds()).judge(fresh)
    }
    var note = try UnjudgedNote(bytes: try bench.note("unjudged", "") ?? [])
    note.stretches.append(
      UnjudgedNote.Stretch(
        log: last.signedDot.log, first: first.signedDot.sequence, last: last.signedDot.sequence, hash: last.hash))
    try bench.setNote("unjudged", "", note.bytes)
  }

  /// The daily `time` order, when it is due. A centre that nobody calls keeps its time too.
  package func keepTime() throws {
    try storing { bench in
      if try daysInDoubt(bench) == nil { try issueTimeIfDue(bench) }
    }
  }

  /// Due once a day, and at once when the clock has been set back since something was signed: devices that hear of it by
  /// stick would go on by the later time, so this order is marked as lowering it (design §3).
  func issueTimeIfDue(_ bench: Workbench) throws {
    let now = clock.wallMilliseconds()
    let last = bench.orderBook.standing.last { if case .time = $0.kind { true } else { false } }?.time ?? 0
    if try now >= last + 86_400_000 || isEarlier(now, bench) { try issueTime(bench) }
  }

  private func issueTime(_ bench: Workbench) throws {
    let now = clock.wallMilliseconds()
    let tree = try bench.tree()
    let lowers = try isEarlier(now, bench)
    _ = try bench.issue(.time(treeSize: tree.size, treeHead: tree.head, lowers: lowers), time: now, key: key)
  }

  private func isEarlier(_ now: UInt64, _ bench: Workbench) throws -> Bool {
    try now + ClockLimits.tolerance < bench.lastSignature() ?? 0
  }
}

/// Stretches of changes that were accepted while the clock was in doubt.
struct UnjudgedNote {
  struct Stretch {
    var log: LogID
    var first: UInt64
    var last: UInt64
    /// Of the last header.
    var hash: ContentHash
  }

  var stretches: [Stretch] = []

  /// Throws where the note is damaged: what it no longer names would never be judged.
  init(bytes: [UInt8]) throws(FormatError) {
    var reader = ByteReader(bytes)
    while !reader.isAtEnd {
      let log = try reader.identifier("log")
      let first = try reader.varint("first")
      let last = try reader.varint("last")
      stretches.append(Stretch(log: log, first: first, last: last, hash: try reader.hash("hash")))
    }
  }

  var bytes: [UInt8] {
    var writer = ByteWriter()
    for stretch in stretches {
      writer.identifier(stretch.log)
      writer.varint(stretch.first)
      writer.varint(stretch.last)
      writer.hash(stretch.hash)
    }
    return writer.bytes
  }
}
