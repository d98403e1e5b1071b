import ChangeFormat
import Merge

extension Replica {
  /// What a process begins with: a generation that a power cut has set back is brought up while the file still holds
  /// what it told of, so that it tells when the file is set back too.
  func settleGeneration() {
    // What keeps it from being written will keep the next change from being written, and is told then.
    try? transaction(leavingTables: true) { try $0.settleGeneration() }
  }
}

/// Which life of the replica this is: restored, copied or plainly going on (design §4).
extension Workbench {
  /// Own commits of the incarnation: the sum of its own logs' tips.
  func ownCommits(_ incarnation: Identifier) -> UInt64 {
    logs.entries.reduce(0) {
      guard let genesis = $1.genesis, genesis.incarnation == incarnation, $1.device == replica.device else { return $0 }
      return $0 + $1.tip
    }
  }

  /// Checks the generation beside the keys; takes a new incarnation where the file has been reverted or copied.
  func presentIncarnation() throws -> (id: Identifier, count: UInt64) {
    let identity = presentFile
    let bootID = clock.bootID()
    guard let bytes = try meta.bytes(.incarnation), !bytes.isEmpty else {
      let pending = try meta.bytes(.incarnationReason)?.first.flatMap { Genesis.Reason(rawValue: $0) }
      return try startIncarnation(pending ?? .first, identity, bootID)
    }
    var reader = ByteReader(bytes)
    let id = try reader.identifier("incarnation")
    let count = ownCommits(id)
    switch replica.surroundings.keys.generation(of: replica.device, incarnation: id) {
    case .missing: return try startIncarnation(.reverted, identity, bootID)
    case .torn: return (id, count)
    case .mark(let mark):
      let goesOn = mark.count <= count || (mark.count == count + 1 && !mark.isDone)
      if !goesOn { return try startIncarnation(.reverted, identity, bootID) }
      if mark.inode != identity.inode || (mark.bootID == bootID && mark.disk != identity.disk) {
        return try startIncarnation(.copied, identity, bootID)
      }
      return (id, count)
    }
  }

  /// A signed head of mine that I do not hold: another machine writes as this one, or did before this one was set back.
  /// Both may hold the same by now, so only a new incarnation opens logs that no other opens too.
  func endIncarnation() throws {
    guard try meta.bytes(.incarnation)?.isEmpty == false else { return }
    try meta.remove(.incarnation)
    try meta.set(.incarnationReason, [Genesis.Reason.foreignHead.rawValue])
    for entry in logs.entries where entry.device == replica.device && entry.genesis != nil { try logs.end(entry.id) }
  }

  /// Brings a generation that a power cut has set back up to what the file holds, at opening and before anything leaves:
  /// what another has seen of this machine must never be written a second time.
  func settleGeneration() throws {
    guard let bytes = try meta.bytes(.incarnation), !bytes.isEmpty else { return }
    var reader = ByteReader(bytes)
    let id = try reader.identifier("incarnation")
    let count = ownCommits(id)
    let keys = replica.surroundings.keys
    switch keys.generation(of: replica.device, incarnation: id) {
    case .missing: return
    case .mark(let mark) where mark.count > count || (mark.count == count && mark.isDone): return
    case .mark(var mark):
      mark.count = count
      mark.isDone = true
      try keys.setGeneration(mark, of: replica.device, isNew: false)
    case .torn:
      let file = presentFile
      let mark = GenerationMark(
        incarnation: id, count: count, isDone: true, inode: file.inode, disk: file.disk, bootID: clock.bootID())
      try keys.setGeneration(mark, of: replica.device, isNew: false)
    }
  }

  /// Looked up once: the file that is open stays the same, whatever is put in its place.
  private var presentFile: (inode: UInt64, disk: UInt64) {
    let found = identity ?? replica.folder.map { fileIdentity("\($0)/replica.db") } ?? (inode: 0, disk: 0)
    identity = found
    return found
  }

  private func startIncarnation(
    _ reason: Genesis.Reason, _ identity: (inode: UInt64, disk: UInt64), _ bootID: String
  ) throws -> (id: Identifier, count: UInt64) {
    guard let id = Identifier(bytes: replica.surroundings.randomness.bytes(16)) else {
      preconditionFailure("16 bytes make an identifier")
    }
    try meta.set(.incarnation, id.bytes)
    try meta.set(.incarnationReason, [reason.rawValue])
    for entry in logs.entries where entry.device == replica.device && entry.genesis != nil { try logs.end(entry.id) }
    // The file is made after this transaction: until then a crash leaves an incarnation without a file, which only
    // means another new one.
    let keys = replica.surroundings.keys
    let device = replica.device
    let mark = GenerationMark(
      incarnation: id, count: 0, isDone: true, inode: identity.inode, disk: identity.disk, bootID: bootID)
    try keys.setGeneration(mark, of: device, isNew: true)
    return (id, 0)
  }

  /// Announces the commit that is about to be made, and after it that it is durable.
  ///
  /// A transaction of many changes is announced by its first: after a crash the file holds none of them, which the next
  /// commit after the last one explains, or all, and then the mark is merely behind.
  func announceCommit(_ incarnation: Identifier, count: UInt64) throws {
    let identity = self.identity ?? (inode: 0, disk: 0)
    var mark = GenerationMark(
      incarnation: incarnation, count: count, isDone: false, inode: identity.inode, disk: identity.disk,
      bootID: clock.bootID())
    let keys = replica.surroundings.keys
    let device = replica.device
    if announced != incarnation { try keys.setGeneration(mark, of: device, isNew: false) }
    announced = incarnation
    mark.isDone = true
    let done = mark
    afterCommit = { [unowned self] in
      announced = nil
      try keys.setGeneration(done, of: device, isNew: false)
    }
  }
}
