extension ErrorCatalogue {
  /// 3000s: the network.
  static let network: [Entry] = []

  /// 4000s: the centre.
  static let centre: [Entry] = []

  /// 5000s: the court's data.
  static let court: [Entry] = []
}
