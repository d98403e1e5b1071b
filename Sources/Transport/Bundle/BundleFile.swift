import ChangeFormat
import Foundation
import Merge
import ReplicaStore

/// A bundle on a stick: written whole or not at all, and read back before it may be pulled out.
public enum BundleFile {
  /// Writes beside the path, syncs, renames, syncs the folder, and compares what can be read back.
  public static func write(_ bundle: Bundle, to path: String) throws {
    let bytes = bundle.bytes
    try writeFile(path, bytes, mode: 0o644, sync: true)
    forgetCached(path)
    guard try readFile(path, limit: bytes.count) == bytes else {
      throw ReplicaError.fileTrouble(path: path, detail: "what was written cannot be read back")
    }
  }

  /// Reads and verifies a bundle.
  ///
  /// Throws `TransportError.badBundle` for anything damaged, cut, lengthened or not a bundle.
  public static func read(_ path: String) throws -> (bundle: Bundle, batches: [Batch], size: Int) {
    let bytes = try readFile(path, limit: Bundle.sizeLimit)
    do {
      let bundle = try Bundle(bytes: bytes)
      return (bundle, try bundle.decoded(), bytes.count)
    } catch {
      throw TransportError.badBundle(path: path, detail: error.message(.en))
    }
  }

  /// What a bundle holds, for `bundle show`.
  public static func report(_ batches: [Batch], size: Int) -> BundleReport {
    BundleReport(
      changes: batches.reduce(0) { $0 + $1.changeCount },
      orders: Set(batches.flatMap { $0.orders.map(\.order.hash) }).count, bytes: size)
  }
}
