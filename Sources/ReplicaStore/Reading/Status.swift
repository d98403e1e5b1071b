import Merge

extension Replica {
  /// What the replica knows of itself and of what is still under way.
  public func status() throws(ReplicaError) -> StatusView {
    try reading { reading in
      var conflicts = 0
      try reading.conflicts { _, _, _ in conflicts += 1 }
      let trusted = try reading.meta.trustedTime()
      let clock = surroundings.clock
      var view = StatusView(
        device: isCentre ? nil : device, label: isCentre ? nil : label, scopes: try reading.ownScopes(), unsent: 0,
        lastContact: isCentre ? nil : try reading.meta.number(.lastContact), waiting: [], excluded: [],
        rulings: isCentre ? [] : reading.rulings(on: device), conflicts: conflicts, clockOffMilliseconds: nil)
      if !isCentre {
        view.unsent = try reading.logs.unsent()
        view.clockOffMilliseconds = trusted.map { Int64(clock.wallMilliseconds()) - Int64($0.now(clock)) }
      }
      let waiting = try WaitingChange.all(reading.sql).sorted { $0.dot < $1.dot }
      view.waiting = waiting.filter { !$0.isExcluded }.map {
        StatusView.Held(dot: $0.dot, reason: $0.reason.text, order: nil)
      }
      if !reading.logs.book.touchesNoHeader {
        for change in waiting where change.isExcluded {
          let dot = reading.logs.held.dot(of: change.hash, signed: change.dot) ?? change.dot
          let order = reading.exclusion(dot)
          view.excluded.append(
            StatusView.Held(dot: dot, reason: order.flatMap { reading.exclusionReason($0) } ?? "", order: order))
        }
        let rows = try reading.sql("SELECT id FROM _excluded")
        while try rows.step() {
          let dot = reading.logs.dot(of: RecordClock.Place(row: rows.int(0)))
          let order = reading.exclusion(dot)
          view.excluded.append(
            StatusView.Held(dot: dot, reason: order.flatMap { reading.exclusionReason($0) } ?? "", order: order))
        }
        rows.reset()
        view.excluded.sort { $0.dot < $1.dot }
      }
      return view
    }
  }
}

extension ReadingTable {
  /// What standing orders did to a device's own logs.
  fileprivate func rulings(on device: DeviceID) -> [StatusView.Ruling] {
    logs.book.standing.compactMap { order in
      switch order.kind {
      case .restamp(let range, let at, _) where logs.entry(range.log)?.device == device:
        StatusView.Ruling(
          dot: Dot(range.log, range.from), last: range.to, effect: .restamped(at: at.milliseconds),
          order: order.mark.number)
      case .fork(let log, let sequence, let hash) where logs.entry(log)?.device == device:
        StatusView.Ruling(
          dot: Dot(log, sequence), last: nil, effect: .branched(hash.prefix), order: order.mark.number)
      default: nil
      }
    }
  }
}

extension LogTable {
  /// Held changes of any author without a receipt of the newest epoch.
  func unsent() throws -> Int {
    var receipts: [LogID: (held: UInt64, hash: ContentHash)] = [:]
    let select = try sql("SELECT log, held, hash FROM _receipt WHERE epoch = ?1")
    select.bind(1, Int64(bitPattern: book.newest.epoch))
    while try select.step() { receipts[select.identifier(0)] = (UInt64(bitPattern: select.int(1)), select.hash(2)) }
    select.reset()
    var count = 0
    for entry in entries {
      let first = (entry.fork?.sequence ?? 0)
      guard entry.tip > first else { continue }
      var held = first
      if let receipt = receipts[entry.id] {
        let end = min(receipt.held, entry.tip)
        let isSame = receipt.held > entry.tip || hash(of: resolve(Dot(entry.id, end))) == receipt.hash
        if isSame { held = max(held, end) }
      }
      let rows = try sql("SELECT count(*) FROM _change WHERE id > ?1 AND id <= ?2")
      rows.bind(1, Int64(entry.number << 40 | held))
      rows.bind(2, Int64(entry.number << 40 | entry.tip))
      if try rows.step() { count += Int(rows.int(0)) }
      rows.reset()
    }
    let waiting = try sql("SELECT count(*) FROM _waiting WHERE at_centre = 0")
    if try waiting.step() { count += Int(waiting.int(0)) }
    waiting.reset()
    return count
  }
}
