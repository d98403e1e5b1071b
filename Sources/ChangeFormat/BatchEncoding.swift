import Merge

/// Bits of the byte that opens a change in a run: which fields differ from the change above.
private enum Field {
  static let order: UInt8 = 1
  static let authentication: UInt8 = 2
  static let context: UInt8 = 4
  static let extensions: UInt8 = 8
  static let counter: UInt8 = 16
  static let base: UInt8 = 32
  static let redacted: UInt8 = 64
}

extension Batch {
  /// The bytes on the wire: version, clear length, and one zstd frame.
  public func encoded(with compressor: Compressor) -> [UInt8] {
    let clear = clearBytes
    var writer = ByteWriter(capacity: clear.count / 2)
    writer.byte(Batch.version)
    writer.varint(clear.count)
    writer.raw(compressor.compress(clear))
    return writer.bytes
  }

  /// The canonical bytes before compression.
  public var clearBytes: [UInt8] {
    var writer = ByteWriter(capacity: 1024)
    writer.varint(orders.count)
    for order in orders {
      writer.block(order.bytes)
      writer.raw(order.signature)
    }
    writer.varint(receipts.count)
    for receipt in receipts {
      writer.block(receipt.receipt.bytes)
      writer.raw(receipt.signature)
    }
    var table: [LogEntry] = []
    var places: [LogID: Int] = [:]
    func name(_ log: LogID, genesis: Genesis? = nil) {
      if let place = places[log] {
        table[place].genesis = table[place].genesis ?? genesis
      } else {
        places[log] = table.count
        table.append(LogEntry(log: log, genesis: genesis))
      }
    }
    for entry in logs { name(entry.log, genesis: entry.genesis) }
    for run in runs {
      name(run.log)
      for change in run.changes {
        for entry in change.context.entries { name(entry.log) }
        if case .change(let dot) = change.context.base { name(dot.log) }
      }
    }
    writer.varint(table.count)
    for entry in table {
      if let genesis = entry.genesis {
        writer.byte(1)
        writer.block(genesis.bytes)
      } else {
        writer.byte(0)
        writer.identifier(entry.log)
      }
    }
    writer.varint(runs.count)
    for run in runs { run.encode(to: &writer, places: places) }
    return writer.bytes
  }

  /// Reads a batch of which nothing is trusted; hashes and signatures are for the receiver to check.
  public init(encoded: [UInt8], with compressor: Compressor) throws(FormatError) {
    var reader = ByteReader(encoded)
    let version = try reader.byte("batch version")
    guard version == Batch.version else { throw .unknownVersion(what: "batch", found: Int(version)) }
    let size = try reader.count("batch", each: 0, limit: Limits.unfolded)
    let clear = try compressor.decompress(encoded, from: reader.position, size: size, what: "batch")
    try self.init(clear: clear)
  }

  public init(clear: [UInt8]) throws(FormatError) {
    var reader = ByteReader(clear)
    for _ in 0..<(try reader.count("orders", each: 65)) {
      let bytes = try reader.block("order", limit: Limits.orderBytes)
      orders.append(try SignedOrder(bytes: bytes, signature: try reader.raw(64, "order signature")))
    }
    for _ in 0..<(try reader.count("receipts", each: 65)) {
      let receipt = try Receipt(bytes: try reader.block("receipt"))
      receipts.append(SignedReceipt(receipt: receipt, signature: try reader.raw(64, "receipt signature")))
    }
    var named = Set<LogID>()
    for _ in 0..<(try reader.count("logs", each: 17)) {
      if try reader.flag("genesis") {
        let genesis = try Genesis(bytes: try reader.block("genesis", limit: 1024))
        logs.append(LogEntry(log: genesis.log, genesis: genesis))
      } else {
        logs.append(LogEntry(log: try reader.identifier("log")))
      }
      guard let entry = logs.last, named.insert(entry.log).inserted else { throw .malformed(what: "logs") }
    }
    // A run has at least a place, a sequence, a hash, a change and a head.
    let count = try reader.count("runs", each: 104)
    runs.reserveCapacity(count)
    var room = Room()
    for _ in 0..<count { runs.append(try Run(from: &reader, logs: logs, room: &room)) }
    try reader.finish("batch")
  }

  /// How much of a batch has been unfolded: things that take two bytes to send and many to hold.
  fileprivate struct Room {
    private var changes = 0
    private var entries = 0

    mutating func takeChanges(_ count: Int) throws(FormatError) {
      changes += count
      guard changes <= Limits.batchChanges else {
        throw .overLimit(what: "changes of a batch", found: changes, limit: Limits.batchChanges)
      }
    }

    mutating func takeEntries(_ count: Int) throws(FormatError) {
      entries += count
      guard entries <= Limits.batchEntries else {
        throw .overLimit(what: "entries of a batch", found: entries, limit: Limits.batchEntries)
      }
    }
  }
}

extension Batch.Run {
  fileprivate func encode(to writer: inout ByteWriter, places: [LogID: Int]) {
    writer.varint(places[log] ?? 0)
    writer.varint(first)
    writer.hash(previous)
    writer.varint(changes.count)
    var above = Batch.Change(
      stamp: .zero, authentication: 0, order: .none, context: ContextDelta(base: .previous), extensions: [],
      payload: [])
    for change in changes {
      var fields: UInt8 = 0
      if change.order != above.order { fields |= Field.order }
      if change.authentication != above.authentication { fields |= Field.authentication }
      if !change.context.entries.isEmpty { fields |= Field.context }
      if !change.extensions.isEmpty { fields |= Field.extensions }
      if change.stamp.counter != 0 { fields |= Field.counter }
      if case .change = change.context.base { fields |= Field.base }
      if change.payloadHash != nil { fields |= Field.redacted }
      writer.byte(fields)
      writer.signed(Int64(bitPattern: change.stamp.milliseconds &- above.stamp.milliseconds))
      if fields & Field.counter != 0 { writer.varint(UInt64(change.stamp.counter)) }
      if fields & Field.order != 0 {
        writer.varint(change.order.epoch)
        writer.varint(change.order.number)
      }
      if fields & Field.authentication != 0 { writer.byte(change.authentication) }
      if case .change(let dot) = change.context.base {
        writer.varint(places[dot.log] ?? 0)
        writer.varint(dot.sequence)
      }
      if let digest = change.context.digest {
        writer.varint(change.context.entries.count)
        for entry in change.context.entries {
          writer.varint(places[entry.log] ?? 0)
          writer.varint(entry.sequence)
        }
        writer.identifier(digest)
      }
      if fields & Field.extensions != 0 {
        writer.varint(change.extensions.count)
        for field in change.extensions {
          writer.varint(field.id)
          writer.block(field.bytes)
        }
      }
      if let hash = change.payloadHash {
        writer.hash(hash)
        writer.varint(change.payloadLength ?? 0)
      }
      writer.block(change.payload)
      above = change
    }
    writer.varint(heads.count)
    var last = first
    for head in heads {
      writer.varint(head.sequence - last)
      writer.raw(head.signature)
      last = head.sequence
    }
  }

  fileprivate init(
    from reader: inout ByteReader, logs: [Batch.LogEntry], room: inout Batch.Room
  ) throws(FormatError) {
    func log(_ place: UInt64) throws(FormatError) -> LogID {
      guard place < UInt64(logs.count) else { throw .malformed(what: "place of a log") }
      return logs[Int(place)].log
    }
    self.log = try log(try reader.varint("log"))
    first = try reader.varint("first sequence")
    guard first > 0 else { throw .malformed(what: "first sequence") }
    previous = try reader.hash("previous header hash")
    let count = try reader.count("changes", each: 4)
    guard count > 0, first <= UInt64.max - UInt64(count) else { throw .malformed(what: "changes") }
    try room.takeChanges(count)
    changes = []
    changes.reserveCapacity(count)
    var stamp = Stamp.zero
    var authentication: UInt8 = 0
    var order = OrderMark.none
    for i in 0..<count {
      let fields = try reader.byte("fields")
      guard fields < 128 else { throw .malformed(what: "fields") }
      let milliseconds = stamp.milliseconds &+ UInt64(bitPattern: try reader.signed("stamp"))
      guard milliseconds <= Stamp.greatestMilliseconds else { throw .malformed(what: "stamp") }
      var counter: UInt64 = 0
      if fields & Field.counter != 0 {
        counter = try reader.varint("counter")
        guard counter > 0, counter <= UInt64(UInt16.max) else { throw .malformed(what: "counter") }
      }
      stamp = Stamp(milliseconds: milliseconds, counter: UInt16(counter))
      if fields & Field.order != 0 {
        let epoch = try reader.varint("epoch")
        let mark = OrderMark(epoch: epoch, number: try reader.varint("order number"))
        guard mark != order else { throw .malformed(what: "order mark") }
        try mark.validate()
        order = mark
      }
      if fields & Field.authentication != 0 {
        let level = try reader.byte("authentication level")
        guard level != authentication else { throw .malformed(what: "authentication level") }
        authentication = level
      }
      var context = ContextDelta(base: first + UInt64(i) == 1 ? .none : .previous)
      if fields & Field.base != 0 {
        guard context.base == .none else { throw .malformed(what: "context base") }
        let base = try log(try reader.varint("context base"))
        context.base = .change(Dot(base, try reader.varint("context base")))
      }
      if fields & Field.context != 0 {
        let entries = try reader.count("context", each: 2, limit: Limits.contextEntries)
        guard entries > 0 else { throw .malformed(what: "context") }
        try room.takeEntries(entries)
        context.entries.reserveCapacity(entries)
        for _ in 0..<entries {
          let entry = try log(try reader.varint("context entry"))
          context.entries.append(Dot(entry, try reader.varint("context entry")))
        }
        context.digest = try reader.identifier("context digest")
      }
      try context.validate()
      var extensions: [Header.Extension] = []
      if fields & Field.extensions != 0 {
        let count = try reader.count("extensions", each: 2, limit: Limits.extensions)
        guard count > 0 else { throw .malformed(what: "extensions") }
        try room.takeEntries(count)
        for _ in 0..<count {
          let id = try reader.varint("extension")
          extensions.append(Header.Extension(id: id, bytes: try reader.block("extension", limit: Limits.header)))
        }
        try Header.validate(extensions)
      }
      var hash: ContentHash?
      var length: UInt64?
      if fields & Field.redacted != 0 {
        hash = try reader.hash("payload hash")
        length = try reader.varint("payload length")
      }
      let payload = try reader.block("payload", limit: Limits.unfolded)
      guard !payload.isEmpty else { throw .malformed(what: "payload") }
      changes.append(
        Batch.Change(
          stamp: stamp, authentication: authentication, order: order, context: context, extensions: extensions,
          payload: payload, payloadHash: hash, payloadLength: length))
    }
    heads = []
    var last = first
    for _ in 0..<(try reader.count("heads", each: 65)) {
      let step = try reader.varint("head")
      guard step < UInt64(count), heads.isEmpty || step > 0, last + step < first + UInt64(count) else {
        throw .malformed(what: "place of a head")
      }
      last += step
      heads.append((last, try reader.raw(64, "head")))
    }
    guard heads.last?.sequence == first + UInt64(count) - 1 else { throw .malformed(what: "end of a run") }
  }
}
