import Hummingbird
import NIOCore

/// Takes a request in, hands it to the threads, and sends what they answer.
struct NodeResponder: HTTPResponder {
  /// The connection a request came by.
  struct Context: InitializableFromSource {
    let channel: any Channel

    init(source: ApplicationRequestContextSource) { channel = source.channel }
  }

  /// A request that is answered without being taken in.
  private enum Refusal: Int, Error {
    case cutShort = 400
    case lengthRequired = 411
    case tooLarge = 413
    case busy = 503
  }

  let bodyLimit: Int
  let threads: HandlerThreads
  let connections: OpenConnections

  func respond(to request: Request, context: Context) async throws -> Response {
    connections.note(context.channel)
    do {
      var whole = NodeRequest(
        method: request.method.rawValue, path: request.head.path ?? "", headers: fields(request.headers), body: [])
      try await take(request, into: &whole, on: context.channel)
      guard let reply = await threads.reply(to: whole) else { throw Refusal.busy }
      guard (200...599).contains(reply.status) else { return response(500, []) }
      return response(reply.status, reply.body)
    } catch let refusal as Refusal {
      return refuse(refusal, on: context.channel)
    }
  }

  /// The header fields by lower-case name.
  private func fields(_ headers: HTTPFields) -> [String: String] {
    Dictionary(headers.map { ($0.name.canonicalName, $0.value) }) { $0 + ", " + $1 }
  }

  /// The time after which what has come of a body is shown to the handler, and again after as much.
  private static let showing = Duration.milliseconds(250)

  /// Takes in the whole body. Its size is checked before any of it is kept, and again as it comes.
  private func take(_ request: Request, into whole: inout NodeRequest, on channel: any Channel) async throws {
    guard request.headers[.transferEncoding] == nil else { throw Refusal.lengthRequired }
    guard let text = request.headers[.contentLength] else { return }
    guard let length = Int(text), length <= bodyLimit else { throw Refusal.tooLarge }
    let slowness = channel.eventLoop.scheduleTask(in: NodeServer.bodyTimeout) { channel.close(promise: nil) }
    defer { slowness.cancel() }
    var shown = ContinuousClock.now
    do {
      for try await piece in request.body {
        guard whole.body.count + piece.readableBytes <= length else { throw Refusal.tooLarge }
        whole.body.append(contentsOf: piece.readableBytesView)
        guard shown.duration(to: .now) > NodeResponder.showing, whole.body.count < length else { continue }
        // A line that is dead may look whole for long.
        _ = await threads.reply(to: whole, isWhole: false)
        shown = .now
      }
    } catch let refusal as Refusal {
      throw refusal
    } catch {
      // The connection broke. Its stream may also just end, like that of a whole body.
    }
    guard whole.body.count == length else {
      _ = await threads.reply(to: whole, isWhole: false)
      throw Refusal.cutShort
    }
  }

  /// Bytes that become one record of TLS. Of a record that is cut nothing can be read, so they are short.
  private static let recordSize = 4096

  private func response(_ status: Int, _ body: [UInt8]) -> Response {
    Response(
      status: .init(code: status), headers: [.contentType: "application/octet-stream"],
      body: ResponseBody(contentLength: body.count) { writer in
        for start in stride(from: 0, to: body.count, by: NodeResponder.recordSize) {
          try await writer.write(ByteBuffer(bytes: body[start..<min(start + NodeResponder.recordSize, body.count)]))
        }
        try await writer.finish(nil)
      })
  }

  /// A refusal, after which the connection ends. What still comes is read and dropped for a while, since closing at
  /// once would reset the connection and could take the answer with it.
  private func refuse(_ refusal: Refusal, on channel: any Channel) -> Response {
    channel.eventLoop.scheduleTask(in: .seconds(5)) { channel.close(promise: nil) }
    var response = response(refusal.rawValue, [])
    response.headers[.connection] = "close"
    return response
  }
}
