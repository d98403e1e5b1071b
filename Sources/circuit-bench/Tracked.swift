import CSQLite
import ChangeFormat
import Foundation
import GRDB
import Merge
import ReplicaStore

/// A replica on a real file, with its keys beside it, in a folder that is thrown away.
final class Tracked {
  let folder: String
  private(set) var replica: Replica

  init(_ folder: String, durability: Durability = .full) throws {
    self.folder = folder
    let surroundings = Surroundings.system(keyFolder: folder + "-keys")
    let random = surroundings.randomness
    let keys = try DeviceKeys(signingSeed: random.bytes(32), agreementSeed: random.bytes(32))
    try surroundings.keys.save(keys)
    let identity = ReplicaIdentity(court: Tracked.court, keys: keys, label: "bench")
    replica = try Replica.create(
      folder: folder, schema: Cases.schema, identity: identity, surroundings: surroundings)
    try replica.setDurability(durability)
  }

  private static let court = Identifier(high: 0x6369_7263_7569_7420, low: 0x6265_6e63_6820_2020)

  func reopen(schema: Schema = Cases.schema, durability: Durability = .full) throws {
    replica = try Replica.open(
      folder: folder, schema: schema, access: .writing,
      surroundings: Surroundings.system(keyFolder: folder + "-keys"))
    try replica.setDurability(durability)
  }

  func insert(_ rows: some Sequence<Row>) throws {
    try replica.write(scope: "court", actor: "李书记员") { draft in
      for row in rows { try draft.set(Cases.table, row.id, Cases.columns, row.values) }
    }
  }

  func insert(_ row: Row) throws {
    try replica.write(scope: "court", actor: "李书记员") { draft in
      try draft.set(Cases.table, row.id, Cases.columns, row.values)
    }
  }

  /// Builds `rows` rows without any timing.
  func fill(_ rows: Int) throws { try RowSource.forEachBlock(of: rows, size: 1000) { try insert($0) } }

  func setStatus(_ ids: ArraySlice<RecordID>, _ text: (Int) -> String) throws {
    let columns = [Cases.status]
    try replica.write(scope: "court", actor: "李书记员") { draft in
      for (i, id) in ids.enumerated() { try draft.set(Cases.table, id, columns, [.text(text(i))]) }
    }
  }

  /// Everything the other side lacks, in batches as they go over the wire.
  func forEachBatch(
    lackingFrom heads: [LogID: KnownHead] = [:], budget: Int = Limits.batch, with compressor: Compressor,
    _ body: (_ wire: [UInt8], _ changes: Int) throws -> Void
  ) throws {
    var heads = heads
    while true {
      let (batch, isAll) = try replica.offer(lackingFrom: heads, budget: budget)
      if batch.runs.isEmpty { return }
      try body(batch.encoded(with: compressor), batch.changeCount)
      if isAll { return }
      let held = try replica.heads()
      for run in batch.runs {
        let end = run.first + UInt64(run.changes.count) - 1
        if let head = held[run.log], head.sequence == end {
          heads[run.log] = head
        } else {
          heads[run.log] = KnownHead(sequence: end, hash: try headHash(Dot(run.log, end)))
        }
      }
    }
  }

  /// Whoever received the batch would know this hash; here it is looked up.
  private func headHash(_ dot: Dot) throws -> ContentHash {
    let bytes = try replica.reader.read { db in
      try Data.fetchOne(
        db, sql: "SELECT hash FROM _change WHERE id = (SELECT number << 40 FROM _log WHERE id = ?) + ?",
        arguments: [Data(dot.log.bytes), Int64(dot.sequence)])
    }
    return bytes.flatMap { ContentHash(bytes: $0) } ?? .zero
  }

  @discardableResult
  func receive(_ wire: [UInt8], with compressor: Compressor) throws -> Received {
    try replica.receive(try Batch(encoded: wire, with: compressor))
  }

  func count(_ sql: String) throws -> Int { try replica.reader.read { try Int.fetchOne($0, sql: sql) ?? 0 } }

  var bytes: Int { fileBytes("\(folder)/replica.db") }
}

/// The size of a file; 0 when there is none.
func fileBytes(_ path: String) -> Int {
  var info = stat()
  return stat(path, &info) == 0 ? Int(info.st_size) : 0
}
