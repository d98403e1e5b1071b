import ChangeFormat
import Merge
import ReplicaStore
import Transport

/// Requests and answers that are too long for a device's line travel in parts (design §5).
///
/// Of every device one message is staged: its request while that comes in, then the answer until the device asks for
/// something else. Both are in the centre's own file, so that neither a cut nor a restart costs more than a part. Nothing
/// of a request is looked at before it is whole and its hash fits.
extension Centre {
  /// Takes a part of a request, or gives the next part of its answer.
  ///
  /// - Parameter size: about how many bytes of the answer are wanted.
  package func exchange(_ part: PartRequest, from device: DeviceID, size: Int) throws -> [UInt8] {
    let body: [UInt8]
    switch try storing({ try take(part, from: device, size: size, $0) }) {
    case .answered(let answer): return answer.encoded
    case .whole(let bytes): body = bytes
    }
    var request = try ExchangeRequest(bytes: body)
    request.budget = size
    return try pack(
      try exchange(request, from: device).bytes, to: part.request, from: device, size: size, cameInParts: true)
  }

  /// Keeps what has come of a part of which more is to come, or which was cut: the device asks how much that is.
  package func keep(_ part: PartRequest, from device: DeviceID) throws {
    if part.bytes.isEmpty { return }
    _ = try storing { try take(part, from: device, size: 0, $0) }
  }

  private enum Taken {
    case answered(PartAnswer)
    case whole([UInt8])
  }

  private func take(_ part: PartRequest, from device: DeviceID, size: Int, _ bench: Workbench) throws -> Taken {
    let now = clock.wallMilliseconds()
    let place = device.hex
    try bench.dropStaleStaging(at: now)
    var staged = try bench.staged(place)
    if let staged, staged.request == part.request, staged.hash != staged.request {
      let offset = part.answer == staged.hash && part.held <= staged.length ? part.held : 0
      return .answered(slice(try bench.stagedBytes(place), staged.hash, from: offset, size))
    }
    if staged?.request != part.request {
      guard part.offset == 0, !part.bytes.isEmpty else { return .answered(.held(0)) }
      try bench.dropStaged(place)
      staged = nil
    }
    var request =
      staged ?? Staged(request: part.request, hash: part.request, length: part.length, time: now)
    guard request.length == part.length else { throw CentreError.refused(.malformed) }
    // Some of it may have come before, when it was cut.
    if part.offset <= request.held, part.offset + part.bytes.count > request.held {
      let new = part.bytes.dropFirst(request.held - part.offset)
      try bench.stage(Array(new), of: request, at: place)
      request.held += new.count
    }
    if request.held < request.length { return .answered(.held(request.held)) }
    let whole = try bench.stagedBytes(place)
    if Hashing.hash(whole) == part.request { return .whole(whole) }
    try bench.dropStaged(place)
    return .answered(.held(0))
  }

  /// Bytes up to which an answer is so short that nothing is won by keeping what has come of it.
  private static let shortAnswer = 4096

  /// An answer as it goes to a device: whole, or its first part with the rest staged.
  ///
  /// - Parameter cameInParts: the answer is kept in any case, since the request's last part may come again.
  func pack(
    _ answer: [UInt8], to request: ContentHash, from device: DeviceID, size: Int, cameInParts: Bool = false
  ) throws -> [UInt8] {
    let isLong =
      answer.count > size + size / 2
      || size < ExchangeRequest.wholeFrom && answer.count > Centre.shortAnswer
    let staged = Staged(
      request: request, hash: Hashing.hash(answer), length: answer.count, time: clock.wallMilliseconds())
    try storing { bench in
      try bench.dropStaged(device.hex)
      if isLong || cameInParts { try bench.stage(answer, of: staged, at: device.hex) }
    }
    return isLong ? slice(answer, staged.hash, from: 0, size).encoded : answer
  }

  private func slice(_ answer: [UInt8], _ hash: ContentHash, from offset: Int, _ size: Int) -> PartAnswer {
    let end = answer.count - offset > size + size / 2 ? offset + size : answer.count
    return .part(answer: hash, length: answer.count, offset: offset, bytes: Array(answer[offset..<end]))
  }
}
