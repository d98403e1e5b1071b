import ReplicaStore
import Testing

@testable import Transport

@Suite("A line carries as much at a time as it can, and is tried as long as it makes sense")
struct LineTests {
  /// Plays messages over a line of so many bytes a second with so much latency both ways, and gives the sizes.
  private func sizes(_ rate: Double, latency: Double, messages: Int, pace: inout Pace) -> [Int] {
    (0..<messages).map { _ in
      let size = pace.size
      pace.arrived(bytes: size, milliseconds: UInt64((Double(size) / rate + latency) * 1000))
      return size
    }
  }

  @Test("on a quick line it grows to 1 MiB, on a slow one it stays where a message takes seconds")
  func sizes() {
    var quick = Pace()
    let grown = sizes(50e6, latency: 0.002, messages: 8, pace: &quick)
    #expect(grown.prefix(3) == [32_768, 131_072, 524_288] && grown.last == 1 << 20)
    var slow = Pace()
    #expect(
      sizes(2500, latency: 1.3, messages: 40, pace: &slow).dropFirst(2).allSatisfy { (8192...20_000).contains($0) })
    var far = Pace()
    #expect(sizes(1e6, latency: 2, messages: 60, pace: &far).max() ?? 0 > 500_000)
  }

  @Test("cut in every minute, a line loses less than a tenth")
  func cuts() {
    for rate in [2500.0, 25_000, 250_000] {
      var pace = Pace()
      var lost = 0
      var moved = 0
      // Cut every 60 seconds, in the middle of a message.
      var left = 60.0
      for _ in 0..<2000 {
        let time = Double(pace.size) / rate + 0.5
        if time > left, pace.size > pace.greatestWhole {
          // Of a part both sides keep what came but in the last half second, and the record of TLS that was on its way.
          lost += Int(min(left, 0.5) * rate) + 4096
          moved += max(0, Int((left - 0.5) * rate))
          pace.isCut()
          left = 60
        } else if time > left {
          lost += Int(left * rate)
          pace.broke(milliseconds: UInt64(left * 1000))
          left = 60
        } else {
          left -= time
          moved += pace.size
          pace.arrived(bytes: pace.size, milliseconds: UInt64(time * 1000))
        }
      }
      #expect(Double(lost) < 0.1 * Double(moved), "\(rate): \(lost) of \(moved)")
    }
  }

  @Test("what a cut takes with it is at most what the line carries in two seconds, for only quick messages go whole")
  func whole() {
    for rate in [2500.0, 25_000, 250_000, 2_500_000] {
      for latency in [0.01, 0.2, 1.5] {
        var pace = Pace()
        for _ in 0..<40 {
          let (size, whole) = (pace.size, pace.greatestWhole)
          let carried = Double(min(size, whole)) / rate
          #expect(whole <= Pace.limits.lowerBound || carried <= 2, "\(rate), \(latency): \(whole)")
          pace.arrived(bytes: size, milliseconds: UInt64((Double(size) / rate + latency) * 1000))
        }
        pace.isCut()
        #expect(pace.greatestWhole == Pace.limits.lowerBound && pace.answerSize < ExchangeRequest.wholeFrom)
      }
    }
  }

  @Test("from 1 MiB a line that has become slow is learned in two failures")
  func sudden() {
    var pace = Pace()
    for _ in 0..<10 { pace.arrived(bytes: pace.size, milliseconds: 10) }
    #expect(pace.size == 1 << 20)
    pace.broke(milliseconds: 60_000)
    pace.broke(milliseconds: 30_000)
    #expect(pace.size < 30_000)
    for _ in 0..<20 { pace.broke(milliseconds: 100) }
    #expect(pace.size == 8 * 1024)
  }

  /// Tries until it is given up: seconds of trying, tries, and the pauses.
  private func tries(
    _ error: TransportError, each seconds: Double, hasReached: Bool = true, hasMoved: Bool = true, random: UInt8
  ) -> (seconds: Double, count: Int, pauses: [UInt64]) {
    var patience = Patience()
    if hasMoved { patience.moved() }
    var total = 0.0
    var pauses: [UInt64] = []
    for count in 1...10_000 {
      let spent = min(seconds, Double(patience.secondsLeft))
      total += spent
      patience.failed(milliseconds: UInt64(spent * 1000))
      guard let pause = patience.pause(after: error, hasReached: hasReached, random: random) else {
        return (total, count, pauses)
      }
      pauses.append(pause)
      total += Double(pause) / 1000
    }
    return (total, .max, pauses)
  }

  @Test("without progress it is given up before 120 s of trying, and not long before", arguments: [0, 128, 255])
  func limit(random: UInt8) {
    let cut = TransportError.interrupted(host: "h", detail: "")
    for (error, seconds) in [
      (cut, 0.01), (cut, 5), (.timedOut(host: "h", seconds: 30), 30), (.timedOut(host: "h", seconds: 60), 60),
      (.unreachable(host: "h", detail: ""), 0.001),
    ] {
      let outcome = tries(error, each: seconds, random: random)
      #expect((80..<120).contains(outcome.seconds), "\(error): \(outcome.seconds)")
      #expect(outcome.count < 60)
    }
    // Somebody else at the other end, or nobody: no minutes for that.
    for error in [TransportError.unreachable(host: "h", detail: ""), cut, .refused(status: 503, text: "")] {
      let outcome = tries(error, each: 0.01, hasReached: false, hasMoved: false, random: random)
      #expect(outcome.seconds < 5 && outcome.count > 3)
    }
    for error in [TransportError.nonsense(detail: ""), .refused(status: 500, text: ""), .pinMismatch(host: "h")] {
      #expect(tries(error, each: 0.01, random: random).count == 1)
    }
  }

  @Test("pauses double to ten seconds, and chance spreads them by half either way")
  func pauses() {
    let cut = TransportError.interrupted(host: "h", detail: "")
    let (least, most) = (tries(cut, each: 0.01, random: 0).pauses, tries(cut, each: 0.01, random: 255).pauses)
    #expect(least.prefix(4) == [125, 250, 500, 1000] && most.prefix(4) == [375, 750, 1500, 3000])
    #expect(least.max() == 5_000 && most.max() == 15_000)
  }
}
