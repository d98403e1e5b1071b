/// When a message that failed is sent again, and when that is given up.
///
/// A line that has carried anything in this exchange, or has at least reached the centre, is tried until nothing has
/// moved in ``limit`` of trying; one that leads nowhere from the beginning is given up in seconds.
struct Patience: Sendable {
  /// Milliseconds of trying without progress: with the last try's own time it stays under 120 s.
  static let limit: UInt64 = 105_000
  /// The same where nobody answers from the beginning.
  static let shortLimit: UInt64 = 4_000
  /// Milliseconds after which a request is over, whatever comes of it.
  static let longestRequest: UInt64 = 60_000
  static let firstPause: UInt64 = 250
  static let longestPause: UInt64 = 10_000

  private var hasMoved = false
  /// Milliseconds spent since something moved. Sleep of the machine is not trying.
  private var tried: UInt64 = 0
  private var failures: UInt64 = 0

  /// Seconds that the next request may take.
  var secondsLeft: Int {
    let left = Patience.limit + 10_000 - min(tried, Patience.limit)
    return Int(min(left, Patience.longestRequest) / 1000)
  }

  mutating func moved() {
    (hasMoved, tried, failures) = (true, 0, 0)
  }

  mutating func failed(milliseconds: UInt64) {
    tried += min(milliseconds, Patience.longestRequest + 5_000)
    failures += 1
  }

  /// Milliseconds to wait before the next try, half to one and a half of a time that doubles; nil: it is given up.
  ///
  /// - Parameters:
  ///   - error: what the last try ended with.
  ///   - hasReached: the court's own centre has answered at the other end of the line.
  ///   - random: from 0 to 255, so that a whole court does not come back in the same moment.
  mutating func pause(after error: TransportError, hasReached: Bool, random: UInt8) -> UInt64? {
    let leadsNowhere: Bool
    switch error {
    case .unreachable: leadsNowhere = true
    case .interrupted: leadsNowhere = !hasReached
    case .timedOut: leadsNowhere = false
    case .refused where error.isBusy: leadsNowhere = true
    // A body that the centre did not get whole.
    case .refused(status: 400, text: ""): leadsNowhere = false
    default: return nil
    }
    let longest = min(Patience.firstPause << min(max(failures, 1) - 1, 16), Patience.longestPause)
    let pause = longest / 2 + longest * UInt64(random) / 255
    let limit = leadsNowhere && !hasMoved ? Patience.shortLimit : Patience.limit
    guard tried + pause <= limit else { return nil }
    tried += pause
    return pause
  }
}

extension TransportError {
  /// Every thread of the centre is at work: the request was not looked at.
  var isBusy: Bool {
    switch self {
    case .refused(status: 503, text: ""), .refused(status: 429, _): true
    default: false
    }
  }

  /// The connection failed, and with it whatever was on its way.
  var isOfTheLine: Bool {
    switch self {
    case .unreachable, .interrupted, .timedOut, .refused(status: 400, text: ""): true
    default: isBusy
    }
  }

  /// The centre does not take what is sent: what it has to give may still be asked for.
  var isRefusedSending: Bool {
    guard case .refused(let status, let text) = self else { return false }
    if status == 413 { return true }
    let refusal = CentreRefusal(status: status, text: text)
    return refusal == .malformed || refusal == .trouble || refusal == .full
  }
}
