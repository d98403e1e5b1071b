#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One line on a terminal's standard error that says how far long work is; nothing at all in a pipe.
final class ProgressBar {
  private let output: Output
  private let isShown: Bool
  private let title: String
  private var last = ""

  init(_ title: String, on output: Output = Output(descriptor: 2)) {
    self.title = title
    self.output = output
    isShown = output.isTerminal
  }

  /// - Parameters:
  ///   - total: nil while unknown.
  ///   - bytes: how many have travelled; nil: none do.
  func show(done: Int, of total: Int?, bytes: Int? = nil) {
    guard isShown else { return }
    var text = "\(title) \(done)" + (bytes.map { ", \($0 / 1024) KiB" } ?? "")
    if let total, total > 0 {
      let filled = min(20, done * 20 / total)
      text =
        "\(title) [\(String(repeating: "#", count: filled))\(String(repeating: "-", count: 20 - filled))] \(done)/\(total)"
    }
    guard text != last else { return }
    last = text
    put("\r\u{1B}[K" + text)
  }

  /// Takes the line away, before the answer or an error is written.
  func clear() {
    guard isShown, !last.isEmpty else { return }
    last = ""
    put("\r\u{1B}[K")
  }

  /// A bar that cannot be drawn is no reason to stop the work.
  private func put(_ text: String) {
    do {
      try output.write(text)
      try output.flush()
    } catch { output.discard() }
  }
}
