import Merge

/// The record id of a row of a list.
///
/// A list row has to be the same record on every machine that loads it, so its id is no random UUIDv7 but is made of
/// the row's key: FNV-1a with 128 bits over the UTF-8 bytes of the parts, a zero byte between two of them (list,
/// edition where editions are separate records, code), in the layout of RFC 9562 UUIDv8: four bits of version 8, two
/// bits of variant, the other 122 bits from the hash. FNV is no cryptographic hash: it names rows that honest hands
/// write, and proves nothing.
public func listRecordID(_ parts: String...) -> RecordID {
  var bytes: [UInt8] = []
  for (position, part) in parts.enumerated() {
    if position > 0 { bytes.append(0) }
    bytes.append(contentsOf: part.utf8)
  }
  var id = fnv1a128(bytes)
  id.high = id.high & ~0xF000 | 0x8000
  id.low = id.low & ~(0b11 << 62) | 0b10 << 62
  return id
}

/// FNV-1a, 128 bits, big-endian (draft-eastlake-fnv).
func fnv1a128(_ bytes: [UInt8]) -> Identifier {
  var high: UInt64 = 0x6C62_272E_07BB_0142
  var low: UInt64 = 0x62B8_2175_6295_C58D
  for byte in bytes {
    low ^= UInt64(byte)
    // Times the prime 2^88 + 0x13B, modulo 2^128.
    let product = low.multipliedFullWidth(by: 0x13B)
    high = high &* 0x13B &+ product.high &+ low << 24
    low = product.low
  }
  return Identifier(high: high, low: low)
}
