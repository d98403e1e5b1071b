/// Lines of CSV as RFC 4180 has them: CRLF, quotes doubled.
enum CommaSeparated {
  /// What a spreadsheet needs to read UTF-8 (a BOM).
  static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// One line; a nil cell is empty, an empty text is `""`.
  static func line(_ cells: [String?]) -> String {
    cells.map { cell in cell.map(quoted) ?? "" }.joined(separator: ",") + "\r\n"
  }

  private static func quoted(_ cell: String) -> String {
    let needsQuotes =
      cell.isEmpty || cell.first == " " || cell.last == " "
      || cell.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
    guard needsQuotes else { return cell }
    var out: [UInt8] = [0x22]
    for byte in cell.utf8 {
      if byte == 0x22 { out.append(0x22) }
      out.append(byte)
    }
    out.append(0x22)
    return String(decoding: out, as: UTF8.self)
  }
}
