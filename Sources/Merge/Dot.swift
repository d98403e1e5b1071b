/// Names one change: the `sequence`-th of a log, from 1.
public struct Dot: Hashable, Comparable, Sendable {
  public var log: LogID
  public var sequence: UInt64

  public init(_ log: LogID, _ sequence: UInt64) {
    self.log = log
    self.sequence = sequence
  }

  /// Reads `LOG:SEQ`; nil for a malformed one or sequence 0.
  public init?(text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let log = Identifier(hex: String(parts[0])),
      !parts[1].isEmpty, parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), parts[1].utf8.first != 0x30,
      let sequence = UInt64(parts[1])
    else { return nil }
    self.init(log, sequence)
  }

  public static func < (a: Dot, b: Dot) -> Bool {
    a.log != b.log ? a.log < b.log : a.sequence < b.sequence
  }
}

extension Dot: CustomStringConvertible {
  public var description: String { "\(log.hex):\(sequence)" }
}

/// For every log the last sequence seen; a log not named is at 0.
public struct VersionVector: Hashable, Sendable {
  public private(set) var entries: [LogID: UInt64]

  public init() { entries = [:] }

  /// Entries at 0 are dropped: absent and 0 mean the same.
  public init(_ entries: [LogID: UInt64]) { self.entries = entries.filter { $0.value > 0 } }

  public subscript(log: LogID) -> UInt64 { entries[log] ?? 0 }

  public func covers(_ dot: Dot) -> Bool { self[dot.log] >= dot.sequence }

  /// Raises one entry; a lower value changes nothing.
  public mutating func include(_ dot: Dot) {
    if dot.sequence > self[dot.log] { entries[dot.log] = dot.sequence }
  }

  /// The least vector that covers both.
  public mutating func formUnion(_ other: VersionVector) {
    for (log, sequence) in other.entries { include(Dot(log, sequence)) }
  }

  public mutating func remove(_ log: LogID) { entries[log] = nil }

  public var isEmpty: Bool { entries.isEmpty }

  /// The entries in order of log id: the only order in which they may reach bytes.
  public var sorted: [Dot] { entries.map { Dot($0.key, $0.value) }.sorted() }
}
