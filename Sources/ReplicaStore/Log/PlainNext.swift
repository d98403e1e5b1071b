import ChangeFormat
import Merge

extension Applier {
  /// The common case, told cheaply: nothing waits, no order says anything of headers, no log has forked, and the change
  /// follows its log's last one and names no other. Nothing can hold it back or be altered by it.
  ///
  /// Returns false where that is not so; nothing has been done then.
  func takePlainNext(_ change: VerifiedChange) throws -> Bool {
    let header = change.header
    guard logs.held.isEmpty, logs.book.touchesNoHeader, logs.book.knows(header.order), logs.isPlainNext(header),
      header.context.entries.isEmpty, !header.context.base.isChange,
      !header.extensions.contains(where: \.mustBeUnderstood),
      change.isTimely || header.stamp.milliseconds <= trustedTime &+ ClockLimits.ahead,
      let payload = try? payload(of: change)
    else { return false }
    try settle(
      change, payload, at: header.dot, seeing: try logs.tipVector(of: header.dot.log), isAdrift: false,
      isExcluded: false)
    return true
  }
}
