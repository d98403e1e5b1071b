import Crypto
import Foundation
import X509

/// The court's own certificate authority (法院根证书) and the certificate its centre shows, both on P-256.
///
/// Every ticket carries the authority's certificate, and a device believes it alone (the pin). So both are valid from
/// 1970-01-01 to 9999-12-31: a workstation whose clock is wrong by decades can still reach the centre and be told so.
package struct CourtAuthority: Sendable {
  /// The authority's certificate, PEM; public, travels with every ticket.
  package var authorityPEM: String
  /// The authority's private key, PKCS #8 in PEM; signs nothing after the leaf and can be kept offline.
  package var authorityKeyPEM: String
  /// The certificate the server shows, PEM; public.
  package var leafPEM: String
  /// The server's private key, PKCS #8 in PEM.
  package var leafKeyPEM: String

  package init(authorityPEM: String, authorityKeyPEM: String, leafPEM: String, leafKeyPEM: String) {
    self.authorityPEM = authorityPEM
    self.authorityKeyPEM = authorityKeyPEM
    self.leafPEM = leafPEM
    self.leafKeyPEM = leafKeyPEM
  }

  /// Makes new keys and certificates.
  ///
  /// - Parameters:
  ///   - court: the court's id, 32 hex digits; it is part of the authority's name.
  ///   - hosts: names beside `127.0.0.1` and `localhost` by which devices reach the centre: IPv4 and IPv6 addresses,
  ///     with or without brackets, and DNS names in ASCII.
  /// - Throws: ``ServerError/invalidHost(_:)``.
  package static func make(court: String, hosts: [String]) throws -> CourtAuthority {
    var names: [GeneralName] = []
    for host in ["127.0.0.1", "localhost"] + hosts {
      let name = try generalName(host)
      if !names.contains(name) { names.append(name) }
    }

    let authorityKey = P256.Signing.PrivateKey()
    let authorityName = try DistinguishedName {
      OrganizationName("Circuit")
      CommonName("Court \(court)")
    }
    let authority = try certificate(
      of: authorityKey.publicKey, named: authorityName, by: authorityName, signedWith: authorityKey
    ) {
      Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
      Critical(KeyUsage(keyCertSign: true, cRLSign: true))
      SubjectKeyIdentifier(hash: .init(authorityKey.publicKey))
    }

    let leafKey = P256.Signing.PrivateKey()
    let leafName = try DistinguishedName {
      OrganizationName("Circuit")
      CommonName("Centre of court \(court.prefix(8))")
    }
    let leaf = try certificate(
      of: leafKey.publicKey, named: leafName, by: authorityName, signedWith: authorityKey
    ) {
      Critical(BasicConstraints.notCertificateAuthority)
      Critical(KeyUsage(digitalSignature: true))
      try ExtendedKeyUsage([.serverAuth])
      SubjectAlternativeNames(names)
      SubjectKeyIdentifier(hash: .init(leafKey.publicKey))
      AuthorityKeyIdentifier(
        keyIdentifier: SubjectKeyIdentifier(hash: .init(authorityKey.publicKey)).keyIdentifier)
    }

    return CourtAuthority(
      authorityPEM: try authority.serializeAsPEM().pemString + "\n",
      authorityKeyPEM: authorityKey.pemRepresentation + "\n",
      leafPEM: try leaf.serializeAsPEM().pemString + "\n",
      leafKeyPEM: leafKey.pemRepresentation + "\n")
  }

  /// 1970-01-01T00:00:00Z and 9999-12-31T23:59:59Z, which RFC 5280 4.1.2.5 gives to what does not expire.
  private static let validity = (Date(timeIntervalSince1970: 0), Date(timeIntervalSince1970: 253_402_300_799))

  private static func certificate(
    of key: P256.Signing.PublicKey, named subject: DistinguishedName, by issuer: DistinguishedName,
    signedWith issuerKey: P256.Signing.PrivateKey,
    @ExtensionsBuilder extensions: () throws -> Result<Certificate.Extensions, any Error>
  ) throws -> Certificate {
    try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key),
      notValidBefore: validity.0, notValidAfter: validity.1, issuer: issuer, subject: subject,
      signatureAlgorithm: .ecdsaWithSHA256, extensions: extensions().get(), issuerPrivateKey: .init(issuerKey))
  }

  private static func generalName(_ host: String) throws -> GeneralName {
    let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    if let address = addressBytes(bare) { return .ipAddress(.init(contentBytes: address[...])) }
    guard isName(host) else { throw ServerError.invalidHost(host) }
    return .dnsName(host.lowercased())
  }

  /// The 4 or 16 bytes of an IP address.
  private static func addressBytes(_ text: String) -> [UInt8]? {
    var four = in_addr()
    if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: four) { Array($0) } }
    var sixteen = in6_addr()
    if inet_pton(AF_INET6, text, &sixteen) == 1 { return withUnsafeBytes(of: sixteen) { Array($0) } }
    return nil
  }

  /// RFC 1123 names: labels of letters, digits and inner hyphens; a last label of digits only would be an address.
  private static func isName(_ text: String) -> Bool {
    let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard text.utf8.count <= 253, let last = labels.last, last.contains(where: { !(0x30...0x39).contains($0) })
    else { return false }
    return labels.allSatisfy { label in
      (1...63).contains(label.count) && label.first != 0x2d && label.last != 0x2d
        && label.allSatisfy { byte in
          (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
            || byte == 0x2d
        }
    }
  }
}
