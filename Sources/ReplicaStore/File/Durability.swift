import GRDB

/// How much a commit waits for the disk.
package enum Durability: String, Sendable {
  /// A commit is on the disk when it returns: what every replica is opened with.
  case full = "FULL"
  /// A power cut may take the last commits back. For measurements only, where the disk would hide everything else.
  case normal = "NORMAL"
}

extension Replica {
  /// Sets what commits of this open replica wait for; opening sets FULL again.
  package func setDurability(_ durability: Durability) throws {
    try writer?.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = \(durability.rawValue)") }
  }
}
