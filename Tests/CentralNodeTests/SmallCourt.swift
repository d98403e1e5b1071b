import ChangeFormat
import Foundation
import Merge
import ReplicaStore
import Transport

@testable import CentralNode

/// A machine's clock, set by hand.
final class HandClock: MachineClock, @unchecked Sendable {
  static let day: UInt64 = 86_400_000

  private let lock = NSLock()
  /// 1 September 2026.
  private var wall: UInt64 = 1_788_220_800_000
  private var boot: UInt64 = 60_000

  func wallMilliseconds() -> UInt64 { lock.withLock { wall } }
  func bootMilliseconds() -> UInt64 { lock.withLock { boot } }
  func bootID() -> String { "boot" }

  func advance(days: UInt64) { advance(milliseconds: days * HandClock.day) }

  func advance(milliseconds: UInt64) {
    lock.withLock {
      wall += milliseconds
      boot += milliseconds
    }
  }

  /// Somebody sets the system clock; the time since boot runs on.
  func set(daysAhead days: Int64) {
    lock.withLock { wall = UInt64(bitPattern: Int64(bitPattern: wall) + days * Int64(HandClock.day)) }
  }
}

/// A real centre and real devices in one process; what lies between them is a function call.
final class SmallCourt {
  static let scope = "tribunal/孟庙人民法庭"
  static let schema = Schema(
    version: 1,
    tables: [
      Table(1, "note", "便条", [Column(6, "text", "内容", .text), Column(8, "pages", "页数", .integer)])
    ])

  let folder = NSTemporaryDirectory() + "circuit-centre-" + UUID().uuidString
  let clock = HandClock()
  let centre: Centre
  let handler: CentreHandler

  /// - Parameter leavesTables: the centre writes its tables behind its store: see ``centre``'s worker, which does not run
  ///   until it is begun.
  init(leavesTables: Bool = false) throws {
    let machine = SmallCourt.machine(clock, folder + "/centre-keys")
    let keys = try DeviceKeys(
      signingSeed: machine.randomness.bytes(32), agreementSeed: machine.randomness.bytes(32))
    try machine.keys.save(keys)
    let replica = try Replica.create(
      folder: folder + "/centre", schema: SmallCourt.schema,
      identity: ReplicaIdentity(
        court: Identifier(high: 7, low: 9), keys: keys, label: "郾城区人民法院", centreKey: keys.signing.publicKey,
        isCentre: true),
      surroundings: machine)
    centre = Centre(
      replica: replica, key: keys.signing, clock: clock, random: machine.randomness,
      worker: leavesTables
        ? TableWorker(replica, clock: Surroundings.system(keyFolder: "").clock, onTrouble: { _ in }) : nil)
    handler = CentreHandler(centre)
    try centre.keepTime()
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private static func machine(_ clock: HandClock, _ keys: String) -> Surroundings {
    let system = Surroundings.system(keyFolder: keys)
    return Surroundings(clock: clock, randomness: system.randomness, keys: system.keys)
  }

  /// Admits a device over the centre's own handler. Its clock is its own.
  func device(_ name: String, rights: Rights = .all, with made: Ticket? = nil) throws -> Station {
    let clock = HandClock()
    let machine = SmallCourt.machine(clock, "\(folder)/keys")
    let ticket = try made ?? centre.ticket(scopes: [SmallCourt.scope], label: name, rights: rights)
    let device = try Enrolment.enrol(
      folder: "\(folder)/\(name)", centre: "https://127.0.0.1:1", ticket: ticket, schema: SmallCourt.schema,
      surroundings: machine, channel: DirectChannel(handler))
    let replica = try Replica.open(
      folder: "\(folder)/\(name)", schema: SmallCourt.schema, access: .writing, surroundings: machine)
    return Station(device: device, replica: replica, clock: clock, handler: handler)
  }
}

/// One device, and the line to its centre.
struct Station {
  let device: DeviceID
  let replica: Replica
  let clock: HandClock
  let handler: CentreHandler

  @discardableResult
  func put(_ text: String, at id: RecordID? = nil, scope: String = SmallCourt.scope) throws -> RecordID {
    let id = id ?? replica.newRecordID()
    try replica.write(scope: scope) { try $0.set("note", id, "text", .text(text)) }
    return id
  }

  @discardableResult
  func sync() throws -> SyncReport { try Exchange(replica: replica, channel: DirectChannel(handler)).run() }
}

/// Carries a request to the centre's handler and its answer back.
final class DirectChannel: ExchangeChannel {
  private let handler: CentreHandler
  private(set) var bytesUp = 0
  private(set) var bytesDown = 0

  init(_ handler: CentreHandler) { self.handler = handler }

  func post(_ path: String, fields: [(String, String)], body: [UInt8], limit: Int) throws(TransportError) -> [UInt8] {
    bytesUp += body.count
    let named = Dictionary(fields.map { ($0.0.lowercased(), $0.1) }) { a, _ in a }
    let answer = handler.answer(method: "POST", path: path, fields: named, body: body)
    bytesDown += answer.body.count
    guard answer.status == 200 else {
      throw .refused(status: answer.status, text: String(decoding: answer.body, as: UTF8.self))
    }
    return answer.body
  }
}
