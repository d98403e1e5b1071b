import Court

/// What a shell offers behind a verb; asked for only when someone presses the key.
enum Completions {
  /// Names of tables.
  @Sendable static func tables(_ words: [String], _ place: Int, _ prefix: String) -> [String] {
    CourtSchema.current.tables.map(\.name)
  }

  /// `field=` for every field of the table that stands among the words.
  @Sendable static func assignments(_ words: [String], _ place: Int, _ prefix: String) -> [String] {
    fields(words, place, prefix).map { $0 + "=" }
  }

  /// Names of the fields of the table that stands among the words.
  @Sendable static func fields(_ words: [String], _ place: Int, _ prefix: String) -> [String] {
    let table = words.lazy.compactMap { CourtSchema.current.table(named: $0) }.first
    return table?.columns.map(\.name) ?? []
  }
}
