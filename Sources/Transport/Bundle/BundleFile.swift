import ChangeFormat
import Foundation
import Merge
import ReplicaStore

/// A bundle on a stick: written whole or not at all, and read back before it may be pulled out.
///
/// What is more than one bundle should hold goes into further files beside it: `FILE`, `FILE.2`, `FILE.3`.
public enum BundleFile {
  /// The path of a part, counted from 1.
  static func file(_ path: String, part: Int) -> String { part == 1 ? path : "\(path).\(part)" }

  private static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// The files of so many bundles of one export.
  public static func files(_ path: String, count: Int) -> [String] { (1...max(count, 1)).map { file(path, part: $0) } }

  /// Writes the bundles of one export, the last part first: the file that was asked for stands only once all do.
  public static func write(_ bundles: [Bundle], to path: String) throws {
    for (i, bundle) in bundles.enumerated().reversed() { try write(bundle, to: file(path, part: i + 1)) }
  }

  /// The files of one export, from its first: all are verified before any is taken. A further file that is of another
  /// export is none of them.
  public static func parts(from path: String) throws -> [String] {
    var parts = [path]
    guard exists(file(path, part: 2)) else { return parts }
    var last = try read(path).bundle
    while case let next = file(path, part: parts.count + 1), exists(next) {
      let bundle = try read(next).bundle
      guard bundle.court == last.court, bundle.exporter == last.exporter, bundle.recipient == last.recipient,
        bundle.number == last.number + 1
      else { break }
      parts.append(next)
      last = bundle
    }
    return parts
  }

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
