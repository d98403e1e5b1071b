import ChangeFormat
import Merge

/// A message that travels in parts, as far as it has come (design §5).
///
/// Nothing of it is looked at before it is whole and its hash fits.
package struct Staged: Sendable, Equatable {
  /// SHA-256 of the request that this is, or that this answers.
  package var request: ContentHash
  /// SHA-256 of the whole; that of the request itself while the request travels.
  package var hash: ContentHash
  /// Bytes of the whole.
  package var length: Int
  /// Bytes held, from the beginning and without a gap.
  package var held: Int
  /// Milliseconds when the first part was staged, by the clock of who stages.
  package var time: UInt64

  package init(request: ContentHash, hash: ContentHash, length: Int, held: Int = 0, time: UInt64) {
    self.request = request
    self.hash = hash
    self.length = length
    self.held = held
    self.time = time
  }

  /// Milliseconds after which what was staged is dropped.
  package static let greatestAge: UInt64 = 7 * 86_400_000

  /// Whether it is too old to be gone on with; so is what was staged before the clock was set far back.
  package func isStale(at now: UInt64) -> Bool { max(time, now) - min(time, now) > Staged.greatestAge }
}

extension Workbench {
  /// What is staged at a place; nil: nothing.
  package func staged(_ place: String) throws -> Staged? {
    let select = try sql(
      "SELECT request, hash, length, min(time), sum(length(bytes)) FROM _staged WHERE place = ?1 GROUP BY place")
    select.bind(1, place)
    defer { select.reset() }
    guard try select.step() else { return nil }
    return Staged(
      request: select.hash(0), hash: select.hash(1), length: Int(select.int(2)), held: Int(select.int(4)),
      time: UInt64(select.int(3)))
  }

  /// Adds the next bytes to what is staged at a place.
  package func stage(_ bytes: [UInt8], of staged: Staged, at place: String) throws {
    let insert = try sql(
      """
      INSERT INTO _staged (place, start, request, hash, length, time, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      """)
    insert.bind(1, place)
    insert.bind(2, staged.held)
    insert.bind(3, staged.request)
    insert.bind(4, staged.hash)
    insert.bind(5, staged.length)
    insert.bind(6, Int64(staged.time))
    insert.bind(7, bytes)
    try insert.run()
  }

  /// The bytes staged at a place, in order.
  package func stagedBytes(_ place: String) throws -> [UInt8] {
    let select = try sql("SELECT bytes FROM _staged WHERE place = ?1 ORDER BY start")
    select.bind(1, place)
    var bytes: [UInt8] = []
    while try select.step() { bytes += select.blob(0) }
    select.reset()
    return bytes
  }

  /// Lets go of what is staged at a place.
  package func dropStaged(_ place: String) throws {
    let delete = try sql("DELETE FROM _staged WHERE place = ?1")
    delete.bind(1, place)
    try delete.run()
  }

  /// Lets go of everything that is too old to be gone on with.
  package func dropStaleStaging(at now: UInt64) throws {
    let delete = try sql("DELETE FROM _staged WHERE time < ?1 OR time > ?2")
    delete.bind(1, Int64(now > Staged.greatestAge ? now - Staged.greatestAge : 0))
    delete.bind(2, Int64(now + Staged.greatestAge))
    try delete.run()
  }
}
