extension ErrorCatalogue {
  /// 2000s: the replica's file, names, values and rules.
  static let replica: [Entry] = [
    Entry(
      2001, zh: "这个文件不是副本", "换一个文件夹，或在空文件夹中登记（circuit enrol）",
      en: "The file is not a replica", "Choose another folder, or enrol into an empty one (`circuit enrol`)"),
    Entry(
      2002, zh: "文件夹中没有副本", "先登记本机，或用 -C 指定副本文件夹",
      en: "There is no replica in the folder", "Enrol this machine first, or name the folder with -C"),
    Entry(
      2003, zh: "文件夹不是空的", "选择空的或新的文件夹",
      en: "The folder is not empty", "Choose an empty or new folder"),
    Entry(
      2004, zh: "副本由更新的版本写成", "升级本软件",
      en: "The replica was written by newer software", "Upgrade this software"),
    Entry(
      2005, zh: "副本文件已损坏", "从备份恢复，或重新登记后同步",
      en: "The replica file is damaged", "Restore it from a copy, or enrol anew and sync"),
    Entry(
      2006, zh: "磁盘已满，没有写入任何内容", "腾出空间后重做",
      en: "The disk is full; nothing was written", "Free some space and do it again"),
    Entry(
      2007, zh: "另一个程序正在写入，5 秒内没有轮到", "稍候重做",
      en: "Another program is writing, and the turn did not come within 5 s", "Wait a moment and do it again"),
    Entry(
      2008, zh: "文件无法使用", "检查路径和权限",
      en: "A file cannot be used", "Check the path and its permissions"),
    Entry(
      2009, zh: "本机没有这个设备的密钥，副本只能读取", "恢复 $XDG_DATA_HOME/circuit，或重新登记",
      en: "The device's keys are not on this machine, so the replica can only be read",
      "Restore $XDG_DATA_HOME/circuit, or enrol anew"),
    Entry(
      2101, zh: "没有这张表", "用 circuit schema 查看表名",
      en: "There is no such table", "`circuit schema` lists the tables"),
    Entry(
      2102, zh: "这张表没有这个字段", "用 circuit schema 查看字段名",
      en: "The table has no such field", "`circuit schema` lists the fields"),
    Entry(
      2103, zh: "本设备不共享这个范围", "用 circuit status 查看可用范围",
      en: "The device does not share this scope", "`circuit status` lists those it does"),
    Entry(
      2104, zh: "新记录可以属于几个范围", "用 --scope 指定",
      en: "A new record could be in several scopes", "Say which with --scope"),
    Entry(
      2105, zh: "同一编号在两个范围里各有一条记录", "用 --scope 指定",
      en: "The id is in two scopes, as two records", "Say which with --scope"),
    Entry(
      2106, zh: "记录属于另一个范围", "不要写 --scope，或写它所属的范围",
      en: "The record belongs to another scope", "Leave --scope out, or name the scope it is in"),
    Entry(
      2107, zh: "一次事务写了两个范围", "分成两次事务",
      en: "One transaction writes in two scopes", "Make two transactions of it"),
    Entry(
      2108, zh: "这里没有这条记录", "核对编号和范围，或先同步",
      en: "The record is not here", "Check the id and the scope, or sync first"),
    Entry(
      2109, zh: "值的类型不对", "按 circuit schema 所列类型改写",
      en: "The value has the wrong type", "Write it as `circuit schema` says"),
    Entry(
      2110, zh: "值无法保存：NaN、无穷、-0.0 或含 NUL 的文本", "更正该值",
      en: "The value cannot be kept: NaN, an infinity, -0.0, or text with a NUL", "Correct the value"),
    Entry(
      2111, zh: "值或变更超过上限", "拆分后再写；大文件存为附件",
      en: "A value or change is over its limit", "Make it smaller; keep large files as attachments"),
    Entry(
      2112, zh: "事务没有写入任何字段", "至少写一个字段",
      en: "The transaction writes nothing", "Name at least one field"),
    Entry(
      2201, zh: "字段在显示之后已有变化（--seen）", "看错误中列出的各个值，再写一次",
      en: "The field has changed since it was shown (--seen)", "Look at the values in the error and write again"),
    Entry(
      2202, zh: "只写一次的字段已经有值", "用 circuit resolve 附 --reason 更正",
      en: "A field that is written once is already set", "Correct it with `circuit resolve` and --reason"),
    Entry(
      2203, zh: "字段有未决的冲突，须由人裁定", "用 circuit conflicts 查看，用 circuit resolve 裁定",
      en: "The field is in conflict and a person must decide", "See `circuit conflicts`, decide with `circuit resolve`"),
    Entry(
      2204, zh: "字段没有冲突，无须裁定", "用 circuit put 修改",
      en: "The field is in no conflict", "Change it with `circuit put`"),
    Entry(
      2205, zh: "更正只写一次的字段要有理由", "加 --reason",
      en: "Correcting a field that is written once needs a reason", "Give --reason"),
    Entry(
      2206, zh: "--take 所指的写入不在该字段现有的值里", "用 circuit conflicts 查看现有的值",
      en: "The write that --take names is not among the field's values", "See them with `circuit conflicts`"),
    Entry(
      2207, zh: "记录已作废，不能修改", "先写 voided=false，或裁定 voided",
      en: "The record is void and takes no edit", "Undo it with voided=false, or decide voided first"),
    Entry(
      2208, zh: "本设备在这个范围没有这项权限", "向中心申请授权",
      en: "The device has no such right in this scope", "Ask the central office for a grant"),
    Entry(
      2209, zh: "中心的文件夹不在此写入", "在设备上写入后同步",
      en: "The centre's folder is only read here", "Write on a device and sync"),
    Entry(
      2210, zh: "本设备已被撤销", "联系中心并重新登记",
      en: "The device has been revoked", "Ask the central office and enrol anew"),
  ]

  /// 2300s: what arrives from others; 2400s: verifying.
  static let replicaArrivals: [Entry] = [
    Entry(
      2301, zh: "收到的内容属于另一法院", "核对来源",
      en: "What arrived is of another court", "Check the source"),
    Entry(
      2302, zh: "不知道一个日志的作者", "向发送方索取该日志的开头",
      en: "Nothing says who wrote a log", "Ask the sender for the log's beginning"),
    Entry(
      2303, zh: "一次变更与前一次不衔接", "从来源重新取得",
      en: "A change does not follow the one before it", "Fetch it again from its source"),
    Entry(
      2304, zh: "签名不是作者的", "从来源重新取得；再次出现时不要相信该来源",
      en: "A signature is not its author's", "Fetch it again from its source; do not trust it if it happens again"),
    Entry(
      2305, zh: "命令不是本院中心签发", "不要相信其来源，并告诉中心",
      en: "An order is not signed by the court's centre", "Do not trust its source, and tell the central office"),
    Entry(
      2306, zh: "回执不是本院中心签发", "不要相信其来源，并告诉中心",
      en: "A receipt is not signed by the court's centre", "Do not trust its source, and tell the central office"),
    Entry(
      2307, zh: "日志属于本设备不共享的范围", "向中心申请授权",
      en: "A log is of a scope the device does not share", "Ask the central office for a grant"),
    Entry(
      2308, zh: "一次变更之前的内容缺失", "从已知的最后一条变更起发送",
      en: "What comes before a change is missing", "Send the log from its last known change on"),
    Entry(
      2401, zh: "副本与其日志不一致", "保留此文件，重新登记后同步，并报告",
      en: "The replica does not match its log", "Keep the file, enrol anew and sync, and report it"),
  ]
}
