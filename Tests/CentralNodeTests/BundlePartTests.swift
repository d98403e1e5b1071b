import Foundation
import Merge
import ReplicaStore
import Testing

@testable import CentralNode
@testable import Transport

@Suite("What is more than one bundle should hold goes into several files, each whole in itself")
struct BundlePartTests {
  /// A device with 40 changes of 30,000 characters that pack badly, exported in parts of 300,000 bytes.
  private func exported(_ court: SmallCourt, to path: String) throws -> (one: Station, parts: Int, report: BundleReport)
  {
    let one = try court.device("one")
    try one.sync()
    for _ in 0..<40 {
      let noise = one.replica.surroundings.randomness.bytes(15_000).map { String(format: "%02x", $0) }.joined()
      try one.put(noise)
    }
    let (bundles, report) = try BundleExchange.export(one.replica, to: .centre, limit: 300_000)
    try BundleFile.write(bundles, to: path)
    return (one, bundles.count, report)
  }

  private func importAll(_ path: String, _ centre: Centre) throws -> BundleReport {
    BundleReport(of: try BundleFile.parts(from: path).map { try centre.importBundle($0) })
  }

  @Test("parts are taken together, in either order, and twice")
  func together() throws {
    let court = try SmallCourt()
    let path = court.folder + "/stick"
    let (one, parts, report) = try exported(court, to: path)
    #expect(parts >= 2)
    #expect(try BundleFile.parts(from: path).count == parts)
    // The last one alone: its changes wait for their past.
    let last = try #require(try BundleFile.parts(from: path).last)
    #expect(throws: TransportError.self) { try court.centre.importBundle(last) }
    let taken = try importAll(path, court.centre)
    #expect(taken.changes == 40 && report.changes == 40)
    #expect(taken.bytes == report.bytes)
    #expect(try importAll(path, court.centre).changes == 0)
    #expect(try court.centre.replica.digests().map(\.digest) == one.replica.digests().map(\.digest))
    #expect(try court.centre.replica.verify().changes == 40)
  }

  @Test("a damaged part is told before anything is taken; a file of another export is none of the parts")
  func damaged() throws {
    let court = try SmallCourt()
    let path = court.folder + "/stick"
    let (one, parts, _) = try exported(court, to: path)
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path + ".2")))
    bytes[bytes.count / 2] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: path + ".2"))
    #expect(throws: TransportError.self) { try importAll(path, court.centre) }
    #expect(try court.centre.replica.heads().isEmpty)

    let (again, _) = try BundleExchange.export(one.replica, to: .centre)
    #expect(again.count == 1)
    try BundleFile.write(again, to: path)
    try Data(contentsOf: URL(fileURLWithPath: path)).write(to: URL(fileURLWithPath: path + ".2"))
    #expect(try BundleFile.parts(from: path) == [path])
    #expect(try importAll(path, court.centre).changes == 40)
    #expect(parts >= 2)
  }
}
