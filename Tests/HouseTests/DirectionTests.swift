import Testing

@Suite("the house stands as it is drawn")
struct DirectionTests {
  @Test("no module imports what stands below it, and libraries only where they are named")
  func arrows() throws {
    let sources = try Tree.sources()
    // Were the folder not found, everything would hold.
    #expect(sources.count > 100)
    let wrong = sources.flatMap { House.wrongArrows(in: $0.text, at: $0.path) }
    #expect(wrong == [])
  }

  @Test("every folder of Sources is a module of the house, and the other way round")
  func folders() throws {
    let folders = Set(
      try Tree.files(below: "Sources", ending: "").compactMap { $0.split(separator: "/").first.map(String.init) })
    #expect(folders.subtracting(House.modules.map(\.name)) == [])
    #expect(Set(House.modules.map(\.name)).subtracting(folders) == [])
  }

  @Test("the page that draws the house names every module")
  func page() throws {
    let page = try Tree.text("docs/README.md")
    let unnamed = House.modules.map(\.name).filter { !page.contains("`\($0)`") }
    #expect(unnamed == [])
  }

  @Test("no module has a type of its own name")
  func names() throws {
    let found = try Tree.faults(House.typesNamedLikeTheirModule)
    #expect(found == [])
  }
}

@Suite("a wrong arrow is found")
struct PlantedFaultTests {
  @Test(
    "a planted import is found",
    arguments: [
      ("Merge/Dot.swift", "import Foundation"),
      ("Merge/Dot.swift", "import Crypto"),
      ("Merge/Dot.swift", "import ChangeFormat"),
      ("ChangeFormat/Batch.swift", "@testable import ReplicaStore"),
      ("ChangeFormat/Batch.swift", "import GRDB"),
      ("ReplicaStore/Replica.swift", "import Merge; import Transport"),
      ("ReplicaStore/Replica.swift", "import CCurl"),
      ("Transport/Exchange/Exchange.swift", "@preconcurrency import struct Court.Day"),
      ("Transport/Exchange/Exchange.swift", "#if canImport(GRDB)\nimport GRDB\n#endif"),
      ("Court/Calendar/Day.swift", "public import CentralNode"),
      ("CentralNode/Centre/Centre.swift", "import Hummingbird"),
      ("CentralNode/Server/NodeServer.swift", "import ArgumentParser"),
      ("circuit/Program.swift", "import Hummingbird"),
      ("Simulator/Fleet.swift", "import circuit"),
      ("circuit-bench/Entry.swift", "import Crypto"),
      ("Desk/Page.swift", "import Merge"),
    ])
  func planted(path: String, source: String) {
    #expect(House.wrongArrows(in: SwiftText(source), at: path).count == 1)
  }

  @Test(
    "what only looks like an import is none",
    arguments: [
      (
        "Merge/Dot.swift", "// import Foundation\n/// import GRDB\n/* import A /* import B */ import C */ struct Dot {}"
      ),
      (
        "Merge/Dot.swift",
        "let a = \"import GRDB\"; let b = #\"\"import GRDB\"\"#; let c = \"\"\"\n  import GRDB\n  \"\"\""
      ),
      ("ChangeFormat/Keys.swift", "import Crypto\nimport Merge"),
      ("Merge/Dot.swift", "func `import`(_ file: File) { self.`import`(file); file.import(x); import(y) }"),
      ("CentralNode/Server/NodeServer.swift", "import Hummingbird\nimport X509\nimport Court\nimport Foundation"),
    ])
  func harmless(path: String, source: String) {
    #expect(House.wrongArrows(in: SwiftText(source), at: path) == [])
  }

  @Test("a string ends where it ends, and an interpolation is code")
  func strings() {
    let text = SwiftText(
      ###"let a = "\"try! \(b as! C) try!" + ##"\#(try!) "# try!"##; fatalError ( )"###)
    #expect(text.says("as!"))
    #expect(text.says("fatalError("))
    #expect(!text.says("try!"))
    #expect(!SwiftText("let x = try !f()\nlet y = try\n!z").says("try!"))
  }

  @Test("a type of the module's name, an ending and a clock are found")
  func others() {
    let path = "Transport/Exchange/Exchange.swift"
    #expect(House.typesNamedLikeTheirModule(in: SwiftText("public final class Transport {}"), at: path).count == 1)
    #expect(House.typesNamedLikeTheirModule(in: SwiftText("let name: Transport"), at: path) == [])
    #expect(House.endings(in: SwiftText("let a = try! b()"), at: path) == ["\(path): try!"])
    #expect(House.endings(in: SwiftText("let a = try? b() as? C // try! as!"), at: path) == [])
    #expect(House.machineCalls(in: SwiftText("let now = Date()"), at: path) == ["\(path): Date()"])
    #expect(House.machineCalls(in: SwiftText("let then = Date(timeIntervalSince1970: 0)"), at: path) == [])
    #expect(House.machineCalls(in: SwiftText("try await Task.sleep(for: .seconds(1))"), at: path).count == 1)
    #expect(House.machineCalls(in: SwiftText("Task.sleep(for: t)"), at: "CentralNode/Server/NodeServer.swift") == [])
  }
}
