import CCurl

/// A connection to one centre or relay over HTTP/1.1 and TLS 1.3, made by libcurl.
///
/// ```swift
/// let connection = HTTPSConnection(base: "https://10.3.0.5:8443", authority: Array(pin.utf8))
/// let reply = try connection.post("/v1/exchange", headers: [], body: batch, limit: 4 << 20)
/// ```
///
/// The court's own authority is the only one believed: neither the system's certificates nor its clock matter, since
/// the court's certificates hold from 1970 to 9999. Redirects, cookies, content encodings, proxies and the environment
/// variables that name them are not used. The network connection is opened by the first request and kept for the next
/// ones; one that the other side closed meanwhile is opened anew. A request that was cut is the caller's to repeat.
///
/// Every call blocks its thread until the answer is whole or an error is certain. Use it from one thread at a time, and
/// not from the threads of Swift's cooperative pool.
package final class HTTPSConnection {
  /// An answer with status 200 and content type `application/octet-stream`; everything else is an error.
  package struct Reply: Sendable {
    /// The HTTP status, 200.
    package var status: Int
    /// The content type as it was sent.
    package var contentType: String
    /// The body, at most as many bytes as the caller allowed.
    package var body: [UInt8]
  }

  /// Bytes of request bodies given to the network so far, without headers and TLS; those of failed requests count.
  package private(set) var bytesUp = 0
  /// Bytes of reply bodies received so far, without headers and TLS; those of failed requests count.
  package private(set) var bytesDown = 0
  /// Whether TLS has come about with a server that holds the court's certificate.
  package private(set) var hasReached = false
  /// What came of the last answer before it broke off; empty when it came whole or was a refusal.
  package private(set) var leftover: [UInt8] = []
  /// Told after every 32 KiB what has come of an answer.
  package var onArriving: ([UInt8]) -> Void = { _ in }
  /// How many network connections were opened so far.
  package private(set) var connects = 0

  private let base: String
  private let host: String
  private let authority: [UInt8]
  private let connectTimeout: Int
  private let timeout: Int
  private var allowed = Int.max
  private var handle: UnsafeMutableRawPointer?
  private let detail: UnsafeMutablePointer<CChar>

  /// Prepares a connection; nothing is sent, and a bad address or authority is reported by the first request.
  ///
  /// - Parameters:
  ///   - base: `https://host[:port]`: host a DNS name, an IPv4 address or a bracketed IPv6 address; no path.
  ///   - authority: the certificate of the court's authority as PEM text.
  ///   - connectTimeout: seconds until TCP and TLS must stand.
  ///   - timeout: seconds until the whole answer to a request must be here.
  package init(base: String, authority: [UInt8], connectTimeout: Int = 15, timeout: Int = 60) {
    self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
    self.host = TransportError.printable(self.base.dropFirst(Self.scheme.count).utf8)
    self.authority = authority
    self.connectTimeout = connectTimeout
    self.timeout = timeout
    self.detail = .allocate(capacity: Int(CURL_ERROR_SIZE))
    self.detail.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    if let handle { circuit_curl_cleanup(handle) }
    detail.deallocate()
  }

  /// From now on a request may take so many seconds, if the connection's own limit is not less.
  package func allow(seconds: Int) { allowed = max(seconds, 1) }

  /// Sends one request and waits for its answer.
  ///
  /// - Parameters:
  ///   - path: begins with `/`; visible ASCII, sent as it is.
  ///   - headers: further header fields; the content type is `application/octet-stream` already.
  ///   - body: any bytes, also none.
  ///   - limit: the greatest reply body in bytes; more is refused before it is stored.
  /// - Throws: ``TransportError``; afterwards the connection can be used again.
  package func post(
    _ path: String, headers: [(String, String)], body: [UInt8], limit: Int
  ) throws(TransportError) -> Reply {
    guard path.utf8.first == UInt8(ascii: "/"), path.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != 0x23 })
    else { throw .invalidURL(TransportError.printable(path.utf8)) }
    let handle = try prepared()
    let fields = try HeaderFields(headers)
    let intake = Intake(limit: limit, onArriving: onArriving)
    leftover = []

    try set(circuit_curl_setopt_string(handle, CURLOPT_URL, base + path))
    try set(circuit_curl_setopt_pointer(handle, CURLOPT_HTTPHEADER, fields.list))
    try set(circuit_curl_setopt_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
    try set(circuit_curl_setopt_long(handle, CURLOPT_TIMEOUT, min(timeout, allowed)))
    let code = perform(handle, body: body, intake: intake)
    count(handle)

    var status = 0
    _ = circuit_curl_getinfo_long(handle, CURLINFO_RESPONSE_CODE, &status)
    // A refusal counts also when the connection broke before its text was whole, or its text is too long.
    if code != CURLE_OK && !intake.isOverflowing && status < 400 {
      if status == 200 { leftover = intake.body }
      throw failure(handle, code)
    }
    guard status == 200 else { throw .refused(status: status, text: TransportError.printable(intake.body)) }
    if intake.isOverflowing { throw .tooLarge(limit: limit) }
    let type = contentType(handle)
    guard type.lowercased().hasPrefix(Self.octets) else {
      throw .nonsense(detail: "content type \(TransportError.printable(type.utf8))")
    }
    return Reply(status: status, contentType: type, body: intake.body)
  }
}

// MARK: - Options

extension HTTPSConnection {
  private static let scheme = "https://"
  private static let octets = "application/octet-stream"
  /// Seconds without a byte after which a transfer is given up.
  private static let stallTimeout = 30
  /// Seconds after which an idle connection is not used again; less than a server keeps one.
  private static let greatestIdleTime = 60

  /// libcurl's own state of the process, made once however many threads ask.
  private static let libraryState: CURLcode = circuit_curl_global_init()

  /// The handle with all options that are the same for every request.
  private func prepared() throws(TransportError) -> UnsafeMutableRawPointer {
    if let handle { return handle }
    guard isAddress else { throw .invalidURL(TransportError.printable(base.utf8)) }
    try set(Self.libraryState)
    guard let made = curl_easy_init() else { throw .library(detail: "curl_easy_init") }
    do {
      try configure(made)
    } catch {
      circuit_curl_cleanup(made)
      throw error
    }
    handle = made
    return made
  }

  private func configure(_ h: UnsafeMutableRawPointer) throws(TransportError) {
    try set(circuit_curl_setopt_pointer(h, CURLOPT_ERRORBUFFER, detail))
    try set(circuit_curl_setopt_long(h, CURLOPT_NOSIGNAL, 1))
    try set(circuit_curl_setopt_string(h, CURLOPT_PROTOCOLS_STR, "https"))
    try set(circuit_curl_setopt_long(h, CURLOPT_PATH_AS_IS, 1))
    try set(circuit_curl_setopt_string(h, CURLOPT_PROXY, ""))
    try set(circuit_curl_setopt_string(h, CURLOPT_NOPROXY, "*"))
    // The pin is the trust: this one authority and no directory of others.
    try set(circuit_curl_setopt_blob(h, CURLOPT_CAINFO_BLOB, authority, authority.count))
    try set(circuit_curl_setopt_string(h, CURLOPT_CAPATH, nil))
    try set(circuit_curl_setopt_long(h, CURLOPT_SSL_VERIFYPEER, 1))
    try set(circuit_curl_setopt_long(h, CURLOPT_SSL_VERIFYHOST, 2))
    try set(circuit_curl_setopt_long(h, CURLOPT_SSLVERSION, circuit_curl_tls13_only()))
    try set(circuit_curl_setopt_long(h, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)))
    try set(circuit_curl_setopt_long(h, CURLOPT_FOLLOWLOCATION, 0))
    try set(circuit_curl_setopt_long(h, CURLOPT_HTTP_CONTENT_DECODING, 0))
    try set(circuit_curl_setopt_long(h, CURLOPT_CONNECTTIMEOUT, connectTimeout))
    try set(circuit_curl_setopt_long(h, CURLOPT_LOW_SPEED_LIMIT, 1))
    try set(circuit_curl_setopt_long(h, CURLOPT_LOW_SPEED_TIME, Self.stallTimeout))
    try set(circuit_curl_setopt_long(h, CURLOPT_MAXAGE_CONN, Self.greatestIdleTime))
    try set(circuit_curl_setopt_long(h, CURLOPT_TCP_KEEPALIVE, 1))
    try set(circuit_curl_setopt_socket(h, openSocket))
    try set(circuit_curl_setopt_seek(h, goBack))
    try set(circuit_curl_setopt_long(h, CURLOPT_POST, 1))
    try set(circuit_curl_setopt_write(h, CURLOPT_READFUNCTION, giveBody))
    try set(circuit_curl_setopt_write(h, CURLOPT_WRITEFUNCTION, takeBody))
    try set(circuit_curl_setopt_write(h, CURLOPT_HEADERFUNCTION, takeHeader))
  }

  private func set(_ code: CURLcode) throws(TransportError) {
    if code != CURLE_OK { throw .library(detail: String(cString: curl_easy_strerror(code))) }
  }

  /// `https://` and a host with or without a port, of such characters that it can mean nothing else.
  private var isAddress: Bool {
    guard base.hasPrefix(Self.scheme) else { return false }
    let rest = base.dropFirst(Self.scheme.count)
    return !rest.isEmpty
      && rest.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "["),
          UInt8(ascii: "]"):
          true
        default: false
        }
      }
  }
}

// MARK: - One transfer

extension HTTPSConnection {
  private func perform(_ handle: UnsafeMutableRawPointer, body: [UInt8], intake: Intake) -> CURLcode {
    detail.pointee = 0
    let outlet = Outlet(body)
    // libcurl's own count begins anew when it gives up.
    defer { bytesUp += outlet.given }
    return withExtendedLifetime((intake, outlet)) {
      let giver = Unmanaged.passUnretained(outlet).toOpaque()
      _ = circuit_curl_setopt_pointer(handle, CURLOPT_READDATA, giver)
      _ = circuit_curl_setopt_pointer(handle, CURLOPT_SOCKOPTDATA, giver)
      _ = circuit_curl_setopt_pointer(handle, CURLOPT_SEEKDATA, giver)
      let taker = Unmanaged.passUnretained(intake).toOpaque()
      _ = circuit_curl_setopt_pointer(handle, CURLOPT_WRITEDATA, taker)
      _ = circuit_curl_setopt_pointer(handle, CURLOPT_HEADERDATA, taker)
      _ = circuit_curl_setopt_offset(handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(max(intake.limit, 1)))
      let code = circuit_curl_perform(handle)
      _ = circuit_curl_setopt_pointer(handle, CURLOPT_HTTPHEADER, nil)
      if code == CURLE_FILESIZE_EXCEEDED { intake.isOverflowing = true }
      return code
    }
  }

  private func count(_ handle: UnsafeMutableRawPointer) {
    var secured: curl_off_t = 0
    _ = circuit_curl_getinfo_offset(handle, CURLINFO_APPCONNECT_TIME_T, &secured)
    if secured > 0 { hasReached = true }
    var down: curl_off_t = 0
    var opened = 0
    _ = circuit_curl_getinfo_offset(handle, CURLINFO_SIZE_DOWNLOAD_T, &down)
    _ = circuit_curl_getinfo_long(handle, CURLINFO_NUM_CONNECTS, &opened)
    bytesDown += Int(down)
    connects += opened
  }

  private func failure(_ handle: UnsafeMutableRawPointer, _ code: CURLcode) -> TransportError {
    // OpenSSL's result for the chain; libcurl leaves 1 there when only the name is wrong.
    var verified = 0
    var elapsed: curl_off_t = 0
    _ = circuit_curl_getinfo_long(handle, CURLINFO_SSL_VERIFYRESULT, &verified)
    _ = circuit_curl_getinfo_offset(handle, CURLINFO_TOTAL_TIME_T, &elapsed)
    // The text tells more than the code, except where the first of two attempts wrote it.
    let isTelling = detail.pointee != 0 && code != CURLE_COULDNT_CONNECT && code != CURLE_COULDNT_RESOLVE_HOST
    let said = isTelling ? String(cString: detail) : String(cString: curl_easy_strerror(code))
    return TransportError(
      curl: code, detail: TransportError.printable(said.utf8), host: host, chainIsTrusted: verified <= 1,
      seconds: Int((elapsed + 500_000) / 1_000_000))
  }

  private func contentType(_ handle: UnsafeMutableRawPointer) -> String {
    var text: UnsafePointer<CChar>?
    _ = circuit_curl_getinfo_string(handle, CURLINFO_CONTENT_TYPE, &text)
    return text.map { String(cString: $0) } ?? ""
  }

  /// The header lines of a request as libcurl wants them.
  private final class HeaderFields {
    private(set) var list: UnsafeMutablePointer<curl_slist>?

    /// - Throws: `invalidURL` for a field that would not stay one line.
    init(_ fields: [(String, String)]) throws(TransportError) {
      // Without a value a field of libcurl's own is left out.
      var lines = ["Content-Type: \(HTTPSConnection.octets)", "Accept:", "Expect:"]
      for (name, value) in fields {
        guard !name.isEmpty, name.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != 0x3a }),
          !value.isEmpty, value.utf8.allSatisfy({ (0x20...0x7e).contains($0) })
        else { throw .invalidURL(TransportError.printable(name.utf8)) }
        lines.append("\(name): \(value)")
      }
      for line in lines {
        guard let longer = curl_slist_append(list, line) else { throw .library(detail: "curl_slist_append") }
        list = longer
      }
    }

    deinit { curl_slist_free_all(list) }
  }
}

// MARK: - What goes out

/// A body on its way. It cannot begin again: libcurl would send it twice behind the caller's back.
private final class Outlet {
  /// Bytes given at a time, which become one record of TLS: of a record that is cut nothing can be read.
  static let piece = 4096

  private let body: [UInt8]
  private(set) var given = 0

  init(_ body: [UInt8]) { self.body = body }

  func give(_ room: UnsafeMutablePointer<CChar>, _ size: Int) -> Int {
    let count = min(size, Outlet.piece, body.count - given)
    body.withUnsafeBytes { bytes in
      if count > 0 { UnsafeMutableRawPointer(room).copyMemory(from: bytes.baseAddress! + given, byteCount: count) }
    }
    given += count
    return count
  }
}

/// Prepares a socket, or refuses it when the body is on its way already: the connection broke, and the caller is to know.
private func openSocket(_ outlet: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _: curlsocktype) -> Int32 {
  // What was given to the system is then about what went over, also when the line is cut.
  circuit_curl_limit_unsent(socket, Int32(Outlet.piece))
  guard let outlet, Unmanaged<Outlet>.fromOpaque(outlet).takeUnretainedValue().given > 0 else {
    return Int32(CURL_SOCKOPT_OK)
  }
  return Int32(CURL_SOCKOPT_ERROR)
}

/// libcurl remembers that it wanted to send a body again, and goes to the beginning of the next one.
private func goBack(_ outlet: UnsafeMutableRawPointer?, _ place: curl_off_t, _: Int32) -> Int32 {
  guard let outlet, Unmanaged<Outlet>.fromOpaque(outlet).takeUnretainedValue().given == place else {
    return Int32(CURL_SEEKFUNC_FAIL)
  }
  return Int32(CURL_SEEKFUNC_OK)
}

/// Gives libcurl the next piece of an ``Outlet``.
private func giveBody(
  _ room: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ outlet: UnsafeMutableRawPointer?
) -> Int {
  guard let room, let outlet else { return 0 }
  return Unmanaged<Outlet>.fromOpaque(outlet).takeUnretainedValue().give(room, size * count)
}

// MARK: - What comes in

/// What has come of one answer.
private final class Intake {
  /// Bytes of all header lines of one answer; libcurl itself would keep any number of them.
  static let greatestHeader = 64 << 10
  /// Bytes of a body after which somebody is told of it.
  static let step = 32 << 10

  let limit: Int
  let onArriving: ([UInt8]) -> Void
  var body: [UInt8] = []
  var headerCount = 0
  var isOverflowing = false

  init(limit: Int, onArriving: @escaping ([UInt8]) -> Void) {
    self.limit = limit
    self.onArriving = onArriving
  }

  func take(_ bytes: UnsafeRawBufferPointer) {
    let steps = body.count / Intake.step
    body.append(contentsOf: bytes)
    if body.count / Intake.step > steps { onArriving(body) }
  }
}

/// Takes a piece of a body for an ``Intake``; answering less than it was given makes libcurl give up.
private func takeBody(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ taker: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let taker else { return 0 }
  let intake = Unmanaged<Intake>.fromOpaque(taker).takeUnretainedValue()
  guard size * count <= intake.limit - intake.body.count else {
    intake.isOverflowing = true
    return 0
  }
  intake.take(UnsafeRawBufferPointer(start: bytes, count: size * count))
  return size * count
}

/// Counts a header line for an ``Intake``.
private func takeHeader(
  _: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ taker: UnsafeMutableRawPointer?
) -> Int {
  guard let taker else { return 0 }
  let intake = Unmanaged<Intake>.fromOpaque(taker).takeUnretainedValue()
  intake.headerCount += size * count
  return intake.headerCount <= Intake.greatestHeader ? size * count : 0
}
