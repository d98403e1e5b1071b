import ChangeFormat
import Merge

/// Walks a record's changes from the newest in arrival to the first, along the `chain` of their rows.
///
/// One change often wrote many records, which are asked for one after another: the changes met last are kept decoded.
final class RecordHistory {
  /// A change that wrote the record.
  struct Step {
    let change: HeldChange
    let payload: Payload
    /// For every record of the payload, in its order, where the change before it stands.
    fileprivate let links: [RecordClock.Place?]
  }

  private let sql: StatementCache
  private let logs: LogTable
  private let reader: ChangeReader
  private var met: [RecordClock.Place: Step] = [:]
  private var arrivals: [RecordClock.Place] = []

  /// Clear bytes of payloads after which the one kept longest is let go.
  private static let keptBytes: UInt64 = 4 << 20

  init(sql: StatementCache, logs: LogTable, reader: ChangeReader) {
    self.sql = sql
    self.logs = logs
    self.reader = reader
  }

  /// Calls with every change that wrote the record, and where in its payload.
  func changes(
    of record: RecordID, table: Table, scope: Int64,
    _ body: (_ step: Step, _ writes: ChangeBody.TableWrites, _ index: Int) throws -> Void
  ) throws {
    let select = try sql("SELECT _clock FROM \(table.sqlName) WHERE id = ?1 AND _scope = ?2")
    select.bind(1, record)
    select.bind(2, scope)
    let last = try select.step() ? try RecordClock(bytes: select.blob(0)).last : nil
    select.reset()
    var next = last
    while let place = next {
      let step = try step(at: place)
      guard let (writes, index, flat) = RecordHistory.find(record, table.id, in: step.payload.body) else { return }
      try body(step, writes, index)
      next = step.links.indices.contains(flat) ? step.links[flat] : nil
    }
  }

  /// Whether a device besides this one had written the record before a change was taken.
  func hasEarlierWriter(
    than change: HeldChange, of record: RecordID, table: UInt32, besides device: DeviceID
  ) throws -> Bool {
    var step = try step(at: change.place)
    while let (_, _, flat) = RecordHistory.find(record, table, in: step.payload.body),
      step.links.indices.contains(flat), let place = step.links[flat]
    {
      step = try self.step(at: place)
      if logs.entry(step.change.dot.log)?.device != device { return true }
    }
    return false
  }

  private func step(at place: RecordClock.Place) throws -> Step {
    if let known = met[place] { return known }
    guard let change = try reader.change(at: place) else {
      throw ReplicaError.damaged(path: "replica.db", detail: "change \(logs.dot(of: place)) is missing")
    }
    let step = Step(
      change: change, payload: try reader.payload(change), links: try RecordHistory.links(change.chain))
    met[place] = step
    arrivals.append(place)
    var kept = arrivals.reduce(0) { $0 + (met[$1]?.change.header.payloadLength ?? 0) }
    while kept > RecordHistory.keptBytes, arrivals.count > 1 {
      kept -= met.removeValue(forKey: arrivals.removeFirst())?.change.header.payloadLength ?? 0
    }
    return step
  }

  /// Records stand in byte order.
  private static func find(
    _ record: RecordID, _ table: UInt32, in body: ChangeBody
  ) -> (writes: ChangeBody.TableWrites, index: Int, flat: Int)? {
    var before = 0
    for writes in body.tables {
      guard writes.id == table else {
        before += writes.records.count
        continue
      }
      var (low, high) = (0, writes.records.count)
      while low < high {
        let middle = (low + high) / 2
        if writes.records[middle] < record { low = middle + 1 } else { high = middle }
      }
      guard low < writes.records.count, writes.records[low] == record else { return nil }
      return (writes, low, before + low)
    }
    return nil
  }

  private static func links(_ chain: [UInt8]) throws -> [RecordClock.Place?] {
    var reader = ByteReader(chain)
    var links: [RecordClock.Place?] = []
    while !reader.isAtEnd {
      let log = try reader.varint("chain")
      links.append(log == 0 ? nil : RecordClock.Place(log: log, sequence: try reader.varint("chain")))
    }
    return links
  }
}
