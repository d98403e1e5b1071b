import Crypto
import Merge

/// What signed bytes are about; the first thing inside them, so that no signature serves two purposes (design §2).
public enum SignedKind: String, Sendable {
  case head, order, receipt, request, bundle, possession
}

/// An Ed25519 key pair (RFC 8032).
public struct SigningKey: Sendable {
  private let key: Curve25519.Signing.PrivateKey
  public let publicKey: PublicKey

  /// The key of a 32-byte seed.
  public init(seed: [UInt8]) throws(FormatError) {
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
      throw .malformed(what: "Ed25519 seed")
    }
    self.key = key
    publicKey = try PublicKey(bytes: Array(key.publicKey.rawRepresentation))
  }

  /// A deterministic signature of 64 bytes.
  public func sign(_ kind: SignedKind, court: Identifier, _ bytes: [UInt8]) throws(FormatError) -> [UInt8] {
    let message = signedBytes(kind, court, bytes)
    guard let data = try? key.signature(for: message) else { throw .notAuthentic(what: "signature") }
    let signature = Array(data)
    KnownSignatures.note(signature, key: publicKey.bytes, message: message)
    return signature
  }
}

/// An Ed25519 public key that is canonical and of the prime-order group's full order.
public struct PublicKey: Hashable, Sendable {
  public let bytes: [UInt8]

  /// Refuses what is not 32 bytes, not canonical, or of low order: with such a key one signature fits many messages.
  public init(bytes: [UInt8]) throws(FormatError) {
    guard bytes.count == 32, isCanonicalPoint(bytes), !lowOrderPoints.contains(withoutSign(bytes)) else {
      throw .malformed(what: "Ed25519 public key")
    }
    self.bytes = bytes
  }

  /// The device that holds the key: the first 16 bytes of the key's SHA-256.
  public var device: DeviceID { Hashing.hash(bytes).prefix }

  public func verify(_ signature: [UInt8], _ kind: SignedKind, court: Identifier, _ bytes: [UInt8]) -> Bool {
    guard signature.count == 64 else { return false }
    let message = signedBytes(kind, court, bytes)
    return KnownSignatures.isGood(signature, key: self.bytes, message: message) {
      guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: self.bytes) else { return false }
      return key.isValidSignature(signature, for: message)
    }
  }
}

/// Makes the raw seed's X25519 public key (RFC 7748), for bundles.
public func agreementPublicKey(seed: [UInt8]) throws(FormatError) -> [UInt8] {
  guard let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: seed) else {
    throw .malformed(what: "X25519 seed")
  }
  return Array(key.publicKey.rawRepresentation)
}

private func signedBytes(_ kind: SignedKind, _ court: Identifier, _ bytes: [UInt8]) -> [UInt8] {
  var writer = ByteWriter(capacity: bytes.count + 40)
  writer.text("circuit/\(kind.rawValue)/1")
  writer.identifier(court)
  writer.raw(bytes)
  return writer.bytes
}

/// y < 2^255 - 19, little-endian, without the sign bit.
private func isCanonicalPoint(_ bytes: [UInt8]) -> Bool {
  let y = withoutSign(bytes)
  if y[31] != 0x7F { return true }
  for i in 1..<31 where y[i] != 0xFF { return true }
  return y[0] < 0xED
}

private func withoutSign(_ bytes: [UInt8]) -> [UInt8] {
  var y = bytes
  y[31] &= 0x7F
  return y
}

/// The y coordinates of the eight points of low order (order 1, 2, 4 and 8), little-endian.
private let lowOrderPoints: Set<[UInt8]> = {
  var one = [UInt8](repeating: 0, count: 32)
  let zero = one
  one[0] = 1
  var minusOne = [UInt8](repeating: 0xFF, count: 32)
  minusOne[0] = 0xEC
  minusOne[31] = 0x7F
  let eight = [
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  ].compactMap { bytesOfHex($0.utf8) }
  return Set([zero, one, minusOne] + eight)
}()
