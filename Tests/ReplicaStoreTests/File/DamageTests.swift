import ChangeFormat
import Foundation
import Merge
import Testing

@testable import ReplicaStore

@Suite("What is not a whole replica is refused in clear words, and not one byte of it changes")
struct DamageTests {
  private func made() throws -> FileMachine {
    let machine = try FileMachine { replica in
      for n in 0..<40 { try replica.write { try $0.set("item", Sample.id(UInt64(n)), "text", .text("第\(n)件")) } }
    }
    machine.checkpoint()
    return machine
  }

  /// Opens both ways; expects an error of one of these numbers, and the file as it was.
  private func expectRefused(
    _ machine: FileMachine, _ numbers: Set<Int>, _ sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let before = machine.bytes
    for access in [Replica.Access.reading, .writing] {
      let error = #expect(throws: ReplicaError.self, sourceLocation: sourceLocation) {
        try machine.use(access) { _ = try $0.digests() }
      }
      #expect(numbers.contains(error?.number ?? 0), "\(String(describing: error))", sourceLocation: sourceLocation)
      #expect(machine.bytes == before, sourceLocation: sourceLocation)
    }
  }

  @Test(
    "a file of something else is not a replica",
    arguments: [[], Array("hello".utf8), [UInt8](repeating: 0, count: 4096), Array("SQLite format 3\0".utf8)])
  func foreign(_ bytes: [UInt8]) throws {
    let machine = try FileMachine()
    try machine.overwrite(bytes)
    expectRefused(machine, [2001])
  }

  @Test("another program's SQLite file is not a replica")
  func otherProgram() throws {
    let machine = try FileMachine()
    try FileManager.default.removeItem(atPath: machine.path)
    machine.sql("CREATE TABLE note (text); INSERT INTO note VALUES ('x')")
    expectRefused(machine, [2001])
  }

  @Test("a folder where the file should be is not a replica")
  func directory() throws {
    let machine = try FileMachine()
    try FileManager.default.removeItem(atPath: machine.path)
    try FileManager.default.createDirectory(atPath: machine.path, withIntermediateDirectories: false)
    let error = #expect(throws: ReplicaError.self) { try machine.open() }
    #expect(error?.number == 2001)
  }

  @Test("a replica of newer software names both versions")
  func newer() throws {
    let machine = try made()
    machine.sql("PRAGMA user_version = 9")
    machine.checkpoint()
    expectRefused(machine, [2004])
    let error = #expect(throws: ReplicaError.self) { try machine.open() }
    if case .newerReplica(_, found: 9, known: 1) = error { return }
    Issue.record("\(String(describing: error))")
  }

  @Test("a file whose tables are not what the program made is damaged", arguments: ["_meta", "_log", "_change"])
  func tablesMissing(_ table: String) throws {
    let machine = try made()
    machine.sql("DROP TABLE \(table)")
    machine.checkpoint()
    let error = #expect(throws: ReplicaError.self) { try machine.use { _ = try $0.digests() } }
    #expect(error?.number == 2005)
  }

  @Test("a file cut short, at any page or within one", arguments: [100, 512, 4096, 4097, 20_000, -4096, -1])
  func truncated(_ count: Int) throws {
    let machine = try made()
    let bytes = machine.bytes
    try machine.overwrite(Array(bytes.prefix(count > 0 ? count : bytes.count + count)))
    expectRefused(machine, [2001, 2005])
  }

  @Test("a flipped bit anywhere in the header: either it says nothing of the content, or the file is refused as it is")
  func flippedHeader() throws {
    let machine = try made()
    let whole = machine.bytes
    let expected = try machine.use(.reading) { try $0.digests().map(\.digest) }
    try machine.overwrite(whole)
    for bit in 0..<800 {
      var bytes = whole
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      try machine.overwrite(bytes)
      do {
        let found = try machine.use(.reading) { try $0.digests().map(\.digest) }
        #expect(found == expected, "bit \(bit)")
      } catch is ReplicaError {}
      #expect(machine.bytes == bytes, "bit \(bit)")
      for name in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: machine.path + name) }
      do {
        try machine.use { _ = try $0.digests() }
      } catch is ReplicaError {
        #expect(machine.bytes == bytes, "bit \(bit), for writing")
      }
      for name in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: machine.path + name) }
    }
  }

  @Test("flipped bits anywhere never end the program, and verify tells those that matter")
  func flippedAnywhere() throws {
    let machine = try made()
    let whole = machine.bytes
    let expected = try machine.use(.reading) { try $0.digests().map(\.digest) }
    var random = SplitMix64(seed: 11)
    for _ in 0..<150 {
      var bytes = whole
      let bit = 800 + random.below((bytes.count - 100) * 8)
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      try machine.overwrite(bytes)
      do {
        try machine.use(.reading) { replica in
          _ = try replica.verify()
          #expect(
            try replica.digests().map(\.digest) == expected, "verify passed, so the state is what it was; bit \(bit)")
          try replica.dump { _ in }
          _ = try replica.status()
        }
      } catch is ReplicaError {}
      for name in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: machine.path + name) }
    }
  }
}
