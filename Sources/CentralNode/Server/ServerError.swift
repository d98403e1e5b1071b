/// Why a centre's server cannot begin, or its certificates cannot be made.
package enum ServerError: Error, Equatable, Sendable {
  /// The address cannot be listened on: taken, not of this machine, or not allowed.
  case cannotListen(host: String, port: Int, detail: String)
  /// A certificate or its key, as stored, cannot be read.
  case certificateUnreadable(detail: String)
  /// A host name for the certificate is neither an IP address nor a DNS name in ASCII.
  case invalidHost(String)

  /// One sentence that says what happened and what to do next.
  ///
  /// - Parameter chinese: Chinese if true, else English.
  package func message(chinese: Bool) -> String {
    switch self {
    case .cannotListen(let host, let port, let detail):
      chinese
        ? "无法监听 \(host):\(port)（\(detail)），请停止占用该端口的程序，或用 --listen 另选地址。"
        : "\(host):\(port) cannot be listened on (\(detail)); stop what uses it or choose another with --listen."
    case .certificateUnreadable(let detail):
      chinese
        ? "中心的证书或私钥无法读取（\(detail)），请从备份恢复中心的密钥文件。"
        : "The centre's certificate or key cannot be read (\(detail)); restore the centre's key files from a backup."
    case .invalidHost(let name):
      chinese
        ? "“\(name)”不是主机名或 IP 地址，请写 ASCII 域名、IPv4 或 IPv6 地址。"
        : "'\(name)' is no host; give a DNS name in ASCII, an IPv4 or an IPv6 address."
    }
  }
}
