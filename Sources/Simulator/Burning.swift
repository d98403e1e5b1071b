import ChangeFormat
import Merge
import ReplicaStore

/// Fires that take a past with them: what rested on it is left, and waits for what nobody holds any longer.
extension Fleet {
  /// Two machines share what they wrote by stick, only the second one's part reaches others, and both burn.
  func burnAPast() throws {
    let active = random.shuffled(stations.filter(\.takesPart))
    guard Set(active.map(\.device)).count > 4, let first = active.first,
      let second = active.first(where: { $0.device != first.device }),
      let scope = random.pick(try first.replica.ownScopes().filter(try second.replica.ownScopes().contains))
    else { return }
    for _ in 0..<random.between(1, 3) { try work(at: first, scope) }
    let stick = try wholeStick(of: first)
    try deliver(stick, to: second)
    for _ in 0..<random.between(1, 3) { try work(at: second, scope) }
    var batch = try second.replica.offer(lackingFrom: [:], budget: Int.max / 2).batch
    learnScopes(of: batch)
    batch.runs.removeAll { run in !batch.logs.contains { $0.log == run.log && $0.genesis?.device == second.device } }
    let part = Stick(from: second.name, bytes: batch.encoded(with: compressor), isWhole: false, uses: 1)
    note("\(first.name) and \(second.name) burn; a stick of the second is left")
    first.isBurnt = true
    second.isBurnt = true
    if random.chance(70) {
      try deliverToCentre(part)
    } else if let third = random.pick(stations.filter { !$0.isBurnt }) {
      try deliver(part, to: third)
    }
    // Sometimes the lost past turns up after all, when it has been given up.
    if random.chance(30) {
      try letGoOfBurntPast()
      sticks.append(stick)
    }
  }

  private func wholeStick(of station: Workstation) throws -> Stick {
    let batch = try station.replica.offer(lackingFrom: [:], budget: Int.max / 2).batch
    learnScopes(of: batch)
    return Stick(from: station.name, bytes: batch.encoded(with: compressor), isWhole: true, uses: 1)
  }
}
