/// A promise of the design that did not hold in a simulated fleet.
public struct Violation: Error, Equatable, Sendable, CustomStringConvertible {
  /// Which promise, in a word: `lost`, `heads`, `orders`, `digest`, `waiting`, `unsent`, `verify`, `merge`, `cut`,
  /// `restart` or `error`.
  public var promise: String
  /// Where, and what was found.
  public var detail: String

  public init(_ promise: String, _ detail: String) {
    self.promise = promise
    self.detail = detail
  }

  public var description: String { "\(promise): \(detail)" }
}
