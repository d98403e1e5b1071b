import Merge

/// Signatures that were found good, for a process that plays many machines: each of them would check the same ones.
///
/// A signature fits its key and message or it does not, so that nothing is checked less; a wrong one is never kept. It
/// holds only inside ``remembering(_:)``, on the thread that runs it.
package final class KnownSignatures: @unchecked Sendable {
  @TaskLocal fileprivate static var present: KnownSignatures?

  /// Touched by the thread that runs ``remembering(_:)`` only.
  private var good: Set<ContentHash> = []

  package init() {}

  /// Runs something in which a signature found good once is known.
  package func remembering<T>(_ body: () throws -> T) rethrows -> T {
    try KnownSignatures.$present.withValue(self, operation: body)
  }

  /// - Parameter check: asked where the signature is not known.
  static func isGood(_ signature: [UInt8], key: [UInt8], message: [UInt8], check: () -> Bool) -> Bool {
    guard let present else { return check() }
    // Key and signature have one length each, so that all three stand apart.
    let name = Hashing.hash(key + signature + message)
    if present.good.contains(name) { return true }
    guard check() else { return false }
    present.good.insert(name)
    return true
  }
}
