import Merge

extension Replica {
  /// Known scopes, `court` first.
  public func scopes() throws(ReplicaError) -> [String] { try reading { $0.scopes() } }

  /// The scopes in which a record is held, by name.
  public func scopesHolding(table: String, id: RecordID) throws(ReplicaError) -> [String] {
    try reading { reading in
      guard let known = reading.schema.table(named: table) else { throw ReplicaError.unknownTable(table) }
      var scopes: [String] = []
      try reading.rows(of: known, where: "t.id = ?1", bind: { $0.bind(1, id) }) {
        scopes.append(reading.logs.scopeNames[$0.scope] ?? "")
      }
      return scopes.sorted(by: byBytes)
    }
  }

  /// One record; nil when nobody wrote it. Without a scope a record held in two is refused, naming both.
  public func record(table: String, id: RecordID, scope: String?) throws(ReplicaError) -> RecordView? {
    try reading { reading in try reading.row(table, id, scope).map { try reading.view($0) } }
  }

  /// Records of a table by id, with every condition met; the values must be of the fields' types.
  public func records(
    table: String, includeVoid: Bool, where conditions: [(field: String, value: Value)],
    _ each: (RecordView) throws -> Void
  ) throws {
    try readingOut { reading in
      guard let known = reading.schema.table(named: table) else { throw ReplicaError.unknownTable(table) }
      for condition in conditions where known.column(named: condition.field) == nil {
        throw ReplicaError.unknownField(table: table, field: condition.field)
      }
      try reading.rows(of: known) { row in
        let view = try reading.view(row)
        if !includeVoid && view.isVoid { return }
        guard conditions.allSatisfy({ condition in view[condition.field]?.value == condition.value }) else { return }
        try each(view)
      }
    }
  }

  /// Every record with any S in order of table name, id and scope; only fields whose S is not empty.
  public func dump(_ each: (RecordView) throws -> Void) throws {
    try readingOut { reading in
      var unknown: [String: [RecordView]] = [:]
      try reading.unknownRecords { scope, table, record in
        let fields = try reading.openMembers(scope, table, record).sorted { $0.key < $1.key }
          .map { try reading.unknownField($0.key, $0.value) }
        unknown["#\(table)", default: []].append(
          RecordView(
            table: "#\(table)", id: record, scope: reading.logs.scopeNames[scope] ?? "", fields: fields))
      }
      for name in (schema.tables.map(\.name) + unknown.keys).sorted(by: byBytes) {
        if let table = schema.table(named: name) {
          try reading.rows(of: table) { try each(try reading.view($0, onlyWritten: true)) }
        } else {
          let views = unknown[name] ?? []
          for view in views.sorted(by: { $0.id != $1.id ? $0.id < $1.id : byBytes($0.scope, $1.scope) }) {
            try each(view)
          }
        }
      }
    }
  }
}

extension ReadingTable {
  func row(_ table: String, _ id: RecordID, _ scope: String?) throws -> RecordRow? {
    guard let known = schema.table(named: table) else { throw ReplicaError.unknownTable(table) }
    if let scope, !scopes().contains(scope) { throw ReplicaError.unknownScope(scope) }
    var found: [RecordRow] = []
    try rows(of: known, where: "t.id = ?1", bind: { $0.bind(1, id) }) { found.append($0) }
    if let scope { return found.first { logs.scopeNames[$0.scope] == scope } }
    if found.count > 1 {
      throw ReplicaError.inTwoScopes(
        id: id, scopes: found.map { logs.scopeNames[$0.scope] ?? "" }.sorted(by: byBytes))
    }
    return found.first
  }
}
