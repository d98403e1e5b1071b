import Merge

@testable import ChangeFormat

extension Vector {
  /// Second encodings and fields out of range, each of which every reader must refuse.
  static func refused(_ samples: Samples) throws -> [Vector] {
    let id = String(repeating: "00", count: 16)
    let one = "\(id.dropFirst(2))01"
    let hash = "\(id)\(id)"
    let start = "\(id)0000"
    // Two records, then one column up to its presence byte.
    let two = "\(start)010102000000000000000000000000000000000f010102"
    let header = "0101\(id)0161\(id)"
    let rest = "\(hash)\(hash)00000000000000000000"
    let order = "010101\(hash)00"
    let logs = "00000200\(id)00\(one)"
    let run = "\(logs)010001\(hash)"
    let head = "0100\(hash)\(hash)"
    let cases: [(String, String, String)] = [
      ("varint", "longer than needed", "8000"),
      ("varint", "65 bits", "ffffffffffffffffff02"),
      ("varint", "eleven bytes", "8080808080808080808001"),
      ("payload", "no table in the flat form", "\(start)0000\(id)010200"),
      ("payload", "no column", "\(start)0001\(id)00"),
      ("payload", "column 0", "\(start)0001\(id)010000"),
      ("payload", "column past 32 bits", "\(start)0001\(id)01808080801000"),
      ("payload", "columns not ascending", "\(start)0001\(id)0204000200"),
      ("payload", "a column twice", "\(start)0001\(id)0202000200"),
      ("payload", "unknown tag", "\(start)0001\(id)01020b"),
      ("payload", "NaN", "\(start)0001\(id)0102047ff8000000000000"),
      ("payload", "infinity", "\(start)0001\(id)010204fff0000000000000"),
      ("payload", "-0.0", "\(start)0001\(id)0102048000000000000000"),
      ("payload", "date past 32 bits", "\(start)0001\(id)0102078080808010"),
      ("payload", "text with NUL", "\(start)0001\(id)0102050100"),
      ("payload", "text that is not UTF-8", "\(start)0001\(id)01020502c080"),
      ("payload", "a surrogate", "\(start)0001\(id)01020503eda080"),
      ("payload", "actor with NUL", "\(id)0100000001\(id)010200"),
      ("payload", "one record in the columnar form", "\(start)010101\(id)0102000000"),
      ("payload", "no record", "\(start)0101000102000000"),
      ("payload", "records not ascending", "\(start)010102\(one)0f000102000000"),
      ("payload", "a record twice", "\(start)010102\(one)0f010102000000"),
      ("payload", "fewer shared bytes of a record than could be", "\(start)010102\(id)0e00010102000000"),
      ("payload", "tables not ascending", "\(start)020201\(id)01020000000101\(id)0102000000"),
      ("payload", "a bitmap of presence that says all", "\(two)01030000"),
      ("payload", "a bitmap of presence that says none", "\(two)01000000"),
      ("payload", "a spare bit of presence set", "\(two)01050000"),
      ("payload", "presence 2", "\(two)020000"),
      ("payload", "a record without a write", "\(two)01010000"),
      ("payload", "a bitmap of decisions that says all", "\(two)00020300"),
      ("payload", "a bitmap of decisions that says none", "\(two)00020000"),
      ("payload", "a spare bit of decisions set", "\(two)00020500"),
      ("payload", "decisions 3", "\(two)000300"),
      ("payload", "one tag for each, all the same", "\(two)0000ff0000"),
      ("payload", "unknown tag of a column", "\(two)00000b"),
      ("payload", "fewer shared bytes than could be", "\(two)00000500016100026162"),
      ("payload", "more shared bytes than there are", "\(two)000005000161020162"),
      ("payload", "shared bytes cut a character short", "\(two)0000050003e59c9f0200"),
      ("payload", "more than 16 shared bytes of a ref", "\(two)0000ff06090011\(hash.prefix(34))11"),
      ("payload", "columns in reverse", "\(start)010102\(id)0f01020400000002000000"),
      ("payload", "something after the end", "\(start)0001\(id)01020000"),
      ("header", "sequence 0", "\(header)00\(rest)0000010000"),
      ("header", "the previous change as base of the first", "\(header)01\(rest)0000000000"),
      ("header", "no base for the second", "\(header)02\(rest)0000010000"),
      ("header", "a change as base of the second", "\(header)02\(rest)000002\(id)010000"),
      ("header", "sequence 0 of the base", "\(header)01\(rest)000002\(id)000000"),
      ("header", "base 3", "\(header)01\(rest)0000030000"),
      ("header", "an entry of sequence 0", "\(header)02\(rest)00000001\(id)00\(id)00"),
      ("header", "a log twice in the context", "\(header)02\(rest)00000002\(id)01\(id)02\(id)00"),
      ("header", "logs not ascending in the context", "\(header)02\(rest)00000002\(one)01\(id)02\(id)00"),
      ("header", "an order without an epoch", "\(header)01\(rest)0001010000"),
      ("header", "an epoch without an order", "\(header)01\(rest)0100010000"),
      ("header", "extensions not ascending", "\(header)01\(rest)000001000204000200"),
      ("header", "an extension twice", "\(header)01\(rest)000001000202000200"),
      ("header", "no scope", "0101\(id)00\(id)01\(rest)0000010000"),
      ("header", "version 2", "02\(header.dropFirst(2))01\(rest)0000010000"),
      ("header", "suite 2", "0102\(header.dropFirst(4))01\(rest)0000010000"),
      ("order", "number 0", "010100\(hash)000800"),
      ("order", "epoch 0", "010001\(hash)000800"),
      ("order", "unknown kind", "\(order)0900"),
      ("order", "scopes not ascending", "\(order)01\(id)00000002016201611f0000"),
      ("order", "a scope twice", "\(order)01\(id)00000002016101611f0000"),
      ("order", "a log twice in a revocation", "\(order)02\(id)02\(id)01\(hash)\(id)01\(hash)"),
      ("order", "sequence 0 in a revocation", "\(order)02\(id)01\(id)00\(hash)"),
      ("order", "a range from 0", "\(order)03\(id)0000000000"),
      ("order", "a range that ends before it begins", "\(order)03\(id)0201\(hash)010101\(hash)00"),
      ("order", "an end without its hash", "\(order)03\(id)0201\(hash)01020000"),
      ("order", "an unheld past with an end", "\(order)03\(id)0200010201\(hash)00"),
      ("order", "a fork at sequence 0", "\(order)05\(id)00\(hash)"),
      ("order", "a redaction at sequence 0", "\(order)06\(id)00\(hash)00\(hash)"),
      ("order", "positions not ascending", "\(order)06\(id)01\(hash)020100\(hash)"),
      ("order", "a position twice", "\(order)06\(id)01\(hash)020101\(hash)"),
      ("order", "a position past 32 bits", "\(order)06\(id)01\(hash)018080808010\(hash)"),
      ("order", "lowers 2", "\(order)0700\(hash)02"),
      ("receipt", "a log twice", "010000000002\(id)01\(hash)01\(id)02\(hash)01"),
      ("receipt", "logs not ascending", "010000000002\(one)01\(hash)01\(id)02\(hash)01"),
      ("receipt", "an order without an epoch", "010001000000"),
      ("receipt", "an epoch without an order", "010100000000"),
      ("batch", "a log twice", "00000200\(id)00\(id)00"),
      ("batch", "no change in a run", "\(run)0000\(hash)\(hash)\(hash)"),
      ("batch", "a run from 0", "\(logs)010000\(hash)0100000100\(head)"),
      ("batch", "a place past the list", "\(logs)010201\(hash)0100000100\(head)"),
      ("batch", "an unknown field", "\(run)0180000100\(head)"),
      ("batch", "an order that is the one above", "\(run)01010000000100\(head)"),
      ("batch", "an order without an epoch", "\(run)01010000010100\(head)"),
      ("batch", "an authentication that is the one above", "\(run)010200000100\(head)"),
      ("batch", "a counter of 0", "\(run)011000000100\(head)"),
      ("batch", "a counter past 16 bits", "\(run)0110008080040100\(head)"),
      ("batch", "a stamp before 1970", "\(run)0100010100\(head)"),
      ("batch", "a stamp past 48 bits", "\(run)010080808080808080010100\(head)"),
      ("batch", "a base for the second change", "\(run)02000001002000000101000101\(hash)\(hash)"),
      ("batch", "sequence 0 of the base", "\(run)01200001000100\(head)"),
      ("batch", "no context entry", "\(run)01040000\(id)0100\(head)"),
      ("batch", "a context entry of sequence 0", "\(run)010400010000\(id)0100\(head)"),
      ("batch", "context entries not ascending", "\(run)0104000201010001\(id)0100\(head)"),
      ("batch", "no extension", "\(run)010800000100\(head)"),
      ("batch", "extensions not ascending", "\(run)01080002040002000100\(head)"),
      ("batch", "no payload", "\(run)01000000\(head)"),
      ("batch", "no head", "\(run)010000010000\(hash)\(hash)\(hash)"),
      ("batch", "a head past the run", "\(run)01000001000101\(hash)\(hash)"),
      ("batch", "no head on the last change", "\(run)020000010000000100\(head)"),
      ("batch", "two heads on one change", "\(run)01000001000200\(hash)\(hash)00\(hash)\(hash)"),
    ]
    return cases.map { kind, name, hex in
      Vector(
        name: name, kind: "refused", fields: .object([("as", .text(kind))]),
        bytes: bytesOfHex(hex.utf8) ?? [])
    } + [
      Vector(
        name: "a device key of low order", kind: "refused", fields: .object([("as", .text("genesis"))]),
        bytes: Samples.replacing(
          samples.deviceA.publicKey.bytes, [1] + [UInt8](repeating: 0, count: 31), in: samples.genesisA.bytes)),
      Vector(
        name: "an unknown reason", kind: "refused", fields: .object([("as", .text("genesis"))]),
        bytes: Array(samples.genesisA.bytes.dropLast()) + [7]),
    ]
  }
}

extension Samples {
  /// The bytes with one stretch, which must be there, put in place of another.
  static func replacing(_ old: [UInt8], _ new: [UInt8], in bytes: [UInt8]) -> [UInt8] {
    for start in 0...(bytes.count - old.count) where Array(bytes[start..<start + old.count]) == old {
      return Array(bytes[..<start]) + new + Array(bytes[(start + old.count)...])
    }
    return []
  }
}
