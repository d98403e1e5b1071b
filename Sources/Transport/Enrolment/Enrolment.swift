import ChangeFormat
import Foundation
import Merge
import ReplicaStore

/// Makes a new device and its replica with a ticket (design §6).
public enum Enrolment {
  /// Enrols into an absent or empty folder.
  ///
  /// Keys are made here and stay here. A failure leaves nothing behind; the same ticket can then be used again.
  /// - Returns: the new device's id.
  public static func enrol(
    folder: String, centre: String, ticket line: String, schema: Schema, surroundings: Surroundings
  ) throws -> DeviceID {
    let ticket: Ticket
    do {
      ticket = try Ticket(line: line)
    } catch {
      throw TransportError.badTicket
    }
    return try enrol(
      folder: folder, centre: centre, ticket: ticket, schema: schema, surroundings: surroundings,
      channel: HTTPSConnection(base: centre, authority: ticket.authority))
  }

  package static func enrol(
    folder: String, centre: String, ticket: Ticket, schema: Schema, surroundings: Surroundings,
    channel: any ExchangeChannel
  ) throws -> DeviceID {
    let wasThere = FileManager.default.fileExists(atPath: folder)
    if wasThere {
      let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
      guard names?.isEmpty == true else { throw ReplicaError.alreadyExists(path: folder) }
    }
    let keys = try DeviceKeys(
      signingSeed: surroundings.randomness.bytes(32), agreementSeed: surroundings.randomness.bytes(32))
    let request = try EnrolmentRequest(ticket: ticket, keys: keys)
    let body = try post(request, Line(channel: channel, surroundings: surroundings))
    let reply: EnrolmentReply
    let batch: Batch
    do {
      reply = try EnrolmentReply(bytes: body)
      batch = try Batch(encoded: reply.batch, with: Compressor())
    } catch {
      throw TransportError.nonsense(detail: "\(error)")
    }
    do {
      try surroundings.keys.save(keys)
      let replica = try Replica.create(
        folder: folder, schema: schema,
        identity: ReplicaIdentity(
          court: ticket.court, keys: keys, label: reply.label, centreKey: ticket.centreKey, centreURL: centre,
          authority: ticket.authority),
        surroundings: surroundings)
      _ = try replica.receive(batch, route: .direct)
      try replica.close()
    } catch {
      surroundings.keys.remove(keys.device)
      clear(folder, keepsFolder: wasThere)
      throw error
    }
    return keys.device
  }

  /// Asks until the line holds long enough; the same device that asks again gets the same answer.
  private static func post(_ request: EnrolmentRequest, _ line: Line) throws(TransportError) -> [UInt8] {
    while true {
      do {
        return try line.post(EnrolmentRequest.path, fields: [], body: request.bytes)
      } catch {
        try line.endure(error)
      }
    }
  }

  /// Takes away what a failed enrolment left in a folder that was empty or absent before.
  private static func clear(_ folder: String, keepsFolder: Bool) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names { unlink("\(folder)/\(name)") }
    if !keepsFolder { rmdir(folder) }
  }
}
