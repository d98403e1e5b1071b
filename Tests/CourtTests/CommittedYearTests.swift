import ChangeFormat
import Foundation
import Testing

@testable import Court

@Suite("The committed years")
struct CommittedYearTests {
  /// `Fixtures/years/manifest.json`.
  private struct Manifest: Decodable {
    struct Year: Decodable {
      var year: Int
      var seed: UInt64
      var file: String
      var packedBytes: Int
      var bytes: Int
      var sha256: String
    }

    var years: [Year]
  }

  private func manifest() throws -> Manifest {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Manifest.self, from: Data(Checkout.bytes("Fixtures/years/manifest.json")))
  }

  @Test("each packed file unfolds to the bytes the manifest names, and is small")
  func unfold() throws {
    let years = try manifest().years
    #expect(years.map(\.year) == [2023, 2024, 2025])
    for year in years {
      let packed = try Checkout.bytes("Fixtures/years/\(year.file)")
      #expect(packed.count == year.packedBytes)
      #expect(packed.count < 2 << 20)
      let clear = try Compressor().decompress(packed, size: year.bytes, what: year.file)
      #expect(Hashing.hash(clear).hex == year.sha256)
    }
  }

  @Test("the generator makes the committed year 2025 to the byte")
  func generated() throws {
    let year = try #require(try manifest().years.first { $0.year == 2025 })
    #expect(Hashing.hash(try FixtureYear(year.year, seed: year.seed).bytes).hex == year.sha256)
  }
}
