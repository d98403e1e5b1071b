/// The few texts the fixture writes. Short and alike on purpose: the years are committed packed.
enum Phrases {
  static func dispute(_ cause: Cause, _ place: String, _ draws: inout Draws) -> String {
    let phrases =
      switch cause.matter {
      case .family: ["夫妻因家庭琐事不和", "婚约解除后彩礼返还发生争执", "子女就老人生活费用意见不一", "亲属之间就家产分割意见不一"]
      case .money: ["借款到期未还，催要未果", "因担保代偿后追索未果", "借条金额与实付不符发生争执"]
      case .land: ["承包地边界不清发生争执", "土地流转费未按期支付", "宅基地四至不清发生争执"]
      case .neighbours: ["邻居因排水发生争执", "邻居因通行道路堆放杂物发生争执", "因院墙滴水发生争执"]
      case .injury: ["因琐事推搡致伤，赔偿意见不一", "务工受伤，赔偿协商未果", "交通事故后赔偿协商未果"]
      case .labour: ["务工报酬拖欠", "劳务费结算发生争执"]
      case .contract: ["货款拖欠", "合同履行中对质量有争执", "费用结算发生争执"]
      }
    return place + draws.pick(phrases)
  }

  static func claims(_ cause: Cause) -> String {
    switch cause.matter {
    case .family: cause.yuan == nil ? "请求判令离婚" : "请求判令给付相应款项"
    case .money: "请求判令偿还本金及利息"
    case .land: "请求确认承包经营权，停止侵害"
    case .neighbours: "请求排除妨碍、恢复原状"
    case .injury: "请求赔偿医疗费、误工费等"
    case .labour: "请求判令支付劳动报酬"
    case .contract: "请求判令支付合同价款及违约金"
    }
  }

  static func terms(_ cause: Cause, yuan: Int?) -> String {
    if let yuan { return "一次性给付\(yuan)元，双方再无争议" }
    return switch cause.matter {
    case .family: "双方和好，互谅互让"
    case .land: "以原界石为准，双方各退一尺"
    case .neighbours: "七日内清理，恢复通行排水"
    default: "双方互不追究"
    }
  }

  static func ruling(_ cause: Cause, yuan: Int?) -> String {
    if let yuan { return "被告于判决生效后十日内给付原告\(yuan)元" }
    return cause.matter == .family ? "不准予离婚" : "被告于判决生效后三十日内排除妨碍"
  }

  static func teaching(_ cause: Cause) -> String {
    switch cause.matter {
    case .family: "婚姻家庭与移风易俗"
    case .money: "民间借贷的风险与证据"
    case .land: "承包地边界与土地流转"
    case .neighbours: "相邻关系与邻里和睦"
    case .injury: "侵权责任与理性维权"
    case .labour: "劳动报酬的保护"
    case .contract: "诚信履约"
    }
  }
}
