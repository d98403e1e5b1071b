import ChangeFormat
import Merge

/// What the row of a change keeps of its header: all that cannot be computed from the rows around it.
struct StoredHeader {
  var stamp: Stamp
  var authentication: UInt8
  var order: OrderMark
  var context: ContextDelta
  var extensions: [Header.Extension]

  init(_ header: Header) {
    stamp = header.stamp
    authentication = header.authentication
    order = header.order
    context = header.context
    extensions = header.extensions
  }

  init(_ change: Batch.Change) {
    stamp = change.stamp
    authentication = change.authentication
    order = change.order
    context = change.context
    extensions = change.extensions
  }

  var bytes: [UInt8] {
    var writer = ByteWriter(capacity: 32)
    writer.fixed64(stamp.rawValue)
    let isPlain = authentication == 0 && context.entries.isEmpty && extensions.isEmpty && context.base != .none
    if isPlain, case .previous = context.base {
      if order != .none {
        writer.varint(order.epoch)
        writer.varint(order.number)
      }
      return writer.bytes
    }
    writer.varint(order.epoch)
    writer.varint(order.number)
    writer.byte(authentication)
    switch context.base {
    case .previous: writer.byte(0)
    case .none: writer.byte(1)
    case .change(let dot):
      writer.byte(2)
      writer.identifier(dot.log)
      writer.varint(dot.sequence)
    }
    writer.varint(context.entries.count)
    for entry in context.entries {
      writer.identifier(entry.log)
      writer.varint(entry.sequence)
    }
    if let digest = context.digest { writer.identifier(digest) }
    writer.varint(extensions.count)
    for field in extensions {
      writer.varint(field.id)
      writer.block(field.bytes)
    }
    return writer.bytes
  }

  init(bytes: [UInt8]) throws(FormatError) {
    var reader = ByteReader(bytes)
    stamp = Stamp(rawValue: try reader.fixed64("stamp"))
    authentication = 0
    order = .none
    context = ContextDelta(base: .previous)
    extensions = []
    if reader.isAtEnd { return }
    let epoch = try reader.varint("epoch")
    order = OrderMark(epoch: epoch, number: try reader.varint("order"))
    if reader.isAtEnd { return }
    authentication = try reader.byte("authentication")
    switch try reader.byte("base") {
    case 0: context.base = .previous
    case 1: context.base = .none
    default:
      let log = try reader.identifier("base")
      context.base = .change(Dot(log, try reader.varint("base")))
    }
    for _ in 0..<(try reader.count("context", each: 17)) {
      let log = try reader.identifier("context")
      context.entries.append(Dot(log, try reader.varint("context")))
    }
    if !context.entries.isEmpty { context.digest = try reader.identifier("digest") }
    for _ in 0..<(try reader.count("extensions", each: 2)) {
      let id = try reader.varint("extension")
      extensions.append(Header.Extension(id: id, bytes: try reader.block("extension")))
    }
  }

  /// Only the stamp, without reading the rest.
  static func stamp(of bytes: UnsafeRawBufferPointer) -> Stamp {
    guard bytes.count >= 8 else { return .zero }
    return Stamp(rawValue: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)))
  }

  func header(
    court: Identifier, scope: String, dot: Dot, previous: ContentHash, payloadHash: ContentHash, payloadLength: UInt64
  ) -> Header {
    Header(
      court: court, scope: scope, dot: dot, previous: previous, payloadHash: payloadHash, payloadLength: payloadLength,
      stamp: stamp, authentication: authentication, order: order, context: context, extensions: extensions)
  }
}
