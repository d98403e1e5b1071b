import Merge

/// A tribunal that has no network at all.
extension DemoStory {
  private var remote: String { "remote" }
  private var remoteScope: String { "tribunal/裴城人民法庭" }

  // MARK: 8

  /// Its work goes to the centre on a stick, and on a stick come the receipts and what the court shares.
  func carrySticks() throws {
    try stage.heading(
      8, "裴城人民法庭没有网络：用 U 盘往返，并取回回执",
      "裴城人民法庭 has no network: a stick goes both ways and brings the receipts")
    let ticket = try stage.circuit("centre", "ticket", centre, "--scope", remoteScope, "--label", "裴城一号工作站")
    let device = try stage.circuit("enrol", "-C", remote, "--centre", stage.address, "--ticket", ticket)
    let dispute = try stage.circuit(
      "put", "-C", remote, "dispute", "summary=两家因宅基地排水发生纠纷", "source=walk_in", "received_on=2026-01-07", "--as",
      "法官助理周某")
    try stage.circuit(
      "put", "-C", remote, "mediation", "dispute_id=\(dispute)", "venue_kind=yard", "outcome=agreement",
      "terms=共用排水沟，各修一半", "agreed_on=2026-01-08", "--as", "法官周某")

    let up = try stage.json("bundle", "export", "-C", remote, "to-centre.bundle")
    let taken = try stage.json("bundle", "import", "-C", centre, "to-centre.bundle")
    let down = try stage.json("bundle", "export", "-C", centre, "from-centre.bundle", "--to", device)
    let unsent = try stage.json("status", "-C", remote)["unsent"].natural
    try stage.circuit("bundle", "import", "-C", remote, "from-centre.bundle")
    let left = try stage.json("status", "-C", remote)
    try stage.require(
      taken["changes"].natural == 2 && unsent == 2 && left["unsent"].natural == 0,
      "回执没有随 U 盘回来", "the receipts have not come back on the stick")
    let villages = try stage.json("list", "-C", remote, "village").array.count
    try stage.require(villages == 199, "裴城应有 199 个村和社区", "裴城 should hold 199 villages, not \(villages)")
    try compareDigests(of: [remote], ["court", remoteScope])
    try stage.tell(
      "   去：变更 \(up["changes"].text)，\(up["bytes"].text) 字节；回：变更 \(down["changes"].text)，\(down["bytes"].text) 字节；"
        + "未获回执的变更由 2 变为 0，摘要与中心相同",
      "   there: \(up["changes"].text) changes in \(up["bytes"].text) bytes; back: \(down["changes"].text) changes in "
        + "\(down["bytes"].text) bytes; changes without a receipt: 2, then 0; digests equal the centre's")
  }
}
