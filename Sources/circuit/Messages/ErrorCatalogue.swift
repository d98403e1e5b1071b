/// Every code with its cause and remedy in both tongues: the source of `docs/errors.md`.
///
/// The message a person sees says the same with names and numbers filled in; this page is for looking a code up.
enum ErrorCatalogue {
  struct Entry {
    var number: Int
    var zh: Explanation
    var en: Explanation

    init(_ number: Int, zh cause: String, _ remedy: String, en englishCause: String, _ englishRemedy: String) {
      self.number = number
      zh = Explanation(cause: cause, remedy: remedy)
      en = Explanation(cause: englishCause, remedy: englishRemedy)
    }
  }

  struct Explanation {
    var cause: String
    var remedy: String
  }

  /// In order of number.
  static var entries: [Entry] { bytes + replica + replicaArrivals + network + centre + court + commandLine }

  /// The page, line by line: English first, as all pages under `docs/`, then Chinese.
  static var page: [String] {
    english + [""] + chinese
  }

  private static var english: [String] {
    [
      "# Error codes",
      "",
      "中文在后半页：[错误码](#错误码)。",
      "",
      "Exit code 1 comes with one line on standard error: `CIR-NNNN: ` and a sentence, or with `--json`",
      "`{\"error\":\"CIR-NNNN\",\"message\":…}`. Wrong usage is exit code 2 and has no code. The first digit says who found it:",
      "1 bytes, 2 the replica, 3 the network, 4 the centre, 5 the court's data, 6 the command line.",
      "",
      "This page is printed by `circuit errors`.",
      "",
      "| code | cause | what to do |",
      "|---|---|---|",
    ] + entries.map { row($0.number, $0.en) }
  }

  private static var chinese: [String] {
    [
      "# 错误码",
      "",
      "退出码为 1 时，标准错误有一行：`CIR-NNNN: ` 和一句话；加 `--json` 时是 `{\"error\":\"CIR-NNNN\",\"message\":…}`。",
      "用法不对时退出码为 2，没有错误码。首位数字说明出在哪里：1 字节，2 副本，3 网络，4 中心，5 法院数据，6 命令行。",
      "",
      "| 错误码 | 原因 | 怎么办 |",
      "|---|---|---|",
    ] + entries.map { row($0.number, $0.zh) }
  }

  private static func row(_ number: Int, _ explanation: Explanation) -> String {
    "| `CIR-\(number)` | \(explanation.cause) | \(explanation.remedy) |"
  }
}
