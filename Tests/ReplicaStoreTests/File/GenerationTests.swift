import ChangeFormat
import Foundation
import Merge
import Testing

@testable import ReplicaStore

/// Which life of the replica a machine is in (design §4): told by one small file beside the keys.
@Suite("A restart goes on with its log; a restored or copied file starts a new one that names it")
struct GenerationTests {
  /// A machine with three changes in one log.
  private func made() throws -> (machine: FileMachine, last: Committed, incarnation: Identifier) {
    let machine = try FileMachine()
    var last = try machine.write(1)
    for n in 2...3 { last = try machine.write(UInt64(n)) }
    let incarnation = try machine.use(.reading) { try #require(try $0.genesis(of: last.dot.log)).incarnation }
    return (machine, last, incarnation)
  }

  private func mark(_ machine: FileMachine, _ incarnation: Identifier) throws -> GenerationMark {
    guard case .mark(let mark) = machine.store.generation(of: machine.keys.device, incarnation: incarnation) else {
      throw ReplicaError.keysMissing(device: machine.keys.device, folder: "")
    }
    return mark
  }

  /// The next change goes on in the log of the last.
  private func expectGoesOn(
    _ machine: FileMachine, _ last: Committed, _ sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let next = try machine.write(9)
    #expect(next.dot == Dot(last.dot.log, last.dot.sequence + 1), sourceLocation: sourceLocation)
    let changes = try machine.use(.reading) { try $0.verify() }.changes
    #expect(changes == Int(next.dot.sequence), sourceLocation: sourceLocation)
  }

  /// The next change opens a log that names the last.
  private func expectNewLog(
    _ machine: FileMachine, _ last: Dot, _ reason: Genesis.Reason, _ sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let next = try machine.write(9)
    #expect(next.dot.log != last.log && next.dot.sequence == 1, sourceLocation: sourceLocation)
    try machine.use(.reading) { replica in
      let genesis = try replica.genesis(of: next.dot.log)
      #expect(genesis?.reason == reason, sourceLocation: sourceLocation)
      #expect(genesis?.predecessor?.dot == last, sourceLocation: sourceLocation)
      var hash: ContentHash?
      try replica.log { if $0.dot == last { hash = $0.hash } }
      #expect(genesis?.predecessor?.hash == hash, sourceLocation: sourceLocation)
      _ = try replica.verify()
    }
    // And from then on it is an ordinary log.
    #expect(try machine.write(9).dot == Dot(next.dot.log, 2), sourceLocation: sourceLocation)
  }

  @Test("a mark that a power cut set back is brought up before anything leaves", arguments: [true, false])
  func setBack(_ isTorn: Bool) throws {
    let (machine, last, incarnation) = try made()
    var old = try mark(machine, incarnation)
    old.count = 1
    machine.store.put(isTorn ? .torn : .mark(old), incarnation: incarnation)
    try machine.use { _ = try $0.offer(lackingFrom: [:]) }
    #expect(try mark(machine, incarnation).count == 3 && mark(machine, incarnation).isDone)
    #expect(try mark(machine, incarnation).inode == old.inode)
    try expectGoesOn(machine, last)
  }

  @Test(
    "it is brought up at the next start too, and tells when the file is set back after that", arguments: [true, false])
  func setBackTwice(_ isTorn: Bool) throws {
    let machine = try FileMachine()
    let first = try machine.write(1)
    machine.checkpoint()
    let backup = machine.bytes
    let last = try machine.write(2)
    let incarnation = try machine.use(.reading) { try #require(try $0.genesis(of: last.dot.log)).incarnation }
    var old = try mark(machine, incarnation)
    old.count = 1
    machine.store.put(isTorn ? .torn : .mark(old), incarnation: incarnation)
    try machine.use { _ in }
    #expect(try mark(machine, incarnation).count == 2 && mark(machine, incarnation).isDone)
    try machine.putBack(backup)
    try expectNewLog(machine, first.dot, .reverted)
  }

  @Test("an ordinary restart goes on, after a reboot too")
  func restart() throws {
    let (machine, last, incarnation) = try made()
    #expect(try mark(machine, incarnation).isDone && mark(machine, incarnation).count == 3)
    machine.clock.reboot()
    try expectGoesOn(machine, last)
  }

  @Test("a crash before the commit: one more was intended, and is not there")
  func intended() throws {
    let (machine, last, incarnation) = try made()
    var mark = try mark(machine, incarnation)
    (mark.count, mark.isDone) = (4, false)
    machine.store.put(.mark(mark), incarnation: incarnation)
    try expectGoesOn(machine, last)
  }

  @Test("a crash before a commit of many changes: all were intended, none is there")
  func intendedTogether() throws {
    let (machine, last, incarnation) = try made()
    machine.store.record()
    try machine.use { replica in
      _ = try replica.writeTogether(
        (0..<3).map { n in
          Replica.Part(scope: nil, actor: "", note: "") { try $0.set("note", Sample.id(UInt64(n)), "body", .text("x")) }
        })
    }
    let announced = machine.store.recorded.map { "\($0.count) \($0.isDone ? "done" : "intended")" }
    #expect(announced == ["4 intended", "6 done"])
    // The power goes after the announcement: the file is as it was before.
    let (second, secondLast, secondIncarnation) = try made()
    var mark = try mark(second, secondIncarnation)
    (mark.count, mark.isDone) = (4, false)
    second.store.put(.mark(mark), incarnation: secondIncarnation)
    try expectGoesOn(second, secondLast)
    // Or after the commit.
    let sixth = try machine.use { try $0.write { try $0.set("note", Sample.id(9), "body", .text("x")) } }
    #expect(sixth.dot == Dot(last.dot.log, 7))
    mark = try self.mark(machine, incarnation)
    (mark.count, mark.isDone) = (4, false)
    machine.store.put(.mark(mark), incarnation: incarnation)
    try expectGoesOn(machine, sixth)
  }

  @Test("a crash after the commit: what was intended is there")
  func notDone() throws {
    let (machine, last, incarnation) = try made()
    var mark = try mark(machine, incarnation)
    (mark.count, mark.isDone) = (3, false)
    machine.store.put(.mark(mark), incarnation: incarnation)
    try expectGoesOn(machine, last)
  }

  @Test("a torn or outdated generation says nothing against the file")
  func tornOrBehind() throws {
    let (machine, last, incarnation) = try made()
    machine.store.put(.torn, incarnation: incarnation)
    try expectGoesOn(machine, last)
    let (second, secondLast, secondIncarnation) = try made()
    var mark = try mark(second, secondIncarnation)
    mark.count = 1
    second.store.put(.mark(mark), incarnation: secondIncarnation)
    try expectGoesOn(second, secondLast)
  }

  @Test("a file restored from a backup starts a new log, and what it had lost is ordinary when it turns up")
  func restored() throws {
    let machine = try FileMachine()
    let peer = try Machine(2)
    let kept = try machine.write(1)
    machine.checkpoint()
    let backup = machine.bytes
    for n in 2...3 { try machine.write(UInt64(n)) }
    try machine.use { _ = try peer.replica.receive(try $0.offer(lackingFrom: [:]).batch) }
    try machine.putBack(backup)
    try expectNewLog(machine, kept.dot, .reverted)
    try machine.use { replica in
      _ = try replica.receive(try peer.replica.offer(lackingFrom: replica.heads()).batch)
      _ = try peer.replica.receive(try replica.offer(lackingFrom: peer.replica.heads()).batch)
      #expect(try replica.digests().map(\.digest) == peer.replica.digests().map(\.digest))
      #expect(try replica.verify().changes == 5)
      #expect(try replica.status().waiting.isEmpty)
    }
  }

  @Test("ahead by one and done, or by more than was intended, is a file set back")
  func ahead() throws {
    for (count, isDone) in [(4, true), (5, false), (9, true)] as [(UInt64, Bool)] {
      let (machine, last, incarnation) = try made()
      var mark = try mark(machine, incarnation)
      (mark.count, mark.isDone) = (count, isDone)
      machine.store.put(.mark(mark), incarnation: incarnation)
      try expectNewLog(machine, last.dot, .reverted)
    }
  }

  @Test("a generation that is gone is a file set back")
  func missing() throws {
    let (machine, last, incarnation) = try made()
    machine.store.put(.missing, incarnation: incarnation)
    try expectNewLog(machine, last.dot, .reverted)
  }

  @Test("another inode, or another disk within one boot, is a copy; another disk after a reboot is not")
  func copied() throws {
    let (machine, last, incarnation) = try made()
    var mark = try mark(machine, incarnation)
    mark.inode += 1
    machine.store.put(.mark(mark), incarnation: incarnation)
    try expectNewLog(machine, last.dot, .copied)

    let (second, secondLast, secondIncarnation) = try made()
    mark = try self.mark(second, secondIncarnation)
    mark.disk += 1
    second.store.put(.mark(mark), incarnation: secondIncarnation)
    try expectNewLog(second, secondLast.dot, .copied)

    let (third, thirdLast, thirdIncarnation) = try made()
    mark = try self.mark(third, thirdIncarnation)
    mark.disk += 1
    third.store.put(.mark(mark), incarnation: thirdIncarnation)
    third.clock.reboot()
    try expectGoesOn(third, thirdLast)
  }

  @Test("a copied file and its original write two logs that merge")
  func copyAndOriginal() throws {
    let (machine, last, _) = try made()
    machine.checkpoint()
    let other = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: machine.path, toPath: other.path + "/replica.db")
    let copy = try Replica.open(
      folder: other.path, schema: Sample.schema, access: .writing, surroundings: machine.surroundings)
    let made = try copy.write { try $0.set("item", Sample.id(1), "text", .text("copy")) }
    #expect(made.dot.log != last.dot.log)
    try expectGoesOn(machine, last)
    try machine.use { original in
      _ = try original.receive(try copy.offer(lackingFrom: original.heads()).batch)
      _ = try copy.receive(try original.offer(lackingFrom: copy.heads()).batch)
      #expect(try original.digests().map(\.digest) == copy.digests().map(\.digest))
      #expect(try original.verify().changes == 5 && original.status().waiting.isEmpty)
    }
    try copy.close()
  }

  @Test("a signed head of mine that I do not hold ends my log; two copies of one disk never open the same log again")
  func foreignHead() throws {
    var court = try SmallCourt()
    try court.admit(try Machine.keys(1))
    let one = try Machine(1, in: court)
    _ = try one.replica.receive(.init(orders: court.orders))
    try one.replica.write { try $0.set("item", Sample.id(1), "text", .text("甲")) }
    let two = try one.copy(99, in: court, clock: FakeClock())
    try one.replica.write { try $0.set("item", Sample.id(2), "text", .text("one")) }
    try two.replica.write { try $0.set("item", Sample.id(3), "text", .text("two")) }
    try one.pass(to: two)
    try two.pass(to: one)
    let logs = try [one, two].map { machine in
      try machine.replica.write { try $0.set("item", Sample.id(4), "text", .text("again")) }.dot.log
    }
    #expect(logs[0] != logs[1])
    for (machine, log) in zip([one, two], logs) {
      let genesis = try machine.replica.genesis(of: log)
      #expect(genesis?.reason == .foreignHead && genesis?.predecessor != nil)
    }
  }

  @Test("without its keys a replica is read, passes on what is signed, and says why it cannot write")
  func keysMissing() throws {
    let machine = try FileMachine()
    try machine.write(1)
    let crashed = try machine.open()
    for n in 2...3 { try crashed.write { try $0.set("item", Sample.id(UInt64(n)), "text", .text("x")) } }
    // The process ends here without closing: its last change is not signed.
    machine.store.remove(machine.keys.device)
    let replica = try machine.open()
    #expect(try replica.record(table: "item", id: Sample.id(3), scope: nil)?["text"]?.value == .text("x"))
    #expect(try replica.verify().changes == 3)
    let error = #expect(throws: ReplicaError.self) {
      try replica.write { try $0.set("item", Sample.id(1), "text", .text("乙")) }
    }
    #expect(error?.number == 2009)
    #expect(error?.message(.en).contains(machine.keys.device.hex) == true)
    #expect(error?.message(.zh).contains("memory") == true)
    let (batch, _) = try replica.offer(lackingFrom: [:])
    #expect(batch.changeCount == 2, "up to the newest signed head")
    var hand = try HandWriter(5)
    #expect(try replica.receive(Batch([hand.write(Sample.id(5), 6, .text("y"))])).changes == 1)
    try replica.close()
  }
}

extension Replica {
  /// How a log began.
  func genesis(of log: LogID) throws -> Genesis? { try reading { $0.logs.entry(log)?.genesis } }
}
