import Merge
import ReplicaStore

extension Exchange {
  /// One request, and what has to be known of it when its answer is here.
  struct Round {
    var request: ExchangeRequest
    var shown: [(log: LogID, head: KnownHead)]
    /// To where each log goes with this request.
    var sent: [LogID: KnownHead]
    /// Nothing that could be offered is left out.
    var isAll: Bool
  }

  /// What one answer brought.
  struct Outcome {
    var received = 0
    var orders = 0
    /// The last order that came, new or not.
    var lastOrder: (mark: OrderMark, hash: ContentHash)?
    var receipts = 0
    var accepted = 0
    var unsent = 0
    /// A cursor went on.
    var hasRead = false
    var hasMore = false
    var differs = false
    var nothingMoved: Bool { received == 0 && orders == 0 && accepted == 0 }
  }

  /// What the next round is to be like, as the rounds before it taught.
  struct Wish {
    var wantsAll = false
    /// The round shows what the centre has signed, instead of changes.
    var proves = false
    /// The centre knows nothing of this device: of such it takes no parts.
    var isForgotten = false
    var offers = true
    /// Where the centre's orders have been read to; nil: to the newest held here. One of an ended epoch is none of the
    /// centre's, which then begins with the first.
    var order: (mark: OrderMark, hash: ContentHash)?
    /// Logs of which the centre refused a run: no other run waits behind them.
    var refused: Set<LogID> = []
    /// What the centre took without giving a receipt: its own clock is in doubt.
    var taken: [LogID: KnownHead] = [:]
    /// How many times as much as the line likes is offered and asked for: what one side holds, but cannot show as held,
    /// would come again and again and leave no room for what is behind it.
    var push = 1
    private var unsent = Int.max

    /// Nothing moves, however much is asked for.
    var isStuck: Bool { push > Wish.greatestPush }
    static let greatestPush = 1024

    mutating func learn(from reply: ExchangeReply, of round: Round, _ outcome: Outcome) {
      for refusal in reply.refusals { refused.insert(refusal.log) }
      if outcome.receipts == 0 {
        for (log, head) in round.sent where !refused.contains(log) { taken[log] = head }
      }
      order = outcome.lastOrder
      let isIdle = outcome.nothingMoved && !outcome.hasRead && order == nil && outcome.unsent >= unsent
      unsent = outcome.unsent
      push = isIdle && (outcome.hasMore || !round.isAll) ? 2 * push : 1
    }
  }
}
