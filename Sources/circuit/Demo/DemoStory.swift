import ChangeFormat
import Court
import Merge
import ReplicaStore

/// One day of 孟庙人民法庭: everyone works without a network, then all of it comes together and is proved. After it a
/// tribunal that has only sticks, a laptop in the year 2099, and three years of the whole court.
struct DemoStory {
  let stage: DemoStage

  let centre = "centre"
  let first = "workstation-1"
  let second = "workstation-2"
  let laptop = "laptop"
  let scope = "tribunal/孟庙人民法庭"

  init(_ stage: DemoStage) { self.stage = stage }

  func tell() throws {
    try setUp()
    try loadLists()
    let day = try workOffline()
    try exchange()
    try decide(day)
    try compare()
    try prove(day)
    try carrySticks()
    try workIn2099(day)
    try loadYears()
    try stage.tell("\n全部相符。", "\nEverything agrees.")
  }

  // MARK: 1, 2

  private func setUp() throws {
    try stage.heading(
      1, "建立郾城区人民法院的中心，登记两台工作站和一台巡回笔记本",
      "The centre of 郾城区人民法院 is made; two workstations and a circuit laptop are admitted")
    let court = try stage.circuit("centre", "init", centre, "--court", "郾城区人民法院", "--code", "豫1103")
    try stage.startCentre(centre)
    try stage.tell("   法院 \(court)，中心 \(stage.address)", "   court \(court), centre \(stage.address)")
    for (folder, label) in [(first, "孟庙一号工作站"), (second, "孟庙二号工作站"), (laptop, "巡回笔记本")] {
      let ticket = try stage.circuit("centre", "ticket", centre, "--scope", scope, "--label", label)
      let device = try stage.circuit("enrol", "-C", folder, "--centre", stage.address, "--ticket", ticket)
      try stage.tell("   \(label)：设备 \(device)", "   \(label) (\(folder)): device \(device)")
    }
  }

  private func loadLists() throws {
    try stage.heading(
      2, "载入真实的区划和案由，同步到每台机器", "The real places and causes are loaded and reach every machine")
    var count = 0
    for list in [OfficialList.divisions, .causes] {
      let records = try list.records(try stage.fixture("lists/\(list.fileName)"))
      var lines: [UInt8] = []
      for (i, record) in records.enumerated() {
        if i % 200 == 0 && i > 0 { lines.append(0x0A) }
        JSON.object([
          "table": .string(record.table), "id": .string(record.id.hex), "scope": .string("court"),
          "set": .object(record.fields.map { JSON.Member(name: $0.0, value: $0.1.json) }), "as": .string("书记员李某"),
        ]).write(to: &lines)
        lines.append(0x0A)
      }
      try stage.circuit("apply", "-C", first, "-", input: lines)
      count += records.count
    }
    for folder in [first, second, laptop] { try stage.circuit("sync", "-C", folder) }
    let villages = try stage.json("list", "-C", laptop, "village").array.count
    try stage.require(
      villages == 199, "笔记本上应有 199 个村和社区，实有 \(villages)", "the laptop holds \(villages) villages, not 199")
    try stage.tell(
      "   \(count) 条，其中 \(villages) 个村和社区", "   \(count) records, \(villages) villages and communities among them")
  }

  // MARK: 3

  struct Day {
    var dispute: String
    var hearing: String
    var hearingDot: Dot
  }

  private func workOffline() throws -> Day {
    try stage.heading(3, "断网工作：收下纠纷，下乡开庭，各自修改同一纠纷", "All work without a network")
    // 李集镇大王村 by its code in the national list.
    let village = try stage.json("list", "-C", laptop, "village", "--where", "code=411103106214").array.first
    guard let villageID = village?["id"].string else {
      throw CommandError.demoStep("list village", "大王村")
    }
    let dispute = try stage.circuit(
      "put", "-C", first, "dispute", "summary=大王村两户因承包地边界发生纠纷", "source=village_report",
      "village_id=\(villageID)", "stage=mediating", "amount_fen=350000", "received_on=2026-01-05", "--as", "法官助理王某")
    for folder in [first, second, laptop] { try stage.circuit("sync", "-C", folder) }
    stage.stopCentre()
    try stage.tell(
      "   网络断开；纠纷 \(dispute) 已在三台机器上", "   the network is gone; dispute \(dispute) is on all three machines")

    let caseID = try stage.circuit(
      "put", "-C", laptop, "case", "dispute_id=\(dispute)", "village_id=\(villageID)", "procedure=summary",
      "provisional_number=临孟庙001", "claims=请求确认承包地边界", "--as", "张法官")
    let written = try stage.json(
      "put", "-C", laptop, "hearing", "case_id=\(caseID)", "is_circuit=true", "venue_kind=field",
      "place=大王村东头地边", "village_id=\(villageID)", "starts_at=2026-01-06T01:30:00.000Z", "has_teaching=true",
      "teaching_topic=承包地边界与相邻关系", "outcome=settled", "--as", "张法官")
    guard let hearing = written["id"].string, let log = written["log"].string, let sequence = written["seq"].natural,
      let dot = Dot(text: "\(log):\(sequence)")
    else { throw CommandError.demoStep("put hearing", "") }
    for (who, count) in [("书记员李某", 46), ("人民陪审员赵某", 12)] {
      try stage.circuit(
        "put", "-C", laptop, "tally", "of_table=hearing", "of_id=\(hearing)", "kind=audience", "count=\(count)",
        "counted_by=\(who)", "--as", who)
    }
    try stage.circuit(
      "put", "-C", laptop, "mediation", "dispute_id=\(dispute)", "case_id=\(caseID)", "village_id=\(villageID)",
      "venue_kind=field", "outcome=agreement", "terms=以田埂中线为界，双方各退一尺", "agreed_on=2026-01-06", "--as", "张法官")
    try stage.tell(
      "   李集镇大王村地边开庭：以案说法，两人分别清点旁听 46 人和 12 人，当场和解",
      "   a hearing at the field's edge in 李集镇大王村: teaching by the case, 46 and 12 listeners counted by two people, settled"
    )

    try stage.circuit(
      "put", "-C", first, "dispute", dispute, "amount_fen=360000", "summary=大王村边界纠纷，双方同意丈量", "--as", "法官助理王某")
    try stage.circuit("put", "-C", second, "dispute", dispute, "amount_fen=420000", "--as", "书记员孙某")
    try stage.circuit("put", "-C", laptop, "dispute", dispute, "amount_fen=300000", "stage=settled", "--as", "张法官")
    try stage.tell(
      "   三台机器把标的额写成 3600、4200 和 3000 元", "   the three machines write the amount as 3,600, 4,200 and 3,000 yuan")
    return Day(dispute: dispute, hearing: hearing, hearingDot: dot)
  }

  // MARK: 4, 5

  private func exchange() throws {
    try stage.heading(4, "网络恢复，全部同步", "The network is back; all exchange")
    try stage.startCentre(centre)
    try syncAll()
  }

  private func syncAll() throws {
    for _ in 0..<2 {
      for folder in [first, second, laptop] {
        let report = try stage.json("sync", "-C", folder)
        guard let sent = report["sent"].natural, let received = report["received"].natural else { continue }
        if sent + received > 0 {
          try stage.tell("   \(folder)：送出 \(sent)，收到 \(received)", "   \(folder): sent \(sent), received \(received)")
        }
      }
    }
  }

  private func decide(_ day: Day) throws {
    try stage.heading(5, "冲突没有被悄悄决定：列出来，由人裁定", "No conflict was decided silently: it is listed, and a person decides")
    let conflicts = try stage.json("conflicts", "-C", second).array
    for conflict in conflicts {
      let values = ([conflict["shown"]] + conflict["others"].array.map { $0["value"] }).map(\.text)
      try stage.tell(
        "   \(conflict["table"].string ?? "").\(conflict["field"].string ?? "")：\(values.joined(separator: "、"))",
        "   \(conflict["table"].string ?? "").\(conflict["field"].string ?? ""): \(values.joined(separator: ", "))")
    }
    try stage.require(
      conflicts.contains { $0["field"].string == "amount_fen" && $0["others"].array.count == 2 },
      "标的额应有三个值", "the amount should stand with three values")
    try stage.circuit(
      "resolve", "-C", second, "dispute", day.dispute, "amount_fen", "--value", "350000", "--reason", "按丈量结果", "--as",
      "张法官")
    try stage.tell("   张法官裁定为 3500 元，理由：按丈量结果", "   Judge 张 decides on 3,500 yuan, reason: 按丈量结果")
    try syncAll()
    for folder in [first, second, laptop] {
      let open = try stage.json("conflicts", "-C", folder).array.filter { $0["field"].string == "amount_fen" }
      try stage.require(open.isEmpty, "\(folder) 上仍有冲突", "the conflict is still open on \(folder)")
    }
  }

  // MARK: 6, 7

  private func compare() throws {
    try stage.heading(
      6, "逐个范围与中心比较摘要，并从日志重建核对",
      "Digests are compared with the centre's scope by scope; every replica is rebuilt from its log")
    let reference = try compareDigests(of: [first, second, laptop], ["court", scope])
    for name in ["court", scope] {
      try stage.tell(
        "   \(name)  \(reference[name].string?.prefix(16) ?? "")…  四处相同",
        "   \(name)  \(reference[name].string?.prefix(16) ?? "")…  the same in all four places")
    }
    for folder in [centre, first, second, laptop] {
      let verified = try stage.json("verify", "-C", folder)
      try stage.tell(
        "   verify \(folder)：变更 \(verified["changes"].text)，记录 \(verified["records"].text)",
        "   verify \(folder): \(verified["changes"].text) changes, \(verified["records"].text) records")
    }
  }

  /// Every scope of these folders must have the centre's digest. Returns the centre's.
  @discardableResult
  func compareDigests(of folders: [String], _ scopes: [String]) throws -> JSON? {
    let reference = try stage.json("digest", "-C", centre)["scopes"]
    for folder in folders {
      let digests = try stage.json("digest", "-C", folder)["scopes"]
      for name in scopes {
        try stage.require(
          digests[name].string != nil && digests[name].string == reference[name].string,
          "\(folder) 的 \(name) 与中心不同", "\(name) on \(folder) differs from the centre's")
      }
    }
    return reference
  }

  private func prove(_ day: Day) throws {
    try stage.heading(
      7, "裁定字段的全部历史，和巡回庭审的回执", "The history of the decided field, and the receipt of the circuit hearing")
    let history = try stage.json("history", "-C", laptop, "dispute", day.dispute, "amount_fen").array
    for entry in history {
      let mark = entry["flags"].string == "d" ? say("裁定", "decided") : ""
      try stage.tell(
        "   \(entry["when"].string ?? "")  \(entry["value"].text)  \(entry["who"].string ?? "")  \(entry["note"].string ?? "") \(mark)",
        "   \(entry["when"].string ?? "")  \(entry["value"].text)  \(entry["who"].string ?? "")  \(entry["note"].string ?? "") \(mark)"
      )
    }
    try stage.require(
      history.count == 5, "应有五次写入，实有 \(history.count)", "there should be five writes, not \(history.count)")
    let replica = try Replica.open(
      folder: "\(stage.folder)/\(laptop)", schema: CourtSchema.current, access: .reading,
      surroundings: .system(keyFolder: "\(stage.folder)/keys/circuit"))
    guard let receipt = try replica.receipt(covering: day.hearingDot) else {
      throw CommandError.demoDiffers(say("没有回执", "there is no receipt"))
    }
    try replica.close()
    try stage.require(receipt.isAuthentic, "回执签名不符", "the receipt's signature does not fit")
    try stage.tell(
      "   庭审 \(day.hearing) 的变更 \(day.hearingDot)：中心于 \(Instant.text(Int64(receipt.time))) 签收，持有并应用至 \(receipt.applied)",
      "   hearing \(day.hearing), change \(day.hearingDot): signed for by the centre at \(Instant.text(Int64(receipt.time))), held and applied to \(receipt.applied)"
    )
    try stage.tell(
      "   签名 \(hexOfBytes(receipt.signature.prefix(16)))… 与法院中心的公钥相符",
      "   signature \(hexOfBytes(receipt.signature.prefix(16)))… fits the centre's public key")
  }
}
