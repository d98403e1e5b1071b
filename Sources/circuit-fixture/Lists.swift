import Court
import Foundation
import Merge

/// The official lists that the fixture stands on, read from the folder `Fixtures/lists`.
struct Lists {
  struct Township {
    let code: String
    let name: String
    let isTown: Bool
  }

  struct Village {
    let code: String
    let name: String
    let shortName: String
    let township: Int
    let isCommunity: Bool
  }

  private(set) var townships: [Township] = []
  private(set) var villages: [Village] = []
  let causes: CauseList
  let calendar: CourtCalendar

  /// - Throws: ``Mistake`` for a file that cannot be read or lacks what is needed, `CourtError` naming a bad line.
  init(folder: String, year: Int) throws {
    func records(_ list: OfficialList) throws -> [ListRecord] {
      let path = "\(folder)/\(list.fileName)"
      guard let data = FileManager.default.contents(atPath: path) else {
        throw Mistake("\(path) cannot be read; name the folder of the lists with --lists")
      }
      return try list.records([UInt8](data))
    }
    calendar = CourtCalendar(holidays: try records(.holidays), festivals: try records(.festivals))
    guard calendar.years.contains(year) else {
      throw Mistake("holidays.csv does not have the year \(year): its working days are unknown")
    }
    causes =
      try year < ListEdition.causes2025.validFrom.year
      ? CauseList(records(.causes2020), edition: ListEdition.causes2020.name)
      : CauseList(records(.causes), edition: ListEdition.causes2025.name)
    var positions: [RecordID: Int] = [:]
    for record in try records(.divisions) {
      guard case .text(let code)? = record["code"], case .text(let name)? = record["name"] else { continue }
      if record.table == "township" {
        positions[record.id] = townships.count
        townships.append(Township(code: code, name: name, isTown: record["kind"] == .text("town")))
      } else if case .ref(let parent)? = record["township_id"], let township = positions[parent],
        case .text(let short)? = record["short_name"]
      {
        villages.append(
          Village(
            code: code, name: name, shortName: short, township: township,
            isCommunity: record["kind"] == .text("community")))
      }
    }
  }
}
