import Dispatch
import GRDB

/// Tells `ValueObservation` of what other processes write into the same file (design §4: within 1 s).
///
/// SQLite tells a process only of its own commits. While this object lives, a timer asks the writer connection's
/// `data_version` every half second; when another process has committed, all observers of the schema's tables are
/// told. A replica that is opened for reading, or lives in memory, has nothing to tell.
///
/// ```swift
/// let watch = replica.watchExternalWrites()
/// let observation = ValueObservation.tracking { try Note.fetchAll($0) }.start(in: replica.reader) { … }
/// // … until the window closes:
/// watch.stop()
/// ```
public final class ExternalWrites: @unchecked Sendable {
  /// Milliseconds between two looks.
  public static let interval = 500

  private weak var replica: Replica?
  private let queue = DispatchQueue(label: "circuit.external-writes", qos: .utility)
  private let timer: any DispatchSourceTimer
  /// Touched on `queue` only.
  private var version: Int64?

  fileprivate init(_ replica: Replica) {
    self.replica = replica
    timer = DispatchSource.makeTimerSource(queue: queue)
    version = try? replica.dataVersion()
    guard replica.folder != nil, version != nil else { return }
    let interval = DispatchTimeInterval.milliseconds(ExternalWrites.interval)
    timer.schedule(deadline: .now() + interval, repeating: interval, leeway: .milliseconds(50))
    timer.setEventHandler { [weak self] in self?.look() }
    timer.activate()
    isRunning = true
  }

  private var isRunning = false

  deinit { if isRunning { timer.cancel() } }

  /// Looks no more. Stop before the replica is closed.
  public func stop() { queue.sync { timer.cancel() } }

  /// A look that fails, because the file is busy or gone, is repeated with the next one.
  private func look() {
    guard let replica, let present = try? replica.dataVersion(), present != version else { return }
    guard (try? replica.tellObservers()) != nil else { return }
    version = present
  }
}

extension Replica {
  /// Begins to tell observers of other processes' writes, for as long as the returned object lives.
  public func watchExternalWrites() -> ExternalWrites { ExternalWrites(self) }

  /// SQLite's count of other connections' commits as the writer's connection sees it; nil when opened for reading.
  fileprivate func dataVersion() throws -> Int64? {
    try writer?.writeWithoutTransaction { try Int64.fetchOne($0, sql: "PRAGMA data_version") }
  }

  /// An empty transaction in its turn that names every synced table as changed.
  fileprivate func tellObservers() throws {
    try transaction { $0.records.touched.formUnion(schema.tables.map(\.name)) }
  }
}
