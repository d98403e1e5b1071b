/// `ADDRESS:PORT`, where a centre listens.
struct ListenAddress: Equatable {
  var host: String
  /// 0: the system chooses.
  var port: Int

  /// - Throws: ``CommandError/malformedAddress(_:)``.
  init(_ text: String) throws(CommandError) {
    guard let colon = text.utf8.lastIndex(of: 0x3A) else { throw .malformedAddress(text) }
    let host = String(Substring(text.utf8[..<colon]))
    let port = String(Substring(text.utf8[text.utf8.index(after: colon)...]))
    guard !host.isEmpty, let number = NumberGrammar.integer(port), (0...65535).contains(number) else {
      throw .malformedAddress(text)
    }
    let isBracketed = host.utf8.first == 0x5B && host.utf8.last == 0x5D
    guard isBracketed || !host.utf8.contains(0x3A) else { throw .malformedAddress(text) }
    self.host = isBracketed ? String(host.dropFirst().dropLast()) : host
    self.port = Int(number)
  }
}
