import Merge

/// What a replica cannot do, and what a person can do about it.
public enum ReplicaError: ExplainedError {
  // The file
  case notAReplica(path: String)
  case noReplica(path: String)
  case alreadyExists(path: String)
  case newerReplica(path: String, found: Int, known: Int)
  case damaged(path: String, detail: String)
  case diskFull(path: String)
  case inUse(path: String)
  case fileTrouble(path: String, detail: String)
  case keysMissing(device: DeviceID, folder: String)
  // Names and values
  case unknownTable(String)
  case unknownField(table: String, field: String)
  case unknownScope(String)
  case scopeNeeded(scopes: [String])
  case inTwoScopes(id: RecordID, scopes: [String])
  case otherScope(id: RecordID, held: String, given: String)
  case mixedScopes
  case noSuchRecord(table: String, id: RecordID)
  case wrongType(table: String, field: String, expected: String)
  case unwritable(table: String, field: String)
  case overLimit(what: String, found: Int, limit: Int)
  case nothingWritten
  // Rules
  case changedSince(table: String, id: RecordID, field: String, held: [WriteView], offered: Value)
  case writtenOnce(table: String, id: RecordID, field: String)
  case inConflict(table: String, id: RecordID, field: String)
  case notInConflict(table: String, id: RecordID, field: String)
  case reasonNeeded(table: String, id: RecordID, field: String)
  case notAmongValues(dot: Dot, table: String, id: RecordID, field: String)
  case isVoid(table: String, id: RecordID)
  case notAllowed(right: String, scope: String)
  case centreIsRead
  case revoked
  // What arrives
  case wrongCourt(found: Identifier)
  case unknownAuthor(log: LogID)
  case badChain(Dot)
  case badSignature(Dot)
  case badOrder(number: UInt64)
  case badReceipt
  case foreignScope(log: LogID)
  case gap(Dot)
  // Verify
  case differs(what: String)

  public var number: Int {
    switch self {
    case .notAReplica: 2001
    case .noReplica: 2002
    case .alreadyExists: 2003
    case .newerReplica: 2004
    case .damaged: 2005
    case .diskFull: 2006
    case .inUse: 2007
    case .fileTrouble: 2008
    case .keysMissing: 2009
    case .unknownTable: 2101
    case .unknownField: 2102
    case .unknownScope: 2103
    case .scopeNeeded: 2104
    case .inTwoScopes: 2105
    case .otherScope: 2106
    case .mixedScopes: 2107
    case .noSuchRecord: 2108
    case .wrongType: 2109
    case .unwritable: 2110
    case .overLimit: 2111
    case .nothingWritten: 2112
    case .changedSince: 2201
    case .writtenOnce: 2202
    case .inConflict: 2203
    case .notInConflict: 2204
    case .reasonNeeded: 2205
    case .notAmongValues: 2206
    case .isVoid: 2207
    case .notAllowed: 2208
    case .centreIsRead: 2209
    case .revoked: 2210
    case .wrongCourt: 2301
    case .unknownAuthor: 2302
    case .badChain: 2303
    case .badSignature: 2304
    case .badOrder: 2305
    case .badReceipt: 2306
    case .foreignScope: 2307
    case .gap: 2308
    case .differs: 2401
    }
  }

  /// The record that a rule refuses to have written so; nil for what concerns no single record.
  public var record: RecordID? {
    switch self {
    case .inTwoScopes(let id, _), .otherScope(let id, _, _), .noSuchRecord(_, let id),
      .changedSince(_, let id, _, _, _),
      .writtenOnce(_, let id, _), .inConflict(_, let id, _), .notInConflict(_, let id, _), .reasonNeeded(_, let id, _),
      .notAmongValues(_, _, let id, _), .isVoid(_, let id):
      id
    default: nil
    }
  }

  public func message(_ tongue: Tongue) -> String { tongue == .zh ? chinese : english }

  private var english: String {
    switch self {
    case .notAReplica(let path): "\(path) is not a replica; choose another folder or enrol into an empty one"
    case .noReplica(let path): "there is no replica in \(path); enrol this machine first or name its folder with -C"
    case .alreadyExists(let path): "\(path) is not empty; choose an empty or new folder"
    case .newerReplica(let path, let found, let known):
      "\(path) has format \(found), this program knows \(known); upgrade the program"
    case .damaged(let path, let detail): "\(path) is damaged (\(detail)); restore it from a copy or enrol anew and sync"
    case .diskFull(let path): "the disk is full at \(path); free some space and do it again, nothing was written"
    case .inUse(let path): "\(path) is being written by another program; wait a moment and do it again"
    case .fileTrouble(let path, let detail): "\(path) cannot be used (\(detail)); check the path and its permissions"
    case .keysMissing(let device, let folder):
      "the keys of device \(device) are not in \(folder), so this replica can only be read; restore the folder or enrol anew"
    case .unknownTable(let name): "there is no table \(name); see circuit schema"
    case .unknownField(let table, let field): "table \(table) has no field \(field); see circuit schema"
    case .unknownScope(let name): "this device does not share scope \(name); see circuit status for those it does"
    case .scopeNeeded(let scopes): "say which scope with --scope: \(scopes.joined(separator: ", "))"
    case .inTwoScopes(let id, let scopes):
      "record \(id) is in several scopes, say which with --scope: \(scopes.joined(separator: ", "))"
    case .otherScope(let id, let held, let given): "record \(id) belongs to \(held), not \(given); leave --scope out"
    case .mixedScopes: "one transaction writes in one scope; put the others in transactions of their own"
    case .noSuchRecord(let table, let id): "there is no \(table) \(id); check the id with circuit list \(table)"
    case .wrongType(let table, let field, let expected): "\(table).\(field) takes \(expected); correct the value"
    case .unwritable(let table, let field):
      "the value of \(table).\(field) cannot be kept (NaN, infinity, -0.0 or a NUL); correct the value"
    case .overLimit(let what, let found, let limit): "\(what) is \(found), over the limit of \(limit); make it smaller"
    case .nothingWritten: "the transaction writes nothing; name at least one field"
    case .changedSince(let table, let id, let field, _, _):
      "\(table) \(id) \(field) has changed since it was shown; look at the values and write again"
    case .writtenOnce(let table, let id, let field):
      "\(table) \(id) \(field) is written once and is already set; correct it with circuit resolve and --reason"
    case .inConflict(let table, let id, let field):
      "\(table) \(id) \(field) is in conflict; decide it with circuit resolve"
    case .notInConflict(let table, let id, let field):
      "\(table) \(id) \(field) is in no conflict; change it with circuit put"
    case .reasonNeeded(let table, let id, let field):
      "\(table) \(id) \(field) is in no conflict, so correcting it needs a reason; give --reason"
    case .notAmongValues(let dot, let table, let id, let field):
      "\(dot) is not among the values of \(table) \(id) \(field); see circuit conflicts"
    case .isVoid(let table, let id):
      "\(table) \(id) is void and takes no edit; undo it with voided=false or decide voided first"
    case .notAllowed(let right, let scope):
      "this device has no right to \(right) in \(scope); ask the central office for a grant"
    case .centreIsRead: "the centre's folder is only read here; write on a device and sync"
    case .revoked: "this device has been revoked; ask the central office and enrol anew"
    case .wrongCourt(let found): "what arrived is of another court (\(found)); check the source"
    case .unknownAuthor(let log): "nothing says who wrote log \(log); ask the sender for its beginning"
    case .badChain(let dot): "change \(dot) does not follow the one before it; fetch it again from its source"
    case .badSignature(let dot): "the signature over \(dot) is not its author's; fetch it again from its source"
    case .badOrder(let number): "order \(number) is not signed by the court's centre; do not trust its source"
    case .badReceipt: "a receipt is not signed by the court's centre; do not trust its source"
    case .foreignScope(let log):
      "log \(log) is of a scope this device does not share; ask the central office for a grant"
    case .gap(let dot): "what comes before change \(dot) is missing; send the log from its last known change on"
    case .differs(let what): "the replica does not match its log: \(what); keep this file, enrol anew and sync"
    }
  }

  private var chinese: String {
    switch self {
    case .notAReplica(let path): "\(path) 不是副本文件；请换一个文件夹，或在空文件夹中登记"
    case .noReplica(let path): "\(path) 中没有副本；请先登记本机，或用 -C 指定文件夹"
    case .alreadyExists(let path): "\(path) 不是空文件夹；请选择空的或新的文件夹"
    case .newerReplica(let path, let found, let known): "\(path) 的格式为 \(found)，本程序只认识 \(known)；请升级程序"
    case .damaged(let path, let detail): "\(path) 已损坏（\(detail)）；请从备份恢复，或重新登记后同步"
    case .diskFull(let path): "\(path) 所在磁盘已满；请腾出空间后重做，本次没有写入任何内容"
    case .inUse(let path): "\(path) 正被其他程序写入；请稍候重做"
    case .fileTrouble(let path, let detail): "\(path) 无法使用（\(detail)）；请检查路径和权限"
    case .keysMissing(let device, let folder): "设备 \(device) 的密钥不在 \(folder)，本副本只能读取；请恢复密钥文件夹或重新登记"
    case .unknownTable(let name): "没有数据表 \(name)；请用 circuit schema 查看"
    case .unknownField(let table, let field): "数据表 \(table) 没有字段 \(field)；请用 circuit schema 查看"
    case .unknownScope(let name): "本设备不共享范围 \(name)；请用 circuit status 查看可用范围"
    case .scopeNeeded(let scopes): "请用 --scope 指定范围：\(scopes.joined(separator: "、"))"
    case .inTwoScopes(let id, let scopes): "记录 \(id) 存在于多个范围，请用 --scope 指定：\(scopes.joined(separator: "、"))"
    case .otherScope(let id, let held, let given): "记录 \(id) 属于 \(held) 而不是 \(given)；请不要指定 --scope"
    case .mixedScopes: "一个事务只能写一个范围；请把其他范围分到各自的事务"
    case .noSuchRecord(let table, let id): "没有 \(table) \(id)；请用 circuit list \(table) 核对编号"
    case .wrongType(let table, let field, let expected): "\(table).\(field) 需要 \(expected)；请更正该值"
    case .unwritable(let table, let field): "\(table).\(field) 的值无法保存（NaN、无穷、-0.0 或 NUL）；请更正该值"
    case .overLimit(let what, let found, let limit): "\(what) 为 \(found)，超过上限 \(limit)；请减小"
    case .nothingWritten: "该事务没有写入任何字段；请至少写一个字段"
    case .changedSince(let table, let id, let field, _, _): "\(table) \(id) 的 \(field) 在显示之后已有变化；请查看各值后重写"
    case .writtenOnce(let table, let id, let field):
      "\(table) \(id) 的 \(field) 只写一次且已有值；请用 circuit resolve 并附 --reason 更正"
    case .inConflict(let table, let id, let field): "\(table) \(id) 的 \(field) 有冲突；请用 circuit resolve 裁定"
    case .notInConflict(let table, let id, let field): "\(table) \(id) 的 \(field) 没有冲突；请用 circuit put 修改"
    case .reasonNeeded(let table, let id, let field): "\(table) \(id) 的 \(field) 没有冲突，更正须说明理由；请加 --reason"
    case .notAmongValues(let dot, let table, let id, let field):
      "\(dot) 不是 \(table) \(id) \(field) 的现有值之一；请用 circuit conflicts 查看"
    case .isVoid(let table, let id): "\(table) \(id) 已作废，不能修改；请先写 voided=false，或裁定 voided"
    case .notAllowed(let right, let scope): "本设备在 \(scope) 没有 \(right) 权限；请向中心申请授权"
    case .centreIsRead: "中心的文件夹在此只读；请在设备上写入后同步"
    case .revoked: "本设备已被撤销；请联系中心并重新登记"
    case .wrongCourt(let found): "收到的内容属于另一法院（\(found)）；请核对来源"
    case .unknownAuthor(let log): "不知道日志 \(log) 的作者；请向发送方索取其开头"
    case .badChain(let dot): "变更 \(dot) 与前一条不衔接；请从来源重新取得"
    case .badSignature(let dot): "\(dot) 上的签名不是作者的；请从来源重新取得"
    case .badOrder(let number): "命令 \(number) 不是本院中心签发；请勿相信其来源"
    case .badReceipt: "回执不是本院中心签发；请勿相信其来源"
    case .foreignScope(let log): "日志 \(log) 属于本设备不共享的范围；请向中心申请授权"
    case .gap(let dot): "变更 \(dot) 之前的内容缺失；请从已知的最后一条变更起发送"
    case .differs(let what): "副本与其日志不一致：\(what)；请保留此文件，重新登记后同步"
    }
  }
}
