import ChangeFormat
import Merge

/// What someone else is known to hold of a log: to where, and which header stands there.
public struct KnownHead: Sendable, Hashable {
  public var sequence: UInt64
  public var hash: ContentHash

  public init(sequence: UInt64, hash: ContentHash) {
    self.sequence = sequence
    self.hash = hash
  }
}

/// Builds runs of changes that another replica lacks; every run ends at a kept signed head (design §5).
struct RunBuilder {
  let sql: StatementCache
  let logs: LogTable
  let reader: ChangeReader

  /// Changes of a placed log from a sequence on, up to the last signed head that fits the budget; nil when no head
  /// stands there. One stretch up to the next head always fits.
  func run(_ log: LogID, from first: UInt64, to last: UInt64, budget: Int) throws -> (Batch.Run, bytes: Int)? {
    guard let entry = logs.entry(log), first <= entry.tip else { return nil }
    var heads: [(sequence: UInt64, signature: [UInt8])] = []
    var changes: [HeldChange] = []
    var bytes = 0
    var closed = 0
    var closedBytes = 0
    var next = first
    scan: while next <= min(last, entry.tip) {
      let chunk = try reader.changes(log: entry.number, from: next, to: min(last, entry.tip), limit: 64)
      guard let end = chunk.last else { break }
      let signatures = try signatures(entry.number, next, end.dot.sequence)
      for change in chunk {
        if bytes > budget, closed > 0 { break scan }
        changes.append(change)
        bytes += change.payload.count + 12
        if let signature = signatures[change.dot.sequence] {
          heads.append((change.dot.sequence, signature))
          closed = changes.count
          closedBytes = bytes
        }
      }
      next = end.dot.sequence + 1
    }
    guard closed > 0, let head = changes.first else { return nil }
    let run = Batch.Run(
      log: head.header.dot.log, first: first, previous: head.header.previous,
      changes: changes.prefix(closed).map(Batch.Change.init), heads: heads)
    return (run, closedBytes)
  }

  private func signatures(_ log: UInt64, _ first: UInt64, _ last: UInt64) throws -> [UInt64: [UInt8]] {
    let select = try sql("SELECT id, signature FROM _head WHERE id BETWEEN ?1 AND ?2")
    select.bind(1, Int64(log << 40 | first))
    select.bind(2, Int64(log << 40 | last))
    var found: [UInt64: [UInt8]] = [:]
    while try select.step() { found[RecordClock.Place(row: select.int(0)).sequence] = select.blob(1) }
    select.reset()
    return found
  }

  /// Waiting changes as runs: each chain of consecutive ones that ends at a signed head.
  func waitingRuns(where condition: String = "1", log: LogID? = nil, from: UInt64 = 1, to: UInt64 = .max) throws
    -> [Batch.Run]
  {
    let select = try sql.own(
      """
      SELECT header, payload, hash, signature FROM _waiting
      WHERE (\(condition)) AND (?1 IS NULL OR log = ?1) AND sequence BETWEEN ?2 AND ?3 ORDER BY log, sequence, number
      """)
    if let log { select.bind(1, log) } else { select.bindNull(1) }
    select.bind(2, Int64(from))
    select.bind(3, Int64(min(to, UInt64(Int64.max))))
    struct Chain {
      var run: Batch.Run
      var end: ContentHash
      var closed: Int
    }
    var chains: [Chain] = []
    while try select.step() {
      let header = try Header(bytes: select.blob(0))
      let hash = select.hash(2)
      let change = try Batch.Change(header, payload: select.blob(1), with: reader.compressor)
      let i = chains.firstIndex { $0.end == header.previous && $0.run.log == header.dot.log }
      var chain =
        i.map { chains[$0] }
        ?? Chain(
          run: Batch.Run(
            log: header.dot.log, first: header.dot.sequence, previous: header.previous, changes: [], heads: []),
          end: header.previous, closed: 0)
      chain.run.changes.append(change)
      chain.end = hash
      if !select.isNull(3) {
        chain.run.heads.append((header.dot.sequence, select.blob(3)))
        chain.closed = chain.run.changes.count
      }
      if let i { chains[i] = chain } else { chains.append(chain) }
    }
    return chains.filter { $0.closed > 0 }.map { chain in
      var run = chain.run
      run.changes = Array(run.changes.prefix(chain.closed))
      return run
    }
  }
}

extension Batch.Change {
  init(_ change: HeldChange) {
    let header = change.header
    self.init(
      stamp: header.stamp, authentication: header.authentication, order: header.order, context: header.context,
      extensions: header.extensions, payload: change.payload,
      payloadHash: change.isRedacted ? header.payloadHash : nil,
      payloadLength: change.isRedacted ? header.payloadLength : nil)
  }

  /// A change that waits; its payload may have been redacted.
  init(_ header: Header, payload: [UInt8], with compressor: Compressor) throws(FormatError) {
    let isWhole = Hashing.hash(try PackedPayload.unpack(payload, with: compressor)) == header.payloadHash
    self.init(
      stamp: header.stamp, authentication: header.authentication, order: header.order, context: header.context,
      extensions: header.extensions, payload: payload, payloadHash: isWhole ? nil : header.payloadHash,
      payloadLength: isWhole ? nil : header.payloadLength)
  }
}

extension Workbench {
  var builder: RunBuilder { RunBuilder(sql: sql, logs: logs, reader: reader) }

  /// What the centre is known to hold: its receipts of the newest epoch.
  package func receiptedHeads() throws -> [LogID: KnownHead] {
    var heads: [LogID: KnownHead] = [:]
    let select = try sql("SELECT log, held, hash FROM _receipt WHERE epoch = ?1")
    select.bind(1, Int64(bitPattern: logs.book.newest.epoch))
    while try select.step() {
      heads[select.identifier(0)] = KnownHead(sequence: UInt64(bitPattern: select.int(1)), hash: select.hash(2))
    }
    select.reset()
    return heads
  }

  /// Where a log must be sent from to someone with these heads; nil when they hold it all.
  func firstLacking(_ entry: LogTable.Entry, _ heads: [LogID: KnownHead]) throws -> UInt64? {
    let start = (entry.fork?.sequence ?? 0) + 1
    guard entry.tip >= start else { return nil }
    guard let known = heads[entry.id] else { return start }
    if known.sequence == entry.tip && known.hash == entry.tipHash { return nil }
    if known.sequence < entry.tip, logs.hash(of: logs.resolve(Dot(entry.id, known.sequence))) == known.hash {
      return known.sequence + 1
    }
    // They hold another line of this log. Where the lines part is known once theirs has arrived and waits for its fork.
    let select = try sql("SELECT min(sequence) FROM _waiting WHERE log = ?1 AND kind = 2")
    select.bind(1, logs.signedLog(of: entry.id))
    defer { select.reset() }
    if try select.step(), !select.isNull(0) {
      let parting = max(start, UInt64(bitPattern: select.int(0)))
      // Beyond the tip: this line up to there is theirs too.
      return parting <= entry.tip ? parting : nil
    }
    return known.sequence > entry.tip ? nil : start
  }

  /// A batch of what someone with these heads lacks, in the given scopes, of at most about `budget` bytes. The scope that
  /// lacks least comes first, so that small ones are whole early.
  ///
  /// - Parameter refused: logs, by the id in their headers, that are left out.
  /// - Returns: the batch, whether it holds all that was lacking, and to where each log is then held.
  func batch(
    lackingFrom heads: [LogID: KnownHead], scopes: Set<Int64>?, budget: Int, withWaiting: Bool = true,
    isForCentre: Bool = true, without refused: Set<LogID> = []
  ) throws -> (batch: Batch, isAll: Bool, sent: [LogID: KnownHead]) {
    var batch = Batch()
    var left = budget
    let builder = builder
    var isAll = true
    var sent: [LogID: KnownHead] = [:]
    var lacking: [(entry: LogTable.Entry, first: UInt64)] = []
    var sizes: [Int64: UInt64] = [:]
    for entry in logs.entries where scopes?.contains(entry.scope) ?? true {
      guard !refused.contains(logs.signedLog(of: entry.id)), let first = try firstLacking(entry, heads) else {
        continue
      }
      lacking.append((entry, first))
      sizes[entry.scope, default: 0] += entry.tip - first + 1
    }
    func precedes(_ a: Int64, _ b: Int64) -> Bool { (sizes[a] ?? 0, a) < (sizes[b] ?? 0, b) }
    // Sorting is stable only by saying so: within a scope the order stays that of the log table.
    let order = lacking.indices.sorted {
      let (a, b) = (lacking[$0].entry.scope, lacking[$1].entry.scope)
      return a == b ? $0 < $1 : precedes(a, b)
    }
    for (entry, first) in order.map({ lacking[$0] }) {
      if left <= 0 {
        isAll = false
        break
      }
      guard let (run, bytes) = try builder.run(entry.id, from: first, to: entry.tip, budget: left) else { continue }
      if bytes > left, !batch.runs.isEmpty {
        // A stretch that is longer than a message goes in one of its own.
        isAll = false
        break
      }
      let end = run.first + UInt64(run.changes.count) - 1
      if end < entry.tip, try hasHead(entry, after: end) { isAll = false }
      left -= bytes
      name(run, in: &batch, isKnown: heads[run.log] != nil)
      batch.runs.append(run)
      sent[entry.id] = KnownHead(sequence: end, hash: logs.hash(of: Dot(entry.id, end)) ?? .zero)
    }
    if withWaiting {
      // What waits is in no heads: the centre is known to hold some of it, of anyone else nothing is known.
      for waiting in try builder.waitingRuns(where: isForCentre ? "at_centre = 0" : "1") where left > 0 {
        if isForCentre && isCutOff(waiting) { continue }
        let run = try withUnsignedBefore(waiting)
        guard let scope = logs.entry(run.log)?.scope, scopes?.contains(scope) ?? true, !refused.contains(run.log)
        else { continue }
        name(run, in: &batch, isKnown: heads[run.log] != nil)
        batch.runs.append(run)
        left -= run.changes.reduce(0) { $0 + $1.payload.count }
      }
    }
    return (batch, isAll, sent)
  }

  /// Whether what comes before a run in its log is neither here nor given up: the centre, if it holds that, sends it first,
  /// and if it does not, cannot take what follows.
  private func isCutOff(_ run: Batch.Run) -> Bool {
    if run.first == 1 { return false }
    let before = Dot(run.log, run.first - 1)
    return !logs.held.isHeld(run.previous, signed: before) && !logs.book.excludesUnheldPast(before)
  }

  /// What stands applied before waiting changes and has no signed head of its own goes with them: their head vouches for it.
  private func withUnsignedBefore(_ run: Batch.Run) throws -> Batch.Run {
    guard run.first > 1, let before = logs.placed(run.previous, signed: Dot(run.log, run.first - 1)),
      let entry = logs.entry(before.log), entry.tip == before.sequence
    else { return run }
    let select = try sql("SELECT max(id) FROM _head WHERE id BETWEEN ?1 AND ?2")
    select.bind(1, Int64(entry.number << 40))
    select.bind(2, Int64(entry.number << 40 | entry.tip))
    defer { select.reset() }
    var signed = entry.fork?.sequence ?? 0
    if try select.step(), !select.isNull(0) { signed = RecordClock.Place(row: select.int(0)).sequence }
    let unsigned = try reader.changes(log: entry.number, from: signed + 1, to: entry.tip, limit: 1 << 16)
    guard let first = unsigned.first, first.dot.sequence + UInt64(unsigned.count) == run.first else { return run }
    return Batch.Run(
      log: run.log, first: first.dot.sequence, previous: first.header.previous,
      changes: unsigned.map(Batch.Change.init) + run.changes, heads: run.heads)
  }

  func name(_ run: Batch.Run, in batch: inout Batch, isKnown: Bool) {
    guard !isKnown || run.first == 1, !batch.logs.contains(where: { $0.log == run.log }),
      let genesis = logs.entry(run.log)?.genesis
    else { return }
    batch.logs.append(Batch.LogEntry(log: run.log, genesis: genesis))
  }

  private func hasHead(_ entry: LogTable.Entry, after sequence: UInt64) throws -> Bool {
    let select = try sql("SELECT 1 FROM _head WHERE id > ?1 AND id <= ?2 LIMIT 1")
    select.bind(1, Int64(entry.number << 40 | sequence))
    select.bind(2, Int64(entry.number << 40 | entry.tip))
    defer { select.reset() }
    return try select.step()
  }
}
