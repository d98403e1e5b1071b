extension ErrorCatalogue {
  /// 6000s: the command line.
  static let commandLine: [Entry] = [
    Entry(
      6001, zh: "参数不是有效的 UTF-8", "用 UTF-8 终端；原始字节用 字段=@文件 写入",
      en: "An argument is not valid UTF-8", "Use a UTF-8 terminal; write raw bytes by field=@FILE"),
    Entry(
      6002, zh: "编号不是 32 个十六进制数字", "从 circuit list 抄一个，可以带连字符或大写",
      en: "An id is not 32 hex digits", "Copy one from `circuit list`; dashes and upper case are fine"),
    Entry(
      6003, zh: "不是 日志:序号", "从 circuit history 或 conflicts 抄一个，序号从 1 起",
      en: "It is no LOG:SEQ", "Copy one from `circuit history` or `conflicts`; sequences start at 1"),
    Entry(
      6004, zh: "值不合字段的类型", "按错误中的说明更正；circuit schema 列出类型",
      en: "A value does not fit its field's type", "Correct it as the message says; `circuit schema` lists the types"),
    Entry(
      6005, zh: "文本含 NUL 字节", "去掉该字节",
      en: "A text holds a NUL byte", "Take it out"),
    Entry(
      6006, zh: "读不了文件", "检查路径和权限",
      en: "A file cannot be read", "Check the path and its permissions"),
    Entry(
      6007, zh: "文件或其中一行太大", "分开写，或存为附件",
      en: "A file, or a line of it, is too large", "Split it, or keep it as an attachment"),
    Entry(
      6008, zh: "文件不是有效的 UTF-8 文本", "先转成 UTF-8",
      en: "A file is not valid UTF-8 text", "Convert it to UTF-8 first"),
    Entry(
      6009, zh: "不是可用的 JSON：重复的键、BOM、单独的代理项、NUL、超出 64 位的整数、-0.0 都不收", "按错误中的位置更正",
      en: "It is no JSON that can be used: duplicate keys, a BOM, lone surrogates, NUL, integers past 64 bits and -0.0 "
        + "are refused",
      "Correct it at the place the message names"),
    Entry(
      6010, zh: "apply 的一行不是写入", "每行写 {\"table\",\"set\"}，id、scope、as 可省",
      en: "A line for `apply` is no write", "A line has table and set; id, scope and as are optional"),
    Entry(
      6011, zh: "一次事务里有两个范围", "用空行分成两次事务",
      en: "One transaction names two scopes", "Part them by a blank line"),
    Entry(
      6012, zh: "一次事务里有两个经办人", "用空行分成两次事务",
      en: "One transaction names two actors", "Part them by a blank line"),
    Entry(
      6013, zh: "答复写不出去", "检查输出去处；已提交的写入有效",
      en: "The answer cannot be written", "Check where it goes; what was committed stands"),
    Entry(
      6014, zh: "找不到密钥文件夹", "把 HOME 或 XDG_DATA_HOME 设为绝对路径",
      en: "There is no folder for keys", "Set HOME or XDG_DATA_HOME to an absolute path"),
    Entry(
      6015, zh: "不认识的权限", "用 read、append、correct、void、export，逗号分开",
      en: "An unknown right", "Take read, append, correct, void, export, parted by commas"),
    Entry(
      6016, zh: "监听地址不是 地址:端口", "例如 127.0.0.1:8443",
      en: "The address to listen on is no ADDRESS:PORT", "An example is 127.0.0.1:8443"),
    Entry(
      6017, zh: "一次事务的各行太大", "用空行分成几次",
      en: "The lines of one transaction are too large", "Part them by a blank line"),
    Entry(
      6018, zh: "写不了文件", "检查路径、权限和剩余空间",
      en: "A file cannot be written", "Check the path, its permissions and the space left"),
    Entry(
      6021, zh: "演示用的文件夹不是空的", "换一个，或不写文件夹",
      en: "The demo's folder is not empty", "Name another, or none"),
    Entry(
      6022, zh: "演示中的一条命令失败", "照该命令错误的说明处理",
      en: "A command of the demo failed", "Do as that command's error says"),
    Entry(
      6023, zh: "演示中有不符", "报告，并附上演示的全部输出",
      en: "Something differs in the demo", "Report it with the demo's whole output"),
    Entry(
      6031, zh: "导入的文件有错，一条也没有写入", "按列出的行号改正后重新导入",
      en: "The file to import has faults; nothing was written", "Correct the lines that are named and import again"),
    Entry(
      6032, zh: "一行的格数与标题行不同", "补上或去掉多余的格",
      en: "A line has not as many cells as the header", "Add or remove cells"),
    Entry(
      6033, zh: "文件既不是 UTF-8 也不是 GB18030 文本", "另存为其中一种",
      en: "The file is neither UTF-8 nor GB18030 text", "Save it as one of these"),
    Entry(
      6034, zh: "导入的文件里一个字段或一个编号出现两次", "只留一处",
      en: "A column or an id stands twice in the file to import", "Keep one of them"),
    Entry(
      6099, zh: "没有料到的错误", "请连同所用命令一起报告",
      en: "An error nobody foresaw", "Report it with the command you ran"),
  ]
}
