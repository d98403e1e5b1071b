import ChangeFormat
import Merge

/// What the replica believes the time is (design §3): the centre's newest statement plus what has passed since.
struct TrustedTime: Equatable {
  /// What ranks the centre's statements: (epoch, order, receipt).
  struct Rank: Comparable, Equatable {
    var mark: OrderMark
    var receipt: UInt64

    static func < (a: Rank, b: Rank) -> Bool { a.mark != b.mark ? a.mark < b.mark : a.receipt < b.receipt }
  }

  var rank: Rank
  /// Trusted milliseconds when `boot` was read.
  var base: UInt64
  var boot: UInt64
  var bootID: String
  /// The device was told that its clock is wrong.
  var clockIsWrong: Bool

  init(rank: Rank, base: UInt64, boot: UInt64, bootID: String, clockIsWrong: Bool = false) {
    self.rank = rank
    self.base = base
    self.boot = boot
    self.bootID = bootID
    self.clockIsWrong = clockIsWrong
  }

  func now(_ clock: any MachineClock) -> UInt64 {
    if clock.bootID() == bootID {
      let boot = clock.bootMilliseconds()
      return base &+ (boot > self.boot ? boot - self.boot : 0)
    }
    // After a reboot nobody knows how long the machine was off.
    let stored = base
    return clockIsWrong ? stored &+ clock.bootMilliseconds() : max(stored, clock.wallMilliseconds())
  }

  /// A newer statement of the centre. One that came by stick or relay only raises the time, unless it lowers by order.
  mutating func hear(
    _ time: UInt64, rank: Rank, isDirect: Bool, lowers: Bool, clock: any MachineClock
  ) {
    guard rank > self.rank else { return }
    let present = now(clock)
    self.rank = rank
    guard isDirect || lowers || time > present else { return }
    base = time
    boot = clock.bootMilliseconds()
    bootID = clock.bootID()
  }

  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.varint(rank.mark.epoch)
    writer.varint(rank.mark.number)
    writer.varint(rank.receipt)
    writer.varint(base)
    writer.varint(boot)
    writer.text(bootID)
    writer.byte(clockIsWrong ? 1 : 0)
    return writer.bytes
  }

  init(bytes: [UInt8]) throws(FormatError) {
    var reader = ByteReader(bytes)
    let epoch = try reader.varint("epoch")
    let mark = OrderMark(epoch: epoch, number: try reader.varint("order"))
    rank = Rank(mark: mark, receipt: try reader.varint("receipt"))
    base = try reader.varint("time")
    boot = try reader.varint("boot time")
    bootID = try reader.text("boot id", limit: 128)
    clockIsWrong = try reader.byte("flag") == 1
  }
}
