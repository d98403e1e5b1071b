/// One record of a CSV file.
public struct CSVRow: Equatable, Sendable {
  /// The line its first field stands on, from 1.
  public let line: Int
  public let fields: [String]
}

/// Reads CSV as RFC 4180 has it: commas, fields in quotes with doubled quotes inside, CRLF or LF; UTF-8, a byte order
/// mark tolerated. Strict: what the standard does not allow is an error that names the line, never a guess.
///
/// ```swift
/// var reader = CSVReader(bytes, file: "causes.csv")
/// while let row = try reader.next() { … }
/// ```
///
/// The reader does not compare counts of fields; an empty line is a record with one empty field. After an error it goes
/// no further.
public struct CSVReader: Sendable {
  private let bytes: [UInt8]
  private let file: String
  private var place = 0
  private var line = 1

  /// - Parameter file: the name that errors carry.
  public init(_ bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
  }

  /// The next record, nil at the end.
  ///
  /// - Throws: ``CourtError/badLine(file:line:fault:)``.
  public mutating func next() throws(CourtError) -> CSVRow? {
    guard place < bytes.count else { return nil }
    let first = line
    var fields: [String] = []
    while true {
      fields.append(try field())
      guard place < bytes.count else { return CSVRow(line: first, fields: fields) }
      let end = bytes[place]
      place += 1
      if end == Byte.comma { continue }
      // Otherwise `field` stopped at a line end, with CR LF already reduced to LF.
      line += 1
      return CSVRow(line: first, fields: fields)
    }
  }

  /// Reads a field; stops at a comma, a line feed or the end.
  private mutating func field() throws(CourtError) -> String {
    if place < bytes.count, bytes[place] == Byte.quote { return try quotedField() }
    let start = place
    while place < bytes.count {
      switch bytes[place] {
      case Byte.comma, Byte.lineFeed: return try text(bytes[start..<place], at: line)
      case Byte.quote: throw fail(.strayQuote)
      case Byte.carriageReturn:
        let field = try text(bytes[start..<place], at: line)
        try skipReturn()
        return field
      default: place += 1
      }
    }
    return try text(bytes[start..<place], at: line)
  }

  private mutating func quotedField() throws(CourtError) -> String {
    let first = line
    var content: [UInt8] = []
    place += 1
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      if byte != Byte.quote {
        if byte == Byte.lineFeed { line += 1 }
        content.append(byte)
        continue
      }
      if place < bytes.count, bytes[place] == Byte.quote {
        content.append(Byte.quote)
        place += 1
        continue
      }
      let field = try text(content[...], at: first)
      guard place < bytes.count else { return field }
      switch bytes[place] {
      case Byte.comma, Byte.lineFeed: return field
      case Byte.carriageReturn:
        try skipReturn()
        return field
      default: throw fail(.textAfterQuote)
      }
    }
    place = bytes.count
    throw .badLine(file: file, line: first, fault: .openQuote)
  }

  /// Steps over a carriage return onto the line feed that must follow.
  private mutating func skipReturn() throws(CourtError) {
    guard place + 1 < bytes.count, bytes[place + 1] == Byte.lineFeed else { throw fail(.bareReturn) }
    place += 1
  }

  private mutating func text(_ slice: ArraySlice<UInt8>, at line: Int) throws(CourtError) -> String {
    if slice.contains(0) {
      place = bytes.count
      throw .badLine(file: file, line: line, fault: .nul)
    }
    let text = String(decoding: slice, as: UTF8.self)
    // Decoding repairs what is no UTF-8; then the bytes differ.
    guard text.utf8.elementsEqual(slice) else {
      place = bytes.count
      throw .badLine(file: file, line: line, fault: .notUTF8)
    }
    return text
  }

  private mutating func fail(_ fault: LineFault) -> CourtError {
    place = bytes.count
    return .badLine(file: file, line: line, fault: fault)
  }

  private enum Byte {
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let quote: UInt8 = 0x22
    static let comma: UInt8 = 0x2C
  }
}
