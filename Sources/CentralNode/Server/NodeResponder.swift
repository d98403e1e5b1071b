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
      let whole = NodeRequest(
        method: request.method.rawValue, path: request.head.path ?? "", headers: fields(request.headers),
        body: try await body(of: request, on: context.channel))
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

  /// The whole body. Its size is checked before any of it is kept, and again as it comes.
  private func body(of request: Request, on channel: any Channel) async throws -> [UInt8] {
    guard request.headers[.transferEncoding] == nil else { throw Refusal.lengthRequired }
    guard let text = request.headers[.contentLength] else { return [] }
    guard let length = Int(text), length <= bodyLimit else { throw Refusal.tooLarge }
    let slowness = channel.eventLoop.scheduleTask(in: NodeServer.bodyTimeout) { channel.close(promise: nil) }
    defer { slowness.cancel() }
    var bytes: [UInt8] = []
    for try await piece in request.body {
      guard bytes.count + piece.readableBytes <= length else { throw Refusal.tooLarge }
      bytes.append(contentsOf: piece.readableBytesView)
    }
    // The stream of a broken connection ends like that of a whole body.
    guard bytes.count == length else { throw Refusal.cutShort }
    return bytes
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
