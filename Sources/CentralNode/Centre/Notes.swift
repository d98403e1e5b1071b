import ChangeFormat
import Merge
import ReplicaStore

/// What the centre remembers of a device beside the log: when it was seen and what it showed to hold.
struct DeviceNote {
  var lastSeen: UInt64 = 0
  var shown: [LogID: KnownHead] = [:]

  /// Heads remembered of a device. One that is forgotten costs bytes: what the device holds of that log is served again.
  static let greatestCount = 4096

  /// Throws where the note is damaged: taken as absent, it would be written anew without what it held.
  init(bytes: [UInt8]) throws(FormatError) {
    if bytes.isEmpty { return }
    var reader = ByteReader(bytes)
    lastSeen = try reader.varint("device note")
    while !reader.isAtEnd {
      let log = try reader.identifier("device note")
      shown[log] = KnownHead(
        sequence: try reader.varint("device note"), hash: try reader.hash("device note"))
    }
  }

  /// Remembers heads. A device shows them before the centre has their logs; but it could name as many as it likes, so
  /// those of logs that the centre does not know go first.
  mutating func remember(_ heads: [(log: LogID, head: KnownHead)], isKnown: (LogID) -> Bool) {
    for (log, head) in heads { shown[log] = head }
    if shown.count <= DeviceNote.greatestCount { return }
    let fresh = Set(heads.map(\.log))
    let (known, unknown) = (shown.keys.filter(isKnown), shown.keys.filter { !isKnown($0) })
    let old = known.filter { !fresh.contains($0) }.sorted()
    let last = known.filter { fresh.contains($0) }.sorted()
    for log in (unknown.sorted() + old + last).prefix(shown.count - DeviceNote.greatestCount) { shown[log] = nil }
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

  /// Throws where the note is damaged: taken as absent, it would be a ticket that nobody made.
  init(bytes: [UInt8]) throws(FormatError) {
    var reader = ByteReader(bytes)
    let hash = try reader.hash("ticket note")
    let label = try reader.text("ticket note", limit: Limits.note)
    var scopes: [String] = []
    for _ in 0..<(try reader.count("ticket note")) {
      scopes.append(try reader.text("ticket note", limit: Limits.scopeName))
    }
    self.init(secretHash: hash, label: label, scopes: scopes, rights: Rights(rawValue: try reader.byte("ticket note")))
    isSpent = try reader.byte("ticket note") == 1
    if try reader.byte("ticket note") == 1 { device = try reader.identifier("ticket note") }
    try reader.finish("ticket note")
  }
}
