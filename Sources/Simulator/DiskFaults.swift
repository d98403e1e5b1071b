import ChangeFormat
import Merge
import ReplicaStore

/// What befalls the disks of single machines: cuts at any write, full, lying, rotting ones, files that were swapped.
extension Fleet {
  func fail(_ disk: SectorDisk, of station: Workstation) throws {
    diskFaults += 1
    switch random.below(100) {
    case ..<35: try cutPowerAtWrite(disk, of: station)
    case ..<55: try fill(disk, of: station)
    case ..<70: try lie(disk, of: station)
    case ..<85: try rot(disk, of: station)
    default: try swapFiles(disk, of: station)
    }
  }

  /// Works and syncs for a while; what a failing disk makes of it is the caller's to judge.
  private func goOn(at station: Workstation, times: Int) throws {
    for _ in 0..<times {
      if random.chance(75) { try work(at: station) } else { _ = try sync(station) }
    }
  }

  // MARK: An honest disk

  /// The power goes at any write of an honest disk: what was returned is there, and of the rest nothing or all.
  private func cutPowerAtWrite(_ disk: SectorDisk, of station: Workstation) throws {
    let before = try hashes(station.replica)
    disk.operationsLeft = random.below(60)
    disk.lies = planted == .lyingDisk
    note("\(station.name) will lose power after \(disk.operationsLeft ?? 0) writes")
    do {
      try goOn(at: station, times: random.between(1, 4))
      if random.chance(30) { try station.replica.close() }
    } catch let error as ReplicaError where disk.isOff {
      note("\(station.name) was at work: \(error.number)")
    }
    station.losePower(&random)
    disk.lies = false
    try start(station)
    guard try checkHeld(station).isSuperset(of: before) else {
      throw Violation("lost", "\(station.name): a power cut took what was held before")
    }
    try verify(station.replica, station.name)
  }

  private func start(_ station: Workstation) throws {
    do {
      try station.restart(inOrder: false)
    } catch {
      throw Violation("start", "\(station.name) does not start on an honest disk: \(error)")
    }
  }

  /// The disk is full: a write is refused as such and leaves nothing, reading goes on, and with room all is well again.
  private func fill(_ disk: SectorDisk, of station: Workstation) throws {
    disk.capacity = disk.used + (random.pick([0, 5000, 40_000, 120_000]) ?? 0)
    note("\(station.name) has a full disk")
    for _ in 0..<random.between(2, 6) {
      let before = try fingerprint(station.replica)
      do {
        try goOn(at: station, times: 1)
      } catch ReplicaError.diskFull {
        note("\(station.name) is told that the disk is full")
        guard try fingerprint(station.replica) == before else {
          throw Violation("full", "\(station.name): a write refused on a full disk left something")
        }
      } catch let error as ReplicaError {
        throw Violation("full", "\(station.name) on a full disk: \(error)")
      }
      if random.chance(20) { try start(station) }
    }
    if planted == .swallowingDisk { disk.swallow() }
    disk.capacity = nil
    try checkHeld(station)
    try work(at: station)
    try verify(station.replica, station.name)
  }

  // MARK: A disk that fails

  /// Syncs are said to be done and are not, for a while; then the power goes.
  private func lie(_ disk: SectorDisk, of station: Workstation) throws {
    note("\(station.name) has a disk that lies")
    disk.lies = true
    try goOn(at: station, times: random.between(1, 5))
    if random.chance(30) {
      try station.replica.close()
      try start(station)
      try goOn(at: station, times: random.between(0, 2))
    }
    station.losePower(&random)
    disk.lies = false
    try recover(station, after: "a lying disk", marksAreWhole: false)
  }

  private func rot(_ disk: SectorDisk, of station: Workstation) throws {
    if random.chance(50) { try station.replica.close() }
    let name = random.chance(70) ? ReplicaPlace.file : ReplicaPlace.log
    guard let place = disk.rot(name, &random) else { return try start(station) }
    try recover(station, after: "a bit that turned at \(place) of \(name)", marksAreWhole: true)
  }

  private func swapFiles(_ disk: SectorDisk, of station: Workstation) throws {
    let other = random.pick(stations.filter { $0.name != station.name && $0.place.sectors != nil })
    let source = random.chance(50) ? station.imagedSectors : other?.place.sectors
    guard let source else { return }
    let whose = source === station.imagedSectors ? "an earlier moment" : other?.name ?? ""
    if random.chance(50) { try station.replica.close() }
    let what: String
    switch random.below(4) {
    case 0:
      what = "the write-ahead log is of \(whose)"
      disk.replace(ReplicaPlace.log, with: source.files[ReplicaPlace.log])
    case 1:
      what = "the database is of \(whose)"
      disk.replace(ReplicaPlace.file, with: source.files[ReplicaPlace.file])
    case 2:
      what = "both files are of \(whose)"
      for file in [ReplicaPlace.file, ReplicaPlace.log] { disk.replace(file, with: source.files[file]) }
    default:
      what = "the write-ahead log is gone"
      disk.replace(ReplicaPlace.log, with: nil)
    }
    try recover(station, after: what, marksAreWhole: true)
  }

  // MARK: What must come of it

  /// A file that something has happened to: either it is noticed, with an error that names it, and the machine is
  /// enrolled anew; or what it shows is what its log says, and where others have seen own work that it lacks, it goes on
  /// in a new log.
  private func recover(_ station: Workstation, after what: String, marksAreWhole: Bool) throws {
    note("\(station.name) starts after this: \(what)")
    let lost: [Workstation.Acknowledged]
    do {
      try station.restart(inOrder: false)
      _ = try station.replica.verify()
      let held = try hashes(station.replica)
      lost = station.forgive { held.contains($0.hash) }
      if station.replica.device != station.device { return try refuseForeignFile(of: station, after: what) }
    } catch let error as ReplicaError {
      return try replace(station, noticedBy: error, after: what)
    }
    plantSilently(in: station)
    try checkShown(station, after: what)
    note("\(station.name) goes on; \(lost.count) lost")
    guard marksAreWhole, let gone = try lost.last(where: { try isHeldElsewhere($0, than: station) }),
      try station.replica.ownScopes().contains(gone.scope)
    else { return }
    let count = station.acknowledged.count
    try work(at: station, gone.scope)
    if station.acknowledged.count > count, let next = station.acknowledged.last, next.dot.log == gone.dot.log {
      throw Violation(
        "reverted", "\(station.name) goes on in \(next.dot.short) after \(what), and lacks \(gone.dot.short)")
    }
  }

  /// Another has seen it, so that its place must not be taken by another change.
  private func isHeldElsewhere(_ gone: Workstation.Acknowledged, than station: Workstation) throws -> Bool {
    for replica in [office.replica] + stations.filter({ $0.name != station.name && !$0.isBurnt }).map(\.replica) {
      if try hashes(replica).contains(gone.hash) { return true }
    }
    return false
  }

  /// Whatever is to be written into a file of another device is refused: its keys are not here.
  private func refuseForeignFile(of station: Workstation, after what: String) throws {
    do {
      try station.replica.write(scope: "court") {
        try $0.set("dispute", station.replica.newRecordID(), "title", .text(""))
      }
    } catch let error as ReplicaError {
      note("\(station.name) refuses to write: \(error.number)")
      return try replace(station, noticedBy: .keysMissing(device: station.replica.device, folder: ""), after: what)
    }
    throw Violation("swapped", "\(station.name) writes as another device after \(what)")
  }

  /// The machine is enrolled anew; what it had given away comes back from the centre.
  private func replace(_ station: Workstation, noticedBy error: ReplicaError, after what: String) throws {
    let names = [2001, 2002, 2004, 2005, 2009, 2401]
    guard names.contains(error.number) else {
      throw Violation("error", "\(station.name) after \(what): \(error)")
    }
    note("\(station.name) notices: \(error.number)")
    noticedFaults += 1
    station.isBurnt = true
    if stations.count < 10 { try admit() }
  }

  /// Never a silent wrong answer: what is shown is the pure merge of what is held, and what waits for a past or an order
  /// waits there too. What waits for time or a fork depends on what came first.
  func checkShown(_ station: Workstation, after what: String) throws {
    let waiting = try station.replica.status().waiting
    guard waiting.allSatisfy({ $0.reason.hasPrefix("order ") || Dot(text: $0.reason) != nil }) else { return }
    let held = try station.replica.offer(lackingFrom: [:], budget: Int.max / 2).batch
    let reference = try ReferenceMerge(of: held, court: office.court)
    for (scope, digest) in try station.replica.digests() where reference.digest(scope) != digest {
      throw Violation("silent", "\(station.name) in \(scope) shows what its log does not say, after \(what)")
    }
  }
}
