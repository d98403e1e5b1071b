import Testing

@Suite("habits of the sources")
struct HabitTests {
  @Test("no source ends the program on input: no try!, no fatalError, no as!")
  func endings() throws {
    let found = try Tree.faults(House.endings)
    #expect(found == [])
  }

  @Test("clock, randomness and naps reach the core only through what is passed in")
  func machine() throws {
    let found = try Tree.faults(House.machineCalls)
    #expect(found == [])
  }

  /// Files that may be longer than ``greatestLength``, each with its reason. Best empty.
  static let longFiles: Set<String> = []
  /// Lines past which a file asks to be split by idea.
  static let greatestLength = 500

  @Test("no file is longer than 500 lines, but for those named with a reason")
  func lengths() throws {
    var long: Set<String> = []
    for folder in ["Sources", "Tests"] {
      for path in try Tree.files(below: folder, ending: ".swift") {
        let lines = try Tree.text("\(folder)/\(path)").split(separator: "\n", omittingEmptySubsequences: false).count
        if lines - 1 > HabitTests.greatestLength { long.insert("\(folder)/\(path)") }
      }
    }
    #expect(long.subtracting(HabitTests.longFiles) == [])
  }

  @Test("nothing is named Utils, Helper or Manager")
  func names() throws {
    let vague = try Tree.files(below: "Sources", ending: ".swift").filter { path in
      ["Utils", "Utilities", "Helper", "Manager"].contains { path.contains($0) }
    }
    #expect(vague == [])
  }
}
