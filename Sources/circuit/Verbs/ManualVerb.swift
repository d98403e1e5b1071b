import ArgumentParser

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `man DIR`, hidden: writes the man pages from what ArgumentParser knows of every verb.
struct ManualVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "man", abstract: say("把手册页写进文件夹。", "Writes the man pages into a folder."), shouldDisplay: false)
  }

  @Argument(help: ArgumentHelp(say("手册页的文件夹。", "Folder for the pages."), valueName: "DIR"), completion: .directory)
  var folder: String
  @OptionGroup var common: CommonOptions

  func perform(_ session: Session) throws {
    let help: JSON
    do {
      help = try JSONReader.read(Array(RootCommand._dumpHelp().utf8))
    } catch {
      throw CommandError.notJSON(error)
    }
    guard let root = help["command"] else { throw CommandError.notAWrite(.missing("command")) }
    if mkdir(folder, 0o755) != 0, errno != EEXIST {
      throw CommandError.cannotWrite(path: folder, reason: SystemFault.text(errno))
    }
    for page in ManualPage.pages(of: root) {
      let path = "\(folder)/\(page.name).1"
      try OutputFile.write(page.roff, to: path, mode: 0o644)
      try session.line(path)
    }
  }
}
