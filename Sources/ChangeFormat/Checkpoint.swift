import Crypto
import Merge

/// The centre's signed tree head as a C2SP signed note (c2sp.org/tlog-checkpoint, c2sp.org/signed-note).
public struct Checkpoint: Hashable, Sendable {
  /// Court id and epoch, as the log's name.
  public var origin: String
  public var size: UInt64
  public var head: ContentHash

  public init(court: Identifier, epoch: UInt64, size: UInt64, head: ContentHash) {
    origin = "circuit/\(court.hex)/\(epoch)"
    self.size = size
    self.head = head
  }

  /// The note's text, which the signature stands over.
  public var text: String { "\(origin)\n\(size)\n\(encodeBase64(head.bytes))\n" }

  /// The whole note: text, a blank line, one signature line with the key's hash and the Ed25519 signature.
  public func note(signedBy key: Curve25519.Signing.PrivateKey) throws -> String {
    let signature = Array(try key.signature(for: Array(text.utf8)))
    let hash = Checkpoint.keyHash(name: origin, publicKey: Array(key.publicKey.rawRepresentation))
    return "\(text)\n\u{2014} \(origin) \(encodeBase64(hash + signature))\n"
  }

  /// Reads a note and checks its signature line for this key; nil when anything does not fit.
  public init?(note: String, publicKey: [UInt8]) {
    guard note.utf8.last == 0x0A, let split = note.firstRange(of: "\n\n") else { return nil }
    let text = String(note[..<split.lowerBound]) + "\n"
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count == 4, lines[3].isEmpty, let size = UInt64(lines[1]), String(size) == lines[1],
      let head = decodeBase64(String(lines[2])).flatMap({ ContentHash(bytes: $0) }),
      let checked = try? PublicKey(bytes: publicKey),
      let key = try? Curve25519.Signing.PublicKey(rawRepresentation: checked.bytes)
    else { return nil }
    origin = String(lines[0])
    self.size = size
    self.head = head
    let prefix = "\u{2014} \(origin) "
    let expected = Checkpoint.keyHash(name: origin, publicKey: publicKey)
    let isSigned = note[split.upperBound...].split(separator: "\n").contains { line in
      guard line.hasPrefix(prefix), let bytes = decodeBase64(String(line.dropFirst(prefix.count))), bytes.count == 68,
        Array(bytes.prefix(4)) == expected
      else { return false }
      return key.isValidSignature(Array(bytes.dropFirst(4)), for: Array(text.utf8))
    }
    if !isSigned { return nil }
  }

  static func keyHash(name: String, publicKey: [UInt8]) -> [UInt8] {
    Array(Hashing.hash(Array(name.utf8) + [0x0A, 0x01] + publicKey).bytes.prefix(4))
  }
}

private let base64Digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

/// RFC 4648 base64 with padding.
public func encodeBase64(_ bytes: [UInt8]) -> String {
  var out: [UInt8] = []
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let part = bytes[start..<min(start + 3, bytes.count)]
    let word = part.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - part.count))
    for i in 0..<4 {
      out.append(i <= part.count ? base64Digits[Int(word >> UInt32(18 - 6 * i)) & 63] : 0x3D)
    }
  }
  return String(decoding: out, as: UTF8.self)
}

/// The bytes of padded base64 in its one canonical form; nil for anything else.
public func decodeBase64(_ text: String) -> [UInt8]? {
  var values: [UInt32] = []
  let body = Array(text.utf8)
  guard body.count % 4 == 0 else { return nil }
  for digit in body where digit != 0x3D {
    guard let value = base64Digits.firstIndex(of: digit) else { return nil }
    values.append(UInt32(value))
  }
  var out: [UInt8] = []
  for start in stride(from: 0, to: values.count, by: 4) {
    let part = values[start..<min(start + 4, values.count)]
    let word = part.reduce(0) { $0 << 6 | $1 } << UInt32(6 * (4 - part.count))
    for i in 0..<part.count - 1 { out.append(UInt8(truncatingIfNeeded: word >> UInt32(16 - 8 * i))) }
  }
  return encodeBase64(out) == text ? out : nil
}
