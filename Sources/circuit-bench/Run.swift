import ChangeFormat
import Merge
import ReplicaStore

/// One run over the workload: what several benchmarks stand on is made once, when the first of them asks.
final class Run {
  let rows: Int
  let scratch: Scratch
  let compressor = Compressor()
  /// Where nothing is to be compared, plain SQLite is left out.
  let isWithPlain: Bool

  private var bulk: Inserted?
  private var single: Inserted?
  private var wire: [(bytes: [UInt8], changes: Int)]?

  init(rows: Int, isWithPlain: Bool = true) throws {
    self.rows = rows
    self.isWithPlain = isWithPlain
    scratch = try Scratch()
  }

  /// A replica with all rows, how long that took on both sides, and the sizes of the files.
  struct Inserted {
    var tracked: Tracked
    var race: Race
    var plainPath: String
    var bytes: (circuit: Int, plain: Int)
  }

  /// W1: 1,000 rows a transaction, FULL.
  func insertedInBulk() throws -> Inserted {
    if let bulk { return bulk }
    let made = try insert(rows, size: 1000, durability: .full)
    bulk = made
    return made
  }

  /// W1b: one row a transaction, NORMAL.
  func insertedOneByOne() throws -> Inserted {
    if let single { return single }
    let made = try insert(rows, size: 1, durability: .normal)
    single = made
    return made
  }

  func insert(_ rows: Int, size: Int, durability: Durability) throws -> Inserted {
    let tracked = try Tracked(scratch.place("circuit"), durability: durability)
    let path = scratch.place("plain")
    let plain = isWithPlain ? try Plain(path: path, durability: durability.rawValue) : nil
    var race = Race()
    try RowSource.forEachBlock(of: rows, size: 1000) { block in
      try race.lap {
        if size == 1 { for row in block { try tracked.insert(row) } } else { try tracked.insert(block) }
      } plain: {
        guard let plain else { return }
        if size == 1 {
          for row in block { try plain.transaction { try plain.insert(row) } }
        } else {
          try plain.transaction { for row in block { try plain.insert(row) } }
        }
      }
    }
    try race.lap {
      try tracked.replica.close()
    } plain: {
      plain?.close()
    }
    let bytes = (tracked.bytes, fileBytes(path))
    try tracked.reopen(durability: durability)
    return Inserted(tracked: tracked, race: race, plainPath: path, bytes: bytes)
  }

  /// W1's changes as they go over the wire.
  func wireOfBulk() throws -> [(bytes: [UInt8], changes: Int)] {
    if let wire { return wire }
    var made: [(bytes: [UInt8], changes: Int)] = []
    try insertedInBulk().tracked.forEachBatch(with: compressor) { made.append(($0, $1)) }
    wire = made
    return made
  }

  /// Seconds of a plain insert, rows as given in one transaction each, with its closing checkpoint.
  func plainInsert(_ transactions: [Int], durability: String = "FULL") throws -> Double {
    guard isWithPlain else { return 1 }
    let path = scratch.place("plain")
    let plain = try Plain(path: path, durability: durability)
    var watch = Stopwatch()
    var source = RowSource(transactions.reduce(0, +))
    for count in transactions {
      var block: [Row] = []
      while block.count < count, let row = source.next() { block.append(row) }
      try watch.time { try plain.transaction { for row in block { try plain.insert(row) } } }
    }
    watch.time { plain.close() }
    scratch.remove(path)
    return watch.seconds
  }

  /// Both replicas show the same, by their digests.
  func checkEqual(_ a: Tracked, _ b: Tracked, _ id: String) throws {
    let first = try a.replica.digests().map { $0.digest }
    let second = try b.replica.digests().map { $0.digest }
    try check(first == second, "\(id): the digests differ")
  }
}
