import Merge

/// What the court's data can be wrong in. Every case names the place, and its message says what to do next.
public enum CourtError: ExplainedError, Equatable {
  /// A line of a list file that cannot be taken. `line` counts from 1, the header included; a record that runs over
  /// several lines is named by its first, a quote by its own.
  case badLine(file: String, line: Int, fault: LineFault)
  /// A text that is no case number 案号.
  case badCaseNumber(text: String, fault: CaseNumberFault)
}

/// What is wrong with a line of a CSV file.
public enum LineFault: Equatable, Sendable {
  case notUTF8
  case nul
  /// A quote in the middle of an unquoted field.
  case strayQuote
  /// Text between a closing quote and the next comma.
  case textAfterQuote
  /// A quoted field that never ends.
  case openQuote
  /// A carriage return that no line feed follows.
  case bareReturn
  case fieldCount(expected: Int, found: Int)
  /// The header lacks a column, or names one twice.
  case header(column: String)
  case badValue(column: String, text: String)
  /// The row names a parent or a list that the file does not have.
  case unknownParent(String)
  /// The same row twice.
  case duplicate(String)
}

/// What is wrong with a case number.
public enum CaseNumberFault: Equatable, Sendable {
  /// Not （year） in brackets of either width, with four digits.
  case year
  /// No court code such as 豫1103, 豫 or 最高法.
  case courtCode
  /// Not 1 to 4 characters of type code such as 民初.
  case typeCode
  /// No natural number without leading zeros before 号.
  case number
  /// Something after 号 that is not 之一 to 之九十九.
  case suffix
}

extension CourtError {
  public var number: Int {
    switch self {
    case .badLine: 5001
    case .badCaseNumber: 5002
    }
  }

  public func message(_ tongue: Tongue) -> String {
    switch (self, tongue) {
    case (.badLine(let file, let line, let fault), .zh): "\(file) 第 \(line) 行：\(fault.chinese)"
    case (.badLine(let file, let line, let fault), .en): "\(file) line \(line): \(fault.english)"
    case (.badCaseNumber(let text, let fault), .zh):
      "“\(shown(text))”不是案号：\(fault.chinese)；请按（2026）豫1103民初123号的样式改正"
    case (.badCaseNumber(let text, let fault), .en):
      "\"\(shown(text))\" is no case number: \(fault.english); write it like （2026）豫1103民初123号"
    }
  }
}

/// Foreign text as a message can carry it: on one line, and not without end.
private func shown(_ text: String) -> String {
  let scalars = text.unicodeScalars.prefix(60).map { $0.value < 0x20 ? " " : Character($0) }
  return String(scalars) + (text.unicodeScalars.count > 60 ? "…" : "")
}

extension LineFault {
  var chinese: String {
    switch self {
    case .notUTF8: "不是 UTF-8 文字，请另存为 UTF-8 后重试"
    case .nul: "含有空字符，请删除"
    case .strayQuote: "引号不在字段开头，请将整个字段用引号括起并将其中的引号写两遍"
    case .textAfterQuote: "引号之后应为逗号或换行，请改正"
    case .openQuote: "引号没有结束，请补上"
    case .bareReturn: "含有单独的回车符，请用换行符"
    case .fieldCount(let expected, let found): "应有 \(expected) 个字段，实有 \(found) 个，请补齐"
    case .header(let column): "表头缺少或重复“\(shown(column))”列，请改正表头"
    case .badValue(let column, let text): "“\(column)”列的值“\(shown(text))”不合要求，请改正"
    case .unknownParent(let code): "上级“\(shown(code))”不在本文件中，请先补上"
    case .duplicate(let code): "“\(shown(code))”重复，请删去一行"
    }
  }

  var english: String {
    switch self {
    case .notUTF8: "not UTF-8; save the file as UTF-8 and try again"
    case .nul: "holds a NUL; remove it"
    case .strayQuote: "a quote inside a plain field; quote the whole field and double the quotes in it"
    case .textAfterQuote: "text after a closing quote; put a comma or a line end there"
    case .openQuote: "a quoted field never ends; close the quote"
    case .bareReturn: "a carriage return without line feed; use line feeds"
    case .fieldCount(let expected, let found): "\(expected) fields expected, \(found) found; complete the line"
    case .header(let column): "the header lacks the column \"\(shown(column))\" or names it twice; correct it"
    case .badValue(let column, let text): "\"\(shown(text))\" is no value for the column \"\(column)\"; correct it"
    case .unknownParent(let code): "the parent \"\(shown(code))\" is not in this file; add it"
    case .duplicate(let code): "\"\(shown(code))\" stands twice; remove one row"
    }
  }
}

extension CaseNumberFault {
  var chinese: String {
    switch self {
    case .year: "年度应为括号内的四位数字"
    case .courtCode: "法院代字有误"
    case .typeCode: "类型代字应为一至四个汉字"
    case .number: "编号应为“号”前不补零的数字"
    case .suffix: "“号”后只能是“之一”至“之九十九”"
    }
  }

  var english: String {
    switch self {
    case .year: "the year must be four digits in brackets"
    case .courtCode: "the court code is wrong"
    case .typeCode: "the type code must be one to four Chinese characters"
    case .number: "the number before 号 must be digits without leading zeros"
    case .suffix: "only 之一 to 之九十九 may follow 号"
    }
  }
}
