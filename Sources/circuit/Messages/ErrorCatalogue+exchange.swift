extension ErrorCatalogue {
  /// 3000s: the network.
  static let network: [Entry] = [
    Entry(
      3001, zh: "中心的地址无效", "写成 https://主机:端口",
      en: "The centre's address is not valid", "Write it as https://HOST:PORT"),
    Entry(
      3002, zh: "法院根证书无法读取", "用中心新发的登记凭证重新登记",
      en: "The certificate of the court's authority cannot be read", "Enrol again with a new ticket from the centre"),
    Entry(
      3003, zh: "本机的 libcurl 无法完成传输", "安装支持 TLS 1.3 的 libcurl 7.85 或更新版本",
      en: "libcurl on this machine cannot do the transfer", "Install libcurl 7.85 or newer with TLS 1.3"),
    Entry(
      3004, zh: "无法连接中心", "检查网络，确认中心正在运行，再试；本机的写入不受影响",
      en: "The centre cannot be reached",
      "Check the network and that the centre is running, then try again; work on this machine goes on"),
    Entry(
      3005, zh: "连接中断", "再试一次；已收到的内容不会丢失",
      en: "The connection broke", "Try again; what has arrived is kept"),
    Entry(
      3006, zh: "中心没有及时答复", "检查网络后再试",
      en: "The centre did not answer in time", "Check the network and try again"),
    Entry(
      3007, zh: "对方的证书不是本法院签发的，没有送出任何内容", "核对地址，并向中心管理员询问",
      en: "The other side's certificate is not of this court; nothing was sent",
      "Check the address and ask the centre's operator"),
    Entry(
      3008, zh: "中心的证书不包含所用的名称", "用证书中的名称连接，或由中心用 --host 重新建立",
      en: "The centre's certificate does not name the host that was used",
      "Use a name it holds, or make the centre with that --host"),
    Entry(
      3009, zh: "中心拒绝了请求", "按错误中的说明办，或向中心管理员询问",
      en: "The centre refused the request", "Do as the message says, or ask the centre's operator"),
    Entry(
      3010, zh: "对方的答复无法识别", "核对地址是否为法院中心",
      en: "The answer makes no sense", "Check that the address is the court's centre"),
    Entry(
      3011, zh: "对方的答复超过上限，已停止接收", "核对地址，升级到新版本后再试",
      en: "The answer is greater than the limit", "Check the address, upgrade the software and try again"),
  ]

  /// 4000s: the centre.
  static let centre: [Entry] = [
    Entry(
      4001, zh: "无法监听该地址和端口", "停止占用该端口的程序，或用 --listen 另选",
      en: "The address cannot be listened on", "Stop what uses it, or choose another with --listen"),
    Entry(
      4002, zh: "中心的证书或私钥无法读取", "从备份恢复中心的密钥文件",
      en: "The centre's certificate or key cannot be read", "Restore the centre's key files from a backup"),
    Entry(
      4003, zh: "--host 不是主机名或 IP 地址", "写 ASCII 域名、IPv4 或 IPv6 地址",
      en: "--host is no host", "Give a DNS name in ASCII, an IPv4 or an IPv6 address"),
  ]

  /// 5000s: the court's data.
  static let court: [Entry] = [
    Entry(
      5001, zh: "代码表文件中有一行不能用", "按错误中的行号改正",
      en: "A line of a list file cannot be taken", "Correct the line that the message names"),
    Entry(
      5002, zh: "不是案号", "照（2026）豫1103民初123号 的样子写",
      en: "It is no case number", "Write it as in （2026）豫1103民初123号"),
  ]
}
