import Merge

extension AnnualReview {
  /// The paragraphs of the review as a person reads them, one figure a paragraph, with its parts.
  ///
  /// The names of bodies are Chinese in both tongues: they are names. A figure of nothing says so.
  public func text(_ tongue: Tongue) -> String {
    [sentence(festivals, tongue), sentence(volunteering, tongue)].joined(separator: "\n")
  }

  private func sentence(_ figure: ReviewFigure, _ tongue: Tongue) -> String {
    let isFestivals = figure.key == festivals.key
    let head =
      switch (isFestivals, tongue) {
      case (true, .zh): "\(year)年，开展“我们的节日”主题活动\(figure.count)场次"
      case (false, .zh): "\(year)年，开展志愿服务活动\(figure.count)场次"
      case (true, .en): "\(year): \(figure.count) Our Festivals \(figure.count == 1 ? "event" : "events")"
      case (false, .en): "\(year): \(figure.count) volunteer \(figure.count == 1 ? "event" : "events")"
      }
    let parts = figure.shares.map { share in
      // A festival kept once needs no count beside its name.
      if isFestivals && share.count == 1 { return share.name(tongue) }
      return tongue == .zh ? "\(share.chinese)\(share.count)场次" : "\(share.english) \(share.count)"
    }
    let tail = contestedNote(figure, tongue)
    switch tongue {
    case .zh: return head + (parts.isEmpty ? "" : "：" + parts.joined(separator: "、")) + tail + "。"
    case .en: return head + (parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")) + tail + "."
    }
  }

  private func contestedNote(_ figure: ReviewFigure, _ tongue: Tongue) -> String {
    let count = figure.contested.count
    if count == 0 { return "" }
    return tongue == .zh ? "（其中\(count)场次有待裁定的冲突）" : " (\(count) of them with a conflict to be decided)"
  }
}
