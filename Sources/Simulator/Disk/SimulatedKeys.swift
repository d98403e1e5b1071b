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
    /// What a mark was since it was last synced: a power cut may bring any of it back.
    var unsynced: [Identifier: [GenerationMark]] = [:]
    var torn: Set<Identifier> = []
    var cut: PowerCut?

    mutating func set(_ mark: GenerationMark, isSynced: Bool) {
      if isSynced { unsynced[mark.incarnation] = [] }
      unsynced[mark.incarnation, default: []].append(mark)
      marks[mark.incarnation] = mark
      torn.remove(mark.incarnation)
    }
  }

  private let contents: Mutex<Contents>
  let location = "memory"

  init() { contents = Mutex(Contents()) }

  private init(_ contents: Contents) { self.contents = Mutex(contents) }

  func keys(of device: DeviceID) throws(ReplicaError) -> DeviceKeys? { contents.withLock { $0.keys[device] } }
  func save(_ keys: DeviceKeys) throws(ReplicaError) { contents.withLock { $0.keys[keys.device] = keys } }
  func remove(_ device: DeviceID) { contents.withLock { $0.keys[device] = nil } }

  func generation(of device: DeviceID, incarnation: Identifier) -> GenerationReading {
    contents.withLock {
      if $0.torn.contains(incarnation) { return .torn }
      return $0.marks[incarnation].map { .mark($0) } ?? .missing
    }
  }

  func setGeneration(_ mark: GenerationMark, of device: DeviceID, isNew: Bool) throws(ReplicaError) {
    let isCut = contents.withLock { contents in
      if isNew || contents.cut == nil {
        contents.set(mark, isSynced: isNew)
        return false
      }
      switch (contents.cut, mark.isDone) {
      case (.beforeCommit, false):
        contents.set(mark, isSynced: false)
        return true
      case (.beforeMark, false), (.afterCommit, true): return true
      default:
        contents.set(mark, isSynced: false)
        return false
      }
    }
    if isCut { throw .fileTrouble(path: location, detail: "the power went out") }
  }

  /// The next generation that is written goes wrong in this way; nil: power is back.
  func schedule(_ cut: PowerCut?) { contents.withLock { $0.cut = cut } }

  /// What a copy of the folder holds.
  func image() -> SimulatedKeys { contents.withLock { SimulatedKeys($0) } }

  /// The power goes: a mark that was not synced is any of those it has been, or torn.
  func losePower(_ random: inout SplitMix64) {
    let (drawn, left) = contents.withLock { contents in
      var random = random
      for id in contents.unsynced.keys.sorted() {
        guard let mark = random.pick(contents.unsynced[id] ?? []) else { continue }
        contents.marks[id] = mark
        contents.unsynced[id] = [mark]
        if random.chance(10) { contents.torn.insert(id) }
      }
      return (contents.marks.count, random)
    }
    if drawn > 0 { random = left }
  }
}
