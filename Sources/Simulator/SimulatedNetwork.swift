import CentralNode
import ChangeFormat
import Merge
import ReplicaStore
import Transport

/// What may befall one request and its reply.
enum Fate: CaseIterable {
  case arrives
  case requestLost
  /// The centre did the work; its word of it is lost.
  case replyLost
  case requestCut
  case replyCut
  case sentTwice
  /// The request comes again much later, between those of others.
  case comesAgain
  /// The centre's process ends after it has committed and before it has answered.
  case centreStops
}

/// The way between one workstation and the centre, with the faults of its seed.
final class SimulatedChannel: ExchangeChannel {
  private unowned let fleet: Fleet
  private let station: Workstation
  private(set) var bytesUp = 0
  private(set) var bytesDown = 0
  /// What came of the last answer before it broke off.
  private(set) var leftover: [UInt8] = []
  /// A reply was handed on cut short: the exchange must not come to a good end.
  private(set) var gaveCutReply = false
  /// A promise that was broken on the way.
  private(set) var violation: Violation?

  init(_ station: Workstation, _ fleet: Fleet) {
    self.station = station
    self.fleet = fleet
  }

  func post(_ path: String, fields: [(String, String)], body: [UInt8], limit: Int) throws(TransportError) -> [UInt8] {
    let fields = Dictionary(fields) { first, _ in first }
    let request = Request(path: path, fields: fields, body: body)
    fleet.world.advance(by: UInt64(fleet.random.between(20, 2000)))
    bytesUp += body.count
    leftover = []
    guard fleet.step >= station.reachableFrom else { throw .unreachable(host: "centre", detail: "partition") }
    let fate = fleet.network.fate(&fleet.random)
    if fate != .arrives { fleet.note("  network \(fate)") }
    let reply: (status: Int, body: [UInt8])
    switch fate {
    case .requestLost: throw .timedOut(host: "centre", seconds: 60)
    case .requestCut:
      let cut = Request(path: path, fields: fields, body: Array(body.prefix(fleet.random.below(body.count))))
      let answer = fleet.office.answer(cut)
      if answer.status == 200 { violation = Violation("cut", "the centre took a request cut at \(cut.body.count)") }
      throw .interrupted(host: "centre", detail: "request cut")
    case .replyLost:
      _ = fleet.office.answer(request)
      throw .interrupted(host: "centre", detail: "reply lost")
    case .centreStops:
      _ = fleet.office.answer(request)
      fleet.restartOffice()
      throw .interrupted(host: "centre", detail: "the centre stopped")
    case .sentTwice:
      let first = fleet.office.answer(request)
      let second = fleet.office.answer(request)
      reply = fleet.random.chance(50) ? first : second
    case .comesAgain:
      fleet.network.delayed.append(request)
      reply = fleet.office.answer(request)
    case .arrives, .replyCut: reply = fleet.office.answer(request)
    }
    guard reply.status == 200 else {
      throw .refused(status: reply.status, text: String(decoding: reply.body, as: UTF8.self))
    }
    bytesDown += reply.body.count
    guard fate == .replyCut else { return reply.body }
    let cut = Array(reply.body.prefix(fleet.random.below(reply.body.count)))
    if fleet.random.chance(50) {
      leftover = cut
      throw .interrupted(host: "centre", detail: "reply cut")
    }
    gaveCutReply = true
    return cut
  }
}

/// One request as it travels.
struct Request {
  var path: String
  var fields: [String: String]
  var body: [UInt8]
}

/// How bad the network of a seed is, and what is still on its way.
struct SimulatedNetwork {
  /// Of 100 requests, how many meet a fault.
  var trouble: Int
  /// Requests that will arrive once more.
  var delayed: [Request] = []

  func fate(_ random: inout SplitMix64) -> Fate {
    guard random.chance(trouble) else { return .arrives }
    return Fate.allCases[1 + random.below(Fate.allCases.count - 1)]
  }
}
