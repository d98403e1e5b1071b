import ChangeFormat
import ReplicaStore

/// How requests reach the centre: libcurl in the field, a simulated network in tests.
public protocol ExchangeChannel: AnyObject {
  /// Sends one request and gives the body of its 200 reply.
  func post(_ path: String, fields: [(String, String)], body: [UInt8], limit: Int) throws(TransportError) -> [UInt8]
  var bytesUp: Int { get }
  var bytesDown: Int { get }
  /// What came of the last answer before it broke off.
  var leftover: [UInt8] { get }
  /// Told from time to time what has come of an answer that is still on its way.
  var onArriving: ([UInt8]) -> Void { get set }
  /// Whether the court's own centre has ever answered at the other end.
  var hasReached: Bool { get }
  /// The next requests may take so long and no longer.
  func allow(seconds: Int)
}

extension ExchangeChannel {
  public var leftover: [UInt8] { [] }
  public var onArriving: ([UInt8]) -> Void {
    get { { _ in } }
    set {}
  }
  public var hasReached: Bool { true }
  public func allow(seconds: Int) {}
}

extension HTTPSConnection: ExchangeChannel {
  package func post(_ path: String, fields: [(String, String)], body: [UInt8], limit: Int) throws(TransportError)
    -> [UInt8]
  {
    try post(path, headers: fields, body: body, limit: limit).body
  }
}

/// The line to the centre: finds how much it carries at a time, and knows when to try again.
final class Line {
  let channel: any ExchangeChannel
  private let clock: any MachineClock
  private let randomness: any RandomSource
  private(set) var pace: Pace
  private var patience = Patience()
  /// Whether a failed request is worth a second one at all.
  private let isPatient: Bool
  /// Told after every request that came over.
  var onMove: () -> Void = {}

  init(
    channel: any ExchangeChannel, surroundings: Surroundings, sizes: ClosedRange<Int> = Pace.limits,
    isPatient: Bool = true
  ) {
    self.channel = channel
    clock = surroundings.clock
    randomness = surroundings.randomness
    pace = Pace(limits: sizes)
    self.isPatient = isPatient
  }

  /// What a request is to do.
  enum Errand {
    /// It carries its body, and nothing of it is kept when it is cut.
    case whole
    /// It carries bytes of which the centre keeps what comes.
    case part
    /// It asks how much the centre has kept, and moves nothing.
    case question
  }

  /// Milliseconds or bytes after which the centre has kept so much of a part that was cut that it is worth a question.
  private static let worthAsking: (milliseconds: UInt64, bytes: Int) = (1_000, 16 * 1024)
  /// The last request was a part that was cut, and some of it was kept probably.
  private(set) var hasToAsk = false

  /// Sends one request, once.
  func post(
    _ path: String, fields: [(String, String)], body: [UInt8], as errand: Errand = .whole
  ) throws(TransportError) -> [UInt8] {
    let begun = clock.bootMilliseconds()
    let before = channel.bytesUp + channel.bytesDown
    channel.allow(seconds: patience.secondsLeft)
    hasToAsk = false
    do {
      let reply = try channel.post(path, fields: fields, body: body, limit: Exchange.replyLimit)
      let bytes = channel.bytesUp + channel.bytesDown - before
      pace.arrived(bytes: bytes, milliseconds: since(begun))
      if errand != .question { patience.moved() }
      onMove()
      return reply
    } catch {
      let elapsed = since(begun)
      patience.failed(milliseconds: elapsed)
      switch error {
      case .interrupted, .timedOut:
        // Of a part of an answer what has come is kept, so that nothing is lost and something has moved.
        if PartAnswer(cut: channel.leftover) != nil {
          patience.moved()
          pace.isCut()
        } else if errand == .part,
          elapsed > Line.worthAsking.milliseconds
            || channel.bytesUp + channel.bytesDown - before > Line.worthAsking.bytes
        {
          hasToAsk = true
          pace.isCut()
        } else {
          pace.broke(milliseconds: elapsed)
        }
      default: break
      }
      throw error
    }
  }

  /// What the centre has kept of a part that was cut is known: something, or nothing.
  func learned(isKept: Bool) {
    if isKept { patience.moved() } else { pace.broke(milliseconds: 0) }
  }

  /// Waits until it is time to try again.
  ///
  /// - Throws: the error itself when trying again is of no use, or nothing has moved for too long.
  func endure(_ error: TransportError) throws(TransportError) {
    guard isPatient,
      let pause = patience.pause(
        after: error, hasReached: channel.hasReached, random: randomness.bytes(1).first ?? 0)
    else { throw error }
    clock.pause(milliseconds: pause)
  }

  private func since(_ begun: UInt64) -> UInt64 {
    let now = clock.bootMilliseconds()
    return now > begun ? now - begun : 0
  }
}
