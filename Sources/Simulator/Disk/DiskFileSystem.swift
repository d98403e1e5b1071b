import CSQLite

/// SQLite's way to a ``SectorDisk``: a file system of its own (VFS), known by a name for as long as this lives.
///
/// One connection at a time: it has shared memory for the index of a write-ahead log, and no locks.
final class DiskFileSystem {
  let name: String
  private let mount: Mount

  init(_ disk: SectorDisk) {
    mount = Mount(disk)
    name = mount.name
    sqlite3_vfs_register(mount.vfs, 0)
  }

  deinit { sqlite3_vfs_unregister(mount.vfs) }

  /// What SQLite opens.
  func uri(_ file: String) -> String { "file:\(file)?vfs=\(name)" }

  // MARK: Tables of functions

  fileprivate static var description: sqlite3_vfs {
    var vfs = sqlite3_vfs()
    vfs.iVersion = 1
    vfs.szOsFile = Int32(MemoryLayout<Slot>.size)
    vfs.mxPathname = 256
    vfs.xOpen = { vfs, name, file, flags, out in
      guard let mount = mounted(vfs), let file else { return SQLITE_CANTOPEN }
      file.pointee.pMethods = nil
      if mount.disk.isOff { return SQLITE_CANTOPEN }
      // What has no name is a temporary file: no power cut matters to it.
      let opened = name.map { mount.disk.open(String(cString: $0)) } ?? DiskFile()
      let slot = Slot(
        base: sqlite3_file(pMethods: UnsafePointer(fileMethods)), opened: .passRetained(Opened(mount, opened)))
      UnsafeMutableRawPointer(file).storeBytes(of: slot, as: Slot.self)
      out?.pointee = flags
      return SQLITE_OK
    }
    vfs.xDelete = { vfs, name, _ in
      guard let mount = mounted(vfs), let name, !mount.disk.isOff else { return SQLITE_IOERR }
      mount.disk.remove(String(cString: name))
      return SQLITE_OK
    }
    vfs.xAccess = { vfs, name, _, out in
      guard let mount = mounted(vfs), let name else { return SQLITE_IOERR }
      out?.pointee = mount.disk.exists(String(cString: name)) ? 1 : 0
      return SQLITE_OK
    }
    vfs.xFullPathname = { _, name, count, out in
      guard let name, let out else { return SQLITE_CANTOPEN }
      let bytes = Array(String(cString: name).utf8CString)
      guard bytes.count <= Int(count) else { return SQLITE_CANTOPEN }
      out.update(from: bytes, count: bytes.count)
      return SQLITE_OK
    }
    vfs.xRandomness = { _, count, out in
      for i in 0..<Int(count) { out?[i] = CChar(truncatingIfNeeded: i &* 37 &+ 11) }
      return count
    }
    vfs.xSleep = { _, microseconds in microseconds }
    vfs.xCurrentTime = { _, out in
      out?.pointee = 2_461_000.5
      return SQLITE_OK
    }
    vfs.xGetLastError = { _, _, _ in 0 }
    return vfs
  }

  fileprivate static var methods: sqlite3_io_methods {
    var methods = sqlite3_io_methods()
    methods.iVersion = 2
    methods.xClose = { file in
      file.map { UnsafeMutableRawPointer($0).load(as: Slot.self).opened.release() }
      return SQLITE_OK
    }
    methods.xRead = { file, out, count, offset in
      guard let opened = opened(file), let out else { return SQLITE_IOERR }
      if opened.disk.isOff { return SQLITE_IOERR }
      let (start, count) = (Int(offset), Int(count))
      let there = max(0, min(count, opened.file.content.count - start))
      if there > 0 {
        opened.file.content.withUnsafeBytes { out.copyMemory(from: $0.baseAddress! + start, byteCount: there) }
      }
      if there == count { return SQLITE_OK }
      (out + there).initializeMemory(as: UInt8.self, repeating: 0, count: count - there)
      return SQLITE_IOERR | (2 << 8)
    }
    methods.xWrite = { file, bytes, count, offset in
      guard let opened = opened(file), let bytes else { return SQLITE_IOERR }
      let buffer = UnsafeRawBufferPointer(start: bytes, count: Int(count))
      return opened.disk.write(buffer, to: opened.file, at: Int(offset))
    }
    methods.xTruncate = { file, size in
      opened(file).map { $0.disk.truncate($0.file, to: Int(size)) } ?? SQLITE_IOERR
    }
    methods.xSync = { file, _ in opened(file).map { $0.disk.sync($0.file) } ?? SQLITE_IOERR }
    methods.xFileSize = { file, out in
      out?.pointee = Int64(opened(file)?.file.content.count ?? 0)
      return SQLITE_OK
    }
    methods.xLock = { _, _ in SQLITE_OK }
    methods.xUnlock = { _, _ in SQLITE_OK }
    methods.xCheckReservedLock = { _, out in
      out?.pointee = 0
      return SQLITE_OK
    }
    methods.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
    methods.xSectorSize = { _ in 4096 }
    // As on every disk of today, a write leaves the bytes around it as they are.
    methods.xDeviceCharacteristics = { _ in SQLITE_IOCAP_POWERSAFE_OVERWRITE }
    methods.xShmMap = { file, number, size, _, out in
      out?.pointee = opened(file).map { UnsafeMutableRawPointer($0.region(Int(number), Int(size))) }
      return SQLITE_OK
    }
    methods.xShmLock = { _, _, _, _ in SQLITE_OK }
    methods.xShmBarrier = { _ in }
    methods.xShmUnmap = { file, _ in
      opened(file)?.forgetRegions()
      return SQLITE_OK
    }
    return methods
  }
}

/// What SQLite knows of a disk; it stays for as long as a file on it is open.
private final class Mount {
  let disk: SectorDisk
  let name: String
  let vfs: UnsafeMutablePointer<sqlite3_vfs>
  private let nameBytes: UnsafeMutableBufferPointer<CChar>

  init(_ disk: SectorDisk) {
    self.disk = disk
    vfs = .allocate(capacity: 1)
    // One name a disk, and no counter that all threads share.
    name = "circuit-disk-\(UInt(bitPattern: vfs))"
    let bytes = Array(name.utf8CString)
    nameBytes = .allocate(capacity: bytes.count)
    _ = nameBytes.initialize(from: bytes)
    var described = DiskFileSystem.description
    described.zName = UnsafePointer(nameBytes.baseAddress)
    vfs.initialize(to: described)
    vfs.pointee.pAppData = Unmanaged.passUnretained(self).toOpaque()
  }

  deinit {
    vfs.deallocate()
    nameBytes.deallocate()
  }
}

/// A file that SQLite has open.
fileprivate final class Opened {
  let mount: Mount
  let file: DiskFile
  /// Of the write-ahead log's index; it ends with the process.
  private var regions: [UnsafeMutableRawPointer] = []

  init(_ mount: Mount, _ file: DiskFile) {
    self.mount = mount
    self.file = file
  }

  deinit { forgetRegions() }

  var disk: SectorDisk { mount.disk }

  func region(_ number: Int, _ size: Int) -> UnsafeMutableRawPointer {
    while regions.count <= number {
      let region = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
      region.initializeMemory(as: UInt8.self, repeating: 0, count: size)
      regions.append(region)
    }
    return regions[number]
  }

  func forgetRegions() {
    for region in regions { region.deallocate() }
    regions = []
  }
}

/// SQLite's own part of an open file first, ours behind it.
private struct Slot {
  var base: sqlite3_file
  var opened: Unmanaged<Opened>
}

private func mounted(_ vfs: UnsafeMutablePointer<sqlite3_vfs>?) -> Mount? {
  vfs?.pointee.pAppData.map { Unmanaged<Mount>.fromOpaque($0).takeUnretainedValue() }
}

private func opened(_ file: UnsafeMutablePointer<sqlite3_file>?) -> Opened? {
  file.map { UnsafeMutableRawPointer($0).load(as: Slot.self).opened.takeUnretainedValue() }
}

/// The same for every disk.
nonisolated(unsafe) private let fileMethods: UnsafeMutablePointer<sqlite3_io_methods> = {
  let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
  methods.initialize(to: DiskFileSystem.methods)
  return methods
}()
