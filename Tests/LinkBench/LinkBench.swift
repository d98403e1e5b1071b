@main
struct LinkBench {
  static func main() {}
}
