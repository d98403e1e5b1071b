import ChangeFormat
import Merge
import ReplicaStore
import Transport

/// What answers the centre's requests: signature first, then the verb, then the reply or the number of an error.
package struct CentreHandler: Sendable {
  let centre: Centre
  /// Told what kept the centre itself from answering: its operator can act on it, the device cannot.
  let onTrouble: @Sendable (any Error) -> Void

  package init(_ centre: Centre, onTrouble: @escaping @Sendable (any Error) -> Void = { _ in }) {
    self.centre = centre
    self.onTrouble = onTrouble
  }

  /// The status and body for a request; never throws.
  package func answer(method: String, path: String, fields: [String: String], body: [UInt8]) -> (
    status: Int, body: [UInt8]
  ) {
    guard let worker = centre.worker else { return answered(method, path, fields, body) }
    return worker.accepting { answered(method, path, fields, body) }
  }

  private func answered(_ method: String, _ path: String, _ fields: [String: String], _ body: [UInt8]) -> (
    status: Int, body: [UInt8]
  ) {
    do {
      guard method == "POST" else { throw CentreError.refused(.malformed) }
      switch path {
      case ExchangeRequest.path:
        let device = try authenticate(method: method, path: path, fields: fields, body: body)
        var request = try ExchangeRequest(bytes: body)
        guard let size = size(fields) else { return (200, try centre.exchange(request, from: device).bytes) }
        request.budget = size
        let answer = try centre.exchange(request, from: device).bytes
        return (200, try centre.pack(answer, to: Hashing.hash(body), from: device, size: size))
      case PartRequest.path:
        let part = try PartRequest(encoded: body)
        let device = try authenticate(method: method, path: path, fields: fields, body: part.head)
        return (200, try centre.exchange(part, from: device, size: size(fields) ?? ExchangeRequest.sizes.lowerBound))
      case EnrolmentRequest.path:
        return (200, try centre.enrol(try EnrolmentRequest(bytes: body)).bytes)
      default: throw CentreError.refused(.malformed)
      }
    } catch {
      let refusal = refusal(for: error)
      if refusal == .trouble || refusal == .full { onTrouble(error) }
      return (refusal.status, refusal.body)
    }
  }

  /// Keeps what has come of a part; of other requests, and of what nobody signed, nothing is kept.
  package func keep(method: String, path: String, fields: [String: String], body: [UInt8]) {
    guard method == "POST", path == PartRequest.path else { return }
    do {
      let part = try PartRequest(arrived: body)
      try centre.keep(part, from: try authenticate(method: method, path: path, fields: fields, body: part.head))
    } catch {
      let refusal = refusal(for: error)
      if refusal == .trouble || refusal == .full { onTrouble(error) }
    }
  }

  /// How many bytes the device wants back at a time; nil: it knows no parts.
  private func size(_ fields: [String: String]) -> Int? {
    guard let size = fields[ExchangeRequest.sizeField].flatMap({ Int($0) }) else { return nil }
    return min(max(size, ExchangeRequest.sizes.lowerBound), ExchangeRequest.sizes.upperBound)
  }

  private func refusal(for error: any Error) -> CentreRefusal {
    switch error {
    case CentreError.refused(let refusal): refusal
    case is FormatError: .malformed
    case ReplicaError.diskFull: .full
    default: .trouble
    }
  }

  private func authenticate(method: String, path: String, fields: [String: String], body: [UInt8]) throws -> DeviceID {
    guard let device = fields[RequestSignature.deviceField].flatMap({ Identifier(hex: $0) }),
      let time = fields[RequestSignature.timeField].flatMap({ UInt64($0) }),
      let signature = fields[RequestSignature.signatureField].flatMap({ bytesOfHex($0.utf8) })
    else { throw CentreError.refused(.malformed) }
    let key: PublicKey
    do {
      key = try centre.requestKey(of: device)
    } catch CentreError.refused(.unknownDevice) {
      // A restored centre has forgotten the grant: the device shows it, signed by this very centre.
      guard path == ExchangeRequest.path,
        let shown = try centre.shownKey(of: device, in: try ExchangeRequest(bytes: body))
      else {
        throw CentreError.refused(.unknownDevice)
      }
      key = shown
    }
    let message = RequestSignature.message(
      asked: centre.replica.device, device: device, time: time, method: method, path: path, body: body)
    guard key.verify(signature, .request, court: centre.replica.court, message) else {
      throw CentreError.refused(.badSignature)
    }
    return device
  }
}
