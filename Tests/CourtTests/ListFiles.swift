import Foundation

@testable import Court

/// The files of the checkout that these tests read.
enum Checkout {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func bytes(_ path: String) throws -> [UInt8] { try Array(Data(contentsOf: root.appending(path: path))) }

  static func bytes(of list: OfficialList) throws -> [UInt8] { try bytes("Fixtures/lists/\(list.fileName)") }

  static func records(of list: OfficialList) throws -> [ListRecord] { try list.records(bytes(of: list)) }
}
