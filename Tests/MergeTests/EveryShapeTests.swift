import Merge
import Testing

/// Small enough to leave nothing out.
@Suite("Every small history")
struct EveryShapeTests {
  @Test("three replicas, two cells, four changes: every causal shape in every delivery order is as the design says")
  func everyShape() async {
    let shapes = CausalShape.all
    let ranks: [[UInt64]] = [[1, 2, 3], [3, 2, 1], [2, 3, 1], [1, 3, 2], [3, 1, 2], [2, 1, 3]]
    let cellChoices = 81
    let failures = await BothCores.failures(among: shapes.count * cellChoices) { number -> String? in
      let shape = shapes[number / cellChoices]
      var cells: [Int] = []
      var code = number % cellChoices
      for _ in 0..<CausalShape.size {
        cells.append(code % 3 + 1)
        code /= 3
      }
      for decides in 0..<(1 << CausalShape.size) {
        let history = shape.history(cells: cells, decides: decides, ranks: ranks[(number + decides) % ranks.count])
        let expected = Model(changes: history, orders: []).picture
        for delivery in CausalShape.deliveries {
          var ledger = Ledger.fresh()
          for i in delivery { ledger.receive(history[i]) }
          if Picture(of: ledger) != expected || !ledger.waiting.isEmpty {
            return "\(shape), cells \(cells), decides \(decides), delivered \(delivery): got\n\(Picture(of: ledger))\n"
              + "expected\n\(expected)"
          }
        }
      }
      return nil
    }
    #expect(shapes.count == 156)
    if let first = failures.first { Issue.record("\(first)") }
  }
}
