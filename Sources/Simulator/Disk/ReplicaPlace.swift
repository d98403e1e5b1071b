import GRDB
import ReplicaStore

/// Where the replica of a machine lies.
enum ReplicaPlace {
  case memory(DatabaseQueue)
  case disk(SectorDisk, DiskFileSystem)

  static let file = "replica.db"
  static let log = "replica.db-wal"

  static func disk(_ disk: SectorDisk) -> ReplicaPlace { .disk(disk, DiskFileSystem(disk)) }

  static func make(
    onDisk: Bool, schema: Schema, identity: ReplicaIdentity, surroundings: Surroundings
  ) throws -> (ReplicaPlace, Replica) {
    if onDisk {
      let disk = SectorDisk()
      let system = DiskFileSystem(disk)
      let replica = try Replica.create(
        uri: system.uri(file), schema: schema, identity: identity, surroundings: surroundings)
      return (.disk(disk, system), replica)
    }
    let replica = try Replica.inMemory(schema: schema, identity: identity, surroundings: surroundings)
    guard let database = replica.reader as? DatabaseQueue else { preconditionFailure("one connection in memory") }
    return (.memory(database), replica)
  }

  var sectors: SectorDisk? {
    if case .disk(let disk, _) = self { disk } else { nil }
  }

  /// Opens what lies there, as a process that has just begun.
  func open(schema: Schema, surroundings: Surroundings) throws -> Replica {
    switch self {
    case .memory(let database): try Replica.reopen(database, schema: schema, surroundings: surroundings)
    case .disk(let disk, let system):
      try Replica.open(
        uri: system.uri(ReplicaPlace.file),
        facts: FileFacts(
          head: disk.files[ReplicaPlace.file].map { Array($0.content.prefix(100)) },
          size: Int64(disk.files[ReplicaPlace.file]?.content.count ?? -1),
          logSize: Int64(disk.files[ReplicaPlace.log]?.content.count ?? -1)),
        schema: schema, surroundings: surroundings)
    }
  }

  /// A copy of it as it is now.
  func image(_ replica: Replica) throws -> ReplicaPlace {
    switch self {
    case .memory: return .memory(try replica.imageInMemory())
    case .disk(let disk, _):
      let copy = disk.image()
      copy.flush()
      return .disk(copy)
    }
  }
}
