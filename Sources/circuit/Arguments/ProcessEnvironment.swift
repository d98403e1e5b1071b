import Merge

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What the command line reads of its surroundings.
struct ProcessEnvironment: Sendable {
  /// LC_ALL, LC_MESSAGES, LANG, XDG_DATA_HOME, HOME as far as they are set.
  var variables: [String: String]

  static var current: ProcessEnvironment {
    var variables: [String: String] = [:]
    for name in ["LC_ALL", "LC_MESSAGES", "LANG", "XDG_DATA_HOME", "HOME"] {
      if let pointer = getenv(name) { variables[name] = String(cString: pointer) }
    }
    return ProcessEnvironment(variables: variables)
  }

  /// The first of LC_ALL, LC_MESSAGES and LANG that is set and not empty decides: `zh…` is Chinese, all else English.
  var tongue: Tongue {
    let name = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { variables[$0] }.first { !$0.isEmpty }
    return name?.hasPrefix("zh") == true ? .zh : .en
  }

  /// The folder under which keys live, by device id: `$XDG_DATA_HOME/circuit`, else `$HOME/.local/share/circuit`; nil when
  /// neither is set to an absolute path.
  var keyFolder: String? {
    if let data = variables["XDG_DATA_HOME"], data.hasPrefix("/") { return data + "/circuit" }
    if let home = variables["HOME"], home.hasPrefix("/") { return home + "/.local/share/circuit" }
    return nil
  }
}
