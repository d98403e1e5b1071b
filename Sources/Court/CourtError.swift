/// What the court's data can be wrong in. Every case names the place and has a sentence in both tongues that says what
/// to do next.
public enum CourtError: Error, Equatable, Sendable {
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
  /// The message in Chinese.
  public var chinese: String {
    switch self {
    case .badLine(let file, let line, let fault): "\(file) 第 \(line) 行：\(fault.chinese)"
    case .badCaseNumber(let text, let fault): "“\(text)”不是案号：\(fault.chinese)，例：（2026）豫1103民初123号"
    }
  }

  /// The message in English.
  public var english: String {
    switch self {
    case .badLine(let file, let line, let fault): "\(file) line \(line): \(fault.english)"
    case .badCaseNumber(let text, let fault):
      "\"\(text)\" is no case number: \(fault.english), as in （2026）豫1103民初123号"
    }
  }
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
    case .header(let column): "表头缺少或重复“\(column)”列，请改正表头"
    case .badValue(let column, let text): "“\(column)”列的值“\(text)”不合要求，请改正"
    case .unknownParent(let code): "上级“\(code)”不在本文件中，请先补上"
    case .duplicate(let code): "“\(code)”重复，请删去一行"
    }
  }

  var english: String {
    switch self {
    case .notUTF8: "not UTF-8; save the file as UTF-8 and try again"
    case .nul: "holds a NUL; remove it"
    case .strayQuote: "a quote inside a plain field; quote the whole field and double the quotes in it"
    case .textAfterQuote: "a comma or line end must follow a closing quote"
    case .openQuote: "a quoted field never ends; close the quote"
    case .bareReturn: "a carriage return without line feed; use line feeds"
    case .fieldCount(let expected, let found): "\(expected) fields expected, \(found) found"
    case .header(let column): "the header lacks the column \"\(column)\" or names it twice"
    case .badValue(let column, let text): "\"\(text)\" is no value for the column \"\(column)\""
    case .unknownParent(let code): "the parent \"\(code)\" is not in this file; add it"
    case .duplicate(let code): "\"\(code)\" stands twice; remove one row"
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
