import ChangeFormat
import Merge

/// The signature over a request: whom it is for, who asks, when, and for what (design §5).
package enum RequestSignature {
  package static let deviceField = "circuit-device"
  package static let timeField = "circuit-time"
  package static let signatureField = "circuit-signature"

  /// The bytes under the signature.
  ///
  /// - Parameters:
  ///   - asked: device id of the centre or relay.
  ///   - time: the centre's last time that the asker knows; 0 for none.
  package static func message(
    asked: DeviceID, device: DeviceID, time: UInt64, method: String, path: String, body: [UInt8]
  ) -> [UInt8] {
    var writer = ByteWriter(capacity: 128)
    writer.identifier(asked)
    writer.identifier(device)
    writer.varint(time)
    writer.text(method)
    writer.text(path)
    writer.hash(Hashing.hash(body))
    return writer.bytes
  }

  /// The header fields of a signed request.
  package static func fields(
    court: Identifier, asked: DeviceID, key: SigningKey, time: UInt64, method: String, path: String, body: [UInt8]
  ) throws(FormatError) -> [(String, String)] {
    let device = key.publicKey.device
    let signature = try key.sign(
      .request, court: court,
      message(asked: asked, device: device, time: time, method: method, path: path, body: body))
    return [
      (deviceField, device.hex), (timeField, String(time)), (signatureField, hexOfBytes(signature)),
    ]
  }
}
