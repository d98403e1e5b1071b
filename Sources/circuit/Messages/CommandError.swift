import Merge
import ReplicaStore

/// What the command line itself refuses, beside what the replica, the network and the centre refuse.
enum CommandError: ExplainedError {
  /// The position counts from 1, without the program's name.
  case argumentNotUTF8(position: Int)
  case malformedID(String)
  case malformedDot(String)
  case badValue(field: String, type: ColumnType, text: String)
  case textWithNUL(field: String)
  case cannotRead(path: String, reason: String)
  case fileTooLarge(path: String, limit: Int)
  case fileNotUTF8(path: String)
  case notJSON(JSONFault)
  /// A line of `apply` that is JSON but no write.
  case notAWrite(Shape)
  case mixedScopes(String, String)
  case mixedActors(String, String)
  case answerNotWritten(reason: String)
  case noKeyFolder
  case unknownRight(String)
  case malformedAddress(String)
  case transactionTooLarge(limit: Int)
  case cannotWrite(path: String, reason: String)
  /// Lines of an import with what is wrong with each; line 0: the file as a whole.
  case badLines([(Int, String)])
  case wrongFieldCount(found: Int, expected: Int)
  case fileNotText(path: String)
  /// A column or a record of an import, with the line it stands on already.
  case standsTwice(String, line: Int)
  case demoFolderInUse(String)
  /// A command of the demo failed; its own line.
  case demoStep(String, String)
  case demoDiffers(String)
  /// An error that no module explains.
  case unexpected(String)

  /// What a line of `apply` lacks or has too much.
  enum Shape: Equatable {
    case notAnObject
    case missing(String)
    case unknown(String)
    case wrongType(String)
    case emptySet
  }

  var number: Int {
    switch self {
    case .argumentNotUTF8: 6001
    case .malformedID: 6002
    case .malformedDot: 6003
    case .badValue: 6004
    case .textWithNUL: 6005
    case .cannotRead: 6006
    case .fileTooLarge: 6007
    case .fileNotUTF8: 6008
    case .notJSON: 6009
    case .notAWrite: 6010
    case .mixedScopes: 6011
    case .mixedActors: 6012
    case .answerNotWritten: 6013
    case .noKeyFolder: 6014
    case .unknownRight: 6015
    case .malformedAddress: 6016
    case .transactionTooLarge: 6017
    case .cannotWrite: 6018
    case .badLines: 6031
    case .wrongFieldCount: 6032
    case .fileNotText: 6033
    case .standsTwice: 6034
    case .demoFolderInUse: 6021
    case .demoStep: 6022
    case .demoDiffers: 6023
    case .unexpected: 6099
    }
  }

  func message(_ tongue: Tongue) -> String {
    switch tongue {
    case .zh: chinese
    case .en: english
    }
  }

  private var chinese: String {
    switch self {
    case .argumentNotUTF8(let position): "第 \(position) 个参数不是有效的 UTF-8；请用 UTF-8 终端，或用 字段=@文件 写入原始字节"
    case .malformedID(let text): "“\(text)”不是编号；编号是 32 个十六进制数字，可以带连字符"
    case .malformedDot(let text): "“\(text)”不是 日志:序号；请从 circuit history 抄一个，序号从 1 起"
    case .badValue(let field, let type, let text): "字段 \(field) 要\(type.chinese)，不能是“\(text)”；请更正"
    case .textWithNUL(let field): "字段 \(field) 的文本含 NUL 字节；请去掉"
    case .cannotRead(let path, let reason): "读不了 \(path)（\(reason)）；请检查路径和权限"
    case .fileTooLarge(let path, let limit): "\(path) 里的一项超过 \(limit) 字节；请分开写，或改存为附件"
    case .fileNotUTF8(let path): "\(path) 不是有效的 UTF-8 文本；请先转成 UTF-8"
    case .notJSON(let fault): "不是可用的 JSON，\(fault.message(.zh))；请更正"
    case .notAWrite(let shape): shape.chinese
    case .mixedScopes(let one, let other): "一次事务只能在一个范围里，这里有 \(one) 和 \(other)；请用空行分成两次事务"
    case .mixedActors(let one, let other): "一次事务只能有一个经办人，这里有“\(one)”和“\(other)”；请用空行分成两次事务"
    case .answerNotWritten(let reason): "答复写不出去（\(reason)）；请检查输出去处，已提交的写入有效"
    case .noKeyFolder: "找不到密钥文件夹；请把 HOME 或 XDG_DATA_HOME 设为绝对路径"
    case .unknownRight(let word): "“\(word)”不是权限；请用 read、append、correct、void、export，用逗号分开"
    case .malformedAddress(let text): "“\(text)”不是 地址:端口；例如 127.0.0.1:8443"
    case .transactionTooLarge(let limit): "一次事务的各行超过 \(limit) 字节；请用空行分成几次"
    case .cannotWrite(let path, let reason): "写不了 \(path)（\(reason)）；请检查路径、权限和剩余空间"
    case .badLines(let lines):
      "一条也没有导入，\(lines.count) 处有错："
        + lines.map { $0.0 == 0 ? $0.1 : "第 \($0.0) 行：\($0.1)" }.joined(separator: "；") + "；请改正后重新导入"
    case .wrongFieldCount(let found, let expected): "有 \(found) 格，标题行有 \(expected) 格"
    case .fileNotText(let path): "\(path) 既不是 UTF-8 也不是 GB18030 文本；请另存为其中一种"
    case .standsTwice(let name, let line): "“\(name)”在第 \(line) 行已经有了；请只留一处"
    case .demoFolderInUse(let path): "\(path) 不是空文件夹；请换一个，或不写文件夹"
    case .demoStep(let step, let line): "演示在“\(step)”一步失败：\(line)；请照该错误的说明处理"
    case .demoDiffers(let what): "演示中有不符：\(what)；请报告，并附上演示的全部输出"
    case .unexpected(let text): "没有料到的错误：\(text)；请连同所用命令一起报告"
    }
  }

  private var english: String {
    switch self {
    case .argumentNotUTF8(let position):
      "argument \(position) is not valid UTF-8; use a UTF-8 terminal, or write raw bytes by field=@FILE"
    case .malformedID(let text): "'\(text)' is no id; an id is 32 hex digits, dashes allowed"
    case .malformedDot(let text): "'\(text)' is no LOG:SEQ; copy one from `circuit history`, sequences start at 1"
    case .badValue(let field, let type, let text): "field \(field) takes \(type.english), not '\(text)'; correct it"
    case .textWithNUL(let field): "the text for field \(field) holds a NUL byte; take it out"
    case .cannotRead(let path, let reason): "cannot read \(path) (\(reason)); check the path and its permissions"
    case .fileTooLarge(let path, let limit):
      "a piece of \(path) is larger than \(limit) bytes; split it, or keep it as an attachment"
    case .fileNotUTF8(let path): "\(path) is not valid UTF-8 text; convert it to UTF-8 first"
    case .notJSON(let fault): "this is no JSON that can be used, \(fault.message(.en)); correct it"
    case .notAWrite(let shape): shape.english
    case .mixedScopes(let one, let other):
      "a transaction is in one scope, here are \(one) and \(other); part them by a blank line"
    case .mixedActors(let one, let other):
      "a transaction has one actor, here are '\(one)' and '\(other)'; part them by a blank line"
    case .answerNotWritten(let reason):
      "the answer cannot be written (\(reason)); check where it goes, what was committed stands"
    case .noKeyFolder: "there is no folder for keys; set HOME or XDG_DATA_HOME to an absolute path"
    case .unknownRight(let word): "'\(word)' is no right; take read, append, correct, void, export, parted by commas"
    case .malformedAddress(let text): "'\(text)' is no ADDRESS:PORT; an example is 127.0.0.1:8443"
    case .transactionTooLarge(let limit):
      "the lines of one transaction take more than \(limit) bytes; part them by a blank line"
    case .cannotWrite(let path, let reason):
      "cannot write \(path) (\(reason)); check the path, its permissions and the space left"
    case .badLines(let lines):
      "nothing was imported, \(lines.count) faults: "
        + lines.map { $0.0 == 0 ? $0.1 : "line \($0.0): \($0.1)" }.joined(separator: "; ")
        + "; correct them and import again"
    case .wrongFieldCount(let found, let expected): "there are \(found) cells where the header has \(expected)"
    case .fileNotText(let path): "\(path) is neither UTF-8 nor GB18030 text; save it as one of these"
    case .standsTwice(let name, let line): "'\(name)' stands on line \(line) already; keep one of them"
    case .demoFolderInUse(let path): "\(path) is not empty; name another folder, or none"
    case .demoStep(let step, let line): "the demo failed at '\(step)': \(line); do as that error says"
    case .demoDiffers(let what): "something differs in the demo: \(what); please report it with the demo's whole output"
    case .unexpected(let text): "an unexpected error: \(text); please report it with the command you ran"
    }
  }
}

extension CommandError.Shape {
  fileprivate var chinese: String {
    switch self {
    case .notAnObject: "每行要是一个 JSON 对象，如 {\"table\":…,\"set\":{…}}"
    case .missing(let key): "这一行缺少“\(key)”；每行要有 table 和 set"
    case .unknown(let key): "这一行有不认识的键“\(key)”；可用 table、id、scope、as、set"
    case .wrongType(let key): "“\(key)”要是\(key == "set" ? "对象" : "字符串")"
    case .emptySet: "set 里没有字段；请至少写一个"
    }
  }

  fileprivate var english: String {
    switch self {
    case .notAnObject: "a line must be one JSON object, such as {\"table\":…,\"set\":{…}}"
    case .missing(let key): "the line has no '\(key)'; every line has table and set"
    case .unknown(let key): "the line has the unknown key '\(key)'; there are table, id, scope, as and set"
    case .wrongType(let key): "'\(key)' must be \(key == "set" ? "an object" : "a string")"
    case .emptySet: "there is no field in set; name at least one"
    }
  }
}

extension ColumnType {
  /// What a value looks like, after “要”.
  fileprivate var chinese: String {
    switch self {
    case .text: "文本"
    case .integer: "64 位整数（如 -5）"
    case .real: "有限的实数（如 1.5，不能是 -0.0）"
    case .boolean: " true 或 false"
    case .bytes: "偶数个十六进制数字（JSON 里是 {\"hex\":…}）"
    case .date: "真实的日期 YYYY-MM-DD"
    case .instant: "时刻 YYYY-MM-DDTHH:MM:SS.mmmZ"
    case .code: "代码表里的词"
    case .ref: "另一条记录的编号（32 个十六进制数字）"
    }
  }

  fileprivate var english: String {
    switch self {
    case .text: "text"
    case .integer: "an integer of 64 bits (such as -5)"
    case .real: "a finite real (such as 1.5, never -0.0)"
    case .boolean: "true or false"
    case .bytes: "an even number of hex digits (in JSON {\"hex\":…})"
    case .date: "a real day YYYY-MM-DD"
    case .instant: "a moment YYYY-MM-DDTHH:MM:SS.mmmZ"
    case .code: "a word of its list"
    case .ref: "the id of another record (32 hex digits)"
    }
  }
}

/// An error of one line, or of the transaction that spans these lines, of a file.
struct LineError: ExplainedError {
  var lines: ClosedRange<Int>
  var error: any ExplainedError

  var number: Int { error.number }

  func message(_ tongue: Tongue) -> String {
    let first = lines.lowerBound
    let last = lines.upperBound
    let place =
      switch tongue {
      case .zh: first == last ? "第 \(first) 行：" : "第 \(first) 至 \(last) 行："
      case .en: first == last ? "line \(first): " : "lines \(first) to \(last): "
      }
    return place + error.message(tongue)
  }
}
