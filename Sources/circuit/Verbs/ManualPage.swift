/// One man page in roff, from one command of `--experimental-dump-help`.
struct ManualPage {
  /// The file's name without its section: `circuit-centre-init`.
  let name: String
  let roff: String

  /// A page for the command and one for each below it that is shown.
  static func pages(of command: JSON) -> [ManualPage] {
    guard command["shouldDisplay"]?.flag != false, let name = command["commandName"]?.words, name != "help" else {
      return []
    }
    let below = command["subcommands"]?.items ?? []
    return [ManualPage(command, name)] + below.flatMap(pages(of:))
  }

  private init(_ command: JSON, _ name: String) {
    let path = (command["superCommands"]?.items ?? []).compactMap(\.words) + [name]
    self.name = path.joined(separator: "-")
    let arguments = (command["arguments"]?.items ?? []).filter { $0["shouldDisplay"]?.flag != false }
    let abstract = command["abstract"]?.words ?? ""
    var lines = [
      ".TH \(ManualPage.quoted(self.name.uppercased())) 1 \"\" \(ManualPage.quoted("circuit \(RootCommand.version)"))",
      ".SH \(say("名称", "NAME"))",
      ManualPage.escaped("\(self.name) \\- ", keeping: true) + ManualPage.escaped(abstract),
      ".SH \(say("用法", "SYNOPSIS"))",
      ".B " + ManualPage.escaped(path.joined(separator: " ")),
      ManualPage.escaped(arguments.map(ManualPage.synopsis).joined(separator: " ")),
    ]
    if let discussion = command["discussion"]?.words {
      lines += [".SH \(say("说明", "DESCRIPTION"))", ManualPage.escaped(discussion)]
    }
    lines.append(".SH \(say("参数和选项", "OPTIONS"))")
    for argument in arguments {
      lines += [".TP", ".B " + ManualPage.escaped(ManualPage.label(argument))]
      let help = UsageWording.translated(argument["abstract"]?.words ?? "")
      let preset = argument["defaultValue"]?.words.map { say("默认 \($0)。", "Default: \($0).") }
      lines.append(ManualPage.escaped([help, preset].compactMap { $0 }.joined(separator: " ")))
    }
    let below = (command["subcommands"]?.items ?? []).filter {
      $0["shouldDisplay"]?.flag != false && $0["commandName"]?.words != "help"
    }
    if !below.isEmpty {
      lines.append(".SH \(say("命令", "COMMANDS"))")
      for verb in below {
        let verbName = verb["commandName"]?.words ?? ""
        lines += [".TP", ".BR \(self.name)\\-\(verbName) (1)", ManualPage.escaped(verb["abstract"]?.words ?? "")]
      }
    }
    lines += [
      ".SH \(say("退出码", "EXIT STATUS"))",
      say(
        "0 完成；1 数据或外部原因，标准错误有一行 CIR\\-NNNN；2 用法不对。",
        "0 done; 1 what data or the world decides, with one line CIR\\-NNNN on standard error; 2 wrong usage."),
    ]
    roff = lines.filter { !$0.isEmpty }.joined(separator: "\n") + "\n"
  }

  private static func label(_ argument: JSON) -> String {
    let value = argument["valueName"]?.words ?? ""
    guard argument["kind"]?.words != "positional" else { return value }
    let names = (argument["names"]?.items ?? []).map(dashed).joined(separator: ", ")
    return argument["kind"]?.words == "option" ? "\(names) \(value)" : names
  }

  private static func synopsis(_ argument: JSON) -> String {
    var text = argument["valueName"]?.words ?? ""
    if argument["kind"]?.words != "positional" {
      let name = argument["preferredName"].map(dashed) ?? ""
      text = argument["kind"]?.words == "option" ? "\(name) \(text)" : name
    }
    if argument["isRepeating"]?.flag == true { text += " …" }
    return argument["isOptional"]?.flag == true ? "[\(text)]" : text
  }

  private static func dashed(_ name: JSON) -> String {
    (name["kind"]?.words == "long" ? "--" : "-") + (name["name"]?.words ?? "")
  }

  private static func quoted(_ text: String) -> String { "\"\(text)\"" }

  /// Text that roff prints as it is.
  ///
  /// - Parameter keeping: whether backslashes are roff's own already.
  private static func escaped(_ text: String, keeping: Bool = false) -> String {
    var out = ""
    for (place, character) in text.enumerated() {
      switch character {
      case "\\": out += keeping ? "\\" : "\\e"
      case "-" where !keeping: out += "\\-"
      case "\n": out += " "
      case "." where place == 0, "'" where place == 0: out += "\\&" + String(character)
      default: out.append(character)
      }
    }
    return out
  }
}

extension JSON {
  fileprivate var words: String? {
    if case .string(let text) = self { text } else { nil }
  }

  fileprivate var items: [JSON]? {
    if case .array(let items) = self { items } else { nil }
  }

  fileprivate var flag: Bool? {
    if case .boolean(let flag) = self { flag } else { nil }
  }
}
