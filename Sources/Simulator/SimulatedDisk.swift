import ChangeFormat
import GRDB
import Merge
import ReplicaStore
import Synchronization

/// Power went while the generation was being written: before the mark, between mark and commit, or after the commit.
enum PowerCut: Sendable, CaseIterable { case beforeMark, beforeCommit, afterCommit }

/// The power went out.
struct PowerFailure: Error {}

/// Keys and generations of one machine, kept in memory and copied with a copied disk.
final class SimulatedKeys: KeyStore {
  private struct Contents {
    var keys: [DeviceID: DeviceKeys] = [:]
    var marks: [Identifier: GenerationMark] = [:]
    var cut: PowerCut?
  }

  private let contents: Mutex<Contents>
  let location = "memory"

  init() { contents = Mutex(Contents()) }

  private init(_ contents: Contents) { self.contents = Mutex(contents) }

  func keys(of device: DeviceID) throws(ReplicaError) -> DeviceKeys? { contents.withLock { $0.keys[device] } }
  func save(_ keys: DeviceKeys) throws(ReplicaError) { contents.withLock { $0.keys[keys.device] = keys } }
  func remove(_ device: DeviceID) { contents.withLock { $0.keys[device] = nil } }

  func generation(of device: DeviceID, incarnation: Identifier) -> GenerationReading {
    contents.withLock { $0.marks[incarnation].map { .mark($0) } ?? .missing }
  }

  func setGeneration(_ mark: GenerationMark, of device: DeviceID, isNew: Bool) throws(ReplicaError) {
    let isCut = contents.withLock { contents in
      if isNew || contents.cut == nil {
        contents.marks[mark.incarnation] = mark
        return false
      }
      switch (contents.cut, mark.isDone) {
      case (.beforeCommit, false):
        contents.marks[mark.incarnation] = mark
        return true
      case (.beforeMark, false), (.afterCommit, true): return true
      default:
        contents.marks[mark.incarnation] = mark
        return false
      }
    }
    if isCut { throw .fileTrouble(path: location, detail: "the power went out") }
  }

  /// The next generation that is written goes wrong in this way; nil: power is back.
  func schedule(_ cut: PowerCut?) { contents.withLock { $0.cut = cut } }

  /// What a copy of the folder holds.
  func image() -> SimulatedKeys { contents.withLock { SimulatedKeys($0) } }
}

/// A disk as it was at one moment: the database, and the keys and generations beside it.
struct DiskImage {
  let database: DatabaseQueue
  let keys: SimulatedKeys
}
