import ChangeFormat
import Merge

/// How payloads lie in the rows of `_change`: packed as they travel, or folded on an earlier one of their log.
struct PayloadRows {
  /// A change kept whole, and what it says.
  struct Base {
    var sequence: UInt64
    var payload: FlatPayload
  }

  let sql: StatementCache
  let logs: LogTable

  /// What the row of a change is to hold of its payload. The row must be written: later ones may lean on it.
  func kept(_ packed: [UInt8], at place: RecordClock.Place) throws -> [UInt8] {
    // A frame of its own is small enough; so is what another shape of change leaves nothing to share.
    guard packed.first == 0, let payload = FlatPayload(packed, from: 1) else { return packed }
    if let base = try logs.bases[place.log] ?? newestBase(before: place), base.sequence < place.sequence,
      place.sequence - base.sequence < FoldedPayload.reach,
      let folded = FoldedPayload.fold(payload, on: base.payload, distance: place.sequence - base.sequence)
    {
      logs.bases[place.log] = base
      return folded
    }
    logs.bases[place.log] = Base(sequence: place.sequence, payload: payload)
    return packed
  }

  /// The packed payload that a row's bytes stand for.
  ///
  /// - Parameter base: the base met last; rows in order mostly share it.
  func packed(_ bytes: [UInt8], at place: RecordClock.Place, base: inout Base?) throws -> [UInt8] {
    guard let distance = FoldedPayload.distance(bytes) else { return bytes }
    let sequence = place.sequence &- distance
    if base?.sequence != sequence {
      base = try whole(RecordClock.Place(log: place.log, sequence: sequence)).map {
        Base(sequence: sequence, payload: $0)
      }
    }
    guard let base, let clear = FoldedPayload.unfold(bytes, on: base.payload) else {
      throw ReplicaError.damaged(path: "replica.db", detail: "payload of change \(logs.dot(of: place))")
    }
    return [0] + clear
  }

  /// Makes whole every payload that leans on a change's, before that one is redacted.
  func release(_ place: RecordClock.Place) throws {
    logs.bases[place.log] = nil
    let select = try sql("SELECT id, payload FROM _change WHERE id > ?1 AND id < ?2")
    select.bind(1, place.row)
    select.bind(2, place.row + Int64(FoldedPayload.reach))
    var leaning: [(row: Int64, bytes: [UInt8])] = []
    while try select.step() {
      let bytes = select.blob(1)
      let own = RecordClock.Place(row: select.int(0))
      guard let distance = FoldedPayload.distance(bytes), own.sequence &- distance == place.sequence else { continue }
      leaning.append((select.int(0), bytes))
    }
    select.reset()
    var base: Base?
    for (row, bytes) in leaning {
      let update = try sql("UPDATE _change SET payload = ?2 WHERE id = ?1")
      update.bind(1, row)
      update.bind(2, try packed(bytes, at: RecordClock.Place(row: row), base: &base))
      try update.run()
    }
  }

  /// What the change before this one stands on, or is: for a writer that has just begun.
  private func newestBase(before place: RecordClock.Place) throws -> Base? {
    guard place.sequence > 1, let bytes = try bytes(RecordClock.Place(log: place.log, sequence: place.sequence - 1))
    else { return nil }
    let sequence = place.sequence &- 1 &- (FoldedPayload.distance(bytes) ?? 0)
    return try whole(RecordClock.Place(log: place.log, sequence: sequence)).map {
      Base(sequence: sequence, payload: $0)
    }
  }

  private func whole(_ place: RecordClock.Place) throws -> FlatPayload? {
    guard let bytes = try bytes(place), bytes.first == 0 else { return nil }
    return FlatPayload(bytes, from: 1)
  }

  private func bytes(_ place: RecordClock.Place) throws -> [UInt8]? {
    let select = try sql("SELECT payload FROM _change WHERE id = ?1")
    select.bind(1, place.row)
    defer { select.reset() }
    return try select.step() ? select.blob(0) : nil
  }
}
