/// A list file with its header read: every row can be asked by the name of a column.
struct ListTable {
  let file: String
  let rows: [ListRow]

  /// - Parameter columns: those the header must have; others are let be.
  /// - Throws: ``CourtError/badLine(file:line:fault:)`` for the first line that cannot be taken.
  init(_ bytes: [UInt8], file: String, columns: [String]) throws(CourtError) {
    var reader = CSVReader(bytes, file: file)
    let header = try reader.next()?.fields ?? []
    var positions: [String: Int] = [:]
    for (position, name) in header.enumerated() {
      guard positions.updateValue(position, forKey: name) == nil else {
        throw .badLine(file: file, line: 1, fault: .header(column: name))
      }
    }
    for name in columns where positions[name] == nil {
      throw .badLine(file: file, line: 1, fault: .header(column: name))
    }
    var rows: [ListRow] = []
    while let row = try reader.next() {
      guard row.fields.count == header.count else {
        let fault = LineFault.fieldCount(expected: header.count, found: row.fields.count)
        throw .badLine(file: file, line: row.line, fault: fault)
      }
      rows.append(ListRow(file: file, line: row.line, fields: row.fields, positions: positions))
    }
    self.file = file
    self.rows = rows
  }
}

/// One row of a list file. What is empty is nil.
struct ListRow {
  let file: String
  let line: Int
  let fields: [String]
  let positions: [String: Int]

  /// The text of a column that ``ListTable`` was told to require; nil when empty.
  func text(_ column: String) -> String? {
    guard let position = positions[column], !fields[position].isEmpty else { return nil }
    return fields[position]
  }

  /// The text of a column that may not be empty.
  func required(_ column: String) throws(CourtError) -> String {
    guard let text = text(column) else { throw fail(.badValue(column: column, text: "")) }
    return text
  }

  /// A day as `YYYY-MM-DD`, which may not be empty.
  func requiredDay(_ column: String) throws(CourtError) -> Day {
    guard let day = try parsed(column, { Day(iso: $0) }) else { throw fail(.badValue(column: column, text: "")) }
    return day
  }

  /// A word of a built-in code list, which may not be empty.
  func word(_ column: String, of list: String) throws(CourtError) -> String {
    let text = try required(column)
    guard CodeLists.builtIn.entry(text, in: list) != nil else { throw fail(.badValue(column: column, text: text)) }
    return text
  }

  /// The word of a built-in code list that has the column's text as its English name.
  func word(named column: String, of list: String) throws(CourtError) -> String {
    let text = try required(column)
    guard let entry = CodeLists.builtIn.entries(of: list).first(where: { $0.english == text }) else {
      throw fail(.badValue(column: column, text: text))
    }
    return entry.code
  }

  func integer(_ column: String) throws(CourtError) -> Int64? {
    // `Int64` alone would take a plus sign; a list has plain digits.
    try parsed(column) { $0.utf8.first == 0x2B ? nil : Int64($0) }
  }

  func real(_ column: String) throws(CourtError) -> Double? {
    // `Double` alone would take hex digits, "nan" and "inf".
    try parsed(column) { text in
      text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E } ? Double(text) : nil
    }
  }

  /// 1 or 0.
  func flag(_ column: String) throws(CourtError) -> Bool? {
    try parsed(column) { ["0": false, "1": true][$0] }
  }

  func fail(_ fault: LineFault) -> CourtError { .badLine(file: file, line: line, fault: fault) }

  private func parsed<T>(_ column: String, _ read: (String) -> T?) throws(CourtError) -> T? {
    guard let text = text(column) else { return nil }
    guard let value = read(text) else { throw fail(.badValue(column: column, text: text)) }
    return value
  }
}
