#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where the process begins: reads what it was given, runs the program, leaves with its code.
@main
enum Entry {
  static func main() {
    signal(SIGPIPE, SIG_IGN)
    // A file past the process's limit is told like a full disk.
    signal(SIGXFSZ, SIG_IGN)
    let program = Program(
      arguments: RawArguments.ofProcess(), environment: ProcessEnvironment.current,
      answer: Output(descriptor: 1), complaint: Output(descriptor: 2))
    exit(program.run())
  }
}
