import Testing

@testable import Court

@Suite("Code lists and their editions")
struct CodeListTests {
  let builtIn = CodeLists.builtIn

  @Test("what the program carries is the file, byte for byte")
  func sameAsFile() throws {
    #expect(Array(BuiltInCodes.csv.utf8) == (try Checkout.bytes(of: .codes)))
  }

  @Test("a word has its names in both tongues")
  func names() {
    #expect(builtIn.entry("field", in: "circuit_venue")?.chinese == "田间地头")
    #expect(builtIn.entry("visit", in: "dispute_source")?.english == "found on a visit")
    #expect(builtIn.entry("nothing", in: "dispute_source") == nil)
    #expect(builtIn.entry("visit", in: "nothing") == nil)
  }

  @Test("every list has a name in both tongues")
  func listNames() {
    for list in builtIn.lists { #expect(builtIn.name(ofList: list) != nil, "\(list)") }
  }

  @Test("every list with words is used by a column, or names lists and tags")
  func used() {
    var used = Set(CourtSchema.kinds.flatMap(\.fields).compactMap(\.list))
    used.insert("code_list")
    used.formUnion((builtIn.words(of: "tag_list") ?? []).filter { builtIn.words(of: $0) != nil })
    #expect(Set(builtIn.lists).subtracting(used) == [])
    #expect(used.subtracting(builtIn.lists) == [])
  }

  @Test("every kind of activity but other belongs to a programme")
  func programmes() {
    let programmes = builtIn.words(of: "programme") ?? []
    #expect(programmes.count == 6)
    for kind in builtIn.entries(of: "activity_kind") where kind.code != "other" {
      #expect(programmes.contains(kind.parent ?? ""), "\(kind.code)")
    }
  }

  @Test("the words of the published programmes mean the same in the built-in lists")
  func agreesWithProgrammes() throws {
    let own = Dictionary(
      uniqueKeysWithValues: try Checkout.records(of: .codes).filter { $0.table == "code" }.map { ($0.id, $0) })
    let published = try Checkout.records(of: .programmes).filter { $0.table == "code" }
    var shared = 0
    for record in published {
      guard let same = own[record.id] else { continue }
      shared += 1
      for name in ["list", "edition", "code", "name", "name_en", "position", "valid_from_on"] {
        #expect(record[name] == same[name], "\(String(describing: record["code"])) \(name)")
      }
    }
    #expect(shared == 43)
    let lives = published.filter { $0["list"] == .text("organisational_life") }
    for record in lives {
      guard case .text(let code)? = record["code"], case .text(let name)? = record["name"] else { continue }
      #expect(builtIn.entry(code, in: "activity_kind")?.chinese == name)
    }
    #expect(lives.count == 10)
  }

  @Test("an edition holds from its day until the next begins")
  func editions() throws {
    let lists = try CodeLists(csv: Array(twoEditions.utf8), file: "c.csv")
    let before = try #require(Day(iso: "2019-12-31"))
    let first = try #require(Day(iso: "2025-12-31"))
    let second = try #require(Day(iso: "2026-01-01"))
    #expect(lists.edition(of: "colour", on: before) == nil)
    #expect(lists.entries(of: "colour", on: before) == [])
    #expect(lists.entries(of: "colour", on: first).map(\.code) == ["red", "blue"])
    #expect(lists.entries(of: "colour", on: second).map(\.code) == ["red", "green"])
    #expect(lists.words(of: "colour") == ["red", "green"])
    #expect(lists.entry("red", in: "colour", on: first)?.chinese == "红")
    #expect(lists.entry("red", in: "colour", on: second)?.chinese == "红色")
    #expect(lists.entry("red", in: "colour")?.chinese == "红色")
    // A word that the later edition dropped keeps its name.
    #expect(lists.entry("blue", in: "colour")?.chinese == "蓝")
    #expect(lists.words(of: "shape") == nil)
  }

  @Test("a word twice, an edition with two days, a missing name: refused with the line")
  func refuses() {
    let head = "list,code,name_zh,name_en,edition,valid_from,parent\na,x,甲,x,1,2020-01-01,\n"
    func read(_ row: String) throws -> CodeLists { try CodeLists(csv: Array((head + row).utf8), file: "c.csv") }
    #expect(throws: CourtError.badLine(file: "c.csv", line: 3, fault: .duplicate("a x"))) {
      try read("a,x,乙,x,1,2020-01-01,\n")
    }
    #expect(
      throws: CourtError.badLine(file: "c.csv", line: 3, fault: .badValue(column: "valid_from", text: "2021-01-01"))
    ) { try read("a,y,乙,y,1,2021-01-01,\n") }
    #expect(throws: CourtError.badLine(file: "c.csv", line: 3, fault: .badValue(column: "name_zh", text: ""))) {
      try read("a,y,,y,1,2020-01-01,\n")
    }
    #expect(
      throws: CourtError.badLine(file: "c.csv", line: 3, fault: .badValue(column: "valid_from", text: "2020-02-30"))
    ) { try read("b,y,乙,y,1,2020-02-30,\n") }
  }

  private let twoEditions = """
    list,code,name_zh,name_en,edition,valid_from,parent
    colour,red,红,red,1,2020-01-01,
    colour,blue,蓝,blue,1,2020-01-01,
    colour,red,红色,red,2,2026-01-01,
    colour,green,绿色,green,2,2026-01-01,
    """
}
