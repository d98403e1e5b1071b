import ChangeFormat
import Merge

/// A part of a request that is too long for the line, or the wish for the next part of its answer (`POST /v1/part`,
/// `docs/protocol.md`).
public struct PartRequest: Sendable, Equatable {
  public static let version: UInt8 = 1
  public static let path = "/v1/part"

  /// SHA-256 of the whole body of the request to `/v1/exchange`.
  public var request: ContentHash
  /// Bytes of the whole request.
  public var length: Int
  /// Where the bytes stand in it.
  public var offset: Int
  /// The next bytes; none when the request is over already and only its answer is asked for. They go last, so that
  /// what has come of them when the line is cut can be kept.
  public var bytes: [UInt8]
  /// How many of the bytes were sent.
  private var announced: Int
  /// SHA-256 of the answer of which a part is held already; zeros: none.
  public var answer: ContentHash
  /// Bytes held of that answer.
  public var held: Int

  public init(
    request: ContentHash, length: Int, offset: Int, bytes: [UInt8], answer: ContentHash = .zero, held: Int = 0
  ) {
    self.request = request
    self.length = length
    self.offset = offset
    self.bytes = bytes
    announced = bytes.count
    self.answer = answer
    self.held = held
  }

  /// All but the bytes themselves. It is what is signed, since the hash of the whole says what the bytes are.
  public var head: [UInt8] {
    var writer = ByteWriter(capacity: 96)
    writer.byte(PartRequest.version)
    writer.hash(request)
    writer.varint(length)
    writer.varint(offset)
    writer.hash(answer)
    writer.varint(held)
    writer.varint(announced)
    return writer.bytes
  }

  public var encoded: [UInt8] { head + bytes }

  public init(encoded: [UInt8]) throws(FormatError) {
    try self.init(arrived: encoded)
    guard bytes.count == announced else { throw .truncated(what: "part") }
  }

  /// Reads a part of which the last bytes may be missing.
  package init(arrived encoded: [UInt8]) throws(FormatError) {
    var reader = ByteReader(encoded)
    let version = try reader.byte("part version")
    guard version == PartRequest.version else { throw .unknownVersion(what: "part", found: Int(version)) }
    request = try reader.hash("request hash")
    length = try reader.count("length of a request", each: 0, limit: Limits.unfolded)
    offset = try reader.count("place of a part", each: 0, limit: length)
    answer = try reader.hash("answer hash")
    held = try reader.count("bytes held", each: 0, limit: Limits.unfolded)
    announced = try reader.count("part", each: 0, limit: length - offset)
    bytes = try reader.raw(min(reader.remaining, announced), "part")
    try reader.finish("part")
  }
}

/// What comes back for a part, and in place of an answer that is too long for the line. It begins with a zero byte,
/// which no whole answer does.
public enum PartAnswer: Sendable, Equatable {
  /// So many bytes of the request are held; the next part begins there. 0 also when the centre knows of no such request.
  case held(Int)
  /// Some bytes of the answer.
  case part(answer: ContentHash, length: Int, offset: Int, bytes: [UInt8])

  public static let version: UInt8 = 1

  public var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.byte(0)
    writer.byte(PartAnswer.version)
    switch self {
    case .held(let count):
      writer.byte(0)
      writer.varint(count)
    case .part(let answer, let length, let offset, let bytes):
      writer.byte(1)
      writer.hash(answer)
      writer.varint(length)
      writer.varint(offset)
      writer.block(bytes)
    }
    return writer.bytes
  }

  /// Bytes of an answer that this brings.
  var count: Int {
    if case .part(_, _, _, let bytes) = self { bytes.count } else { 0 }
  }

  /// Reads what came of a part of an answer before it broke off; nil when that is no use.
  init?(cut bytes: [UInt8]) {
    guard bytes.starts(with: [0, PartAnswer.version, 1]) else { return nil }
    var reader = ByteReader(bytes, from: 3, count: bytes.count - 3)
    do {
      let answer = try reader.hash("answer hash")
      let length = try reader.count("length of an answer", each: 0, limit: Limits.unfolded)
      let offset = try reader.count("place of a part", each: 0, limit: length)
      let announced = try reader.count("part", each: 0, limit: length - offset)
      let rest = try reader.raw(min(reader.remaining, announced), "part")
      guard !rest.isEmpty else { return nil }
      self = .part(answer: answer, length: length, offset: offset, bytes: rest)
    } catch {
      return nil
    }
  }

  /// Reads what came back; nil when it is a whole answer.
  public init?(encoded: [UInt8]) throws(FormatError) {
    guard encoded.first == 0 else { return nil }
    var reader = ByteReader(encoded)
    _ = try reader.byte("part answer")
    let version = try reader.byte("part answer version")
    guard version == PartAnswer.version else { throw .unknownVersion(what: "part answer", found: Int(version)) }
    switch try reader.byte("part answer kind") {
    case 0: self = .held(try reader.count("bytes held", each: 0, limit: Limits.unfolded))
    case 1:
      let answer = try reader.hash("answer hash")
      let length = try reader.count("length of an answer", each: 0, limit: Limits.unfolded)
      let offset = try reader.count("place of a part", each: 0, limit: length)
      self = .part(
        answer: answer, length: length, offset: offset, bytes: try reader.block("part", limit: length - offset))
    default: throw .malformed(what: "part answer kind")
    }
    try reader.finish("part answer")
  }
}
