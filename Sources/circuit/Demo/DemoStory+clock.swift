import Merge

/// A laptop whose clock stands in the year 2099.
extension DemoStory {
  // MARK: 9

  /// It works and exchanges as ever; the centre notices, and its edits do not win for seventy years.
  func workIn2099(_ day: Day) throws {
    try stage.heading(
      9, "笔记本的时钟走到了 2099 年：照常工作，中心改定时间，说给用户听",
      "The laptop's clock stands in 2099: work goes on, the centre sets the time right, its user is told")
    guard let clock = ShiftedClock(startingAt: "2099-03-01 09:00:00") else {
      return try stage.tell(
        "   跳过：未安装 faketime（apt-get install faketime）",
        "   left out: faketime is not installed (apt-get install faketime)")
    }
    try stage.circuit(
      "put", "-C", laptop, "dispute", day.dispute, "summary=大王村边界纠纷，丈量完毕", "--as", "张法官", under: clock)
    try stage.circuit("sync", "-C", laptop, under: clock)
    let status = try stage.json("status", "-C", laptop, under: clock)
    let orders = try stage.circuit("orders", "-C", laptop, "--json").split(separator: "\n")
    let restamps = try orders.filter { try JSONReader.read(Array($0.utf8))["kind"].string == "restamp" }
    try stage.require(restamps.count == 1, "中心应改定一次时间", "the centre should have restamped once")
    let off = status["clock_off_ms"].natural ?? 0
    try stage.require(off > 2_000_000_000_000, "笔记本应知道时钟不对", "the laptop should know that its clock is wrong")
    // Plain words, as a person sees them.
    let words = try stage.circuit("status", "-C", laptop, under: clock).split(separator: "\n").filter {
      $0.contains(say("时钟", "clock")) || $0.contains(say("裁定", "ruling"))
    }
    for line in words { try stage.tell("   \(line)", "   \(line)") }

    // The true present is later than the year 2099 that was.
    try stage.circuit("sync", "-C", first)
    try stage.circuit(
      "put", "-C", first, "dispute", day.dispute, "summary=大王村边界纠纷，已履行", "--as", "法官助理王某")
    for folder in [first, laptop, second] { try stage.circuit("sync", "-C", folder) }
    let shown = try stage.json("get", "-C", laptop, "dispute", day.dispute)["fields"]["summary"].string
    try stage.require(
      shown == "大王村边界纠纷，已履行", "后来的修改应当显示", "the edit that came later should be shown, not \(shown ?? "")")
    try compareDigests(of: [first, second, laptop], ["court", scope])
    try stage.tell(
      "   其后在时钟正确的工作站上所作的修改，处处显示为：\(shown ?? "")",
      "   what a workstation with a right clock wrote after it is shown everywhere: \(shown ?? "")")
  }
}
