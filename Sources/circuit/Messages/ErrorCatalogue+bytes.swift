extension ErrorCatalogue {
  /// 1000s: bytes that are not what they should be.
  static let bytes: [Entry] = [
    Entry(
      1001, zh: "收到的数据不完整", "重新取得这份数据",
      en: "What was read is shorter than it says", "Fetch it again"),
    Entry(
      1002, zh: "收到的数据格式不正确", "核对来源后重新取得",
      en: "What was read is not in the form it must have", "Check where it came from and fetch it again"),
    Entry(
      1003, zh: "一个值、变更、批次或命令超过上限", "拆分后再写；大文件存为附件",
      en: "A value, change, batch or order is over its limit",
      "Split it and write again; keep large files as attachments"),
    Entry(
      1004, zh: "数据由更新的版本写成", "升级本软件",
      en: "It was written by newer software", "Upgrade this software"),
    Entry(
      1005, zh: "数据与其哈希或签名不符", "从原处重新取得；再次出现时不要相信该来源",
      en: "It does not fit its hash or signature",
      "Fetch it again from its source; do not trust that source if it happens again"),
  ]
}
