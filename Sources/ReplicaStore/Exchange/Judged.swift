import ChangeFormat
import Merge

/// What the centre asks of its store to judge a change.
extension Workbench {
  /// A time in which a device had rights in a scope.
  package struct Period: Sendable, Equatable {
    package var rights: Rights
    package var from: UInt64
    /// Nil: without end.
    package var until: UInt64?
  }

  /// The periods of a device in a scope: a replaced grant ends at the new one's time, a revocation ends them all.
  package func periods(of device: DeviceID, scope: String) -> [Period] {
    var periods: [Period] = []
    func end(_ time: UInt64) {
      guard let last = periods.indices.last else { return }
      periods[last].until = min(periods[last].until ?? .max, time)
    }
    for order in logs.book.standing {
      switch order.kind {
      case .grant(device, _, _, _, let scopes, let rights, let from, let until):
        if scopes.contains(scope) {
          end(order.time)
          periods.append(Period(rights: rights, from: from, until: until))
        } else if scope == "court", periods.isEmpty {
          periods.append(Period(rights: .everyone, from: from, until: nil))
        }
      case .revoke(device, _): end(order.time)
      default: break
      }
    }
    return periods
  }

  /// Changes that wait for nothing but an order of the centre's: a fork, an exclusion, or a stamp.
  package func waitingForTheCentre() throws -> [Fresh] {
    try WaitingChange.all(sql).filter { $0.reason == .fork || $0.reason == .undecodable || $0.reason == .time }.map {
      Fresh(
        signedDot: $0.dot, hash: $0.hash, device: logs.entry($0.dot.log)?.device ?? .zero,
        header: try $0.load(sql).header, reason: $0.reason)
    }
  }

  /// Changes that were accepted before, from the last of a stretch back along the chain; in their order.
  package func fresh(_ log: LogID, from first: UInt64, to last: UInt64, hash: ContentHash) throws -> [Fresh] {
    let waiting = Dictionary(try WaitingChange.all(sql).map { ($0.hash, $0) }) { a, _ in a }
    var found: [Fresh] = []
    var hash = hash
    for sequence in (first...max(first, last)).reversed() {
      let dot = Dot(log, sequence)
      let header: Header?
      var reason: WaitReason?
      if let held = waiting[hash] {
        header = try held.load(sql).header
        if !held.isExcluded { reason = held.reason }
      } else {
        header = try logs.placed(hash, signed: dot).flatMap { logs.place(of: $0) }.flatMap {
          try reader.change(at: $0)
        }?
        .header
      }
      guard let header else { break }
      found.append(
        Fresh(
          signedDot: dot, hash: hash, device: logs.entry(log)?.device ?? .zero, header: header, reason: reason))
      hash = header.previous
    }
    return found.reversed()
  }

  /// The payload of a change that is held, placed or waiting; nil when it is not, or does not decode.
  package func payload(of hash: ContentHash, signed dot: Dot) throws -> Payload? {
    if let place = logs.placed(hash, signed: dot).flatMap({ logs.place(of: $0) }) {
      return try reader.change(at: place).flatMap { try? reader.payload($0) }
    }
    guard let waiting = try WaitingChange.all(sql).first(where: { $0.hash == hash }) else { return nil }
    return try? Payload(bytes: try PackedPayload.unpack(try waiting.load(sql).payload, with: compressor))
  }

  /// The line on which a change stands, under the id that counts; nil while it waits.
  package func line(of change: Fresh) -> LogID? {
    logs.lines(of: change.signedDot.log).first { logs.hash(of: Dot($0, change.signedDot.sequence)) == change.hash }
  }

  /// What a change needed to be allowed: `append`; `correct` where another device had written the record before it;
  /// `void` where it writes `voided`. One that does not decode has a row only because it is excluded: it wrote nothing.
  package func rightsNeeded(_ change: Fresh) throws -> Rights {
    var needed: Rights = [.append]
    // Who wrote a record before is known once the tables have it.
    _ = try buildTables()
    guard let line = line(of: change), let place = logs.place(of: Dot(line, change.signedDot.sequence)),
      let held = try reader.change(at: place), let payload = try? reader.payload(held)
    else { return needed }
    let walk = RecordHistory(sql: sql, logs: logs, reader: reader)
    for table in payload.body.tables {
      if table.columns.contains(where: { $0.id == Column.voided.id }) { needed.insert(.void) }
      guard let known = records.schema.table(table.id) else { continue }
      for record in table.records {
        let isForeign = try walk.hasEarlierWriter(than: held, of: record, table: known.id, besides: change.device)
        if isForeign { needed.insert(.correct) }
      }
    }
    return needed
  }

  package func hasOversizedValue(_ change: Fresh) throws -> Bool {
    guard let line = line(of: change), let place = logs.place(of: Dot(line, change.signedDot.sequence)),
      let held = try reader.change(at: place), let payload = try? reader.payload(held)
    else { return false }
    return payload.body.tables.contains { table in
      table.columns.contains { column in
        column.cells.contains {
          ($0.tag == ValueTag.text || $0.tag == ValueTag.bytes) && $0.count > Limits.value
        }
      }
    }
  }
}
