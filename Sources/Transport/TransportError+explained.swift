import Merge

extension TransportError: ExplainedError {
  public var number: Int {
    switch self {
    case .invalidURL: 3001
    case .pinUnreadable: 3002
    case .library: 3003
    case .unreachable: 3004
    case .interrupted: 3005
    case .timedOut: 3006
    case .pinMismatch: 3007
    case .wrongName: 3008
    case .refused(let status, let text): CentreRefusal(status: status, text: text)?.rawValue ?? 3009
    case .nonsense: 3010
    case .tooLarge: 3011
    case .badTicket: 3012
    case .refusedRun: 3013
    case .badBundle: 3014
    case .bundleForAnother: 3015
    case .unknownDevice: 3016
    case .noCentre: 3017
    }
  }

  public func message(_ tongue: Tongue) -> String {
    if case .refused(let status, let text) = self, let refusal = CentreRefusal(status: status, text: text) {
      return refusal.message(tongue)
    }
    return message(chinese: tongue == .zh)
  }
}

/// Why the centre refuses a whole request: sent as the body `CIR-NNNN` of a reply that is not 200.
public enum CentreRefusal: Int, Sendable, CaseIterable {
  case unknownDevice = 4001
  case revoked = 4002
  case badSignature = 4003
  case malformed = 4004
  case unknownTicket = 4005
  case spentTicket = 4006
  case trouble = 4007
  case full = 4008
  /// Nothing is signed, so nobody can be admitted, until the centre's operator confirms its clock.
  case clockInDoubt = 4009

  public var status: Int {
    switch self {
    case .unknownDevice, .badSignature: 401
    case .revoked, .unknownTicket, .spentTicket: 403
    case .malformed: 400
    case .trouble: 500
    case .full: 507
    case .clockInDoubt: 503
    }
  }

  public var body: [UInt8] { Array("CIR-\(rawValue)".utf8) }

  package init?(status: Int, text: String) {
    guard text.hasPrefix("CIR-"), let number = Int(text.dropFirst(4)), let refusal = CentreRefusal(rawValue: number),
      refusal.status == status
    else { return nil }
    self = refusal
  }

  public func message(_ tongue: Tongue) -> String {
    switch (self, tongue) {
    case (.unknownDevice, .zh): "中心不认识本设备；请用新的登记凭证重新登记"
    case (.unknownDevice, .en): "the centre does not know this device; enrol again with a new ticket"
    case (.revoked, .zh): "本设备已被中心撤销；请联系中心并重新登记"
    case (.revoked, .en): "the centre has revoked this device; ask the central office and enrol anew"
    case (.badSignature, .zh): "中心认为请求签名无效；请检查密钥文件夹是否属于本设备"
    case (.badSignature, .en):
      "the centre finds the request's signature invalid; check that the key folder is this device's"
    case (.malformed, .zh): "中心无法读懂请求；请升级本软件后重试"
    case (.malformed, .en): "the centre cannot read the request; upgrade this software and try again"
    case (.unknownTicket, .zh): "中心没有发出过这张登记凭证；请向中心索取新的凭证"
    case (.unknownTicket, .en): "the centre has not issued this ticket; ask for a new one"
    case (.spentTicket, .zh): "这张登记凭证已经用过；请向中心索取新的凭证"
    case (.spentTicket, .en): "this ticket has been used; ask the central office for a new one"
    case (.full, .zh): "中心的磁盘已满，没有收下任何内容；请告知中心腾出空间后再同步，本机的写入不受影响"
    case (.full, .en):
      "the centre's disk is full and nothing was taken; tell the central office, sync again when it has space, "
        + "work on this machine goes on"
    case (.trouble, .zh): "中心出现故障，未能处理请求；请稍后重试并告知中心"
    case (.trouble, .en): "the centre had trouble with the request; try again later and tell the central office"
    case (.clockInDoubt, .zh): "中心的时钟存疑，暂不能登记设备；请告知中心核对时钟，确认后重试"
    case (.clockInDoubt, .en):
      "the centre's clock is in doubt, so it admits nobody; ask the central office to confirm it and try again"
    }
  }
}
