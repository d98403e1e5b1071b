import ChangeFormat
import Foundation
import Merge
import ReplicaStore
import Testing

@testable import Court
@testable import circuit_fixture

@Suite("The court years of the fixture")
struct FixtureYearTests {
  @Test("one seed gives the same bytes, another seed and another year others")
  func deterministic() throws {
    let first = try FixtureYear(2025)
    #expect(try FixtureYear(2025).bytes == first.bytes)
    #expect(try FixtureYear(2025, seed: 2).bytes != first.bytes)
    #expect(try FixtureYear(2024).bytes != first.bytes)
  }

  @Test("a year has what the domain says a court year has", arguments: [2023, 2024, 2025])
  func counts(year: Int) throws {
    let tables = try FixtureYear(year).records()
    #expect(tables["township"]?.count == 10)
    #expect(tables["village"]?.count == 199)
    #expect(tables["dispute"]?.count == 6000)
    #expect(tables["case"]?.count == 3500)
    #expect(tables["hearing"]?.count == 900)
    #expect(tables["hearing"]?.filter { $0.flag("is_circuit") }.count == 250)
    let activities = try #require(tables["activity"])
    #expect(activities.count == 700)
    #expect(activities.filter { $0.text("kind") == "our_festivals" }.count == 5)
    #expect(activities.filter { $0.text("kind") == "volunteer_service" }.count > 20)
    let tribunals = Set((tables["dispute"] ?? []).map(\.scope).filter { $0.hasPrefix("tribunal/") })
    #expect(tribunals.count == 5)
    #expect(tribunals.contains("tribunal/孟庙人民法庭"))
  }

  @Test("every line fits the schema, every word is in its list, and every reference leads to a record")
  func fits() throws {
    let tables = try FixtureYear(2025).records()
    var tableOf: [String: String] = [:]
    for (table, lines) in tables { for line in lines { tableOf[line.id] = table } }
    for (name, lines) in tables {
      let kind = try #require(CourtSchema.kind(named: name))
      for line in lines {
        #expect(line.view() != nil, "\(name) \(line.set)")
        for field in kind.fields {
          guard let text = line.text(field.column.name) else { continue }
          if field.column.type == .ref {
            let target = field.target ?? line.text("of_table")
            #expect(tableOf[text] == target, "\(name).\(field.column.name) \(text)")
          } else if let codes = field.column.codes {
            #expect(codes.contains(text), "\(name).\(field.column.name) \(text)")
          }
        }
      }
    }
  }

  @Test("a transaction is of one scope and one actor and has at most 200 lines; an id keeps its scope")
  func transactions() throws {
    var scopeOf: [String: String] = [:]
    for transaction in try FixtureYear(2025).transactions() {
      #expect((1...200).contains(transaction.count))
      #expect(Set(transaction.map(\.scope)).count == 1)
      #expect(Set(transaction.map(\.actor)).count == 1)
      for line in transaction { #expect(scopeOf[line.id, default: line.scope] == line.scope) }
      for line in transaction { scopeOf[line.id] = line.scope }
    }
  }

  @Test("no line writes a write-once field a second time")
  func writtenOnce() throws {
    var written: Set<[String]> = []
    for line in try FixtureYear(2025).transactions().joined() {
      let table = try #require(CourtSchema.current.table(named: line.table))
      for column in table.columns where column.rule == .first && line.set[column.name] != nil {
        #expect(written.insert([line.id, column.name]).inserted, "\(line.table).\(column.name)")
      }
    }
  }

  @Test("years stand on the same places, bodies and people, so that they load one after another")
  func establishment() throws {
    func standing(_ year: Int) throws -> [String: String] {
      let lines = try FixtureYear(year).transactions().joined().filter { $0.id.hasPrefix("0185608a") }
      return Dictionary(uniqueKeysWithValues: lines.map { ($0.id, "\($0.set.sorted { $0.key < $1.key })") })
    }
    let first = try standing(2023)
    #expect(first.count > 1000)
    #expect(try standing(2025) == first)
    let others = try FixtureYear(2024).records().values.joined().map(\.id).filter { first[$0] == nil }
    let last = Set(try FixtureYear(2025).records().values.joined().map(\.id))
    // Villages have the ids of the official list in every year; all else that is not standing is the year's own.
    #expect(others.filter { last.contains($0) }.count == 209)
  }

  @Test("a court of a scale set has its own ids and its own numbers")
  func scale() throws {
    let lists = try Lists(folder: Checkout.root.appending(path: "Fixtures/lists").path(), year: 2025)
    let ours = try Establishment(Plan(), lists, seed: 1)
    let other = try Establishment(Scale.province.courts[169], lists, seed: 1)
    #expect(Set(ours.records.map(\.id)).isDisjoint(with: other.records.map(\.id)))
    #expect(Scale.province.courts.count == 170)
    #expect(Scale.prefecture.courts.count == 9)
    #expect(Set(Scale.province.courts.map(\.courtCode)).count == 170)
    #expect(Scale.city.courts.map(\.cases) == [100_000])
    #expect(Devices.csv(ours).split(separator: "\n").count == Devices.count + 1)
  }

  @Test("a year whose holidays are unknown is refused")
  func unknownYear() {
    #expect(throws: Mistake.self) { try FixtureYear(2030) }
  }
}
