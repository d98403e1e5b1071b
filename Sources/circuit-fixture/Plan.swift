/// How much of everything one court has in one year. The counts of disputes, cases, hearings and activities are exact.
struct Plan {
  var courtName = "郾城区人民法院"
  /// Stands in case numbers.
  var courtCode = "豫1103"
  /// 0: the court of the committed years. Every other is a court of a scale set.
  var index = 0
  var disputes = 6_000
  /// Records of `case` of every type: civil 民初, judicial confirmation 民特, and 诉前调 until 2024.
  var cases = 3_500
  var hearings = 900
  var circuitHearings = 250
  var activities = 700
  var festivalEvents = 5
  /// Of the programme 党建+志愿服务.
  var volunteerEvents = 29
  /// Times the staff of the district court.
  var staff = 1

  /// Disputes that become a civil case.
  var filedDisputes: Int { cases * 80 / 100 }
  /// Mediated disputes that are confirmed, each a case 民特.
  var confirmations: Int { cases * 9 / 100 }
  /// Cases that no dispute came before.
  var directFilings: Int { cases - filedDisputes - confirmations }
  /// Disputes settled by mediation without a case.
  var mediatedDisputes: Int { (disputes - filedDisputes) * 72 / 100 }

  /// The busy city court: 100,000 cases a year.
  static var city: Plan {
    var plan = Plan()
    plan.courtName = "模拟城区人民法院"
    plan.courtCode = "模1"
    plan.index = 1
    plan.disputes = 171_000
    plan.cases = 100_000
    plan.hearings = 25_700
    plan.circuitHearings = 7_100
    plan.activities = 1_500
    plan.volunteerEvents = 120
    plan.staff = 28
    return plan
  }

  /// A court of a prefecture or province set, as large as the district court. Its places carry the names of the real
  /// ones, under ids of its own.
  static func district(_ index: Int) -> Plan {
    var plan = Plan()
    plan.courtName = "模拟第\(index)区人民法院"
    plan.courtCode = "模\(100 + index)"
    plan.index = 100 + index
    return plan
  }
}

/// The sets of courts that can be made.
enum Scale: String, CaseIterable {
  case district, city, prefecture, province

  var courts: [Plan] {
    switch self {
    case .district: [Plan()]
    case .city: [.city]
    case .prefecture: (1...9).map { Plan.district($0) }
    case .province: (1...170).map { Plan.district($0) }
    }
  }
}
