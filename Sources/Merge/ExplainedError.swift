/// A language of messages.
public enum Tongue: String, Sendable { case zh, en }

/// An error that tells a person what to do next, in both tongues.
///
/// Every module's error enum is one; the number is the code of `docs/errors.md` (`CIR-NNNN`).
public protocol ExplainedError: Error {
  /// 1000s: bytes; 2000s: the replica; 3000s: the network; 4000s: the centre; 5000s: the court; 6000s: the command line.
  var number: Int { get }
  /// One sentence without a line break.
  func message(_ tongue: Tongue) -> String
}
