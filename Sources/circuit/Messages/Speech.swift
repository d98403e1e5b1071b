import Merge

/// The tongue that this call speaks: bound once, around parsing and running, since help pages are made while parsing.
enum Speech {
  @TaskLocal static var tongue: Tongue = .en
}

/// The text in the tongue of this call.
func say(_ zh: String, _ en: String) -> String {
  switch Speech.tongue {
  case .zh: zh
  case .en: en
  }
}
