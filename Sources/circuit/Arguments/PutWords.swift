import ArgumentParser

/// `name=value`, split at the first `=` by bytes.
struct Assignment: Equatable {
  var name: String
  var value: String

  /// Nil for a word without `=`.
  init?(_ word: String) {
    guard let equals = word.utf8.firstIndex(of: 0x3D) else { return nil }
    name = String(Substring(word.utf8[..<equals]))
    value = String(Substring(word.utf8[word.utf8.index(after: equals)...]))
  }
}

/// The words of `put` behind the table: at most one id, and at least one `field=value`.
struct PutWords: Equatable {
  /// As written; whether it is an id is judged as data.
  var id: String?
  var assignments: [Assignment] = []

  /// - Throws: `ValidationError` (wrong usage) for a second word without `=`, or when no field is named.
  init(_ words: [String]) throws {
    for word in words {
      if let assignment = Assignment(word) {
        assignments.append(assignment)
      } else if id == nil {
        id = word
      } else {
        throw ValidationError(
          say("“\(word)”里没有“=”；字段写成 字段=值。", "'\(word)' has no '='; a field is written name=value."))
      }
    }
    guard !assignments.isEmpty else {
      throw ValidationError(say("至少写一个 字段=值。", "At least one name=value is needed."))
    }
  }

  /// Reads the `name=value` of an option.
  ///
  /// - Throws: `ValidationError` (wrong usage) without `=`.
  static func pair(_ word: String, of option: String) throws -> Assignment {
    guard let pair = Assignment(word) else {
      throw ValidationError(
        say("\(option) 要写成 字段=…，而不是“\(word)”。", "\(option) is written FIELD=…, not '\(word)'."))
    }
    return pair
  }
}
