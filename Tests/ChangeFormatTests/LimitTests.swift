import Foundation
import Merge
import Testing

@testable import ChangeFormat

@Suite("What a few bytes claim is refused before it is believed")
struct LimitTests {
  /// Most memory this process ever held, in bytes.
  private static func peakMemory() -> Int {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, 256, file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      if text.hasPrefix("VmHWM:"), let kib = Int(text.filter(\.isNumber)) { return kib * 1024 }
    }
    return 0
  }

  /// Salt, no actor, no note.
  private func payload(_ body: (inout ByteWriter) -> Void) -> [UInt8] {
    var writer = ByteWriter()
    writer.identifier(.zero)
    writer.text("")
    writer.text("")
    body(&writer)
    return writer.bytes
  }

  private func records(_ count: Int, _ writer: inout ByteWriter) {
    writer.varint(count)
    writer.identifier(.zero)
    for i in 1..<count {
      let shared = i % 256 == 0 ? (i % 65536 == 0 ? 13 : 14) : 15
      writer.byte(UInt8(shared))
      writer.raw(Array(Identifier(high: 0, low: UInt64(i)).bytes[shared...]))
    }
  }

  @Test("columns that hold nothing, over many records: 90 KB that would be 1.6 GB of cells")
  func emptyCells() {
    let bytes = payload { writer in
      writer.varint(1)
      writer.varint(1)
      records(5000, &writer)
      writer.varint(20_000)
      for column in 1...20_000 {
        writer.varint(column)
        writer.raw([0, 0, ValueTag.null])
      }
    }
    #expect(bytes.count < 120_000)
    let before = LimitTests.peakMemory()
    #expect(throws: FormatError.overLimit(what: "unfolded cells", found: 1_050_000, limit: Limits.cells)) {
      _ = try Payload(bytes: bytes)
    }
    #expect(LimitTests.peakMemory() - before < 512 << 20)
  }

  @Test("cells are counted over all tables, the absent ones too")
  func cellsOfTables() {
    let bytes = payload { writer in
      writer.varint(3)
      for table in 1...3 {
        writer.varint(table)
        records(1000, &writer)
        writer.varint(400)
        for column in 1...400 {
          writer.varint(column)
          writer.raw([1] + [UInt8](repeating: column % 2 == 0 ? 0x55 : 0xAA, count: 125) + [0, ValueTag.null])
        }
      }
    }
    #expect(throws: FormatError.overLimit(what: "unfolded cells", found: 1_049_000, limit: Limits.cells)) {
      _ = try Payload(bytes: bytes)
    }
  }

  @Test("as many cells as are allowed are read")
  func cellsAtTheLimit() throws {
    let bytes = payload { writer in
      writer.varint(1)
      writer.varint(1)
      records(4096, &writer)
      writer.varint(256)
      for column in 1...256 {
        writer.varint(column)
        writer.raw([0, 0, ValueTag.true])
      }
    }
    let body = try Payload(bytes: bytes).body
    #expect(body.writeCount == Limits.cells && body.cellCount == Limits.cells)
  }

  @Test("one long text shared by a hundred records: 256 KB that would be 26 MB")
  func sharedText() {
    let bytes = payload { writer in
      writer.varint(1)
      writer.varint(1)
      records(100, &writer)
      writer.varint(1)
      writer.varint(2)
      writer.raw([0, 0, ValueTag.text, 0])
      writer.block([UInt8](repeating: 0x61, count: Limits.value))
      for _ in 1..<100 {
        writer.varint(Limits.value)
        writer.varint(0)
      }
    }
    let found = 65 * Limits.value
    #expect(throws: FormatError.overLimit(what: "unfolded change", found: found, limit: Limits.unfolded)) {
      _ = try Payload(bytes: bytes)
    }
  }

  @Test("a packed payload that claims more than the limit, or another size than its frame has")
  func packedPayload() throws {
    let compressor = Compressor()
    let clear = [UInt8](repeating: 0, count: 100_000)
    func packed(claiming size: Int) -> [UInt8] {
      var writer = ByteWriter()
      writer.byte(1)
      writer.varint(size)
      writer.raw(compressor.compress(clear))
      return writer.bytes
    }
    #expect(packed(claiming: 100_000).count < 100)
    #expect(try PackedPayload.unpack(packed(claiming: 100_000), with: compressor) == clear)
    for size in [0, 1, 99_999, 100_001, Limits.unfolded] {
      #expect(throws: FormatError.malformed(what: "payload")) {
        try PackedPayload.unpack(packed(claiming: size), with: compressor)
      }
    }
    let over = Limits.unfolded + 1
    #expect(throws: FormatError.overLimit(what: "payload", found: over, limit: Limits.unfolded)) {
      try PackedPayload.unpack(packed(claiming: over), with: compressor)
    }
    #expect(throws: FormatError.self) { try PackedPayload.unpack([], with: compressor) }
    #expect(throws: FormatError.self) { try PackedPayload.unpack([2, 0], with: compressor) }
    #expect(throws: FormatError.self) { try PackedPayload.unpack([1, 5], with: compressor) }
  }

  @Test("payloads pack to what is shorter, and come back", arguments: [0, 1, 511, 512, 5000, 100_000])
  func packing(count: Int) throws {
    let compressor = Compressor()
    var random = SeededRandom(UInt64(count))
    for clear in [[UInt8](repeating: 7, count: count), random.bytes(count)] {
      let packed = PackedPayload.pack(clear, with: compressor)
      #expect(packed.count <= clear.count + 1)
      #expect(try PackedPayload.unpack(packed, with: compressor) == clear)
    }
  }

  @Test("a batch that claims more than the limit, or another size than its frame has")
  func packedBatch() {
    let compressor = Compressor()
    let clear = Batch().clearBytes
    func encoded(_ version: UInt8, claiming size: Int) -> [UInt8] {
      var writer = ByteWriter()
      writer.byte(version)
      writer.varint(size)
      writer.raw(compressor.compress(clear))
      return writer.bytes
    }
    #expect(throws: Never.self) { try Batch(encoded: encoded(1, claiming: clear.count), with: compressor) }
    #expect(throws: FormatError.unknownVersion(what: "batch", found: 2)) {
      try Batch(encoded: encoded(2, claiming: clear.count), with: compressor)
    }
    #expect(throws: FormatError.malformed(what: "batch")) {
      try Batch(encoded: encoded(1, claiming: clear.count + 1), with: compressor)
    }
    #expect(throws: FormatError.overLimit(what: "batch", found: Limits.unfolded + 1, limit: Limits.unfolded)) {
      try Batch(encoded: encoded(1, claiming: Limits.unfolded + 1), with: compressor)
    }
  }

  /// A clear batch of one run of one log, with what `changes` writes for its changes.
  private func run(of count: Int, _ changes: (inout ByteWriter) -> Void) -> [UInt8] {
    var writer = ByteWriter()
    writer.raw([0, 0, 1, 0])
    writer.identifier(.zero)
    writer.raw([1, 0, 1])
    writer.hash(.zero)
    writer.varint(count)
    changes(&writer)
    writer.varint(1)
    writer.varint(count - 1)
    writer.raw([UInt8](repeating: 0, count: 64))
    return writer.bytes
  }

  @Test("more changes in a batch than the limit")
  func changesInABatch() throws {
    func changes(_ count: Int) -> [UInt8] {
      run(of: count) { writer in for _ in 0..<count { writer.raw([0, 0, 1, 0]) } }
    }
    #expect(try Batch(clear: changes(Limits.batchChanges)).changeCount == Limits.batchChanges)
    let over = Limits.batchChanges + 1
    #expect(throws: FormatError.overLimit(what: "changes of a batch", found: over, limit: Limits.batchChanges)) {
      _ = try Batch(clear: changes(over))
    }
  }

  @Test("more context entries and extensions in a batch than the limit")
  func entriesInABatch() {
    var writer = ByteWriter()
    writer.raw([0, 0])
    writer.varint(1024)
    for i in 0..<1024 {
      writer.byte(0)
      writer.identifier(Identifier(high: 0, low: UInt64(i)))
    }
    let count = 1025
    writer.raw([1, 0, 1])
    writer.hash(.zero)
    writer.varint(count)
    for _ in 0..<count {
      writer.raw([4, 0])
      writer.varint(1024)
      for i in 0..<1024 {
        writer.varint(i)
        writer.varint(1)
      }
      writer.identifier(.zero)
      writer.raw([1, 0])
    }
    writer.varint(1)
    writer.varint(count - 1)
    writer.raw([UInt8](repeating: 0, count: 64))
    let found = 1025 * 1024
    #expect(throws: FormatError.overLimit(what: "entries of a batch", found: found, limit: Limits.batchEntries)) {
      _ = try Batch(clear: writer.bytes)
    }
  }

  /// Bytes that end in a count; 20 more follow.
  static let counts: [(Codec, String)] = {
    let id = String(repeating: "00", count: 16)
    let hash = "\(id)\(id)"
    let payload = "\(id)0000"
    let order = "010101\(hash)00"
    return [
      (.payload, id), (.payload, "\(id)00"), (.payload, payload), (.payload, "\(payload)0001\(id)"),
      (.payload, "\(payload)0001\(id)010205"), (.payload, "\(payload)0001\(id)010206"),
      (.payload, "\(payload)0101"), (.payload, "\(payload)010102\(id)0f01"),
      (.payload, "\(payload)010102\(id)0f01010200000500"),
      (.genesis, "0f\(hexOfBytes("circuit/genesis".utf8))0101\(id)"),
      (.header, "0101\(id)"),
      (.header, "0101\(id)0161\(id)01\(hash)\(hash)00000000000000000000000001"),
      (.header, "0101\(id)0161\(id)01\(hash)\(hash)0000000000000000000000000100"),
      (.order, "\(order)01\(id)"), (.order, "\(order)01\(id)0000"), (.order, "\(order)01\(id)000000"),
      (.order, "\(order)02\(id)"), (.order, "\(order)06\(id)01\(hash)"),
      (.receipt, "0100000000"),
      (.batch, ""), (.batch, "00"), (.batch, "0000"), (.batch, "000000"),
      (.batch, "00000100\(id)010001\(hash)"),
      (.batch, "00000100\(id)010001\(hash)010400"),
      (.batch, "00000100\(id)010001\(hash)010800"),
      (.batch, "00000100\(id)010001\(hash)010000"),
      (.batch, "00000100\(id)010001\(hash)0100000100"),
    ]
  }()

  @Test("a count that no rest of the bytes could hold", arguments: counts)
  func countsPastTheEnd(codec: Codec, start: String) throws {
    for count in [21, 1 << 20, 1 << 32, 1 << 48, UInt64(Int64.max), .max] as [UInt64] {
      var writer = ByteWriter()
      writer.raw(try #require(bytesOfHex(start.utf8)))
      writer.varint(count)
      writer.raw([UInt8](repeating: 1, count: 20))
      let before = LimitTests.peakMemory()
      let error = #expect(throws: FormatError.self) { try codec.recode(writer.bytes) }
      switch error {
      case .truncated, .overLimit: break
      default: Issue.record("\(codec.name) \(start) \(count): \(String(describing: error))")
      }
      #expect(LimitTests.peakMemory() - before < 512 << 20)
    }
  }

  @Test("headers, orders, names, notes at their limits and past them")
  func fields() throws {
    let samples = try Samples()
    func header(extension count: Int) -> Header {
      var header = samples.logA.headers[1]
      header.extensions = [Header.Extension(id: 2, bytes: [UInt8](repeating: 1, count: count))]
      return header
    }
    let room = Limits.header - header(extension: 1000).bytes.count + 1000 - 1
    #expect(try Header(bytes: header(extension: room).bytes) == header(extension: room))
    #expect(throws: FormatError.overLimit(what: "header", found: Limits.header + 1, limit: Limits.header)) {
      try Header(bytes: header(extension: room + 1).bytes)
    }
    var many = samples.logA.headers[1]
    many.extensions = (0..<65).map { Header.Extension(id: $0, bytes: []) }
    #expect(throws: FormatError.overLimit(what: "extensions", found: 65, limit: 64)) { try Header(bytes: many.bytes) }
    many.extensions.removeLast()
    #expect(try Header(bytes: many.bytes) == many)

    let body = samples.payloads[0].payload.body
    for (actor, note, isRead) in [(256, 1024, true), (257, 0, false), (0, 1025, false)] {
      let payload = Payload(
        salt: .zero, actor: String(repeating: "a", count: actor), note: String(repeating: "b", count: note), body: body)
      #expect(((try? Payload(bytes: payload.bytes)) != nil) == isRead)
    }
    for (count, isRead) in [(0, false), (1, true), (256, true), (257, false)] {
      var genesis = samples.genesisA
      genesis.scope = String(repeating: "s", count: count)
      #expect(((try? Genesis(bytes: genesis.bytes)) != nil) == isRead)
    }
    let positions = (0..<100_000).map { UInt32($0 + 100_000) }
    #expect(throws: FormatError.self) {
      try samples.order(.redact(log: .zero, sequence: 1, hash: .zero, positions: positions, payloadHash: .zero))
    }
  }
}
