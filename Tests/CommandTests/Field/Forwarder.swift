import Foundation
import Synchronization
import Testing

/// A port that stands between a device and its centre and may cut what passes.
final class Forwarder: Sendable {
  /// What a connection gets.
  enum Way: Sendable, Equatable {
    /// All that either side sends.
    case whole
    /// So many bytes of the centre's, then the end.
    case cutDown(Int)
    /// So many bytes of the device's, then the end.
    case cutUp(Int)
    /// These bytes instead of the centre's, then the end.
    case says([UInt8])
  }

  let port: Int
  private let target: Int
  private let listener: Int32
  private let way = Mutex(Way.whole)

  init(to target: Int) throws {
    self.target = target
    port = QuietPort.next()
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var yes: Int32 = 1
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { [listener] in
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(bound == 0 && listen(listener, 8) == 0)
    Thread.detachNewThread { [self] in serve() }
  }

  func set(_ way: Way) { self.way.withLock { $0 = way } }

  /// Ends it; its thread leaves.
  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  private func serve() {
    while true {
      let client = accept(listener, nil, nil)
      guard client >= 0 else { break }
      let way = way.withLock { $0 }
      if case .says(let bytes) = way {
        var buffer = [UInt8](repeating: 0, count: 4096)
        _ = read(client, &buffer, buffer.count)
        _ = write(client, bytes, bytes.count)
        close(client)
        continue
      }
      guard let centre = try? RawSocket(port: target).descriptor else {
        close(client)
        continue
      }
      let (up, down): (Int, Int) =
        switch way {
        case .cutDown(let count): (.max, count)
        case .cutUp(let count): (count, .max)
        default: (.max, .max)
        }
      let both = DispatchGroup()
      for (from, to, limit) in [(client, centre, up), (centre, client, down)] {
        both.enter()
        Thread.detachNewThread {
          Forwarder.pass(from, to, limit)
          // The end of one direction by a cut is the end of both.
          shutdown(from, Int32(SHUT_RDWR))
          shutdown(to, Int32(SHUT_RDWR))
          both.leave()
        }
      }
      both.notify(queue: DispatchQueue(label: "forwarder")) {
        close(client)
        close(centre)
      }
    }
    close(listener)
  }

  private static func pass(_ from: Int32, _ to: Int32, _ limit: Int) {
    var left = limit
    var buffer = [UInt8](repeating: 0, count: 4096)
    while left > 0 {
      let count = read(from, &buffer, min(buffer.count, left))
      guard count > 0, send(to, buffer, count, Int32(MSG_NOSIGNAL)) == count else { return }
      left -= count
    }
  }
}
