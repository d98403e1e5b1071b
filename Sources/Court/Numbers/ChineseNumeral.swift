private let digits = ["一", "二", "三", "四", "五", "六", "七", "八", "九"]

/// 1 to 99 in the characters a suffix of a case number uses: 一, 十, 十一, 二十, 九十九.
func chineseNumeral(_ value: Int) -> String {
  precondition((1...99).contains(value), "a suffix is 1 to 99")
  let tens = value / 10
  let ones = value % 10
  let head = tens == 0 ? "" : (tens == 1 ? "" : digits[tens - 1]) + "十"
  return head + (ones == 0 ? "" : digits[ones - 1])
}

/// The number that ``chineseNumeral(_:)`` writes so; nil for any other text, other spellings of a number included.
func numberOfChinese(_ text: String) -> Int? {
  (1...99).first { chineseNumeral($0) == text }
}
