import Testing

@Suite("Whatever is edited in whatever order, the replicas agree with the model")
struct RandomEditsTests {
  @Test("random edits, voids, decisions and syncs of three devices", arguments: 1...30)
  func edits(seed: Int) async throws {
    try await TestCourt.open { court in
      var chance = Chance(seed: UInt64(seed))
      let devices = [
        try await court.device("A"), try await court.device("B"),
        try await court.device("C", scopes: [TestCourt.tribunal, TestCourt.department]),
      ]
      var clerk = Clerk(records: (0..<3).map { _ in chance.id() })
      for _ in 0..<14 {
        let device = devices[chance.below(3)]
        let scopes = device.name == "C" ? [TestCourt.tribunal, TestCourt.department] : [TestCourt.tribunal, "court"]
        switch chance.below(10) {
        case 0..<5:
          let lines = clerk.lines(&chance, scope: scopes[chance.below(2)], who: device.name)
          let answer = try await device.call("apply", "-", input: lines)
          #expect(answer.code == 0 || Clerk.refusals.contains(String(answer.error.prefix(8))), "\(answer.error)")
        case 5: try await decide(device, &chance)
        default: try await device.ok("sync")
        }
      }
      for _ in 0..<2 { for device in devices { try await device.ok("sync") } }
      try await check(court, devices)
    }
  }

  /// Decides one open conflict.
  private func decide(_ device: ReplicaFolder, _ chance: inout Chance) async throws {
    let open = try await device.json("conflicts").items
    guard !open.isEmpty else { return }
    let conflict = open[chance.below(open.count)]
    let writes = [conflict] + conflict["others"].items
    let taken = writes[chance.below(writes.count)]
    let answer = try await device.call(
      "resolve", conflict["table"].text, conflict["id"].text, conflict["field"].text, "--take",
      "\(taken["log"].text):\(taken["seq"].text)", "--reason", "核对", "--as", device.name, "--scope",
      conflict["scope"].text)
    #expect(answer.code == 0 || Clerk.refusals.contains(String(answer.error.prefix(8))), "\(answer.error)")
  }

  private func check(_ court: TestCourt, _ devices: [ReplicaFolder]) async throws {
    let schema = try await court.centre.json("schema")
    let digests = try await court.centre.json("digest")["scopes"]
    for place in devices + [court.centre] {
      let log = try await place.log()
      #expect(log.allSatisfy { $0["state"].text == "applied" })
      try inCausalOrder(log)
      let model = MergeModel(log: log, schema: schema)
      let dump = try await place.ok("dump").jsonLines()
      // Order of records is the contract's; order of keys inside an object is free.
      #expect(dump.map(\.inKeyOrder) == model.dump().map(\.inKeyOrder), "\(place.name)")
      #expect(try await place.json("conflicts").items.map(\.conflict) == model.conflicts(), "\(place.name)")
      for scope in try await place.json("digest")["scopes"].members { #expect(digests[scope.name] == scope.value) }
    }
    #expect(try await devices[0].dump() == (try await devices[1].dump()))
    try await court.centre.ok("verify")
  }

  private func inCausalOrder(_ log: [JSONValue]) throws {
    var reached: [String: Int] = [:]
    for change in log {
      let (own, seq) = (change["log"].text, change["seq"].integer ?? 0)
      #expect(seq == (reached[own] ?? 0) + 1)
      for seen in change["context"].members { #expect((reached[seen.name] ?? 0) >= seen.value.integer ?? 0) }
      reached[own] = seq
    }
  }
}

/// Makes up what a clerk types.
struct Clerk {
  /// What a legal conflict, a void record, a fact written once, or the other scope of a record is refused with.
  static let refusals: Set<String> = ["CIR-2106", "CIR-2202", "CIR-2203", "CIR-2207"]

  var records: [String]

  /// A few transactions of one write each.
  mutating func lines(_ chance: inout Chance, scope: String, who: String) -> String {
    (0..<1 + chance.below(4)).map { _ in
      let id = records[chance.below(records.count)]
      let stage = ["立案", "审理", "结案"][chance.below(3)]
      let amount = ["1", "2", "null"][chance.below(3)]
      let set =
        switch chance.below(12) {
        case 0: #""voided":true,"void_reason":"重复""#
        case 1, 2: #""voided":false"#
        case 3: "\"received_on\":\"2026-01-0\(1 + chance.below(3))\""
        case 4, 5: "\"stage\":\"\(stage)\""
        case 6: "\"amount_fen\":\(amount)"
        default: "\"summary\":\"\(chance.below(3))\",\"stage\":\"\(stage)\""
        }
      return "{\"table\":\"dispute\",\"id\":\"\(id)\",\"scope\":\"\(scope)\",\"as\":\"\(who)\",\"set\":{\(set)}}\n"
    }.joined(separator: "\n")
  }
}

/// Seeded chance: SplitMix64.
struct Chance {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// A record's id.
  mutating func id() -> String {
    let digits = Array("0123456789abcdef")
    return String((0..<32).map { _ in digits[below(16)] })
  }
}
