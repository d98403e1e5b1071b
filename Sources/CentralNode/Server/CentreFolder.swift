import ChangeFormat
import Foundation
import Merge
import ReplicaStore
import Transport

/// What a centre's folder holds: the replica of every scope, the centre's keys, and its certificates.
///
/// `replica.db` is the store; `keys/` the centre's own key; `tls/` the court's authority and the leaf it serves with.
package struct CentreFolder: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  private var keyFolder: String { "\(path)/keys" }
  var tlsFolder: String { "\(path)/tls" }

  /// The centre's surroundings: the machine's clock and randomness, keys in the folder itself.
  package func surroundings(_ machine: Surroundings) -> Surroundings {
    Surroundings(clock: machine.clock, randomness: machine.randomness, keys: FolderKeys(folder: keyFolder))
  }

  /// Makes a centre: court id, keys, certificates, store, and the first order. Returns the court's id; a failure leaves
  /// nothing.
  package func initialise(
    court name: String, code: String, hosts: [String], schema: Schema, machine: Surroundings
  ) throws -> Identifier {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    guard names.isEmpty, !FileManager.default.fileExists(atPath: path) || isFolder else {
      throw CentreError.alreadyThere(folder: path)
    }
    let wasThere = isFolder
    do {
      return try furnish(court: name, code: code, hosts: hosts, schema: schema, machine: machine)
    } catch {
      for made in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
        try? FileManager.default.removeItem(atPath: "\(path)/\(made)")
      }
      if !wasThere { rmdir(path) }
      throw error
    }
  }

  private func furnish(
    court name: String, code: String, hosts: [String], schema: Schema, machine: Surroundings
  ) throws -> Identifier {
    let surroundings = surroundings(machine)
    let random = machine.randomness
    guard let court = Identifier(bytes: random.bytes(16)) else { preconditionFailure("16 bytes make an identifier") }
    let keys = try DeviceKeys(signingSeed: random.bytes(32), agreementSeed: random.bytes(32))
    let certificates: CourtAuthority
    do {
      certificates = try CourtAuthority.make(court: court.hex, hosts: hosts)
    } catch {
      throw CentreError.badHost(hosts.joined(separator: ", "))
    }
    try surroundings.keys.save(keys)
    try makeFolder(tlsFolder)
    for (file, text) in [
      ("authority.pem", certificates.authorityPEM), ("authority-key.pem", certificates.authorityKeyPEM),
      ("leaf.pem", certificates.leafPEM), ("leaf-key.pem", certificates.leafKeyPEM),
    ] {
      try writeFile("\(tlsFolder)/\(file)", Array(text.utf8), mode: 0o600, sync: true)
    }
    let replica = try Replica.create(
      folder: path, schema: schema,
      identity: ReplicaIdentity(
        court: court, keys: keys, label: name, centreKey: keys.signing.publicKey,
        authority: Array(certificates.authorityPEM.utf8), isCentre: true),
      surroundings: surroundings)
    let time = machine.clock.wallMilliseconds()
    try replica.transaction { bench in
      try bench.setNote("court", "code", Array(code.utf8))
      let tree = try bench.tree()
      _ = try bench.issue(
        .time(treeSize: tree.size, treeHead: tree.head, lowers: false), time: time, key: keys.signing)
    }
    try replica.close()
    return court
  }

  private var isFolder: Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// Opens the centre of the folder for accepting and issuing.
  ///
  /// - Parameter worker: makes what writes the tables behind it; nil: every transaction writes its own.
  package func open(
    schema: Schema, machine: Surroundings, worker: ((Replica) -> TableWorker)? = nil
  ) throws -> Centre {
    let surroundings = surroundings(machine)
    let replica = try Replica.open(folder: path, schema: schema, access: .writing, surroundings: surroundings)
    guard replica.isCentre else { throw CentreError.notACentre(folder: path) }
    guard let keys = try surroundings.keys.keys(of: replica.device) else {
      throw CentreError.keysMissing(folder: keyFolder)
    }
    return Centre(
      replica: replica, key: keys.signing, clock: machine.clock, random: machine.randomness, worker: worker?(replica))
  }

  /// The certificates that the centre serves with.
  package func certificates() throws -> CourtAuthority {
    func text(_ file: String) throws -> String {
      guard let bytes = readFile("\(tlsFolder)/\(file)") else { throw CentreError.keysMissing(folder: tlsFolder) }
      return String(decoding: bytes, as: UTF8.self)
    }
    return CourtAuthority(
      authorityPEM: try text("authority.pem"), authorityKeyPEM: try text("authority-key.pem"),
      leafPEM: try text("leaf.pem"), leafKeyPEM: try text("leaf-key.pem"))
  }
}
