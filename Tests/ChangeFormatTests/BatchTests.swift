import Merge
import Testing

@testable import ChangeFormat

@Suite("A batch carries everything that was put into it")
struct BatchTests {
  @Test("orders, receipts, logs, changes and heads come back, compressed and clear")
  func roundTrip() throws {
    let samples = try Samples()
    let compressor = Compressor()
    let batch = try samples.batch()
    let read = try Batch(encoded: batch.encoded(with: compressor), with: compressor)
    #expect(read.clearBytes == batch.clearBytes)
    #expect(read.orders == batch.orders && read.receipts == batch.receipts)
    #expect(
      read.changeCount == 6 && !read.isEmpty && read.runs.map(\.log) == [samples.genesisB.log, samples.genesisA.log])
    #expect(read.logs.first?.genesis == samples.genesisB)
    #expect(read.logs.first?.log == samples.genesisB.log)
    #expect(read.orders.allSatisfy { $0.isAuthentic(court: samples.court, key: samples.centre.publicKey) })
    #expect(read.receipts.allSatisfy { $0.isAuthentic(court: samples.court, key: samples.centre.publicKey) })
    let empty = try Batch(encoded: Batch().encoded(with: compressor), with: compressor)
    #expect(empty.isEmpty && empty.changeCount == 0)
  }

  @Test("the headers rebuilt from a run are the headers, and its heads stand over them")
  func headers() throws {
    let samples = try Samples()
    let compressor = Compressor()
    let batch = try Batch(clear: samples.batch().clearBytes)
    let written = [samples.logB, samples.logA]
    for (run, log) in zip(batch.runs, written) {
      let headers = try run.headers(genesis: log.genesis, with: compressor)
      #expect(headers == log.headers)
      #expect(headers.map(\.bytes) == log.headers.map(\.bytes))
      for (sequence, signature) in run.heads {
        let header = headers[Int(sequence - run.first)]
        let head = SignedHead(dot: header.dot, hash: header.hash, signature: signature)
        #expect(head.isAuthentic(court: samples.court, key: log.genesis.signingKey))
        #expect(!head.isAuthentic(court: .zero, key: log.genesis.signingKey))
      }
      #expect(run.heads.last?.sequence == UInt64(log.headers.count))
    }
    #expect(batch.runs[0].heads.map(\.sequence) == [2, 3])
  }

  @Test(
    "a run may begin anywhere in its log, up to the last sequence there is", arguments: [2, 300, .max - 3] as [UInt64])
  func laterRun(first: UInt64) throws {
    let samples = try Samples()
    var batch = Batch()
    var run = try samples.logA.run()
    run.first = first
    run.changes[0].context.base = .previous
    run.changes[2].stamp = .zero  // Against the rule, yet no reason to lose bytes: the receiver judges it.
    run.heads = [(first, run.heads[0].signature), (first + 2, run.heads[0].signature)]
    batch.runs = [run]
    let read = try Batch(clear: batch.clearBytes)
    #expect(read.runs[0].first == first && read.runs[0].heads.map(\.sequence) == [first, first + 2])
    #expect(read.runs[0].changes.map(\.stamp) == run.changes.map(\.stamp))
    #expect(read.clearBytes == batch.clearBytes)
  }

  @Test("a log that was named twice is written once, with its genesis")
  func logsNamedTwice() throws {
    let samples = try Samples()
    var batch = try samples.batch()
    let (a, b) = (samples.genesisA, samples.genesisB)
    batch.logs = [.init(log: a.log), .init(log: b.log), .init(log: a.log, genesis: a), .init(log: b.log)]
    let read = try Batch(clear: batch.clearBytes)
    #expect(read.logs.prefix(2) == [Batch.LogEntry(log: a.log, genesis: a), Batch.LogEntry(log: b.log)])
    #expect(Set(read.logs.map(\.log)).count == read.logs.count)
    #expect(read.runs.map(\.log) == [b.log, a.log])
  }

  @Test("a run whose last change has no head is refused, and one whose heads lie outside it")
  func heads() throws {
    let samples = try Samples()
    let signature = [UInt8](repeating: 1, count: 64)
    for sequences in [[], [1], [1, 2], [4], [3, 4]] as [[UInt64]] {
      var batch = Batch()
      var run = try samples.logA.run()
      run.heads = sequences.map { ($0, signature) }
      batch.runs = [run]
      #expect(throws: FormatError.self, "\(sequences)") { try Batch(clear: batch.clearBytes) }
    }
  }

  /// A case record (案件) of 12 columns as a clerk enters it: the id and eleven fields.
  private func row(_ i: Int, _ random: inout SeededRandom) -> (RecordID, ChangeBody) {
    let ms = Samples.start + UInt64(i) * 1000
    let id = Identifier(high: ms << 16 | 0x7000 | random.next() & 0xFFF, low: random.next() >> 2 | 1 << 63)
    let text = "原告与被告因土地承包经营权流转合同发生纠纷,经村委会与人民法庭联合调解,双方自愿达成如下协议"
    let values: [Value] = [
      .text("（2026）豫1103民初\(i)号"), .text("土地承包经营权纠纷\(random.below(40))"), .text("诉前调解"), .text("进行中"),
      .text("李集镇\(random.below(60))村"), .text("申请人\(random.below(100_000))"),
      .text("被申请人\(random.below(100_000))"), .text("调解员\(random.below(200))"),
      .integer(Int64(random.below(10_000_000))), .date(20_454 + Int32(random.below(270))),
      .text("\(text)\(random.below(1_000_000_000))"),
    ]
    return (id, ChangeBody(writing: values.enumerated().map { Write(1, id, UInt32($0 + 1) * 2, $1) }))
  }

  @Test("100,000 changes of one row cost at most 24 bytes of header each, signed heads counted")
  func headerCost() throws {
    let samples = try Samples()
    var log = LogWriter(genesis: samples.genesisA, key: samples.deviceA)
    var random = SeededRandom(1)
    let count = 100_000
    let mark = OrderMark(epoch: Samples.epoch, number: 7)
    for i in 0..<count {
      let (_, body) = row(i, &random)
      // Typed at a person's pace, now and then twice within a millisecond's clock reading.
      let stamp = Stamp(milliseconds: Samples.start + UInt64(i / 2) * 137_000, counter: UInt16(i % 2))
      log.append(
        Payload(salt: random.identifier(), actor: "书记员", note: "", body: body), stamp: stamp, authentication: 1,
        order: mark)
    }
    var batch = Batch()
    batch.logs = [Batch.LogEntry(log: samples.genesisA.log, genesis: samples.genesisA)]
    batch.runs = [try log.run()]
    #expect(batch.runs[0].heads.count == 1563)
    let clear = batch.clearBytes
    let payloads = batch.runs[0].changes.reduce(0) { $0 + $1.payload.count }
    let each = Double(clear.count - payloads) / Double(count)
    #expect(each <= 24, "\(each) bytes a change")
    // A byte of fields, up to four of time, one of counter, two of length, and a 64th of a head of 65.
    #expect(each > 5, "\(each) bytes a change: something is missing")

    let read = try Batch(clear: clear)
    let headers = try read.runs[0].headers(genesis: samples.genesisA, with: Compressor())
    #expect(headers.count == count && headers.last?.hash == log.headers.last?.hash)
    let head = SignedHead(
      dot: headers[count - 1].dot, hash: headers[count - 1].hash, signature: read.runs[0].heads.last?.signature ?? [])
    #expect(head.isAuthentic(court: samples.court, key: samples.deviceA.publicKey))
  }
}
