#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A text file of a person's, UTF-8 or GB18030 (GB 18030-2005, what Chinese office programs write).
enum TextFile {
  static let limit = 256 << 20

  /// The file's text as UTF-8 bytes.
  ///
  /// - Throws: ``CommandError/fileNotText(path:)`` for bytes that are neither.
  static func utf8(of path: String) throws(CommandError) -> [UInt8] {
    let bytes = try InputFile.contents(of: path, limit: limit)
    if String(validating: bytes, as: UTF8.self) != nil { return bytes }
    guard let converted = fromGB18030(bytes) else { throw .fileNotText(path: path) }
    return converted
  }

  /// Nil for bytes that are not GB18030.
  static func fromGB18030(_ bytes: [UInt8]) -> [UInt8]? {
    guard let converter = iconv_open("UTF-8", "GB18030"), converter != iconv_t(bitPattern: -1) else { return nil }
    defer { iconv_close(converter) }
    var input = bytes.map { CChar(bitPattern: $0) }
    // Two bytes make at most three, four at most four, one at most one.
    let size = bytes.count * 2 + 16
    var output = [CChar](repeating: 0, count: size)
    var left = input.count
    var room = size
    let failed = input.withUnsafeMutableBufferPointer { from in
      output.withUnsafeMutableBufferPointer { to in
        var source = from.baseAddress
        var target = to.baseAddress
        return iconv(converter, &source, &left, &target, &room) == Int(bitPattern: UInt.max)
      }
    }
    guard !failed, left == 0 else { return nil }
    return output.prefix(size - room).map { UInt8(bitPattern: $0) }
  }
}
