import Testing

/// What a replica holds, to be compared before and after: nothing lost, nothing half applied.
struct Holding: Equatable {
  var dump: String
  var digest: JSONValue
  var log: [JSONValue]
  var orders: [JSONValue]
}

extension ReplicaFolder {
  /// What it holds; it must be sound.
  func holding(at location: SourceLocation = #_sourceLocation) async throws -> Holding {
    #expect(try await json("verify")["ok"] == .boolean(true), sourceLocation: location)
    return Holding(
      dump: try await dump(), digest: try await json("digest"), log: try await log(),
      orders: try await ok("orders", "--json").jsonLines())
  }
}

extension TestCourt {
  /// Syncs all, and expects that they then hold the same.
  func settle(_ devices: [ReplicaFolder], at location: SourceLocation = #_sourceLocation) async throws {
    for _ in 0..<2 { for device in devices { try await device.ok("sync", at: location) } }
    let digest = try await centre.json("digest")
    for device in devices {
      #expect(try await device.json("digest") == digest, "\(device.name)", sourceLocation: location)
    }
  }

  /// Syncs all until they rest, and expects that they then hold the same, soundly, these records among it, with nothing
  /// unsent and nothing waiting.
  func agree(
    _ devices: [ReplicaFolder], hold ids: [String], at location: SourceLocation = #_sourceLocation
  ) async throws {
    for _ in 0..<2 { for device in devices { try await device.ok("sync", at: location) } }
    try await areEqual(devices, hold: ids, at: location)
  }

  /// The same without a sync.
  func areEqual(
    _ devices: [ReplicaFolder], hold ids: [String], at location: SourceLocation = #_sourceLocation
  ) async throws {
    let dump = try await centre.dump()
    let digest = try await centre.json("digest")
    for device in devices {
      #expect(try await device.dump() == dump, "\(device.name)", sourceLocation: location)
      #expect(try await device.json("digest") == digest, "\(device.name)", sourceLocation: location)
      #expect(try await device.json("verify")["ok"] == .boolean(true), sourceLocation: location)
      let status = try await device.json("status")
      #expect(status["unsent"].integer == 0, "\(device.name)", sourceLocation: location)
      #expect(status["waiting"].items == [], "\(device.name)", sourceLocation: location)
    }
    #expect(try await centre.json("verify")["ok"] == .boolean(true), sourceLocation: location)
    #expect(try await centre.ids().isSuperset(of: ids), sourceLocation: location)
  }
}

/// Letters that no packing makes smaller, the same for the same seed.
func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
  let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
  var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  return (0..<count).map { _ in
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return letters[Int(state >> 58)]
  }
}
