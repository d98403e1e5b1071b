import Merge
import Testing

@Suite("Version vectors")
struct VersionVectorTests {
  private let a = LogID(high: 1, low: 0)
  private let b = LogID(high: 2, low: 0)

  @Test("a vector covers each log up to its entry, and of other logs nothing")
  func covering() {
    let vector = VersionVector([a: 3])
    #expect(vector.covers(Dot(a, 1)) && vector.covers(Dot(a, 3)))
    #expect(!vector.covers(Dot(a, 4)) && !vector.covers(Dot(b, 1)))
    #expect(vector[b] == 0)
  }

  @Test("an absent log and one at 0 are the same")
  func zero() {
    #expect(VersionVector([a: 0]) == VersionVector() && VersionVector([a: 0]).isEmpty)
    var vector = VersionVector()
    vector.include(Dot(a, 0))
    #expect(vector.isEmpty)
  }

  @Test("including never lowers an entry")
  func including() {
    var vector = VersionVector([a: 3])
    vector.include(Dot(a, 2))
    #expect(vector[a] == 3)
    vector.include(Dot(a, 5))
    #expect(vector[a] == 5)
    vector.remove(a)
    #expect(vector.isEmpty)
  }

  @Test("the union is the least vector that covers both, whichever comes first")
  func union() {
    let x = VersionVector([a: 3, b: 1])
    let y = VersionVector([b: 4])
    var xy = x
    xy.formUnion(y)
    var yx = y
    yx.formUnion(x)
    #expect(xy == yx && xy == VersionVector([a: 3, b: 4]))
    xy.formUnion(xy)
    #expect(xy == yx)
  }

  @Test("entries reach bytes in order of log id")
  func order() {
    #expect(VersionVector([b: 1, a: 2]).sorted == [Dot(a, 2), Dot(b, 1)])
  }

  @Test("a branch brings what it shares with the log it left, and theirs")
  func branches() {
    struct Chain: HeaderChain {
      let forks: [LogID: Dot]
      func hash(of dot: Dot) -> ContentHash? { nil }
      func fork(of log: LogID) -> Dot? { forks[log] }
      func lines(of log: LogID) -> [LogID] { [log] }
    }
    let c = LogID(high: 3, low: 0)
    let chain = Chain(forks: [b: Dot(a, 4), c: Dot(b, 6)])
    var vector = VersionVector()
    vector.include(Dot(c, 9), in: chain)
    #expect(vector == VersionVector([a: 4, b: 6, c: 9]))
    #expect(chain.resolve(Dot(c, 6)) == Dot(b, 6) && chain.resolve(Dot(c, 4)) == Dot(a, 4))
    #expect(chain.resolve(Dot(c, 7)) == Dot(c, 7) && chain.signedLog(of: c) == a)
  }
}
