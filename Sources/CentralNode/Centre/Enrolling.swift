import ChangeFormat
import Merge
import ReplicaStore
import Transport

/// A device as `centre devices` lists it.
package struct DeviceListing: Sendable {
  package var device: DeviceID
  package var label: String
  package var scopes: [String]
  /// Milliseconds of its last exchange; nil before the first.
  package var lastSeen: UInt64?
  /// What it showed to hold.
  package var held: [(log: LogID, sequence: UInt64)]
}

extension Centre {
  /// Makes a one-time enrolment ticket 登记凭证.
  package func ticket(scopes: [String], label: String, rights: Rights) throws -> Ticket {
    for scope in scopes { try Centre.check(scope: scope) }
    guard let id = Identifier(bytes: random.bytes(16)), let secret = Identifier(bytes: random.bytes(16)),
      let centreKey = replica.centreKey
    else { preconditionFailure("16 bytes make an identifier") }
    let note = TicketNote(
      secretHash: Hashing.hash(secret.bytes), label: label, scopes: scopes.sorted { byUTF8($0, $1) }, rights: rights)
    try storing { bench in
      try bench.setNote("ticket", id.hex, note.bytes)
      for scope in scopes { try bench.createScope(scope) }
    }
    return Ticket(
      court: replica.court, id: id, secret: secret, centreKey: centreKey, authority: replica.authority)
  }

  /// `court`, `statistics`, `tribunal/NAME` or `department/NAME`; NAME without `/`.
  static func check(scope: String) throws(CentreError) {
    if scope == "court" || scope == "statistics" { return }
    let parts = scope.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, ["tribunal", "department"].contains(parts[0]), !parts[1].isEmpty,
      scope.utf8.count <= Limits.scopeName, !scope.utf8.contains(0)
    else { throw .badScope(scope) }
  }

  /// Admits the device that shows a ticket; a second enrolment with it first revokes the first device wholly.
  package func enrol(_ request: EnrolmentRequest) throws -> EnrolmentReply {
    guard request.isAuthentic(court: replica.court) else { throw CentreError.refused(.badSignature) }
    return try storing { bench in
      let name = request.ticket.hex
      guard var ticket = try bench.note("ticket", name).map(TicketNote.init(bytes:)),
        ticket.secretHash == Hashing.hash(request.secret.bytes)
      else { throw CentreError.refused(.unknownTicket) }
      if ticket.isSpent { throw CentreError.refused(.spentTicket) }
      if try daysInDoubt(bench) != nil { throw CentreError.refused(.clockInDoubt) }
      let time = clock.wallMilliseconds()
      let device = request.signingKey.device
      if let first = ticket.device, first != device {
        _ = try bench.issue(.revoke(device: first, stands: [:]), time: time, key: key)
      }
      if ticket.device != device {
        _ = try bench.issue(
          .grant(
            device: device, signingKey: request.signingKey.bytes, agreementKey: request.agreementKey,
            label: ticket.label, scopes: ticket.scopes, rights: ticket.rights, from: time, until: nil),
          time: time, key: key)
      }
      ticket.device = device
      try bench.setNote("ticket", name, ticket.bytes)
      try bench.setNote("ticket-of", device.hex, request.ticket.bytes)
      var batch = Batch()
      batch.orders = try bench.ordersAfter(0, limit: .max)
      return EnrolmentReply(
        courtName: replica.label, label: ticket.label, batch: batch.encoded(with: Compressor()))
    }
  }

  /// Every device ever admitted, by id.
  package func devices() throws -> [DeviceListing] {
    try storing { bench in
      var found: [DeviceID: DeviceListing] = [:]
      for order in bench.orderBook.standing {
        guard case .grant(let device, _, _, let label, let scopes, _, _, _) = order.kind else { continue }
        let note = try DeviceNote(bytes: bench.note("device", device.hex) ?? [])
        let before = found[device]?.scopes ?? []
        found[device] = DeviceListing(
          device: device, label: label,
          scopes: Set(before + scopes).sorted { byUTF8($0, $1) }, lastSeen: note.lastSeen == 0 ? nil : note.lastSeen,
          held: note.shown.map { ($0.key, $0.value.sequence) }.sorted { $0.log < $1.log })
      }
      return found.values.sorted { $0.device < $1.device }
    }
  }

  /// The key of a device by a grant of this centre's own that the request brings; nil when it brings none.
  func shownKey(of device: DeviceID, in request: ExchangeRequest) throws -> PublicKey? {
    guard !request.batch.isEmpty, let centreKey = replica.centreKey else { return nil }
    var key: PublicKey?
    for signed in try Batch(encoded: request.batch, with: Compressor()).orders {
      guard signed.isAuthentic(court: replica.court, key: centreKey) else { continue }
      switch signed.order.kind {
      case .grant(device, let signingKey, _, _, _, _, _, _): key = try PublicKey(bytes: signingKey)
      case .revoke(device, _): key = nil
      default: break
      }
    }
    return key
  }

  /// The key a device signs its requests with; what it is refused for.
  func requestKey(of device: DeviceID) throws -> PublicKey {
    try storing { bench in
      var key: PublicKey?
      var isRevoked = false
      for order in bench.orderBook.standing {
        switch order.kind {
        case .grant(device, let signingKey, _, _, _, _, _, _):
          key = try PublicKey(bytes: signingKey)
          isRevoked = false
        case .revoke(device, _): isRevoked = true
        default: break
        }
      }
      guard let key else { throw CentreError.refused(.unknownDevice) }
      if isRevoked { throw CentreError.refused(.revoked) }
      return key
    }
  }
}

func byUTF8(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
