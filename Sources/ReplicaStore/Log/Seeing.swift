import ChangeFormat
import Merge

/// What a change sees, as its header says it and as the chain of held headers understands it (design §2).
extension Applier {
  /// The context of a change, itself not included, or the past that is lacking to know it.
  func seen(_ header: Header, at dot: Dot, isAdrift: Bool) throws -> ContextDelta.Resolution {
    let chain = logs.held
    if isAdrift, let start = chain.unheldPastStart(of: dot.log) {
      return try throughUnheldPast(to: Dot(dot.log, dot.sequence - 1), from: start)
    }
    var vector = VersionVector()
    if dot.sequence > 1 {
      let signed = Dot(header.dot.log, dot.sequence - 1)
      guard let before = chain.dot(of: header.previous, signed: signed) else { return .missing(signed) }
      switch try seenWith(before) {
      case .seen(let seen): vector = seen
      case .missing(let dot): return .missing(dot)
      }
    }
    if case .change(let named) = header.context.base {
      switch try throughBase(named) {
      case .seen(let seen): vector.formUnion(seen)
      case .missing(let dot): return .missing(dot)
      }
    }
    switch header.context.resolve(in: chain, digestOf: Hashing.contextDigest) {
    case .seen(let seen): vector.formUnion(seen)
    case .missing(let dot): return .missing(dot)
    }
    return .seen(vector)
  }

  /// What a placed change sees, and itself; or what it lacks where it waits.
  private func seenWith(_ dot: Dot) throws -> ContextDelta.Resolution {
    let chain = logs.held
    if logs.hash(of: dot) == nil {
      guard let hash = chain.hash(of: dot), let lacking = chain.waiting[hash]?.lacking else { return .missing(dot) }
      return .missing(lacking)
    }
    if logs.entry(dot.log)?.tip == dot.sequence { return .seen(try logs.tipVector(of: dot.log)) }
    var vector = try logs.vector(of: dot)
    vector.include(dot, in: logs)
    return .seen(vector)
  }

  /// The context of a change that another names as its base, that change included.
  private func throughBase(_ named: Dot) throws -> ContextDelta.Resolution {
    let chain = logs.held
    let dot = chain.resolve(named)
    if let start = chain.unheldPastStart(of: dot.log), dot.sequence >= start {
      return try throughUnheldPast(to: dot, from: start)
    }
    if let hash = chain.hash(of: dot), logs.hash(of: dot) != nil || chain.waiting[hash]?.lacking != nil {
      return try seenWith(dot)
    }
    return .missing(named)
  }

  /// What can be told of the context of a change in a past that nobody holds, that change included: its own log, and
  /// what the last header before that past saw.
  private func throughUnheldPast(to dot: Dot, from start: UInt64) throws -> ContextDelta.Resolution {
    let chain = logs.held
    var vector = VersionVector()
    let last = chain.resolve(Dot(dot.log, start - 1))
    if last.sequence > 0 {
      guard chain.hash(of: last) != nil else { return .missing(last) }
      switch try seenWith(last) {
      case .seen(let seen): vector = seen
      case .missing(let dot): return .missing(dot)
      }
    }
    vector.include(dot, in: chain)
    return .seen(vector)
  }

  /// Notes the logs of which a context, understood now, names a change that is excluded and not held.
  func notePresumed(_ header: Header) throws {
    if logs.book.touchesNoHeader { return }
    let chain = logs.held
    guard let scope = logs.scopeNumbers[header.scope] else { return }
    var named = header.context.entries
    if case .change(let dot) = header.context.base { named.append(dot) }
    for dot in named where !chain.book.excludesUnheldPast(dot) {
      let isHeld = chain.lines(of: dot.log).contains { chain.hash(of: chain.resolve(Dot($0, dot.sequence))) != nil }
      if !isHeld { try logs.presume(logs.signedLog(of: dot.log), scope: scope) }
    }
  }
}
