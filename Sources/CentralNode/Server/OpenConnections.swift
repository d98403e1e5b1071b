import NIOCore
import Synchronization

/// The connections that have carried a request and are still open, so that a server can end them when it must stop.
final class OpenConnections: Sendable {
  private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

  /// Remembers a connection until it closes; again is no harm.
  func note(_ channel: any Channel) {
    let id = ObjectIdentifier(channel)
    let isNew = channels.withLock { $0.updateValue(channel, forKey: id) == nil }
    guard isNew else { return }
    channel.closeFuture.whenComplete { [self] _ in channels.withLock { $0[id] = nil } }
  }

  /// Closes them all, whatever they are at.
  func close() {
    for channel in channels.withLock({ Array($0.values) }) { channel.close(promise: nil) }
  }
}
