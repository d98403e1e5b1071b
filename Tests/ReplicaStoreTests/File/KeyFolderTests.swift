import ChangeFormat
import Foundation
import Merge
import Testing

@testable import ReplicaStore

@Suite("Keys and generations lie in a folder of their own, readable by their owner only")
struct KeyFolderTests {
  private let folder: TemporaryFolder
  private let keys: FolderKeys
  private let owner: DeviceKeys
  private let incarnation = Identifier(high: 3, low: 4)

  init() throws {
    folder = try TemporaryFolder()
    keys = FolderKeys(folder: folder.path + "/keys")
    owner = try Machine.keys(1)
    try keys.save(owner)
  }

  private var path: String { "\(keys.location)/\(owner.device.hex)/generation-\(incarnation.hex)" }

  private func mark(_ count: UInt64, _ isDone: Bool = true) -> GenerationMark {
    GenerationMark(
      incarnation: incarnation, count: count, isDone: isDone, inode: 7, disk: 8,
      bootID: "0b7d1c9e-5a3f-4f8b-9a55-0f2d1f6c8e11")
  }

  @Test("keys come back whole, in files that nobody else may read")
  func saved() throws {
    let found = try #require(try FolderKeys(folder: keys.location).keys(of: owner.device))
    #expect(found.signingSeed == owner.signingSeed && found.agreementSeed == owner.agreementSeed)
    #expect(try keys.keys(of: DeviceID(high: 1, low: 1)) == nil)
    for path in [keys.location, "\(keys.location)/\(owner.device.hex)", "\(keys.location)/\(owner.device.hex)/keys"] {
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect((mode ?? 0o777) & 0o077 == 0, "\(path)")
    }
    keys.remove(owner.device)
    #expect(try keys.keys(of: owner.device) == nil)
  }

  @Test("keys that are not the device's, or not whole, are called damaged")
  func damaged() throws {
    let path = "\(keys.location)/\(owner.device.hex)/keys"
    let other = try Machine.keys(2)
    for bytes in [[], [1, 2, 3], other.signingSeed + other.agreementSeed, owner.signingSeed] {
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: ReplicaError.self) { try FolderKeys(folder: keys.location).keys(of: owner.device) }
      #expect(error?.number == 2005)
    }
  }

  @Test("a mark is read back by the same and by any other process, the newest one")
  func marks() throws {
    let other = FolderKeys(folder: keys.location)
    #expect(keys.generation(of: owner.device, incarnation: incarnation) == .missing)
    try keys.setGeneration(mark(0), of: owner.device, isNew: true)
    for count in 1...5 as ClosedRange<UInt64> {
      let writer = count % 2 == 0 ? keys : other
      for isDone in [false, true] {
        try writer.setGeneration(mark(count, isDone), of: owner.device, isNew: false)
        for reader in [keys, other, FolderKeys(folder: keys.location)] {
          #expect(reader.generation(of: owner.device, incarnation: incarnation) == .mark(mark(count, isDone)))
        }
      }
    }
  }

  @Test("a mark that was cut or changed is torn, one that is gone is missing")
  func torn() throws {
    try keys.setGeneration(mark(4), of: owner.device, isNew: true)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    for bit in stride(from: 0, to: whole.count * 8, by: 7) {
      var bytes = whole
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      try bytes.write(to: URL(fileURLWithPath: path))
      #expect(keys.generation(of: owner.device, incarnation: incarnation) == .torn, "bit \(bit)")
    }
    for count in [0, 1, whole.count - 1] {
      try whole.prefix(count).write(to: URL(fileURLWithPath: path))
      #expect(keys.generation(of: owner.device, incarnation: incarnation) == .torn, "\(count) bytes")
    }
    try whole.write(to: URL(fileURLWithPath: path))
    #expect(keys.generation(of: owner.device, incarnation: incarnation) == .mark(mark(4)))
    try FileManager.default.removeItem(atPath: path)
    #expect(keys.generation(of: owner.device, incarnation: incarnation) == .missing)
  }

  @Test("a folder set back to an earlier copy is believed as it is, not as it was remembered")
  func setBack() throws {
    try keys.setGeneration(mark(1), of: owner.device, isNew: true)
    let earlier = try Data(contentsOf: URL(fileURLWithPath: path))
    try keys.setGeneration(mark(2), of: owner.device, isNew: false)
    try earlier.write(to: URL(fileURLWithPath: path))
    #expect(keys.generation(of: owner.device, incarnation: incarnation) == .mark(mark(1)))
    try FileManager.default.removeItem(atPath: path)
    try earlier.write(to: URL(fileURLWithPath: path))
    #expect(keys.generation(of: owner.device, incarnation: incarnation) == .mark(mark(1)))
  }
}
