import CCurl

/// What can go wrong while batches are moved between replicas and the centre.
///
/// Each case carries what a person needs to act, and ``message(chinese:)`` says it in one sentence. Texts that came
/// from the other side (`detail`, `text`) are cut to 300 characters and hold no control characters, so that they can be
/// printed to a terminal.
public enum TransportError: Error, Equatable, Sendable {
  /// The address is not of the form `https://host[:port]`, or a path or header field of the request is not well formed.
  case invalidURL(String)
  /// The certificate of the court's authority (the pin) cannot be read: it is not PEM.
  case pinUnreadable
  /// libcurl itself cannot do what is asked (too old, built without TLS 1.3, out of memory).
  case library(detail: String)
  /// No connection came about: no such name, no route, nobody listening.
  case unreachable(host: String, detail: String)
  /// A connection came about and broke before the whole answer was here.
  case interrupted(host: String, detail: String)
  /// Nothing, or too little, came within the time allowed.
  case timedOut(host: String, seconds: Int)
  /// The other side's certificate is not of the court's authority.
  case pinMismatch(host: String)
  /// The other side's certificate is the court's, but is not made out for the name it was reached by.
  case wrongName(host: String)
  /// The other side answered with an HTTP status other than 200; `text` is what it said, often nothing.
  case refused(status: Int, text: String)
  /// The other side answered something that is no answer to the request.
  case nonsense(detail: String)
  /// The answer is greater than the caller allowed; `limit` in bytes.
  case tooLarge(limit: Int)
  /// A file that is no whole, authentic bundle.
  case badBundle(path: String, detail: String)
  case bundleForAnother(path: String, recipient: String)
  /// A device that no grant names.
  case unknownDevice(String)
  /// A replica that belongs to no centre.
  case noCentre
  /// A ticket line that cannot be read.
  case badTicket
  /// The centre refuses what this replica offers of a log, with the number of the error that says why.
  case refusedRun(log: String, sequence: UInt64, error: Int)
}

extension TransportError {
  /// One sentence that says what happened and what to do next.
  ///
  /// - Parameter chinese: Chinese if true, else English.
  public func message(chinese: Bool) -> String {
    switch self {
    case .invalidURL(let text):
      chinese
        ? "地址“\(text)”无效，请写成 https://主机:端口 的形式。"
        : "'\(text)' is no valid address; write it as https://HOST:PORT."
    case .pinUnreadable:
      chinese
        ? "法院根证书无法读取，请用中心新发的登记凭证重新登记。"
        : "The certificate of the court's authority cannot be read; enrol again with a new ticket from the centre."
    case .library(let detail):
      chinese
        ? "本机的 libcurl 无法完成传输（\(detail)），请安装支持 TLS 1.3 的 libcurl 7.85 或更新版本。"
        : "libcurl on this machine cannot do the transfer (\(detail)); install libcurl 7.85 or newer with TLS 1.3."
    case .unreachable(let host, let detail):
      chinese
        ? "无法连接 \(host)（\(detail)），请检查网络并确认中心正在运行，然后再试。"
        : "\(host) cannot be reached (\(detail)); check the network and that the centre is running, then try again."
    case .interrupted(let host, let detail):
      chinese
        ? "与 \(host) 的连接中断（\(detail)），请再试一次；已收到的内容不会丢失。"
        : "The connection to \(host) broke (\(detail)); try again, what has arrived is kept."
    case .timedOut(let host, let seconds):
      chinese
        ? "\(host) 在 \(seconds) 秒内没有答复，请检查网络后再试。"
        : "\(host) did not answer within \(seconds) s; check the network and try again."
    case .pinMismatch(let host):
      chinese
        ? "\(host) 出示的证书不是本法院签发的，连接已拒绝；请核对地址，并向中心管理员询问。"
        : "\(host) showed a certificate that is not of this court, so nothing was sent; check the address and ask the "
          + "centre's operator."
    case .wrongName(let host):
      chinese
        ? "中心的证书不包含 \(host) 这个名称，请改用证书中的名称连接，或由中心用 --host 重新建立。"
        : "The centre's certificate does not name \(host); use a name it holds or make the centre with --host."
    case .refused(let status, let text):
      chinese ? Self.refusalInChinese(status, text) : Self.refusalInEnglish(status, text)
    case .nonsense(let detail):
      chinese
        ? "对方的答复无法识别（\(detail)），请核对地址是否为法院中心。"
        : "The answer makes no sense (\(detail)); check that the address is the court's centre."
    case .tooLarge(let limit):
      chinese
        ? "对方的答复超过 \(limit) 字节的上限，已停止接收；请核对地址，并升级到新版本后再试。"
        : "The answer is greater than the limit of \(limit) bytes; check the address and update the software."
    case .badBundle(let path, let detail):
      chinese
        ? "\(path) 不是完整有效的交换包（\(detail)），没有写入任何内容；请重新拷贝，或请对方重新导出。"
        : "\(path) is no whole and authentic bundle (\(detail)), nothing was taken; copy it again or have it exported anew."
    case .bundleForAnother(let path, let recipient):
      chinese
        ? "\(path) 是给设备 \(recipient) 的，没有写入任何内容；请交给该设备，或请对方用 --to 重新导出。"
        : "\(path) is for device \(recipient), nothing was taken; bring it there, or have it exported with --to."
    case .unknownDevice(let device):
      chinese
        ? "中心没有登记过设备 \(device)；请用 circuit centre devices 或 circuit orders 核对。"
        : "No device \(device) was ever admitted; check it with circuit orders."
    case .noCentre:
      chinese ? "本副本不属于任何中心；请先登记。" : "This replica belongs to no centre; enrol first."
    case .badTicket:
      chinese
        ? "登记凭证无法读取，请核对是否复制完整，或向中心索取新的凭证。"
        : "The ticket cannot be read; check that it was copied whole, or ask the centre for a new one."
    case .refusedRun(let log, let sequence, let error):
      chinese
        ? "中心拒绝了日志 \(log) 从 \(sequence) 起的变更（CIR-\(error)），其余内容已收发；请把此行告知中心。"
        : "The centre refuses log \(log) from \(sequence) on (CIR-\(error)), all else was exchanged; show this line to "
          + "the central office."
    }
  }

  private static func refusalInChinese(_ status: Int, _ text: String) -> String {
    let said = text.isEmpty ? "" : "：\(text)"
    return switch status {
    case 413: "对方认为本次发送过大（HTTP 413\(said)），请升级到新版本后再试。"
    case 429, 503: "对方正忙（HTTP \(status)\(said)），请过几分钟再试。"
    case 500...599: "对方出错（HTTP \(status)\(said)），请通知中心管理员，稍后再试。"
    default: "对方拒绝了请求（HTTP \(status)\(said)），请向中心管理员询问。"
    }
  }

  private static func refusalInEnglish(_ status: Int, _ text: String) -> String {
    let said = text.isEmpty ? "" : ": \(text)"
    return switch status {
    case 413: "The other side finds this sending too large (HTTP 413\(said)); update the software and try again."
    case 429, 503: "The other side is busy (HTTP \(status)\(said)); try again in a few minutes."
    case 500...599: "The other side failed (HTTP \(status)\(said)); tell the centre's operator and try again later."
    default: "The other side refused the request (HTTP \(status)\(said)); ask the centre's operator."
    }
  }
}

extension TransportError {
  /// The error that a result code of libcurl stands for.
  ///
  /// - Parameters:
  ///   - chainIsTrusted: the certificate chain was found good; then a failed verification is about the name.
  ///   - seconds: the time allowed, for the message.
  init(curl code: CURLcode, detail: String, host: String, chainIsTrusted: Bool, seconds: Int) {
    self =
      switch code {
      case CURLE_URL_MALFORMAT: .invalidURL(host)
      case CURLE_SSL_CACERT_BADFILE: .pinUnreadable
      case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT: .unreachable(host: host, detail: detail)
      case CURLE_PEER_FAILED_VERIFICATION: chainIsTrusted ? .wrongName(host: host) : .pinMismatch(host: host)
      case CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH: .pinMismatch(host: host)
      case CURLE_OPERATION_TIMEDOUT: .timedOut(host: host, seconds: seconds)
      case CURLE_SSL_CONNECT_ERROR, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE,
        CURLE_SEND_FAIL_REWIND, CURLE_ABORTED_BY_CALLBACK, CURLE_HTTP2_STREAM:
        .interrupted(host: host, detail: detail)
      // The address's own scheme is looked at before: what is not supported is what was answered (HTTP/0.9).
      case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_WRITE_ERROR,
        CURLE_TOO_MANY_REDIRECTS:
        .nonsense(detail: detail)
      default: .library(detail: detail)
      }
  }

  /// Bytes of the other side as text for a person: at most 300 characters on one line, invalid UTF-8 repaired, control
  /// and formatting characters (escape sequences, line breaks, reversed writing) made spaces.
  static func printable(_ bytes: some Collection<UInt8>) -> String {
    var text = ""
    var count = 0
    for scalar in String(decoding: bytes.prefix(4 * 300), as: UTF8.self).unicodeScalars {
      guard count < 300 else { break }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
        if let last = text.last, last != " " { text.unicodeScalars.append(" ") }
      default: text.unicodeScalars.append(scalar)
      }
      count += 1
    }
    while text.last == " " { text.removeLast() }
    return text
  }
}
