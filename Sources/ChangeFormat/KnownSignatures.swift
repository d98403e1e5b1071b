import Merge

/// Signatures that were made here or found good, for a process that plays many machines: each of them would check the
/// same ones.
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
    let name = name(signature, key, message)
    if present.good.contains(name) { return true }
    guard check() else { return false }
    present.good.insert(name)
    return true
  }

  /// Notes a signature that the key's owner has just made.
  static func note(_ signature: [UInt8], key: [UInt8], message: [UInt8]) {
    guard let present else { return }
    present.good.insert(name(signature, key, message))
  }

  /// Key and signature have one length each, so that all three stand apart.
  private static func name(_ signature: [UInt8], _ key: [UInt8], _ message: [UInt8]) -> ContentHash {
    Hashing.hash(key + signature + message)
  }
}
