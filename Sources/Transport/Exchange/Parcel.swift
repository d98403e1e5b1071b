import ChangeFormat
import Merge
import ReplicaStore

/// A request and its answer on their way, of which at least one travels in parts.
///
/// Both are staged in the replica's file as far as they have come, so that another process can go on. Nothing of the
/// answer is looked at before it is whole and its hash fits.
struct Parcel {
  /// Where the two are staged.
  static let requestPlace = "request"
  static let answerPlace = "answer"
  /// Answers without progress after which the centre is not believed to make sense.
  static let greatestIdle = 8

  /// SHA-256 of the request.
  var request: ContentHash
  /// The request; empty when it went over whole.
  var body: [UInt8] = []
  /// Bytes of the request that the centre holds.
  var sent = 0
  /// Some of it was sent by an earlier process, or was cut: how much has come over is asked before more is sent.
  var asksFirst = false
  var answer: (hash: ContentHash, length: Int, bytes: [UInt8])?
  /// When it was first staged, by the system clock.
  var time: UInt64

  var whole: [UInt8]? { answer.flatMap { $0.bytes.count == $0.length ? $0.bytes : nil } }

  /// What to say next: bytes of the request, or that more of the answer is wanted.
  func next(_ pace: Pace) -> PartRequest {
    let end = body.count - sent > pace.greatestPart ? sent + pace.size : body.count
    return PartRequest(
      request: request, length: body.count, offset: sent, bytes: asksFirst ? [] : Array(body[sent..<end]),
      answer: answer?.hash ?? .zero, held: answer?.bytes.count ?? 0)
  }
}

extension Exchange {
  /// Brings a request over, whole or in parts, and reads its answer.
  ///
  /// - Parameter whole: it goes in one piece however long it is: from a device that the centre no longer knows it takes
  ///   nothing else.
  func send(_ request: ExchangeRequest, whole: Bool) throws -> ExchangeReply {
    let body = request.bytes
    let hash = Hashing.hash(body)
    let now = replica.surroundings.clock.wallMilliseconds()
    var parcel = Parcel(request: hash, time: now)
    if whole || body.count <= line.pace.greatestWhole {
      do {
        let bytes = try post(ExchangeRequest.path, body, signing: body, size: request.budget)
        guard let part = try answerPart(bytes) else { return try read(bytes) }
        _ = try learn(part, &parcel)
      } catch let error as TransportError where error.isOfTheLine {
        // When some of the answer is here, the request need not go over again.
        guard let part = PartAnswer(cut: line.channel.leftover) else { throw error }
        _ = try learn(part, &parcel)
        try line.endure(error)
      }
    } else {
      parcel.body = body
      try replica.transaction { bench in
        try bench.dropStaged(Parcel.answerPlace)
        try bench.dropStaged(Parcel.requestPlace)
        try bench.stage(
          body, of: Staged(request: hash, hash: hash, length: body.count, time: now), at: Parcel.requestPlace)
      }
    }
    do {
      if let bytes = try carry(parcel) { return try read(bytes) }
    } catch TransportError.refused(let status, let text)
      where CentreRefusal(status: status, text: text) == .malformed && !parcel.body.isEmpty
    {
      // A centre of older software knows no parts.
      try dropStaging()
      return try read(try post(ExchangeRequest.path, body, signing: body, size: request.budget))
    }
    throw TransportError.interrupted(host: replica.centreURL, detail: "the rest of the answer is gone")
  }

  /// Carries a parcel to its end through whatever breaks on the way.
  ///
  /// - Returns: the answer, or nil when the centre knows nothing of it any more.
  func carry(_ parcel: Parcel) throws -> [UInt8]? {
    var parcel = parcel
    var idle = 0
    // What has come is staged also before the part is whole, so that a process that ends leaves it to the next. If that
    // fails, it fails once more when the part is here, and is told then.
    line.channel.onArriving = { bytes in
      if let part = PartAnswer(cut: bytes) { _ = try? self.learn(part, &parcel) }
    }
    defer { line.channel.onArriving = { _ in } }
    while true {
      if let whole = parcel.whole {
        if Hashing.hash(whole) == parcel.answer?.hash { return whole }
        try dropStaging()
        throw TransportError.nonsense(detail: "the parts of the answer do not fit together")
      }
      let next = parcel.next(line.pace)
      let errand: Line.Errand = parcel.asksFirst ? .question : next.bytes.isEmpty ? .whole : .part
      do {
        let bytes = try post(
          PartRequest.path, next.encoded, signing: next.head, size: line.pace.answerSize, as: errand)
        // A short answer to a request in parts comes whole.
        guard let part = try answerPart(bytes) else { return bytes }
        guard let hasMoved = try learn(part, &parcel) else { return nil }
        idle = hasMoved || errand == .question ? 0 : idle + 1
        if idle > Parcel.greatestIdle { throw TransportError.nonsense(detail: "parts come to nothing") }
      } catch let error as TransportError where error.isOfTheLine {
        if let part = PartAnswer(cut: line.channel.leftover) {
          if try learn(part, &parcel) == true { idle = 0 }
          if parcel.whole != nil { continue }
        } else if line.hasToAsk {
          parcel.asksFirst = true
        }
        try line.endure(error)
      }
    }
  }

  /// Takes in what the centre said of a part.
  ///
  /// - Returns: whether the parcel is further than before; nil when the centre has none of it and this side cannot send
  ///   it again.
  private func learn(_ part: PartAnswer, _ parcel: inout Parcel) throws -> Bool? {
    switch part {
    case .held(let count):
      if parcel.body.isEmpty { return nil }
      guard count <= parcel.body.count else { throw TransportError.nonsense(detail: "more held than was sent") }
      let hasMoved = count > parcel.sent
      if parcel.asksFirst { line.learned(isKept: hasMoved) }
      (parcel.sent, parcel.asksFirst) = (count, false)
      return hasMoved
    case .part(let hash, let length, let offset, let bytes):
      // The request has arrived; all of it counts as sent from now on.
      (parcel.sent, parcel.asksFirst) = (parcel.body.count, false)
      var answer = parcel.answer ?? (hash, length, [])
      if answer.hash != hash || answer.length != length { answer = (hash, length, []) }
      guard offset <= answer.bytes.count, offset + bytes.count >= answer.bytes.count else {
        // A part of another answer than the one that is held: from its beginning, then.
        parcel.answer = (hash, length, [])
        return false
      }
      let held = answer.bytes.count
      let new = Array(bytes.dropFirst(held - offset))
      // What is whole at once is taken at once.
      let isWhole = new.count == length
      try replica.transaction { bench in
        if held == 0 { try bench.dropStaged(Parcel.answerPlace) }
        if isWhole || new.isEmpty { return }
        try bench.stage(
          new, of: Staged(request: parcel.request, hash: hash, length: length, held: held, time: parcel.time),
          at: Parcel.answerPlace)
      }
      answer.bytes += new
      parcel.answer = answer
      return !bytes.isEmpty
    }
  }

  // MARK: Staging

  /// What an earlier process left half-way; nil: nothing, or nothing that is worth going on with.
  func stagedParcel() throws -> Parcel? {
    let now = replica.surroundings.clock.wallMilliseconds()
    return try replica.transaction { bench in
      let request = try bench.staged(Parcel.requestPlace)
      let answer = try bench.staged(Parcel.answerPlace)
      guard let first = request ?? answer else { return nil }
      guard !first.isStale(at: now), answer.map({ $0.request == first.request }) ?? true else {
        try bench.dropStaged(Parcel.requestPlace)
        try bench.dropStaged(Parcel.answerPlace)
        return nil
      }
      var parcel = Parcel(request: first.request, time: first.time)
      if request != nil {
        parcel.body = try bench.stagedBytes(Parcel.requestPlace)
        parcel.asksFirst = answer == nil
      }
      if let answer {
        parcel.answer = (answer.hash, answer.length, try bench.stagedBytes(Parcel.answerPlace))
        parcel.sent = parcel.body.count
      }
      return parcel
    }
  }

  func dropStaging() throws {
    try replica.transaction { bench in
      try bench.dropStaged(Parcel.requestPlace)
      try bench.dropStaged(Parcel.answerPlace)
    }
  }

  // MARK: One request

  /// - Parameters:
  ///   - signed: what of the body is signed.
  ///   - size: how many bytes are wanted back at a time.
  private func post(
    _ path: String, _ body: [UInt8], signing signed: [UInt8], size: Int, as errand: Line.Errand = .whole
  ) throws -> [UInt8] {
    guard let centre = replica.centreKey else { throw TransportError.invalidURL(replica.centreURL) }
    let keys = try replica.surroundings.keys.keys(of: replica.device)
    guard let keys else {
      throw ReplicaError.keysMissing(device: replica.device, folder: replica.surroundings.keys.location)
    }
    let time = try replica.transaction { try $0.lastCentreTime() }
    var fields = try RequestSignature.fields(
      court: replica.court, asked: centre.device, key: keys.signing, time: time, method: "POST", path: path,
      body: signed)
    fields.append((ExchangeRequest.sizeField, String(size)))
    return try line.post(path, fields: fields, body: body, as: errand)
  }

  /// A part of an answer; nil when it is a whole one.
  private func answerPart(_ bytes: [UInt8]) throws -> PartAnswer? {
    do {
      return try PartAnswer(encoded: bytes)
    } catch {
      throw TransportError.answer(error)
    }
  }

  func read(_ bytes: [UInt8]) throws -> ExchangeReply {
    do {
      return try ExchangeReply(bytes: bytes)
    } catch {
      throw TransportError.answer(error)
    }
  }
}

extension TransportError {
  /// What an answer that cannot be read is: of newer software, or nonsense. No version will ever be a printable
  /// character, with which a page of somebody else's begins.
  static func answer(_ error: FormatError) -> any Error {
    if case .unknownVersion(_, let found) = error, found < 0x20 { return error }
    return TransportError.nonsense(detail: error.message(.en))
  }
}
