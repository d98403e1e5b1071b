/// The 60 devices of the court: workstations at desks and laptops for the road, each with the scope it is admitted to.
enum Devices {
  static let count = 60

  /// `label,scope`, for `circuit centre ticket --label LABEL --scope SCOPE`.
  static func csv(_ staff: Establishment) -> String {
    var lines = ["label,scope"]
    // Every unit has three workstations, each tribunal three laptops more.
    for unit in staff.units {
      for number in 1...3 { lines.append("\(unit.shortName)\(number)号工作站,\(unit.scope)") }
      guard unit.isTribunal else { continue }
      for number in 1...3 { lines.append("\(unit.shortName)巡回笔记本\(number),\(unit.scope)") }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
