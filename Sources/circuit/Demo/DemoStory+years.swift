import ChangeFormat
import Court
import Merge
import ReplicaStore

/// Three years of the whole court.
extension DemoStory {
  private var office: String { "office" }

  // MARK: 10, 11

  func loadYears() throws {
    try stage.heading(
      10, "综合办公室载入全院三年的记录，送到中心", "The general office loads three years of the whole court and sends them")
    let manifest = try JSONReader.read(try stage.fixture("years/manifest.json"))
    var scopes: Set<String> = []
    for line in String(decoding: try stage.fixture("years/devices.csv"), as: UTF8.self).split(separator: "\n")
      .dropFirst()
    {
      if let scope = line.split(separator: ",").last { scopes.insert(String(scope)) }
    }
    let named = scopes.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let ticket = try stage.circuit(
      ["centre", "ticket", centre, "--label", "综合办公室"] + named.flatMap { ["--scope", $0] })
    try stage.circuit("enrol", "-C", office, "--centre", stage.address, "--ticket", ticket)
    for year in manifest["years"].array {
      guard let file = year["file"].string, let size = year["bytes"].natural, let sum = year["sha256"].string else {
        throw CommandError.demoStep("Fixtures/years", "manifest.json")
      }
      let packed = try stage.fixture("years/\(file)")
      let lines = try Compressor().decompress(packed, size: Int(size), what: file)
      try stage.require(Hashing.hash(lines).hex == sum, "\(file) 与清单不符", "\(file) is not what the manifest says")
      let changes = try stage.circuit("apply", "-C", office, "-", input: lines).split(separator: "\n").count
      try stage.tell("   \(year["year"].text) 年：\(changes) 个变更", "   \(year["year"].text): \(changes) changes")
    }
    let sent = try stage.json("sync", "-C", office)
    let verified = try stage.json("verify", "-C", centre)
    try compareDigests(of: [office], ["court"] + named)
    try stage.tell(
      "   送出 \(sent["sent"].text) 个变更；中心现有 \(verified["records"].text) 条记录，\(named.count + 1) 个范围的摘要相同",
      "   \(sent["sent"].text) changes sent; the centre holds \(verified["records"].text) records, "
        + "the digests of \(named.count + 1) scopes are equal")
    try review()
  }

  /// Two figures of the annual review, counted by the centre over all that has reached it.
  private func review() throws {
    try stage.heading(
      11, "中心据全部记录统计年度综述的两项数字", "The centre counts two figures of the annual review from its records")
    let replica = try Replica.open(
      folder: "\(stage.folder)/\(centre)", schema: CourtSchema.current, access: .reading,
      surroundings: .system(keyFolder: "\(stage.folder)/keys/circuit"))
    func records(_ table: String) throws -> [RecordView] {
      var found: [RecordView] = []
      try replica.records(table: table, includeVoid: false, where: []) { found.append($0) }
      return found
    }
    let review = AnnualReview.figures(
      year: 2025, activities: try records("activity"), bodies: try records("body"), branches: try records("branch"),
      teams: try records("volunteer_team"))
    try replica.close()
    try stage.require(
      review.festivals.count == 5 && review.volunteering.count == 29,
      "数字应为 5 和 29，实为 \(review.festivals.count) 和 \(review.volunteering.count)",
      "the figures should be 5 and 29, not \(review.festivals.count) and \(review.volunteering.count)")
    for line in review.text(stage.session.tongue).split(separator: "\n") { try stage.tell("   \(line)", "   \(line)") }
  }
}
