/// What the command line asks for.
struct Options {
  /// Ids as the shared workload names them; empty: all.
  var only: Set<String> = []
  var rows = 100_000
  var runs = 5
  var isJSON = false
  /// Measures memory in this process, and prints nothing else.
  var isMemoryProbe = false

  static let usage = """
    usage: circuit-bench [--only W1,W4,disk,memory] [--rows N] [--runs N] [--json]

      --only   W1 W1b W2 W3 W4 W4b W5 W6 W7 W8 W9 disk memory; default all
      --rows   rows of the workload, default 100000
      --runs   interleaved runs, whose medians are shown, default 5
      --json   one JSON document instead of the table
    """

  struct Misuse: Error { var text: String }

  init(_ arguments: [String]) throws(Misuse) {
    var rest = arguments[...]
    func number(_ name: String, _ text: String?) throws(Misuse) -> Int {
      guard let text, let value = Int(text), value > 0 else { throw Misuse(text: "\(name) takes a positive number") }
      return value
    }
    while let word = rest.popFirst() {
      switch word {
      case "--only":
        guard let list = rest.popFirst() else { throw Misuse(text: "--only takes a list") }
        for id in list.split(separator: ",").map(String.init) {
          guard Options.known.contains(id) else { throw Misuse(text: "no benchmark \(id)") }
          only.insert(id)
        }
      case "--rows": rows = try number(word, rest.popFirst())
      case "--runs": runs = try number(word, rest.popFirst())
      case "--json": isJSON = true
      case "--memory-probe": isMemoryProbe = true
      default: throw Misuse(text: "unknown option \(word)")
      }
    }
  }

  static let known: Set<String> = [
    "W1", "W1b", "W2", "W3", "W4", "W4b", "W5", "W6", "W7", "W8", "W9", "disk", "memory",
  ]

  func wants(_ id: String) -> Bool { only.isEmpty || only.contains(id) }
  func wants(anyOf ids: [String]) -> Bool { ids.contains { wants($0) } }
}
