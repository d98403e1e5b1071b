import Merge

/// Why bytes are not the JSON that Circuit takes, and where.
struct JSONFault: Error, Equatable {
  enum Reason: Equatable {
    case byteOrderMark
    case notUTF8
    case unexpected
    case cutShort
    case surplus
    case tooDeep
    case duplicateName(String)
    case controlCharacter
    case nul
    case badEscape
    case loneSurrogate
    case badNumber
    case integerTooLarge
    case realNotHeld
  }

  var reason: Reason
  /// Bytes from the beginning.
  var offset: Int

  func message(_ tongue: Tongue) -> String {
    switch tongue {
    case .zh: "第 \(offset + 1) 字节：\(chinese)"
    case .en: "byte \(offset + 1): \(english)"
    }
  }

  private var chinese: String {
    switch reason {
    case .byteOrderMark: "开头不得有 BOM"
    case .notUTF8: "不是有效的 UTF-8"
    case .unexpected: "这里不是 JSON"
    case .cutShort: "没有写完"
    case .surplus: "后面还有多余的内容"
    case .tooDeep: "嵌套超过 \(JSONReader.greatestDepth) 层"
    case .duplicateName(let name): "键“\(name)”重复"
    case .controlCharacter: "字符串里的控制字符要写成转义"
    case .nul: "文本不得含 NUL"
    case .badEscape: "不认识的转义"
    case .loneSurrogate: "单独的代理项"
    case .badNumber: "不是数"
    case .integerTooLarge: "整数超出 64 位"
    case .realNotHeld: "实数必须有限，且不能是 -0.0"
    }
  }

  private var english: String {
    switch reason {
    case .byteOrderMark: "no BOM may stand before it"
    case .notUTF8: "not valid UTF-8"
    case .unexpected: "no JSON here"
    case .cutShort: "it is cut short"
    case .surplus: "something stands behind it"
    case .tooDeep: "nested deeper than \(JSONReader.greatestDepth)"
    case .duplicateName(let name): "the key '\(name)' stands twice"
    case .controlCharacter: "a control character in a string must be escaped"
    case .nul: "text may not hold a NUL"
    case .badEscape: "unknown escape"
    case .loneSurrogate: "a lone surrogate"
    case .badNumber: "no number"
    case .integerTooLarge: "an integer past 64 bits"
    case .realNotHeld: "a real must be finite and not -0.0"
    }
  }
}
