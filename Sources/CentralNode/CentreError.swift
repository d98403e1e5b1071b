import Merge
import Transport

/// What the centre cannot do, and what its operator can do about it.
package enum CentreError: ExplainedError {
  case alreadyThere(folder: String)
  case notACentre(folder: String)
  case keysMissing(folder: String)
  case badHost(String)
  case cannotListen(address: String, detail: String)
  case badScope(String)
  case clockInDoubt(days: Int)
  /// A change the centre does not hold cannot end a stretch.
  case notHeld(Dot)
  case refused(CentreRefusal)

  package var number: Int {
    switch self {
    case .alreadyThere: 4101
    case .notACentre: 4102
    case .keysMissing: 4103
    case .badHost: 4104
    case .cannotListen: 4105
    case .badScope: 4106
    case .clockInDoubt: 4107
    case .notHeld: 4108
    case .refused(let refusal): refusal.rawValue
    }
  }

  package func message(_ tongue: Tongue) -> String {
    switch (self, tongue) {
    case (.alreadyThere(let folder), .zh): "\(folder) 中已有内容；请为中心选择空的或新的文件夹"
    case (.alreadyThere(let folder), .en): "\(folder) is not empty; choose an empty or new folder for the centre"
    case (.notACentre(let folder), .zh): "\(folder) 不是中心的文件夹；请先运行 circuit centre init"
    case (.notACentre(let folder), .en): "\(folder) is not a centre's folder; run circuit centre init first"
    case (.keysMissing(let folder), .zh): "\(folder) 缺少中心的密钥；请从备份恢复"
    case (.keysMissing(let folder), .en): "the centre's keys are missing in \(folder); restore them from a copy"
    case (.badHost(let host), .zh): "主机名 \(host) 无法写入证书；请改用域名或 IP 地址"
    case (.badHost(let host), .en): "\(host) cannot stand in a certificate; use a DNS name or an IP address"
    case (.cannotListen(let address, let detail), .zh): "无法在 \(address) 监听（\(detail)）；请检查端口是否被占用"
    case (.cannotListen(let address, let detail), .en):
      "cannot listen on \(address) (\(detail)); check that the port is free"
    case (.badScope(let scope), .zh): "范围 \(scope) 的写法不对；请写 court、statistics、tribunal/名称 或 department/名称"
    case (.badScope(let scope), .en):
      "\(scope) is no scope; write court, statistics, tribunal/NAME or department/NAME"
    case (.clockInDoubt(let days), .zh): "中心的时钟与上次签名相差 \(days) 天，暂不签发回执和命令；请核对时钟，确认无误后以 --clock-is-right 重新运行中心"
    case (.clockInDoubt(let days), .en):
      "the centre's clock stands \(days) days from its last signature, so it gives no receipts and no orders; check the "
        + "clock, then run the centre with --clock-is-right"
    case (.notHeld(let dot), .zh): "中心没有变更 \(dot)，不能作为一段的终点；请不写 --to，从起点起全部排除"
    case (.notHeld(let dot), .en):
      "the centre does not hold change \(dot), so no stretch can end there; leave --to out to exclude all from the start on"
    case (.refused(let refusal), _): refusal.message(tongue)
    }
  }
}
