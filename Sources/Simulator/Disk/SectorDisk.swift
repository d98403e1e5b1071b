import CSQLite

/// A file on a simulated disk: what the system shows of it, and what of that lies on the platter.
final class DiskFile {
  fileprivate(set) var content: [UInt8] = []
  fileprivate(set) var platter: [UInt8] = []
  /// Sectors whose content a power cut may take back.
  fileprivate var unsynced: Set<Int> = []
  /// Its name is on the platter, so that a power cut leaves a file of that name.
  fileprivate(set) var isNamed = false

  fileprivate func copy() -> DiskFile {
    let copy = DiskFile()
    copy.content = content
    copy.platter = platter
    copy.unsynced = unsynced
    copy.isNamed = isNamed
    return copy
  }

  /// Takes what stands in a sector of `content` to the platter: all of it, or only its first bytes.
  fileprivate func settle(_ sector: Int, upTo count: Int = SectorDisk.sectorSize) {
    let start = sector * SectorDisk.sectorSize
    let end = min(start + count, content.count)
    guard start < end else { return }
    if platter.count < end { platter.append(contentsOf: repeatElement(0, count: end - platter.count)) }
    platter.replaceSubrange(start..<end, with: content[start..<end])
  }
}

/// A disk of sectors behind a cache: what is not synced may be kept, lost or torn when the power goes.
///
/// One seed is played by one thread at a time; nothing here is locked.
final class SectorDisk {
  static let sectorSize = 512

  private(set) var files: [String: DiskFile] = [:]
  /// Bytes that fit on it; nil: all do.
  var capacity: Int?
  /// It says that it has synced and has not.
  var lies = false
  /// Writes and syncs until the power goes; nil: it stays.
  var operationsLeft: Int?
  private(set) var isOff = false
  /// Writes and syncs that were done.
  private(set) var operations = 0

  var used: Int { files.values.reduce(0) { $0 + $1.content.count } }
  var exists: (String) -> Bool { { self.files[$0] != nil } }

  func open(_ name: String) -> DiskFile {
    if let file = files[name] { return file }
    let file = DiskFile()
    files[name] = file
    return file
  }

  func remove(_ name: String) { files[name] = nil }

  // MARK: What SQLite does; the codes are its own

  func write(_ bytes: UnsafeRawBufferPointer, to file: DiskFile, at offset: Int) -> Int32 {
    guard spend() else { return SQLITE_IOERR }
    let end = offset + bytes.count
    if end > file.content.count {
      if let capacity, used + end - file.content.count > capacity { return SQLITE_FULL }
      file.content.append(contentsOf: repeatElement(0, count: end - file.content.count))
    }
    file.content.withUnsafeMutableBytes { $0.baseAddress.map { memoryCopy($0 + offset, bytes) } }
    file.unsynced.formUnion(offset / SectorDisk.sectorSize...max(offset, end - 1) / SectorDisk.sectorSize)
    return SQLITE_OK
  }

  func truncate(_ file: DiskFile, to size: Int) -> Int32 {
    guard spend() else { return SQLITE_IOERR }
    if size < file.content.count { file.content.removeLast(file.content.count - size) }
    return SQLITE_OK
  }

  func sync(_ file: DiskFile) -> Int32 {
    guard spend() else { return SQLITE_IOERR }
    if !lies { settleAll(file) }
    return SQLITE_OK
  }

  private func settleAll(_ file: DiskFile) {
    for sector in file.unsynced { file.settle(sector) }
    if file.platter.count > file.content.count { file.platter.removeLast(file.platter.count - file.content.count) }
    file.unsynced = []
    file.isNamed = true
  }

  private func spend() -> Bool {
    if isOff { return false }
    operations += 1
    guard let left = operationsLeft else { return true }
    operationsLeft = left - 1
    if left <= 0 { isOff = true }
    return !isOff
  }

  // MARK: What befalls a disk

  /// The power goes and comes back: of what was not synced any part is there, and one sector may be torn.
  func losePower(_ random: inout SplitMix64) {
    let share = random.pick([0, 0, 50, 90, 100]) ?? 0
    for (name, file) in files.sorted(by: { $0.key < $1.key }) {
      if !file.isNamed, random.chance(50) {
        files[name] = nil
        continue
      }
      let unsynced = file.unsynced.sorted()
      let torn = random.chance(50) ? random.pick(unsynced) : nil
      for sector in unsynced {
        if sector == torn {
          file.settle(sector, upTo: random.below(SectorDisk.sectorSize))
        } else if random.chance(share) {
          file.settle(sector)
        }
      }
      file.content = file.platter
      file.unsynced = []
      file.isNamed = true
    }
    operationsLeft = nil
    isOff = false
  }

  /// The machine ends in order: what the system still held reaches the platter.
  func flush() { for file in files.values { settleAll(file) } }

  /// One bit of a file turns. Nil when the file is empty.
  func rot(_ name: String, _ random: inout SplitMix64) -> Int? {
    guard let file = files[name], !file.content.isEmpty else { return nil }
    let place = random.below(file.content.count)
    let bit = UInt8(1) << UInt8(random.below(8))
    file.content[place] ^= bit
    if place < file.platter.count { file.platter[place] ^= bit }
    return place
  }

  /// Another disk with the same files.
  func image() -> SectorDisk {
    let copy = SectorDisk()
    copy.files = files.mapValues { $0.copy() }
    return copy
  }

  /// A fault planted on purpose: the newest sectors of every file never were.
  func swallow() {
    for file in files.values { for sector in file.content.indices.suffix(6000) { file.content[sector] = 0 } }
  }

  /// Puts a file of another disk, or of another moment, in the place of one; nil: it goes.
  func replace(_ name: String, with file: DiskFile?) { files[name] = file?.copy() }
}

private func memoryCopy(_ to: UnsafeMutableRawPointer, _ bytes: UnsafeRawBufferPointer) {
  if let from = bytes.baseAddress { to.copyMemory(from: from, byteCount: bytes.count) }
}
