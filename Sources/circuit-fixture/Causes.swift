import Court

/// A cause 案由 as the fixture uses it: how often, what it is about, and how much is at stake.
struct Cause {
  enum Matter { case family, money, land, neighbours, injury, labour, contract }

  let name: String
  let weight: Int
  let matter: Matter
  /// Yuan; nil where nothing is claimed in money.
  let yuan: ClosedRange<Int>?
  /// The number in the edition of the year.
  var code = ""

  /// By what a rural district court sees; the shares are invented.
  static let all: [Cause] = [
    Cause(name: "离婚纠纷", weight: 150, matter: .family, yuan: nil),
    Cause(name: "婚约财产纠纷", weight: 38, matter: .family, yuan: 20_000...160_000),
    Cause(name: "抚养纠纷", weight: 24, matter: .family, yuan: 3_000...30_000),
    Cause(name: "赡养纠纷", weight: 16, matter: .family, yuan: 2_000...20_000),
    Cause(name: "法定继承纠纷", weight: 12, matter: .family, yuan: 20_000...400_000),
    Cause(name: "借款合同纠纷", weight: 210, matter: .money, yuan: 3_000...300_000),
    Cause(name: "保证合同纠纷", weight: 12, matter: .money, yuan: 20_000...200_000),
    Cause(name: "追偿权纠纷", weight: 24, matter: .money, yuan: 5_000...120_000),
    Cause(name: "买卖合同纠纷", weight: 105, matter: .contract, yuan: 2_000...250_000),
    Cause(name: "房屋买卖合同纠纷", weight: 14, matter: .contract, yuan: 50_000...600_000),
    Cause(name: "租赁合同纠纷", weight: 26, matter: .contract, yuan: 3_000...90_000),
    Cause(name: "承揽合同纠纷", weight: 20, matter: .contract, yuan: 3_000...80_000),
    Cause(name: "建设工程合同纠纷", weight: 22, matter: .contract, yuan: 30_000...900_000),
    Cause(name: "物业服务合同纠纷", weight: 46, matter: .contract, yuan: 800...9_000),
    Cause(name: "劳务合同纠纷", weight: 62, matter: .labour, yuan: 2_000...60_000),
    Cause(name: "劳动合同纠纷", weight: 20, matter: .labour, yuan: 5_000...120_000),
    Cause(name: "土地承包经营权纠纷", weight: 44, matter: .land, yuan: 1_000...30_000),
    Cause(name: "宅基地使用权纠纷", weight: 20, matter: .land, yuan: nil),
    Cause(name: "相邻关系纠纷", weight: 40, matter: .neighbours, yuan: nil),
    Cause(name: "排除妨害纠纷", weight: 18, matter: .neighbours, yuan: nil),
    Cause(name: "生命权、身体权、健康权纠纷", weight: 30, matter: .injury, yuan: 2_000...90_000),
    Cause(name: "提供劳务者受害责任纠纷", weight: 16, matter: .injury, yuan: 10_000...200_000),
    Cause(name: "机动车交通事故责任纠纷", weight: 64, matter: .injury, yuan: 5_000...350_000),
  ]

  static let confirmation = "申请司法确认调解协议"
}

/// The causes with their numbers in one edition.
struct CauseList {
  let edition: String
  let causes: [(Cause, Int)]
  /// 申请司法确认调解协议.
  let confirmationCode: String

  /// - Parameters:
  ///   - records: those of the edition's file.
  ///   - edition: `2020` or `2025`.
  /// - Throws: ``Mistake`` naming a cause that the edition lacks.
  init(_ records: [ListRecord], edition: String) throws {
    var codes: [String: String] = [:]
    for record in records where record.table == "code" {
      if case .text(let name)? = record["name"], case .text(let code)? = record["code"], codes[name] == nil {
        codes[name] = code
      }
    }
    func code(_ name: String) throws -> String {
      guard let code = codes[name] else { throw Mistake("the causes of \(edition) have no \(name)") }
      return code
    }
    self.edition = edition
    causes = try Cause.all.map { cause in
      var cause = cause
      cause.code = try code(cause.name)
      return (cause, cause.weight)
    }
    confirmationCode = try code(Cause.confirmation)
  }
}

/// What stopped the command, in one line for a person.
struct Mistake: Error, CustomStringConvertible {
  let description: String

  init(_ text: String) { description = text }
}
