import Merge
import Testing

@testable import ChangeFormat

@Suite("Keys that would make signatures worthless are refused")
struct KeyTests {
  private func bytes(_ hex: String) throws -> [UInt8] { try #require(bytesOfHex(hex.utf8)) }

  @Test(
    "the points of low order, in every encoding that decodes to one",
    arguments: [
      // Order 1 and 2, with and without the sign bit that means nothing there.
      "0100000000000000000000000000000000000000000000000000000000000000",
      "0100000000000000000000000000000000000000000000000000000000000080",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
      // Order 4.
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0000000000000000000000000000000000000000000000000000000000000080",
      // Order 8.
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
      // Order 4 and 1 again, y written as p and p + 1.
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ])
  func lowOrder(hex: String) throws {
    let key = try bytes(hex)
    #expect(throws: FormatError.malformed(what: "Ed25519 public key")) { try PublicKey(bytes: key) }
  }

  @Test("every y from p to 2^255 - 1, with either sign")
  func nonCanonical() {
    for low in 0xED...0xFF as ClosedRange<UInt8> {
      for high in [0x7F, 0xFF] as [UInt8] {
        let key = [low] + [UInt8](repeating: 0xFF, count: 30) + [high]
        #expect(throws: FormatError.self) { try PublicKey(bytes: key) }
      }
    }
  }

  @Test("keys of another length", arguments: [0, 31, 33, 64])
  func length(count: Int) {
    #expect(throws: FormatError.self) { try PublicKey(bytes: [UInt8](repeating: 9, count: count)) }
    #expect(throws: FormatError.self) { try SigningKey(seed: [UInt8](repeating: 9, count: count)) }
  }

  @Test("ordinary keys are taken, the greatest canonical y that is not of low order too")
  func ordinary() throws {
    // RFC 8032, 7.1, tests 1 to 3.
    let seeds = [
      (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
      ),
      (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
      ),
      (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
      ),
    ]
    for (seed, key) in seeds { #expect(try hexOfBytes(SigningKey(seed: bytes(seed)).publicKey.bytes) == key) }
    let greatest = [0xEB] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]
    #expect(try PublicKey(bytes: greatest).bytes == greatest)
  }
}

@Suite("A signature serves one purpose, one court, one message")
struct SignatureTests {
  private static let court = Identifier(high: 1, low: 2)
  private static let kinds: [SignedKind] = [.head, .order, .receipt, .request, .bundle, .possession]
  private let message = Array("土地".utf8)

  private func key() throws -> SigningKey { try SigningKey(seed: [UInt8](repeating: 7, count: 32)) }

  @Test("the same bytes give the same signature, every time")
  func deterministic() throws {
    let first = try key().sign(.head, court: SignatureTests.court, message)
    for _ in 0..<20 { #expect(try key().sign(.head, court: SignatureTests.court, message) == first) }
    #expect(
      hexOfBytes(first)
        == "f614d8047942549e75c8d93425f95c953c72cf0ae5bb2598513271ec683dbc45"
        + "d84eda65dbe13a40ca5b83504219ea13c2ee3d60ccce38dfb00012d704829b0d"
    )
  }

  @Test("it fits no other kind, court, message or key", arguments: kinds)
  func bound(kind: SignedKind) throws {
    let key = try key()
    let signature = try key.sign(kind, court: SignatureTests.court, message)
    #expect(key.publicKey.verify(signature, kind, court: SignatureTests.court, message))
    for other in SignatureTests.kinds where other != kind {
      #expect(!key.publicKey.verify(signature, other, court: SignatureTests.court, message))
    }
    #expect(!key.publicKey.verify(signature, kind, court: Identifier(high: 1, low: 3), message))
    #expect(!key.publicKey.verify(signature, kind, court: SignatureTests.court, message + [0]))
    let other = try SigningKey(seed: [UInt8](repeating: 8, count: 32))
    #expect(!other.publicKey.verify(signature, kind, court: SignatureTests.court, message))
  }

  @Test("no bit of it can be flipped, no byte left out, nothing added")
  func damaged() throws {
    let key = try key()
    let signature = try key.sign(.order, court: SignatureTests.court, message)
    for bit in 0..<512 {
      var flipped = signature
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(!key.publicKey.verify(flipped, .order, court: SignatureTests.court, message))
    }
    #expect(!key.publicKey.verify(Array(signature.dropLast()), .order, court: SignatureTests.court, message))
    #expect(!key.publicKey.verify(signature + [0], .order, court: SignatureTests.court, message))
  }

  @Test("its second half plus the order of the group, the same number again, is refused")
  func malleable() throws {
    let key = try key()
    var signature = try key.sign(.order, court: SignatureTests.court, message)
    let order = try #require(bytesOfHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010".utf8))
    var carry = 0
    for i in 0..<32 {
      carry += Int(signature[32 + i]) + Int(order[i])
      signature[32 + i] = UInt8(carry & 0xFF)
      carry >>= 8
    }
    #expect(carry == 0)
    #expect(!key.publicKey.verify(signature, .order, court: SignatureTests.court, message))
  }

  @Test("a signature made or found good is known again, and one that is not is refused as often as it comes")
  func knownSignatures() throws {
    let key = try SigningKey(seed: [UInt8](repeating: 7, count: 32))
    let court = Identifier(high: 1, low: 2)
    let good = try key.sign(.head, court: court, [1, 2, 3])
    var bad = good
    bad[5] ^= 1
    try KnownSignatures().remembering {
      let made = try key.sign(.head, court: court, [4])
      for _ in 0..<3 {
        #expect(key.publicKey.verify(made, .head, court: court, [4]))
        #expect(!key.publicKey.verify(made, .head, court: court, [5]))
        #expect(key.publicKey.verify(good, .head, court: court, [1, 2, 3]))
        #expect(!key.publicKey.verify(bad, .head, court: court, [1, 2, 3]))
        #expect(!key.publicKey.verify(good, .head, court: court, [1, 2, 4]))
        #expect(!key.publicKey.verify(good, .order, court: court, [1, 2, 3]))
      }
    }
  }
}
