/// A request as a handler sees it.
package struct NodeRequest: Sendable {
  /// The HTTP method, `POST` for everything devices send.
  package var method: String
  /// The path with its query, as it was sent, not decoded.
  package var path: String
  /// The header fields by lower-case name; the values of a repeated field are joined by `, `.
  package var headers: [String: String]
  /// The whole body, never more than the server's limit; what has come of it for `arriving`.
  package var body: [UInt8]

  package init(method: String, path: String, headers: [String: String], body: [UInt8]) {
    self.method = method
    self.path = path
    self.headers = headers
    self.body = body
  }
}

/// What a handler answers; it is sent as `application/octet-stream`.
package struct NodeReply: Sendable {
  /// The HTTP status, 200...599; anything else is sent as 500 without the body.
  package var status: Int
  /// The whole body.
  package var body: [UInt8]

  package init(status: Int, body: [UInt8]) {
    self.status = status
    self.body = body
  }
}

/// What a server asks for every request.
package protocol NodeHandler: Sendable {
  /// Answers one request.
  ///
  /// May block: it runs on a thread of its own, never on the cooperative pool. Several calls run at once.
  func handle(_ request: NodeRequest) -> NodeReply

  /// Sees what has come of a request whose body takes its time or was cut. May block, too.
  func arriving(_ request: NodeRequest)
}

extension NodeHandler {
  package func arriving(_ request: NodeRequest) {}
}
