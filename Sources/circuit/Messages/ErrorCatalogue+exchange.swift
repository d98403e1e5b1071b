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
    Entry(
      3012, zh: "登记凭证无法读取", "核对是否复制完整，或向中心索取新的凭证",
      en: "The ticket cannot be read", "Check that it was copied whole, or ask the centre for a new one"),
    Entry(
      3013, zh: "中心拒绝了所提供的一段日志，其余内容已收发", "把这一行告知中心；日志编号和起点在其中",
      en: "The centre refuses a stretch of a log; all else was exchanged",
      "Show the line to the central office; it names the log and where the stretch begins"),
    Entry(
      3014, zh: "文件不是完整有效的交换包，没有写入任何内容", "重新拷贝，或请对方重新导出",
      en: "The file is no whole and authentic bundle; nothing was taken", "Copy it again or have it exported anew"),
    Entry(
      3015, zh: "交换包是给别的设备的，没有写入任何内容", "交给那台设备，或请对方用 --to 重新导出",
      en: "The bundle is for another device; nothing was taken", "Bring it there, or have it exported with --to"),
    Entry(
      3016, zh: "中心没有登记过这台设备", "用 circuit centre devices 或 circuit orders 核对",
      en: "No such device was ever admitted", "Check it with circuit centre devices or circuit orders"),
    Entry(
      3017, zh: "副本不属于任何中心", "先登记",
      en: "The replica belongs to no centre", "Enrol first"),
  ]

  /// 4000s: the centre.
  static let centre: [Entry] = [
    Entry(
      4001, zh: "中心不认识本设备", "用新的登记凭证重新登记",
      en: "The centre does not know this device", "Enrol again with a new ticket"),
    Entry(
      4002, zh: "本设备已被中心撤销", "联系中心，重新登记",
      en: "The centre has revoked this device", "Ask the central office and enrol anew"),
    Entry(
      4003, zh: "请求的签名无效", "检查密钥文件夹是否属于本设备",
      en: "The request's signature is not valid", "Check that the key folder is this device's"),
    Entry(
      4004, zh: "中心无法读懂请求", "升级本软件后重试",
      en: "The centre cannot read the request", "Upgrade this software and try again"),
    Entry(
      4005, zh: "中心没有发出过这张登记凭证", "向中心索取新的凭证",
      en: "The centre has not issued this ticket", "Ask for a new one"),
    Entry(
      4006, zh: "登记凭证已经用过", "向中心索取新的凭证",
      en: "The ticket has been used", "Ask for a new one"),
    Entry(
      4007, zh: "中心出现故障", "稍后重试并告知中心",
      en: "The centre had trouble with the request", "Try again later and tell the central office"),
    Entry(
      4008, zh: "中心的磁盘已满，没有收下任何内容", "告知中心腾出空间，再同步；本机的写入不受影响",
      en: "The centre's disk is full; nothing was taken",
      "Tell the central office and sync again when it has space; work on this machine goes on"),
    Entry(
      4009, zh: "中心的时钟存疑，暂不登记设备", "告知中心核对时钟，以 --clock-is-right 重新运行后重试",
      en: "The centre's clock is in doubt, so it admits nobody",
      "Ask the central office to check it and run it with --clock-is-right, then try again"),
    Entry(
      4101, zh: "文件夹中已有内容", "为中心选择空的或新的文件夹",
      en: "The folder is not empty", "Choose an empty or new folder for the centre"),
    Entry(
      4102, zh: "不是中心的文件夹", "先运行 circuit centre init",
      en: "It is no centre's folder", "Run circuit centre init first"),
    Entry(
      4103, zh: "缺少中心的密钥", "从备份恢复",
      en: "The centre's keys are missing", "Restore them from a copy"),
    Entry(
      4104, zh: "--host 不是主机名或 IP 地址", "写 ASCII 域名、IPv4 或 IPv6 地址",
      en: "--host is no host", "Give a DNS name in ASCII, an IPv4 or an IPv6 address"),
    Entry(
      4105, zh: "无法监听该地址和端口", "停止占用该端口的程序，或用 --listen 另选",
      en: "The address cannot be listened on", "Stop what uses it, or choose another with --listen"),
    Entry(
      4106, zh: "范围的写法不对", "写 court、statistics、tribunal/名称 或 department/名称",
      en: "It is no scope", "Write court, statistics, tribunal/NAME or department/NAME"),
    Entry(
      4107, zh: "中心的时钟与上次签名相差太远", "核对时钟，确认无误后加 --clock-is-right",
      en: "The centre's clock stands too far from its last signature",
      "Check it and confirm with --clock-is-right"),
    Entry(
      4108, zh: "中心没有作为终点的变更", "不写 --to，从起点起全部排除",
      en: "The centre does not hold the change that should end the stretch",
      "Leave --to out to exclude all from the start on"),
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
