import ChangeFormat
import Foundation
import Merge
import ReplicaStore

/// A process that works on one replica beside others, for tests of what several processes may do at once.
///
/// `replica-worker write FOLDER KEYS COUNT` writes so many records, one a transaction, and prints each id after its commit.
/// `replica-worker read FOLDER KEYS` reads again and again until its input ends. Both end with a line
/// `done COUNT LONGEST`, the longest single turn in milliseconds.
@main
struct ReplicaWorker {
  static let schema = Schema(
    version: 1, tables: [Table(1, "entry", "条目", [Column(6, "text", "文字", .text), Column(8, "number", "号", .integer)])])

  static func main() {
    let words = CommandLine.arguments
    guard words.count >= 4 else {
      say("usage: replica-worker write|read FOLDER KEYS [COUNT]")
      exit(2)
    }
    do {
      let surroundings = Surroundings.system(keyFolder: words[3])
      let access: Replica.Access = words[1] == "read" ? .reading : .writing
      let replica = try Replica.open(folder: words[2], schema: schema, access: access, surroundings: surroundings)
      let worker = ReplicaWorker(replica: replica)
      if access == .reading { try worker.read() } else { try worker.write(words.count > 4 ? Int(words[4]) ?? 0 : 0) }
      try replica.close()
    } catch let error as any ExplainedError {
      say("error \(error.number) \(error.message(.en))")
      exit(1)
    } catch {
      say("error \(error)")
      exit(1)
    }
  }

  let replica: Replica

  /// 0: without end.
  private func write(_ count: Int) throws {
    var longest: UInt64 = 0
    var written = 0
    while count == 0 || written < count {
      let id = replica.newRecordID()
      let began = SystemClock().bootMilliseconds()
      try replica.write(actor: "worker") {
        try $0.set("entry", id, "text", .text("第\(written)条"))
        try $0.set("entry", id, "number", .integer(Int64(written)))
      }
      longest = max(longest, SystemClock().bootMilliseconds() - began)
      written += 1
      ReplicaWorker.say(id.hex)
    }
    ReplicaWorker.say("done \(written) \(longest)")
  }

  private func read() throws {
    let ended = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      while !FileHandle.standardInput.availableData.isEmpty {}
      ended.signal()
    }
    var longest: UInt64 = 0
    var reads = 0
    var seen = 0
    while ended.wait(timeout: .now()) == .timedOut {
      let began = SystemClock().bootMilliseconds()
      var records = 0
      try replica.records(table: "entry", includeVoid: true, where: []) { _ in records += 1 }
      longest = max(longest, SystemClock().bootMilliseconds() - began)
      // What a reader has seen committed is there for good.
      guard records >= seen else {
        ReplicaWorker.say("error \(seen) records became \(records)")
        exit(1)
      }
      seen = records
      reads += 1
    }
    ReplicaWorker.say("done \(reads) \(longest)")
  }

  /// A line, at once: what is buffered would be lost with the process.
  private static func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Foundation.write(1, $0.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count <= 0 { return }
      written += count
    }
  }
}
