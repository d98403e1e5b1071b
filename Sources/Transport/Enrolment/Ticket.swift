import ChangeFormat
import Merge
import ReplicaStore

/// A one-time enrolment ticket 登记凭证: one self-contained line that a clerk can carry on paper or a stick.
public struct Ticket: Hashable, Sendable {
  public static let version: UInt8 = 1
  /// What every ticket line begins with.
  public static let prefix = "circuit-ticket-"

  public var court: Identifier
  public var id: Identifier
  /// Known to the bearer only; the centre keeps its hash.
  public var secret: Identifier
  /// The centre's public key: its orders and receipts are believed.
  public var centreKey: PublicKey
  /// The certificate authority that the centre's TLS is pinned to, PEM.
  public var authority: [UInt8]

  public init(court: Identifier, id: Identifier, secret: Identifier, centreKey: PublicKey, authority: [UInt8]) {
    self.court = court
    self.id = id
    self.secret = secret
    self.centreKey = centreKey
    self.authority = authority
  }

  /// The line: the prefix, then base64 without the characters a shell minds.
  public var line: String {
    var writer = ByteWriter()
    writer.byte(Ticket.version)
    writer.identifier(court)
    writer.identifier(id)
    writer.identifier(secret)
    writer.raw(centreKey.bytes)
    writer.block(authority)
    let check = Array(Hashing.hash(writer.bytes).bytes.prefix(4))
    let text = encodeBase64(writer.bytes + check)
    return Ticket.prefix + String(text.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 == "=" ? "." : $0 })
  }

  /// Reads a line; white space around it is forgiven, anything else is malformed.
  public init(line: String) throws(FormatError) {
    let text = String(line.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    guard text.hasPrefix(Ticket.prefix) else { throw .malformed(what: "ticket") }
    let body = String(
      text.dropFirst(Ticket.prefix.count).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 == "." ? "=" : $0 })
    guard let bytes = decodeBase64(body), bytes.count > 4,
      Array(Hashing.hash(Array(bytes.dropLast(4))).bytes.prefix(4)) == Array(bytes.suffix(4))
    else { throw .malformed(what: "ticket") }
    var reader = ByteReader(Array(bytes.dropLast(4)))
    let version = try reader.byte("ticket version")
    guard version == Ticket.version else { throw .unknownVersion(what: "ticket", found: Int(version)) }
    court = try reader.identifier("court")
    id = try reader.identifier("ticket id")
    secret = try reader.identifier("ticket secret")
    centreKey = try PublicKey(bytes: try reader.raw(32, "centre key"))
    authority = try reader.block("authority", limit: 8192)
    try reader.finish("ticket")
  }
}

/// What a new device sends with its ticket (`POST /v1/enrol`).
public struct EnrolmentRequest: Sendable {
  public static let version: UInt8 = 1
  public static let path = "/v1/enrol"

  public var ticket: Identifier
  public var secret: Identifier
  public var signingKey: PublicKey
  /// X25519, 32 bytes.
  public var agreementKey: [UInt8]
  /// Ed25519 over all before it: the sender holds the key.
  public var proof: [UInt8]

  public init(ticket: Ticket, keys: DeviceKeys) throws(FormatError) {
    self.ticket = ticket.id
    secret = ticket.secret
    signingKey = keys.signing.publicKey
    agreementKey = try agreementPublicKey(seed: keys.agreementSeed)
    proof = []
    proof = try keys.signing.sign(.possession, court: ticket.court, message)
  }

  private var message: [UInt8] {
    var writer = ByteWriter()
    writer.byte(EnrolmentRequest.version)
    writer.identifier(ticket)
    writer.identifier(secret)
    writer.raw(signingKey.bytes)
    writer.block(agreementKey)
    return writer.bytes
  }

  public var bytes: [UInt8] { message + proof }

  public init(bytes: [UInt8]) throws(FormatError) {
    var reader = ByteReader(bytes)
    let version = try reader.byte("enrolment version")
    guard version == EnrolmentRequest.version else { throw .unknownVersion(what: "enrolment", found: Int(version)) }
    ticket = try reader.identifier("ticket id")
    secret = try reader.identifier("ticket secret")
    signingKey = try PublicKey(bytes: try reader.raw(32, "device key"))
    agreementKey = try reader.block("agreement key", limit: 32)
    guard agreementKey.count == 32 else { throw .malformed(what: "agreement key") }
    proof = try reader.raw(64, "proof of possession")
    try reader.finish("enrolment")
  }

  public func isAuthentic(court: Identifier) -> Bool { signingKey.verify(proof, .possession, court: court, message) }
}

/// What the centre answers to an enrolment: what the device is called, and all orders that stand.
public struct EnrolmentReply: Sendable {
  public static let version: UInt8 = 1
  public var courtName: String
  public var label: String
  /// An encoded `Batch` of orders.
  public var batch: [UInt8]

  public init(courtName: String, label: String, batch: [UInt8]) {
    self.courtName = courtName
    self.label = label
    self.batch = batch
  }

  public var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.byte(EnrolmentReply.version)
    writer.text(courtName)
    writer.text(label)
    writer.block(batch)
    return writer.bytes
  }

  public init(bytes: [UInt8]) throws(FormatError) {
    var reader = ByteReader(bytes)
    let version = try reader.byte("enrolment reply")
    guard version == EnrolmentReply.version else { throw .unknownVersion(what: "enrolment reply", found: Int(version)) }
    courtName = try reader.text("court name", limit: Limits.note)
    label = try reader.text("label", limit: Limits.note)
    batch = try reader.block("batch")
    try reader.finish("enrolment reply")
  }
}
