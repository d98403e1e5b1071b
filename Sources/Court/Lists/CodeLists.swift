/// A word of a code list 代码 in one edition.
public struct CodeEntry: Sendable, Equatable {
  /// The list's name, such as `dispute_source`.
  public let list: String
  /// The word a record holds, such as `walk_in`.
  public let code: String
  public let chinese: String
  public let english: String
  public let edition: ListEdition
  /// A word of another list that this one belongs to (an activity kind's programme).
  public let parent: String?
}

/// An edition of a list 版本 and the day from which it holds. It holds until the next one begins.
public struct ListEdition: Sendable, Hashable {
  public let name: String
  public let validFrom: Day

  public init(name: String, validFrom: Day) {
    self.name = name
    self.validFrom = validFrom
  }
}

/// Code lists with their editions, and the names of their words in both tongues.
///
/// The built-in edition is ``builtIn``; a court's own lists are `code` records of the same shape in the replica.
public struct CodeLists: Sendable {
  /// In the order of the file.
  public let entries: [CodeEntry]
  private let byList: [String: [Int]]

  /// The edition the program carries, the same as `Fixtures/lists/codes.csv`.
  public static let builtIn: CodeLists = {
    do throws(CourtError) {
      return try CodeLists(csv: Array(BuiltInCodes.csv.utf8), file: "codes.csv")
    } catch {
      preconditionFailure("the built-in code lists are broken: \(error.message(.en))")
    }
  }()

  /// Reads `list,code,name_zh,name_en,edition,valid_from,parent`.
  ///
  /// - Throws: ``CourtError/badLine(file:line:fault:)``; a word twice in one edition is an error, and so is an
  ///   edition with two days.
  public init(csv: [UInt8], file: String) throws(CourtError) {
    let columns = ["list", "code", "name_zh", "name_en", "edition", "valid_from", "parent"]
    let table = try ListTable(csv, file: file, columns: columns)
    var entries: [CodeEntry] = []
    var byList: [String: [Int]] = [:]
    var seen: Set<[String]> = []
    var begins: [[String]: Day] = [:]
    for row in table.rows {
      let list = try row.required("list")
      let code = try row.required("code")
      let edition = try row.required("edition")
      let chinese = try row.required("name_zh")
      let english = try row.required("name_en")
      let text = try row.required("valid_from")
      guard let day = Day(iso: text), begins[[list, edition], default: day] == day else {
        throw row.fail(.badValue(column: "valid_from", text: text))
      }
      begins[[list, edition]] = day
      guard seen.insert([list, edition, code]).inserted else { throw row.fail(.duplicate("\(list) \(code)")) }
      byList[list, default: []].append(entries.count)
      entries.append(
        CodeEntry(
          list: list, code: code, chinese: chinese, english: english,
          edition: ListEdition(name: edition, validFrom: day), parent: row.text("parent")))
    }
    self.entries = entries
    self.byList = byList
  }

  /// The names of all lists, sorted.
  public var lists: [String] { byList.keys.sorted() }

  /// The edition of a list in force on a day: of those that have begun the latest. Without a day the latest of all.
  ///
  /// Nil where there is no such list, or no edition has begun.
  public func edition(of list: String, on day: Day? = nil) -> ListEdition? {
    (byList[list] ?? []).map { entries[$0].edition }
      .filter { edition in day.map { edition.validFrom <= $0 } ?? true }
      .max { ($0.validFrom, $0.name) < ($1.validFrom, $1.name) }
  }

  /// The entries of the edition in force, in the order of the file; empty where there is none.
  public func entries(of list: String, on day: Day? = nil) -> [CodeEntry] {
    guard let edition = edition(of: list, on: day) else { return [] }
    return (byList[list] ?? []).map { entries[$0] }.filter { $0.edition == edition }
  }

  /// The words of the newest edition; nil where there is no such list.
  public func words(of list: String) -> [String]? {
    byList[list] == nil ? nil : entries(of: list).map(\.code)
  }

  /// A word with its names. Without a day, or where the edition of that day lacks it, the newest entry that has it, so
  /// that an old record's word keeps its name.
  public func entry(_ code: String, in list: String, on day: Day? = nil) -> CodeEntry? {
    if let day, let entry = entries(of: list, on: day).first(where: { $0.code == code }) { return entry }
    return (byList[list] ?? []).map { entries[$0] }
      .filter { $0.code == code }
      .max { ($0.edition.validFrom, $0.edition.name) < ($1.edition.validFrom, $1.edition.name) }
  }

  /// What a list itself is called: lists are words of the list `code_list`.
  public func name(ofList list: String) -> CodeEntry? { entry(list, in: "code_list") }
}
