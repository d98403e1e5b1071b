import Crypto
import Merge
import Testing

@testable import ChangeFormat

@Suite("The tree is RFC 6962's")
struct TreeTests {
  /// The leaves and heads that implementations of RFC 6962 share.
  static let leaves = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
  ]
  static let heads = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]

  @Test("the known heads of sizes 0 to 8", arguments: 0...8)
  func known(size: Int) throws {
    var tree = MerkleTree()
    for leaf in TreeTests.leaves.prefix(size) { tree.append(try #require(bytesOfHex(leaf.utf8))) }
    #expect(tree.size == UInt64(size))
    #expect(tree.head.hex == TreeTests.heads[size])
  }

  /// RFC 6962, 2.1, word for word.
  private func head(of leaves: ArraySlice<[UInt8]>) -> ContentHash {
    if leaves.isEmpty { return Hashing.hash([]) }
    if leaves.count == 1 { return Hashing.hash([0] + leaves.first!) }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    let middle = leaves.startIndex + split
    return Hashing.hash([1] + head(of: leaves[..<middle]).bytes + head(of: leaves[middle...]).bytes)
  }

  @Test("the head of any size is the RFC's, also for a tree carried on from its edge")
  func definition() throws {
    var random = SeededRandom(6962)
    var leaves: [[UInt8]] = []
    var tree = MerkleTree()
    for _ in 0..<130 {
      leaves.append(random.bytes(random.below(40)))
      tree = try #require(MerkleTree(size: tree.size, edge: tree.edge))
      tree.append(leaves[leaves.count - 1])
      #expect(tree.head == head(of: leaves[...]))
    }
  }

  @Test("an edge that does not fit its size is refused")
  func edge() {
    #expect(MerkleTree(size: 3, edge: [.zero]) == nil)
    #expect(MerkleTree(size: 0, edge: [.zero]) == nil)
    #expect(MerkleTree(size: 4, edge: [.zero]) != nil)
  }
}

@Suite("A checkpoint is a C2SP signed note")
struct CheckpointTests {
  private let court = Identifier(high: 0x0102_0304_0506_0708, low: 0x090A_0B0C_0D0E_0F10)

  private func key(_ n: UInt8 = 1) throws -> SigningKey { try SigningKey(seed: [UInt8](repeating: n, count: 32)) }

  private func note(_ checkpoint: Checkpoint, _ n: UInt8 = 1) throws -> String {
    try checkpoint.note(signedBy: .init(rawRepresentation: [UInt8](repeating: n, count: 32)))
  }

  private func checkpoint(size: UInt64 = 8) throws -> Checkpoint {
    Checkpoint(court: court, epoch: 12, size: size, head: try #require(ContentHash(hex: TreeTests.heads[8])))
  }

  @Test("the key hash is the one other programs compute")
  func keyHash() throws {
    // The examples of golang.org/x/mod/sumdb/note and of Go's checksum database.
    for (name, hash, key) in [
      ("PeterNeumann", "c74f20a3", "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
      ("sum.golang.org", "033de0ae", "Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"),
    ] {
      let bytes = try #require(decodeBase64(key))
      #expect(bytes[0] == 1)
      #expect(hexOfBytes(Checkpoint.keyHash(name: name, publicKey: Array(bytes.dropFirst()))) == hash)
    }
  }

  @Test("it comes back from its note", arguments: [0, 1, 8, .max] as [UInt64])
  func roundTrip(size: UInt64) throws {
    let checkpoint = try checkpoint(size: size)
    let note = try note(checkpoint)
    let origin = "circuit/0102030405060708090a0b0c0d0e0f10/12"
    #expect(note.hasPrefix("\(origin)\n\(size)\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n\n— \(origin) "))
    #expect(note.split(separator: "\n").count == 4 && note.last == "\n")
    #expect(Checkpoint(note: note, publicKey: try key().publicKey.bytes) == checkpoint)
  }

  @Test("another key, a low-order key and a cut key are refused")
  func keys() throws {
    let note = try note(try checkpoint())
    #expect(Checkpoint(note: note, publicKey: try key(2).publicKey.bytes) == nil)
    #expect(Checkpoint(note: note, publicKey: Array(try key().publicKey.bytes.dropLast())) == nil)
  }

  @Test("a note forged for a key of low order is refused")
  func lowOrderKey() throws {
    let checkpoint = try checkpoint()
    let identity = [1] + [UInt8](repeating: 0, count: 31)
    // R the identity and S zero: fits every message under such a key.
    let forged =
      Checkpoint.keyHash(name: checkpoint.origin, publicKey: identity) + identity + [UInt8](repeating: 0, count: 32)
    let note = "\(checkpoint.text)\n— \(checkpoint.origin) \(encodeBase64(forged))\n"
    #expect(Checkpoint(note: note, publicKey: identity) == nil)
  }

  @Test("a witness's line beside the centre's is no harm, alone it is no signature")
  func witnesses() throws {
    let checkpoint = try checkpoint()
    let note = try note(checkpoint)
    let witness = "— witness.example/w1 \(encodeBase64([UInt8](repeating: 5, count: 76)))\n"
    let key = try key().publicKey.bytes
    #expect(Checkpoint(note: note + witness, publicKey: key) == checkpoint)
    #expect(
      Checkpoint(note: "\(checkpoint.text)\n\(witness)\(note.split(separator: "\n").last!)\n", publicKey: key)
        == checkpoint)
    #expect(Checkpoint(note: "\(checkpoint.text)\n\(witness)", publicKey: key) == nil)
  }

  @Test("every flipped bit of the signed text and of the signature is refused")
  func damaged() throws {
    let bytes = Array(try note(try checkpoint()).utf8)
    let key = try key().publicKey.bytes
    for bit in 0..<bytes.count * 8 {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      guard let note = String(validating: flipped, as: UTF8.self) else { continue }
      #expect(Checkpoint(note: note, publicKey: key) == nil, "bit \(bit)")
    }
  }

  @Test("a note cut anywhere is refused")
  func cut() throws {
    let note = try note(try checkpoint())
    for count in 0..<note.count {
      #expect(Checkpoint(note: String(note.prefix(count)), publicKey: try key().publicKey.bytes) == nil, "to \(count)")
    }
  }

  @Test(
    "numbers and base64 in any form but one are refused",
    arguments: ["08", "+8", "8 ", "", "18446744073709551616", "-0"])
  func forms(size: String) throws {
    let checkpoint = try checkpoint()
    let text = "\(checkpoint.origin)\n\(size)\n\(encodeBase64(checkpoint.head.bytes))\n"
    let secret = try Curve25519.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: 1, count: 32))
    let signature = Array(try secret.signature(for: Array(text.utf8)))
    let hash = Checkpoint.keyHash(name: checkpoint.origin, publicKey: try key().publicKey.bytes)
    let note = "\(text)\n— \(checkpoint.origin) \(encodeBase64(hash + signature))\n"
    #expect(Checkpoint(note: note, publicKey: try key().publicKey.bytes) == nil)
  }

  @Test("base64 is RFC 4648's, padded, and only its canonical form is read")
  func base64() {
    for (text, encoded) in [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ] {
      #expect(encodeBase64(Array(text.utf8)) == encoded)
      #expect(decodeBase64(encoded) == Array(text.utf8))
    }
    for bad in ["Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm9v\n", "Zm9-", "=Zg="] {
      #expect(decodeBase64(bad) == nil)
    }
  }
}
