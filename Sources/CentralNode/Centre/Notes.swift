import ChangeFormat
import Merge
import ReplicaStore

/// What the centre remembers of a device beside the log: when it was seen and what it showed to hold.
struct DeviceNote {
  var lastSeen: UInt64 = 0
  var shown: [LogID: KnownHead] = [:]

  init(bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    guard let seen = try? reader.varint("seen") else { return }
    lastSeen = seen
    while !reader.isAtEnd {
      guard let log = try? reader.identifier("log"), let sequence = try? reader.varint("sequence"),
        let hash = try? reader.hash("hash")
      else { return }
      shown[log] = KnownHead(sequence: sequence, hash: hash)
    }
  }

  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.varint(lastSeen)
    for (log, head) in shown.sorted(by: { $0.key < $1.key }) {
      writer.identifier(log)
      writer.varint(head.sequence)
      writer.hash(head.hash)
    }
    return writer.bytes
  }
}

/// A ticket as the centre keeps it: the hash of its secret, what it grants, and who used it.
struct TicketNote {
  var secretHash: ContentHash
  var label: String
  var scopes: [String]
  var rights: Rights
  var device: DeviceID?
  var isSpent = false

  init(secretHash: ContentHash, label: String, scopes: [String], rights: Rights) {
    self.secretHash = secretHash
    self.label = label
    self.scopes = scopes
    self.rights = rights
  }

  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.hash(secretHash)
    writer.text(label)
    writer.varint(scopes.count)
    for scope in scopes { writer.text(scope) }
    writer.byte(rights.rawValue)
    writer.byte(isSpent ? 1 : 0)
    writer.byte(device == nil ? 0 : 1)
    if let device { writer.identifier(device) }
    return writer.bytes
  }

  init?(bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    guard let hash = try? reader.hash("secret"), let label = try? reader.text("label", limit: Limits.note),
      let count = try? reader.count("scopes")
    else { return nil }
    var scopes: [String] = []
    for _ in 0..<count {
      guard let scope = try? reader.text("scope", limit: Limits.scopeName) else { return nil }
      scopes.append(scope)
    }
    guard let rights = try? reader.byte("rights"), let spent = try? reader.byte("spent"),
      let used = try? reader.byte("used")
    else { return nil }
    self.init(secretHash: hash, label: label, scopes: scopes, rights: Rights(rawValue: rights))
    isSpent = spent == 1
    if used == 1 { device = try? reader.identifier("device") }
  }
}
